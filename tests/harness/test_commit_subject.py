"""The look at a commit's subject, as pre-commit runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

LOOK = Path(__file__).resolve().parent.parent.parent / ".ci" / "commit_subject.py"


@pytest.mark.parametrize(
    ("message", "passes"),
    [
        ("Say what holds now\n\nBecause.", True),
        ("x" * 72, True),
        ("x" * 73, False),
        ("\n\nA body alone", False),
    ],
    ids=["with a body", "72", "73", "no subject"],
)
def test_a_subject_has_one_to_seventy_two_characters(
    tmp_path: Path, message: str, passes: bool
) -> None:
    """Git wraps nothing: a longer one is cut in every list."""
    file = tmp_path / "message"
    file.write_text(message, encoding="utf-8")
    ended = subprocess.run([sys.executable, str(LOOK), str(file)], capture_output=True, check=False)
    assert (ended.returncode == 0) is passes
