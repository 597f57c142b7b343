"""The one door by which a worker writes of its run: nothing passes it with a part of a secret.

Whatever a server sends back, in a header, a body, a number or an error, is stored through here.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from core.probe.records.sample import Sample
from core.probe.refusal.cleaned import cleaned
from core.runs.secrets.secrecy import Scrubber
from core.store.open import Store
from core.store.runs import WORKING, change_run
from core.store.samples import add_samples

STATED: Final = (
    "tokens_billed",
    "input_tokens",
    "server_ms",
    "retry_after_s",
    "requests_left",
    "tokens_left",
    "server_queue_ms",
    "server_inference_ms",
    "server_tokenization_ms",
    "server_load_ms",
)
"""Numbers of a sample that are the server's own words: a run of digits may be a part of a key."""
OWN_WORDS: Final = frozenset({"state"})
"""Columns that hold words of ours alone."""
DOCUMENTS: Final = frozenset({"summary", "environment", "report"})
"""Columns that hold JSON: each text in it is scrubbed, and it stays JSON."""


class Pen:
    """Writes of the run inside one transaction."""

    def __init__(self, connection: Connection, run_id: str, scrub: Scrubber) -> None:
        self.connection = connection
        self._run_id = run_id
        self._scrub = scrub

    def change(self, **columns: Any) -> bool:
        """Set columns of the run while it is a worker's; say whether it was."""
        clean = {name: _clean(name, value, self._scrub) for name, value in columns.items()}
        return change_run(self.connection, self._run_id, while_in=WORKING, **clean)

    def add(self, samples: Sequence[Sample]) -> None:
        """Store samples."""
        clean = [_clean_sample(sample, self._scrub) for sample in samples]
        add_samples(self.connection, self._run_id, clean)


class OwnRun:
    """The run that a worker carries out, as far as it may be written."""

    def __init__(self, store: Store, run_id: str, scrub: Scrubber) -> None:
        self._store = store
        self.run_id = run_id
        self._scrub = scrub

    @contextmanager
    def write(self) -> Iterator[Pen]:
        """A transaction. Raises StoreError."""
        with self._store.write() as connection:
            yield Pen(connection, self.run_id, self._scrub)

    def change(self, **columns: Any) -> bool:
        """Set columns in a transaction of its own; say whether the run was still a worker's."""
        with self.write() as pen:
            return pen.change(**columns)


def _clean(name: str, value: Any, scrub: Scrubber) -> Any:
    if not isinstance(value, str) or name in OWN_WORDS:
        return value
    return json.dumps(scrub.tree(json.loads(value))) if name in DOCUMENTS else scrub(value)


def _clean_sample(sample: Sample, scrub: Scrubber) -> Sample:
    clean: dict[str, Any] = {name: scrub.number(getattr(sample, name)) for name in STATED}
    said = cleaned(scrub(sample.server_said))
    return replace(sample, **clean, detail=scrub(sample.detail), server_said=said)
