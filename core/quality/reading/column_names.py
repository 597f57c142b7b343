"""The names that columns of queries, documents and ids have in the usual exports."""

from collections.abc import Collection, Mapping
from typing import Final

QUERY: Final = ("query", "question", "q", "search", "search_query", "query_text", "anchor")
RELEVANT_ID: Final = (
    *("relevant_id", "relevant_ids", "doc_id", "docid", "document_id", "corpus_id", "pid"),
    *("passage_id", "positive_id", "answer_id"),
)
RELEVANT_TEXT: Final = (
    *("relevant", "relevant_text", "positive", "positives", "document", "passage", "context"),
    *("text", "answer", "answers"),
)
"""What holds an answer stands before the answer itself: exports for readers have both."""
GRADE: Final = ("score", "relevance", "is_relevant", "rel")
"""BEIR's and TREC's: 0 says that the document is not relevant. https://github.com/beir-cellar/beir"""
DOCUMENT_ID: Final = ("id", "_id", *RELEVANT_ID)
DOCUMENT_TEXT: Final = ("text", "body", "content", "contents", "passage", "document")
TITLE: Final = "title"


def column(names: Collection[str], wanted: tuple[str, ...]) -> str | None:
    """The first of the wanted names that a table has."""
    return next((name for name in wanted if name in names), None)


def value_of(fields: Mapping[str, object], wanted: tuple[str, ...]) -> object:
    """What stands under the first of the wanted names that a row has; None: nothing."""
    name = column(fields, wanted)
    return None if name is None else fields[name]


def rivals(names: Collection[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """All of the wanted names that a table has, the one that is read first, if several."""
    present = tuple(name for name in wanted if name in names)
    return present if len(present) > 1 else ()


def listed(names: Collection[str]) -> str:
    """Names of columns for a sentence, the first few."""
    first = ", ".join(name[:40] for name in list(names)[:8])
    return f"{first}, ..." if len(names) > 8 else first
