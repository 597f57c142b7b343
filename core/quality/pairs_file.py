"""A person's own pairs of query and relevant document, read from small files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import QualityInputError
from core.quality.corpus import Corpus, Limits
from core.quality.reading.column_names import (
    GRADE,
    QUERY,
    RELEVANT_ID,
    RELEVANT_TEXT,
    column,
    listed,
    rivals,
    value_of,
)
from core.quality.reading.corpus_remarks import Counted, remarks_of
from core.quality.reading.document_shelf import DocumentShelf, shelf_of
from core.quality.reading.fit_text import fit_text, fit_texts, is_relevant
from core.quality.reading.table_rows import Row, table_rows

WHAT = "pairs"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A row: a query, and what is relevant to it by id or by text."""

    place: str
    query: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    relevant: bool


def read_corpus(pairs: bytes, documents: bytes | None = None, limits: Limits = Limits()) -> Corpus:  # noqa: B008 -- frozen
    """Read pairs, and documents beside them. What is doubtful is merged or left out, and counted.

    CSV (comma, semicolon or tab), a list in JSON or one object a line, in UTF-8. A relevant
    document is named by its text or by an id of the documents' file; several stand in rows that
    repeat the query, or in a list in JSON. Raises QualityInputError, by the row where it can.
    """
    megabytes = (len(pairs) + len(documents or b"")) / 2**20
    if megabytes > limits.megabytes:
        raise QualityInputError(
            f"The files have {megabytes:,.1f} MB, and {limits.megabytes:,} are the most. Give a "
            "sample of your queries, with the documents that they ask for."
        )
    shelf = shelf_of(documents, limits.texts)
    counted = Counted(given=None if documents is None else len(shelf.places))
    rows = list(_pairs(pairs, shelf, counted))
    relevant = _joined(_by_id(rows, shelf), shelf, counted)
    _refuse_number(len(relevant), len(shelf.places), limits)
    counted.repeated_documents, counted.empty_documents = shelf.repeated, shelf.empty
    return Corpus(
        documents=shelf.texts,
        queries=tuple(relevant),
        relevant=tuple(tuple(places) for places in relevant.values()),
        remarks=tuple(remarks_of(counted, list(relevant.values()), len(shelf.places))),
    )


def _refuse_number(queries: int, documents: int, limits: Limits) -> None:
    if not queries:
        raise QualityInputError(
            "The pairs hold no query with a relevant document. Give both in each row."
        )
    if queries + documents > limits.texts:
        raise QualityInputError(
            f"{queries:,} queries and {documents:,} documents are more than {limits.texts:,} "
            "texts. Give fewer queries, or fewer documents that none asks for."
        )


def _pairs(content: bytes, shelf: DocumentShelf, counted: Counted) -> Iterator[_Pair]:
    for row in table_rows(content, WHAT):
        _refuse_columns(row, shelf)
        for wanted in (QUERY, RELEVANT_ID if shelf.ids else (), RELEVANT_TEXT):
            if several := rivals(row.fields, wanted):
                counted.rivals[several] = None
        ids = fit_texts(value_of(row.fields, RELEVANT_ID), row.place) if shelf.ids else ()
        # Only where no id is given: a row may hold both.
        value = None if ids else value_of(row.fields, RELEVANT_TEXT)
        yield _Pair(
            place=row.place,
            query=fit_text(value_of(row.fields, QUERY), row.place),
            ids=ids,
            texts=fit_texts(value, row.place),
            relevant=is_relevant(value_of(row.fields, GRADE), row.place),
        )


def _refuse_columns(row: Row, shelf: DocumentShelf) -> None:
    if column(row.fields, QUERY) is None:
        raise QualityInputError(
            f"{row.place} has no query: it has {listed(row.fields)}. Name its column query."
        )
    if column(row.fields, RELEVANT_TEXT) is not None:
        return
    if column(row.fields, RELEVANT_ID) is None:
        raise QualityInputError(
            f"{row.place} has no relevant document: it has {listed(row.fields)}. Name its column "
            "relevant for a text, relevant_id for an id."
        )
    if not shelf.ids:
        raise QualityInputError(
            f"{row.place} names a document by its id. Give the documents too, with a column id."
        )


def _by_id(pairs: Sequence[_Pair], shelf: DocumentShelf) -> Sequence[_Pair]:
    """What stands in the column of texts is an id in every row, if it is one in any."""
    if not any(text in shelf.ids for pair in pairs for text in pair.texts):
        return pairs
    return [
        _Pair(pair.place, pair.query, (*pair.ids, *pair.texts), (), pair.relevant) for pair in pairs
    ]


def _joined(
    pairs: Sequence[_Pair], shelf: DocumentShelf, counted: Counted
) -> dict[str, tuple[int, ...]]:
    """Each query once, with the places of all its relevant documents."""
    joined: dict[str, dict[int, None]] = {}
    for pair in pairs:
        places = [*_known(pair, shelf), *(shelf.place_of(text) for text in pair.texts)]
        counted.empty_rows += not pair.query or not (pair.ids or pair.texts)
        if pair.query:
            counted.repeated_queries += pair.query in joined
            its = joined.setdefault(pair.query, {})
            its.update(dict.fromkeys(places if pair.relevant else ()))
    counted.unanswered = sum(not places for places in joined.values())
    return {query: tuple(places) for query, places in joined.items() if places}


def _known(pair: _Pair, shelf: DocumentShelf) -> Iterator[int]:
    for name in pair.ids:
        if name not in shelf.ids:
            raise QualityInputError(
                f'{pair.place}: no document has the id "{name[:80]}". Correct it, or add the '
                "document."
            )
        if (place := shelf.ids[name]) is not None:
            yield place
