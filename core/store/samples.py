"""Samples of a run: written in batches by its worker, read by anybody."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from core.plain_text import made_plain
from core.probe.sample import MOST_DETAIL, Outcome, Phase, Sample
from core.store.tables import samples

_FIELDS: Final = tuple(field.name for field in fields(Sample))
_COLUMNS: Final = tuple(samples.c[name] for name in _FIELDS)


def add_samples(connection: Connection, run_id: str, batch: Sequence[Sample]) -> None:
    """Store a batch. A sample that is there already is an IntegrityError."""
    if batch:
        # Without asdict, which copies every value: others wait while a batch is written.
        rows = [_row(sample) | {"run_id": run_id} for sample in batch]
        connection.execute(samples.insert(), rows)


def _row(sample: Sample) -> dict[str, Any]:
    return {name: getattr(sample, name) for name in _FIELDS}


def get_samples(connection: Connection, run_id: str) -> list[Sample]:
    """Every committed sample of a run, in the order of its sequence."""
    query = select(*_COLUMNS).where(samples.c.run_id == run_id).order_by(samples.c.seq)
    return [_sample(row) for row in connection.execute(query)]


def _sample(row: Row[Any]) -> Sample:
    values = dict(zip(_FIELDS, row, strict=True))
    values["phase"] = Phase(values["phase"])
    values["outcome"] = Outcome(values["outcome"])
    values["detail"] = made_plain(values["detail"], MOST_DETAIL)
    return Sample(**values)
