"""Texts before a model's limit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.decide.load.text_load import text_load
from core.scenario import LongTexts, Workload


@given(st.floats(1, 1_000), st.floats(0, 3))
def test_without_a_limit_a_text_is_a_text(mean: float, cv: float) -> None:
    """Nothing is cut, split or repeated."""
    found = text_load(Workload(tokens_per_request=mean, length_cv=cv), None)
    assert (found.texts, found.tokens, found.billed_share) == (1, mean, 1)
    assert (found.cut_share, found.processed_share) == (0, 1)


def test_a_512_token_model_reads_two_thirds_of_documents_of_500() -> None:
    """With lengths that spread as widely as their mean: 68.5 % of the tokens, 32.8 % cut."""
    found = text_load(Workload(tokens_per_request=500, length_cv=1), 512)
    assert found.processed_share == pytest.approx(0.685, abs=5e-4)
    assert found.cut_share == pytest.approx(0.328, abs=5e-4)
    assert found.billed_share == 1


@settings(deadline=None)
@given(st.floats(1, 5_000), st.floats(0, 2), st.floats(0, 0.5), st.integers(64, 8_192))
def test_chunks_lose_nothing_and_repeat_their_overlap(
    mean: float, cv: float, overlap: float, limit: int
) -> None:
    """All tokens are read; what chunks repeat is billed and processed alike."""
    load = Workload(
        tokens_per_request=mean, length_cv=cv, chunk_overlap=overlap, long_texts=LongTexts.CHUNK
    )
    found = text_load(load, limit)
    assert found.texts >= 1 - 1e-9
    assert found.tokens <= limit * (1 + 1e-9)
    assert found.cut_share == 0
    assert found.billed_share == found.processed_share
    assert 1 - 1e-9 <= found.billed_share <= 1 / (1 - overlap) + 1e-9


def test_long_documents_become_as_many_chunks_as_their_strides() -> None:
    """2,000 tokens in windows of 512 with a tenth of overlap: five chunks."""
    load = Workload(tokens_per_request=2_000, long_texts=LongTexts.CHUNK, chunk_overlap=0.1)
    assert text_load(load, 512).texts == 5


@pytest.mark.parametrize("cv", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("long_texts", list(LongTexts))
def test_the_lengths_have_the_mean_that_the_formulas_give(cv: float, long_texts: LongTexts) -> None:
    """Equally likely lengths, cut or chunked at the limit, against the closed forms."""
    load = Workload(tokens_per_request=500, length_cv=cv, long_texts=long_texts, chunk_overlap=0.1)
    for limit in (512, 2_048, None):
        found = text_load(load, limit)
        mean = sum(found.lengths) / len(found.lengths)
        assert mean == pytest.approx(found.tokens, rel=0.01)
        assert len(found.lengths) <= 256
        if limit is not None:
            assert max(found.lengths) <= limit * 1.02


def test_whole_lengths_spread_as_asked() -> None:
    """Standard deviation over mean, but for the far tail."""
    lengths = np.array(text_load(Workload(length_cv=1.0), None).lengths)
    assert lengths.std() / lengths.mean() == pytest.approx(1.0, abs=0.1)
