"""The command `breakeven`: opens the dashboard, probes, moves runs, says what this machine has."""

import sys

import typer
from rich.console import Console
from rich.markup import escape

from core.cli.commands.dashboard_command import Browser, Host, Port, open_dashboard
from core.cli.late_commands import LateGroup, add_stubs
from core.errors import BreakevenError

cli = typer.Typer(
    help="Embed text on your own GPU or pay an API? Opens the dashboard in your browser.",
    cls=LateGroup,
    add_completion=False,
    pretty_exceptions_enable=False,
)
add_stubs(cli)


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


def main() -> None:
    """Entry point of the console script; shows our own errors as one sentence."""
    try:
        cli()
    except BreakevenError as error:
        from core.runs.secrets.known_secrets import hide  # noqa: PLC0415  what is right needs none

        sentence = escape(hide(str(error)))
        Console(stderr=True).print(f"[red]breakeven:[/] {sentence}", highlight=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
