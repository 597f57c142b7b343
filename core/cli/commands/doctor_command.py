"""`breakeven doctor`: what this machine has, as a table or as JSON."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.cli.doctor import Check, examine


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what is installed, which engine runs where, and which keys are set (never a key)."""
    checks = examine()
    if as_json:
        typer.echo(json.dumps([check.as_dict() for check in checks], indent=2))
    else:
        Console().print(_as_table(checks))
    if any(check.state == "broken" for check in checks):
        raise typer.Exit(code=1)


def _as_table(checks: tuple[Check, ...]) -> Table:
    signs = {"ok": "[green]ok[/]", "absent": "[yellow]absent[/]", "broken": "[red]broken[/]"}
    table = Table(title="Breakeven on this machine", show_lines=False)
    for heading in ("what", "", "found", "what to do"):
        table.add_column(heading, overflow="fold")
    for check in checks:
        # Escaped: an advice such as ".[local]" would be read as a style.
        result, advice = escape(check.found), escape(check.advice)
        table.add_row(check.what, signs[check.state], result, advice)
    return table
