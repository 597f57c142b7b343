"""What takes too long for the check: ``python -m tests.reliability [name ...] [--seed N]``.

Every ``soaks/soak_<name>.py`` is one trial: kills, fuzz in thousands, long loads. Its
``main(seed)`` gives figures, which are printed and kept in ``build/reliability/`` as JSON, one
file a day and trial. The exit status is 1 where a trial failed. The seed is printed, so that
what failed once can be run again.
"""

import argparse
import importlib
import json
import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.report import load, say
from tests.reliability.trial import Trial

PREFIX = "soak_"
KEPT = Path("build") / "reliability"


def names() -> list[str]:
    """Return the trials there are."""
    found = Path(__file__).parent.glob(f"soaks/{PREFIX}*.py")
    return sorted(path.stem.removeprefix(PREFIX) for path in found)


def run(name: str, seed: int) -> bool:
    """Run one trial, print and keep its figures; return whether it passed."""
    say(f"\n=== {name}: seed {seed}, {load()}")
    began = time.perf_counter()
    trial: Trial = importlib.import_module(f"tests.reliability.soaks.{PREFIX}{name}").main(seed)
    seconds = time.perf_counter() - began
    for figure, value in trial.figures.items():
        say(f"{figure}: {value}")
    for fault in trial.faults:
        say(f"FAILED: {fault}")
    verdict = "passed" if trial.passed else "FAILED"
    say(f"=== {name}: {verdict} in {seconds:.0f} s, {load()}")
    keep(name, seed, seconds, trial)
    return trial.passed


def keep(name: str, seed: int, seconds: float, trial: Trial) -> None:
    """Add what a trial found to its file of the day."""
    now = datetime.now(UTC)
    KEPT.mkdir(parents=True, exist_ok=True)
    line = {
        "trial": name,
        "at": now.isoformat(timespec="seconds"),
        "seed": seed,
        "seconds": round(seconds, 1),
        "machine": load(),
        "passed": trial.passed,
        "figures": trial.figures,
        "faults": trial.faults,
    }
    with (KEPT / f"{name}-{now:%Y-%m-%d}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def main(arguments: list[str]) -> int:
    """Run the named trials, or all; return 1 if one failed, 2 for an unknown name."""
    known = names()
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(known)}")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.names if name not in known]:
        say(f"No trial is called {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    passed = [run(name, asked.seed) for name in asked.names or known]
    return int(not all(passed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
