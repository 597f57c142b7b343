"""The command `breakeven` as a terminal sees it, without a second start of Python."""

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from core.cli.main import main


@dataclass(frozen=True, slots=True)
class Told:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def breakeven(
    folder: Path, *arguments: str, variables: dict[str, str] | None = None, text: str = ""
) -> Told:
    """Run the command with a data folder of its own; an error that it does not expect is raised."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.dict(os.environ, environment(folder) | (variables or {}), clear=True),
        mock.patch("sys.argv", ["breakeven", *arguments]),
        mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()))),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Told(status, out.getvalue(), err.getvalue())


def environment(folder: Path) -> dict[str, str]:
    """Nobody else's settings and keys."""
    clean = {name: value for name, value in os.environ.items() if "KEY" not in name}
    return clean | {"BREAKEVEN_DATA_DIR": str(folder), "COLUMNS": "200"}
