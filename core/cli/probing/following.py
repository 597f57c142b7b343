"""A run of a command: started, or watched where it is live already, to its end or the command's."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from core.cli.probing.stopping import Stop
from core.errors import AlreadyLiveError
from core.runs.secrets.known_secrets import hide
from core.runs.service import Runs
from core.runs.watching.run_view import RunView
from core.store.runs import RunState

LOOK_S: Final = 0.2


def plainly(say: Console, sentence: str) -> None:
    """Print a sentence as it stands, in one line: what looks like a style, or a number, is none."""
    say.print(sentence, highlight=False, markup=False, soft_wrap=True)


def started_or_watched(runs: Runs, start: Callable[[], str], say: Console, stop: Stop) -> RunView:
    """Start a run and follow it; where the very same is live, say so and watch that one."""
    try:
        return follow(runs, start(), say, stop)
    except AlreadyLiveError as live:
        plainly(say, f"{live} You are watching it: Ctrl-C ends the watching, not the run.")
        return follow(runs, live.run_id, say, stop, own_run=False)


def follow(runs: Runs, run_id: str, say: Console, stop: Stop, *, own_run: bool = True) -> RunView:
    """Watch a run to its end, or until this command is stopped.

    That cancels a run of one's own, and what it had measured is kept; somebody else's goes on.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    cancelled = False
    with Progress(*columns, console=say, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("requests", total=None)
        while (view := runs.view(run_id)).live:
            bar.update(task, total=view.planned, completed=view.done)
            if stop.exit_code is not None and not own_run:
                break
            if stop.exit_code is not None and not cancelled:
                runs.cancel(run_id)
                cancelled = True
            time.sleep(LOOK_S)
    return view


def end_with(view: RunView, stop: Stop, say: Console, keys: Sequence[str] = ()) -> None:
    """The last line, of a run that did not go through, and the command's exit status."""
    if view.live:
        plainly(say, f"No longer watched: run {view.run_id} goes on.")
    elif view.state is not RunState.DONE:
        plainly(say, hide(f"{view.state.value}: {view.error or ''}", keys))
    if stop.exit_code is not None or view.state is not RunState.DONE:
        raise typer.Exit(code=stop.exit_code or 1)
