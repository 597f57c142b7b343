"""The page over a slow processor and a line that breaks: the browser tests that take too long."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.reliability.trial import Trial

ROOT: Final = Path(__file__).resolve().parents[3]
LONGEST_S: Final = 1_800.0
LAST: Final = 20
"""Lines of what pytest says that are shown of a failure."""


def main(seed: int) -> Trial:
    """Run every test that is marked so; nothing in them is drawn."""
    del seed
    trial = Trial()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "soak", "tests/dashboard"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    trial.figures["tests passed"] = int(passed[1]) if passed else 0
    trial.expect(
        done.returncode == 0 and passed is not None,
        "\n".join(done.stdout.splitlines()[-LAST:]),
    )
    return trial
