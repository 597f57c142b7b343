"""Samples of a run: written in batches by its worker, read by anybody."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import DBAPIError

from core.errors import UnreadableRunError
from core.plain_text import made_plain
from core.probe.records.sample import MOST_DETAIL, MOST_SAID, Outcome, Phase, Sample
from core.store.database.database_faults import is_of_the_row
from core.store.documents import UnreadableError
from core.store.tables import samples

_FIELDS: Final = tuple(field.name for field in fields(Sample))
_COLUMNS: Final = tuple(samples.c[name] for name in _FIELDS)
_WORDS: Final[dict[str, frozenset[str]]] = {
    "phase": frozenset(Phase),
    "outcome": frozenset(Outcome),
}
_TYPES: Final = {
    name: {samples.c[name].type.python_type} | ({type(None)} if samples.c[name].nullable else set())
    for name in _FIELDS
}


def add_samples(connection: Connection, run_id: str, batch: Sequence[Sample]) -> None:
    """Store a batch. A sample that is there already is an IntegrityError."""
    if batch:
        # Without asdict, which copies every value: others wait while a batch is written.
        rows = [_row(sample) | {"run_id": run_id} for sample in batch]
        connection.execute(samples.insert(), rows)


def _row(sample: Sample) -> dict[str, Any]:
    return {name: getattr(sample, name) for name in _FIELDS}


def get_samples(connection: Connection, run_id: str) -> list[Sample]:
    """Every committed sample of a run, in the order of its sequence.

    UnreadableRunError where one of them cannot be read: numbers of the others alone would be
    those of another run.
    """
    query = select(*_COLUMNS).where(samples.c.run_id == run_id).order_by(samples.c.seq)
    try:
        rows = connection.execute(query).all()
        _refuse_strange(rows)
    except UnreadableError as error:
        raise _unreadable(run_id, error) from None
    except (ValueError, DBAPIError) as error:
        if not is_of_the_row(error):
            raise
        raise _unreadable(run_id, UnreadableError.damaged("a column")) from error
    return [_sample(row) for row in rows]


def _unreadable(run_id: str, error: UnreadableError) -> UnreadableRunError:
    return UnreadableRunError(f"The samples of the run {run_id} cannot be read here. {error.why}")


def _refuse_strange(rows: Sequence[Row[Any]]) -> None:
    """Column by column, which is quick: a word or a type that no sample has."""
    for name, column in zip(_FIELDS, zip(*rows, strict=True), strict=False):
        if name in _WORDS:
            strange = set(column) - _WORDS[name]
            if strange:
                raise UnreadableError.newer(f"the {name} {str(min(strange, key=str))[:32]!r}")
        elif not set(map(type, column)) <= _TYPES[name]:
            raise UnreadableError.damaged(name)


def _sample(row: Row[Any]) -> Sample:
    values = dict(zip(_FIELDS, row, strict=True))
    values["phase"] = Phase(values["phase"])
    values["outcome"] = Outcome(values["outcome"])
    values["detail"] = made_plain(values["detail"], MOST_DETAIL)
    values["server_said"] = made_plain(values["server_said"], MOST_SAID)
    return Sample(**values)
