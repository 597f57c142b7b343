"""The packaged example."""

import re

from core.quality.corpus import ENOUGH_QUERIES
from core.quality.example import example_corpus


def test_the_example_has_enough_queries_among_other_documents() -> None:
    """Nothing is left out, and nothing repeated."""
    corpus = example_corpus()
    assert len(corpus.queries) >= ENOUGH_QUERIES
    assert len(corpus.documents) > len(corpus.queries)
    assert corpus.remarks == ("No query asks for 22 of the 72 documents.",)


def test_many_queries_share_no_long_word_with_their_document() -> None:
    """Else a search by words finds all, and no model is told from another."""
    corpus = example_corpus()

    def words(text: str) -> set[str]:
        return set(re.findall(r"\w{4,}", text.casefold()))

    apart = sum(
        not words(query) & words(corpus.documents[places[0]])
        for query, places in zip(corpus.queries, corpus.relevant, strict=True)
    )
    assert 0.4 < apart / len(corpus.queries) < 0.9
