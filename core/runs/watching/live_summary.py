"""The numbers of runs that are still going, kept for as long as they are good enough."""

import time
from dataclasses import dataclass
from typing import Final

from core.errors import UnreadableRunError
from core.measurement.latency import LatencySummary
from core.runs.working.run_ending import stored_summary
from core.store.open import Store
from core.store.runs import StoredRun

LEAST_PAUSE: Final = 10.0
"""Pause between two computations over the time of one: at most a tenth of a processor."""
MOST_KEPT: Final = 32
"""Runs whose numbers are kept: more than can be live here."""


@dataclass(frozen=True, slots=True)
class _Known:
    done: int
    summary: LatencySummary | None
    """None where a worker of a newer version writes what this one cannot read."""
    good_until_s: float


class LiveSummary:
    """Computes again when something has come in, and less often the more samples there are.

    All sessions of a page share it; that two compute at once does no harm.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, _Known] = {}

    def of(self, run: StoredRun) -> LatencySummary | None:
        """The summary of what is stored of a live run; None before the first readable sample."""
        if run.done == 0:
            return None
        known = self._known.get(run.run_id)
        if known is None or self._is_old(known, run.done):
            known = self._computed(run)
            others = [item for item in self._known.items() if item[0] != run.run_id]
            self._known = dict(others[1 - MOST_KEPT :]) | {run.run_id: known}
        return known.summary

    @staticmethod
    def _is_old(known: _Known, done: int) -> bool:
        return done != known.done and time.monotonic() > known.good_until_s

    def _computed(self, run: StoredRun) -> _Known:
        begun_s = time.monotonic()
        try:
            summary = stored_summary(self._store, run)
        except UnreadableRunError:
            summary = None
        ended_s = time.monotonic()
        good_until_s = ended_s + LEAST_PAUSE * (ended_s - begun_s)
        return _Known(run.done, summary, good_until_s)
