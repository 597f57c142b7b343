"""The worker's writer thread: samples, money and heartbeat to the store, cancellation from it.

The probe's event loop only appends to a list; the thread commits what is there, the first
samples at once and then at most every 0.2 s, so that no latency contains a disk.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from core.errors import StoreError
from core.probe.records.sample import Sample
from core.runs.secrets.own_run import OwnRun
from core.runs.secrets.secrecy import Scrubber
from core.runs.spending.run_budget import Booking, RunBudget
from core.store.ledger import settle
from core.store.open import Store
from core.store.runs import cancel_requested
from core.store.tables import runs

BATCH_S: Final = 0.2
"""At most so often samples are committed."""
HEARTBEAT_S: Final = 1.0
STORE_PATIENCE_S: Final = 10.0
"""A store that fails for longer ends the run: what is measured could not be kept."""


class Reporter:
    """Use as a context manager around the probe; :meth:`sample` is the probe's sink."""

    def __init__(self, store: Store, run_id: str, budget: RunBudget, scrub: Scrubber) -> None:
        self._store = store
        self._run_id = run_id
        self._budget = budget
        self._own = OwnRun(store, run_id, scrub)
        self._pending: list[Sample] = []
        self._last_commit = float("-inf")
        self._failing_since: float | None = None
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="reporter", daemon=True)
        self.cancelled = threading.Event()
        """Set once the run should end: asked by a person, ended elsewhere, or a broken store."""
        self.fault: StoreError | None = None
        """Why the store ended the run, where it did."""

    def __enter__(self) -> "Reporter":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join()

    def sample(self, sample: Sample) -> None:
        """Take a sample to be committed soon."""
        self._pending.append(sample)
        self._wake.set()

    def commit(self) -> None:
        """Commit what is pending and notice a cancellation. Raises StoreError."""
        batch, booking = self._take_pending(), self._budget.take_booking()
        try:
            with self._own.write() as pen:
                mine = pen.change(
                    heartbeat_at=datetime.now(UTC),
                    done=runs.c.done + sum(sample.asked for sample in batch),
                )
                if mine:
                    pen.add(batch)
                    self._book(pen.connection, booking)
                wanted = mine and not cancel_requested(pen.connection, self._run_id)
        except StoreError:
            self._pending[:0] = batch
            self._budget.put_back(booking)
            raise
        self._last_commit = time.monotonic()
        if not wanted:
            self.cancelled.set()

    def _book(self, connection: Connection, booking: Booking) -> None:
        if booking != Booking(0, 0):
            settle(
                connection,
                self._run_id,
                release_nano_usd=booking.release_nano_usd,
                spend_nano_usd=booking.spend_nano_usd,
            )

    def _take_pending(self) -> list[Sample]:
        # Both steps are atomic; a sample that comes in between waits for the next batch.
        batch = self._pending[:]
        del self._pending[: len(batch)]
        return batch

    def _work(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(BATCH_S)
            self._wake.clear()
            self._try(self.commit if self._due() else self._look)
            self._stop.wait(BATCH_S)

    def _due(self) -> bool:
        return bool(self._pending) or time.monotonic() - self._last_commit >= HEARTBEAT_S

    def _look(self) -> None:
        with self._store.read() as connection:
            if cancel_requested(connection, self._run_id):
                self.cancelled.set()

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
            self._failing_since = None
        except StoreError as error:
            now = time.monotonic()
            self._failing_since = self._failing_since or now
            if now - self._failing_since > STORE_PATIENCE_S:
                self.fault = error
                self.cancelled.set()
