"""Commands whose code is imported when they are called: `--help` needs their names alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, get_args, get_type_hints

import typer
from typer.core import TyperGroup

from core.errors import BreakevenError
from core.uncollected import uncollected


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
        with uncollected():
            there = getattr(import_module(self.module), self.attribute)
        if not isinstance(there, typer.Typer):
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(self.name)(there)
            there = alone
        made = typer.main.get_command(there)
        made.name = self.name
        return made


MOST_GIVEN: Final = 24
"""So many characters of what was typed are repeated."""

_IN: Final = "core.cli.commands"
LATE: Final = (
    Late(
        "compare",
        f"{_IN}.compare_command",
        "compare",
        "Compare what it costs to embed here or there, with what was measured on this machine.",
    ),
    Late(
        "plan",
        "core.cli.planning.plan_command",
        "plan",
        "Say what to use now, when to move to what, and what moving costs, month by month.",
    ),
    Late(
        "job",
        "core.cli.job.job_command",
        "job",
        "Say what a one-off job costs, how long it takes and what limits it, by every way.",
    ),
    Late(
        "probe",
        f"{_IN}.probe_command",
        "probe",
        "Measure an endpoint or this machine, now. What may cost more than your caps is not sent.",
    ),
    Late(
        "recognise",
        f"{_IN}.recognise_command",
        "recognise",
        "Say which server answers at an address: its models, limits and formats.",
    ),
    Late(
        "sweep",
        f"{_IN}.engine_command",
        "sweep",
        "Measure this machine's engine, or a server: batches, fit, capacity, latency under load.",
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
        "load",
        f"{_IN}.load_command",
        "load",
        "Say what a log or a usage export says of your load: volume, length, rhythm and peak.",
    ),
    Late(
        "quality",
        "core.cli.quality.quality_command",
        "quality",
        "Measure what models find of your own queries: recall and nDCG, compared in pairs.",
    ),
    Late(
        "prices",
        f"{_IN}.prices_command",
        "prices_cli",
        "Compare the catalogue's prices with other lists, and write newer ones into your folder.",
    ),
    Late(
        "options",
        f"{_IN}.options_command",
        "options_cli",
        "Your own APIs, machines, rates and cards: add, list, remove, export, import, key.",
    ),
    Late(
        "snapshot",
        f"{_IN}.snapshot_command",
        "snapshot_cli",
        "A whole question, with your own options, as a text or a file: export, import.",
    ),
    Late(
        "runs",
        f"{_IN}.runs_command",
        "runs_cli",
        "What was measured: list, compare, export, import, use, cancel, delete.",
    ),
)


@contextmanager
def plain_numbers() -> Iterator[None]:
    """Say of a number that cannot be what it may be; the library's words differ by its version.

    Raises BreakevenError.
    """
    try:
        yield
    except typer.BadParameter as error:
        if sentence := _sentence(error):
            raise BreakevenError(sentence) from None
        raise


def _sentence(error: Any) -> str:
    """What a numeric option may be; "" where it is no numeric option."""
    if error.param is None or error.ctx is None or error.ctx.command.callback is None:
        return ""
    hint = get_type_hints(error.ctx.command.callback, include_extras=True)[error.param.name]
    kind, *marks = get_args(hint) or (hint,)
    kinds = {kind, *get_args(kind)}
    if not kinds & {int, float}:
        return ""
    faults: list[Any] = getattr(error.__cause__, "errors", list)()
    given = f", not {str(faults[0]['input'])[:MOST_GIVEN]}" if faults else ""
    what = "a whole number" if int in kinds else "a number"
    return f"{error.param.opts[0]} must be {what}{_limits(marks[0])}{given}."


def _limits(info: Any) -> str:
    low, high = info.min, info.max
    if low is None or high is None:
        return ""
    return f" from {low:,.15g} to {high:,.15g}"


class LateGroup(TyperGroup):
    """Lists stubs, and runs what stands behind them."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """The context, with a number that cannot be said of in our words."""
        with plain_numbers():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, with the same."""
        with plain_numbers():
            return super().invoke(ctx)

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
