"""A run of a command: started, or watched where it is live already, to its end or the command's."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.table import Column

from core.cli.probing.stopping import Stop
from core.cli.probing.telling.live_line import plain_line, so_far
from core.errors import AlreadyLiveError
from core.runs.secrets.known_secrets import hide
from core.runs.service import Runs
from core.runs.watching.run_view import RunView
from core.store.runs import RunState

LOOK_S: Final = 0.2
FIRST_LOOK_S: Final = 0.05
QUICK_S: Final = 3.0
"""So long after its start a run is looked at more often, until its first percentile is there. A
look takes milliseconds of this machine, which may be what is measured."""
FIRST_PAUSE_S: Final = 5.0
LONGEST_PAUSE_S: Final = 60.0
"""Between two lines in a log."""


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
    cancelled, terminal = False, sys.stderr.isatty()
    now_and_then, quick_until_s = NowAndThen(say), time.monotonic() + QUICK_S
    with Progress(*_columns(), console=say, transient=True, disable=not terminal) as bar:
        task = bar.add_task("requests", total=None, so_far="")
        while (view := runs.view(run_id)).live:
            bar.update(task, total=view.planned, completed=view.done, so_far=so_far(view))
            if not terminal:
                now_and_then.tell(view)
            if stop.exit_code is not None and not own_run:
                break
            if stop.exit_code is not None and not cancelled:
                runs.cancel(run_id)
                cancelled = True
            quick = time.monotonic() < quick_until_s and not _has_percentile(view)
            time.sleep(FIRST_LOOK_S if quick else LOOK_S)
    return view


def _has_percentile(view: RunView) -> bool:
    return view.summary is not None and view.summary.answered


def _columns() -> tuple[ProgressColumn, ...]:
    """How far a run is, and what it has measured, in one line."""
    one_line = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    numbers = TextColumn("{task.fields[so_far]}", markup=False, table_column=one_line)
    return TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), numbers


class NowAndThen:
    """Says how a run goes where no line can be drawn again: in a pipe, in a log of CI."""

    def __init__(self, say: Console) -> None:
        self._say = say
        self._next_s = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._measured = False

    def tell(self, view: RunView) -> None:
        """A line at the first call, one at the first percentile, then at pauses that grow."""
        now_s = time.monotonic()
        first = not self._measured and _has_percentile(view)
        if (now_s < self._next_s and not first) or not (line := plain_line(view)):
            return
        plainly(self._say, line)
        self._measured = self._measured or first
        self._next_s = now_s + self._pause_s
        self._pause_s = min(LONGEST_PAUSE_S, 2 * self._pause_s)


def end_with(view: RunView, stop: Stop, say: Console, keys: Sequence[str] = ()) -> None:
    """The last line, of a run that did not go through, and the command's exit status."""
    if view.live:
        plainly(say, f"No longer watched: run {view.run_id} goes on.")
    elif view.state is not RunState.DONE:
        plainly(say, hide(f"{view.state.value}: {view.error or ''}", keys))
    if stop.exit_code is not None or view.state is not RunState.DONE:
        raise typer.Exit(code=stop.exit_code or 1)
