"""``python -m core.cli``: the command `breakeven` without its script."""

from core.cli.main import main

main()
