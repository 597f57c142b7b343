"""Commands whose code is imported when they are called: `--help` needs their names alone."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup


@dataclass(frozen=True, slots=True)
class Late:
    """A command by its name, where it is, and what `--help` says of it."""

    name: str
    module: str
    attribute: str
    help: str
    """The first line of its docstring."""

    def command(self) -> Any:
        """The command itself: a function's, or a group's."""
        there = getattr(import_module(self.module), self.attribute)
        if not isinstance(there, typer.Typer):
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(self.name)(there)
            there = alone
        made = typer.main.get_command(there)
        made.name = self.name
        return made


_IN: Final = "core.cli.commands"
LATE: Final = (
    Late(
        "compare",
        f"{_IN}.compare_command",
        "compare",
        "Compare what it costs to embed here or there, with what was measured on this machine.",
    ),
    Late(
        "probe",
        f"{_IN}.probe_command",
        "probe",
        "Measure an endpoint or this machine, now. What may cost more than your caps is not sent.",
    ),
    Late(
        "sweep",
        f"{_IN}.engine_command",
        "sweep",
        "Measure this machine's engine: batches, fit, peak, power, and latency under load.",
    ),
    Late(
        "neighbours",
        f"{_IN}.engine_command",
        "neighbours",
        "Say how many of the nearest texts two models share: needed before a change of model.",
    ),
    Late(
        "doctor",
        f"{_IN}.doctor_command",
        "doctor",
        "Say what is installed, which engine runs where, and which keys are set (never a key).",
    ),
    Late(
        "schema",
        f"{_IN}.schema_command",
        "schema",
        "Print the form of a file as JSON Schema: a scenario, a plan, a file of the catalogue.",
    ),
    Late(
        "prices",
        f"{_IN}.prices_command",
        "prices_cli",
        "Compare the catalogue's prices with other lists, and write newer ones into your folder.",
    ),
    Late(
        "runs",
        f"{_IN}.runs_command",
        "runs_cli",
        "What was measured: list, export, import, use, cancel, delete.",
    ),
)


class LateGroup(TyperGroup):
    """Lists stubs, and runs what stands behind them."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command for a name that is one of ours."""
        late = next((one for one in LATE if args and one.name == args[0]), None)
        if late is None:
            return super().resolve_command(ctx, args)
        return late.name, late.command(), args[1:]


def add_stubs(cli: typer.Typer) -> None:
    """Give a command line the names of the late ones."""
    for late in LATE:
        cli.command(late.name, help=late.help)(_stub)


def _stub() -> None:
    """Stand for a command in a list; never called."""
