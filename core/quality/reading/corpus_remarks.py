"""What a reader of the figures must know of the files: counted, merged, left out, easy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.quality.corpus import ENOUGH_QUERIES, LEAST_QUERIES


@dataclass(slots=True)
class Counted:
    """What was met while files were read."""

    given: int | None
    """Documents of a file of their own; None without one."""
    repeated_queries: int = 0
    repeated_documents: int = 0
    empty_rows: int = 0
    """Of the pairs: without a query or without a relevant document."""
    empty_documents: int = 0
    unanswered: int = 0
    """Queries without any relevant document."""
    rivals: dict[tuple[str, ...], None] = field(default_factory=dict)
    """Columns of which any could be meant, the one that was read first."""


def remarks_of(
    counted: Counted, relevant: Sequence[Sequence[int]], documents: int
) -> Iterator[str]:
    """Sentences about a corpus, the weightiest first."""
    yield from _few(len(relevant))
    yield from _easy(documents - len({place for places in relevant for place in places}), documents)
    yield from _added(counted.given, documents)
    yield from _read(counted)
    yield from _left_out(counted)


def _few(queries: int) -> Iterator[str]:
    if queries < LEAST_QUERIES:
        yield (
            f"{_number(queries, 'query', 'queries')}: too few to say how well a model finds. From "
            f"{LEAST_QUERIES} on figures are given; {ENOUGH_QUERIES} are enough to begin."
        )
    elif queries < ENOUGH_QUERIES:
        yield (
            f"{queries} queries are few: the intervals are wide. {ENOUGH_QUERIES} are enough to "
            "begin."
        )


def _easy(unasked: int, documents: int) -> Iterator[str]:
    if unasked:
        yield f"No query asks for {unasked:,} of the {documents:,} documents."
    else:
        yield (
            "Every document is relevant to some query: it is easier to find here than in your "
            "full collection. Add documents that no query asks for."
        )


def _added(given: int | None, documents: int) -> Iterator[str]:
    if given is not None and documents > given:
        yield (
            f"{_number(documents - given, 'relevant text', 'relevant texts')} of the pairs did not "
            "stand among the documents, and were added to them."
        )


def _read(counted: Counted) -> Iterator[str]:
    for read, *others in counted.rivals:
        yield (
            f"The column {read} was read, and {', '.join(others)} not: take {read} out of the "
            "pairs if another was meant."
        )


def _left_out(counted: Counted) -> Iterator[str]:
    if n := counted.repeated_queries:
        yield f"{_number(n, 'row repeats', 'rows repeat')} a query: what is relevant was joined."
    if n := counted.repeated_documents:
        yield f"{_number(n, 'document repeats', 'documents repeat')} another, and counts once."
    if n := counted.empty_rows:
        yield f"{_number(n, 'row', 'rows')} without a query or a relevant document: left out."
    if n := counted.empty_documents:
        yield f"{_number(n, 'document', 'documents')} without a text: left out."
    if n := counted.unanswered:
        yield f"{_number(n, 'query', 'queries')} without any relevant document: left out."


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
