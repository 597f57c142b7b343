"""`breakeven runs`: what was measured: listed, moved, chosen, cancelled, deleted."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.cli.probing.earlier import measured_run
from core.cli.probing.sweep_options import IsOption
from core.cli.support import opened_runs, whole_catalog, write_text
from core.errors import RunError
from core.probe.findings.two_runs import compare_runs
from core.probe.records.probe_plan import MOST_RIVALS
from core.runs.trust.stands_for import option_said
from core.runs.watching.run_view import History, RunView
from core.settings import load_settings
from core.store.runs import UnreadableRun

runs_cli = typer.Typer(
    help="What was measured: list, compare, export, import, use, cancel, delete.",
    no_args_is_help=True,
)
STANDARD = Path("-")


@runs_cli.command("list")
def list_runs(
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The newest so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the newest runs."""
    with opened_runs(load_settings()) as runs:
        history, fault = runs.history(limit), runs.fault
    if as_json:
        rows = [_row(view) for view in history.runs]
        rows += [_unreadable_row(run) for run in history.unreadable]
        typer.echo(json.dumps(rows, indent=2))
    else:
        Console().print(_table(history.runs))
    say = Console(stderr=True)
    for sentence in filter(None, (*_left_out(history), fault)):
        say.print(sentence, highlight=False, markup=False)


def _table(views: Sequence[RunView]) -> Table:
    table = Table(title="Runs, newest first")
    for heading in ("run", "started", "what", "state", "p50 ms", "p95 ms", "from"):
        table.add_column(heading, overflow="fold")
    for view in views:
        table.add_row(*(escape(cell) for cell in _cells(view)))
    return table


def _left_out(history: History) -> Iterator[str]:
    """What the list does not show, each with its reason."""
    for view in history.runs:
        if view.unread:
            parts = " and ".join(view.unread)
            yield f"Of the run {view.run_id} this version cannot read {parts}: it is kept."
    if history.unreadable:
        count = len(history.unreadable)
        yield f"{count} {'run is' if count == 1 else 'runs are'} kept that cannot be read here:"
    for run in history.unreadable:
        created = "" if run.created_at is None else f" of {run.created_at:%Y-%m-%d %H:%M}"
        yield f"  {run.run_id}{created}: {run.why}"
    if history.older:
        yield f"Older runs that are not listed: {history.older}. `--limit` lists more."


@runs_cli.command("delete")
def delete_runs(
    run_ids: Annotated[list[str], typer.Argument(help="Ids of runs, as `list` shows.")],
) -> None:
    """Delete finished runs with their samples for good, also those that cannot be read here."""
    with opened_runs(load_settings()) as runs:
        for run_id in run_ids:
            runs.delete(run_id)
            typer.echo(f"{run_id} deleted")


@runs_cli.command("cancel")
def cancel_run(
    run_id: Annotated[str, typer.Argument(help="Id of a live run, as `list` shows.")],
) -> None:
    """End a live run, whoever started it; what it has measured is kept."""
    with opened_runs(load_settings()) as runs:
        if not runs.cancel(run_id):
            raise RunError(f"The run {run_id} has ended already: there is nothing to cancel.")
    typer.echo(f"{run_id} is asked to end")


@runs_cli.command("export")
def export_runs(
    run_ids: Annotated[list[str], typer.Argument(help="Ids of finished runs, as `list` shows.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="File; - prints it.")] = STANDARD,
) -> None:
    """Write runs with all their samples as one JSON document."""
    with opened_runs(load_settings()) as runs:
        document = runs.export(run_ids)
    if output == STANDARD:
        typer.echo(document)
        return
    write_text(output, document)


@runs_cli.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="What `probe --json` printed; - reads it here.")],
) -> None:
    """Bring in runs that were measured elsewhere; each once."""
    name, data = _read(file)
    with opened_runs(load_settings()) as runs:
        imported = runs.bring_in(data, name)
    for run_id in imported.new:
        typer.echo(f"{run_id} imported")
    for run_id in imported.known:
        typer.echo(f"{run_id} was here already: nothing changed")
    if imported.new:
        typer.echo("No option is judged by them until you say so: `breakeven runs use`.", err=True)


@runs_cli.command("use")
def use_run(
    run_id: Annotated[str, typer.Argument(help="Id of a run that went through to its end.")],
    *,
    target: Annotated[
        int, typer.Option(min=0, max=MOST_RIVALS, help="Which of a comparison's targets.")
    ] = 0,
    is_option: IsOption = "",
) -> None:
    """Let a run measure its option until another is chosen: an imported one measures none else."""
    settings = load_settings()
    with opened_runs(settings) as runs:
        view = runs.view(run_id)
        option_id = None
        if is_option:
            asked = view.plan.subject.model
            option_id = option_said(whole_catalog(settings), is_option, asked)
        runs.adopt(run_id, target, option_id)
    subject = view.plan.subjects[target]
    imported = "" if view.imported_from is None else f" (imported from {view.imported_from})"
    typer.echo(f"{option_id or subject.option_id} is now judged by {run_id}{imported}.")


@runs_cli.command("compare")
def compare_two(
    earlier: Annotated[str, typer.Argument(help="Id of a finished run, as `list` shows.")],
    later: Annotated[str, typer.Argument(help="Id of a run of the same load and texts.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print all numbers.")] = False,
) -> None:
    """Say whether two runs can be told apart, by their answers to the same texts."""
    with opened_runs(load_settings()) as runs:
        found = compare_runs(measured_run(runs, earlier), measured_run(runs, later))
    typer.echo(found.model_dump_json() if as_json else found.sentence)


def _read(file: Path) -> tuple[str, bytes]:
    if file == STANDARD:
        return "standard input", sys.stdin.buffer.read()
    try:
        return str(file), file.read_bytes()
    except OSError as error:
        raise RunError(f"{file} cannot be read ({error.strerror}).") from None


def _row(view: RunView) -> dict[str, Any]:
    summary = view.summary
    return {
        "run_id": view.run_id,
        "option_id": view.plan.subject.option_id,
        "label": view.plan.subject.label,
        "state": view.state.value,
        "created_at": view.created_at.isoformat(),
        "started_at": None if view.started_at is None else view.started_at.isoformat(),
        "done": view.done,
        "planned": view.planned,
        "response_p50_s": None if summary is None else summary.response_p50.value_s,
        "response_p95_s": None if summary is None else summary.response_p95.value_s,
        "spent_usd": str(view.spent_usd),
        "imported_from": view.imported_from,
        "error": view.error,
        "unreadable": f"{' and '.join(view.unread)} cannot be read here" if view.unread else None,
    }


def _unreadable_row(run: UnreadableRun) -> dict[str, Any]:
    """Of a run that cannot be read: its id, its moment and the reason."""
    made = None if run.created_at is None else run.created_at.isoformat()
    return {"run_id": run.run_id, "created_at": made, "unreadable": run.why}


def _cells(view: RunView) -> tuple[str, ...]:
    row = _row(view)
    started = view.started_at
    return (
        view.run_id,
        "" if started is None else f"{started:%Y-%m-%d %H:%M}",
        view.plan.subject.label,
        view.state.value,
        *("" if row[name] is None else f"{row[name] * 1e3:.1f}" for name in _TIMES),
        "here" if view.imported_from is None else f"imported: {view.imported_from}",
    )


_TIMES = ("response_p50_s", "response_p95_s")
