"""A corpus as it travels to a job."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.quality.corpus import Corpus
from tests.quality.models import numbered

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(st.lists(TEXTS, min_size=1, max_size=5), st.lists(TEXTS, min_size=1, max_size=5), st.data())
def test_a_corpus_comes_out_of_its_json_as_it_went_in(
    documents: list[str], queries: list[str], data: st.DataObject
) -> None:
    """A job reads the same texts, and the same digest, from a pipe."""
    places = st.lists(st.integers(0, len(documents) - 1), min_size=1, unique=True)
    corpus = Corpus(
        documents=tuple(documents),
        queries=tuple(queries),
        relevant=tuple(tuple(data.draw(places)) for _ in queries),
    )
    back = Corpus.model_validate_json(corpus.model_dump_json())
    assert back == corpus
    assert back.digest == corpus.digest
    assert corpus.texts == len(documents) + len(queries)


def test_the_digest_tells_any_other_test_apart() -> None:
    """A text, or what is relevant, makes another test; a remark does not."""
    base = numbered(3)
    others = (
        base.model_copy(update={"documents": ("document 0", "document 1", "else")}),
        base.model_copy(update={"queries": ("query 0", "query 1", "else")}),
        base.model_copy(update={"relevant": ((0,), (1,), (1,))}),
    )
    assert len({base.digest, *(other.digest for other in others)}) == 4
    assert base.model_copy(update={"remarks": ("Few.",)}).digest == base.digest


@pytest.mark.parametrize("relevant", [((0,),), ((0,), ()), ((0,), (2,)), ((0,), (1, 1)), ((-1,),)])
def test_a_query_without_a_document_of_its_own_is_refused(
    relevant: tuple[tuple[int, ...], ...],
) -> None:
    """Too few lists, an empty one, a place that is not there, one named twice."""
    with pytest.raises(ValidationError):
        Corpus(documents=("a", "b"), queries=("q", "r"), relevant=relevant)
