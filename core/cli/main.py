"""The command `breakeven`: opens the dashboard, probes, moves runs, says what this machine has."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.cli.commands.compare_command import compare
from core.cli.commands.dashboard_command import Browser, Host, Port, open_dashboard
from core.cli.commands.engine_command import neighbours, sweep
from core.cli.commands.probe_command import probe
from core.cli.commands.runs_command import runs_cli
from core.cli.doctor import Check, examine
from core.errors import BreakevenError
from core.runs.secrets.known_secrets import hide

cli = typer.Typer(
    help="Embed text on your own GPU or pay an API? Opens the dashboard in your browser.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(compare)
cli.command()(probe)
cli.command()(sweep)
cli.command()(neighbours)
cli.add_typer(runs_cli, name="runs")


@cli.callback(invoke_without_command=True)
def dashboard(
    context: typer.Context,
    *,
    host: Host = "localhost",
    port: Port = 8501,
    browser: Browser = True,
) -> None:
    """Open the dashboard (the default when no command is named)."""
    if context.invoked_subcommand is None:
        open_dashboard(host=host, port=port, browser=browser)


@cli.command()
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
        found, advice = escape(check.found), escape(check.advice)
        table.add_row(check.what, signs[check.state], found, advice)
    return table


def main() -> None:
    """Entry point of the console script; shows our own errors as one sentence."""
    try:
        cli()
    except BreakevenError as error:
        sentence = escape(hide(str(error)))
        Console(stderr=True).print(f"[red]breakeven:[/] {sentence}", highlight=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
