"""Refuses a commit whose subject is empty or longer than 72 characters."""

import sys
from pathlib import Path

MOST = 72


def complaint(message: str) -> str:
    """What is wrong with a commit message; "" where nothing is."""
    subject = message.split("\n", 1)[0].strip()
    if not subject:
        return "The commit has no subject."
    if len(subject) > MOST:
        return (
            f"The subject has {len(subject)} characters, at most {MOST} fit: say why in the body."
        )
    return ""


if __name__ == "__main__":
    sys.exit(complaint(Path(sys.argv[1]).read_text(encoding="utf-8")) or 0)
