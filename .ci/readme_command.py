"""Print a command of README.md: the code block below its marker comment."""

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def command(name: str) -> str:
    """Give the one-line command below ``<!-- command: name -->``; SystemExit if there is none."""
    pattern = rf"<!-- command: {re.escape(name)} -->\s*```\w*\n(.+?)\n```"
    found = re.search(pattern, README.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        sys.exit(f"README.md has no code block below '<!-- command: {name} -->'")
    return found.group(1).strip()


if __name__ == "__main__":
    sys.stdout.write(command(sys.argv[1]) + "\n")
