"""Chunks of texts, against a splitter that is run and against the bare sum."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.load.chunking import mean_chunked_tokens, mean_chunks
from core.cost.load.normal import normal_cdf
from core.cost.load.text_lengths import LognormalLengths
from core.errors import ModelInputError


def split(tokens: float, window: float, overlap: float) -> list[float]:
    """Lengths of the chunks: one starts every window - overlap tokens while text is left."""
    chunks, start = [], 0.0
    while start < tokens:
        chunks.append(min(window, tokens - start))
        start += window - overlap
    return chunks


def survival_sum(lengths: LognormalLengths, stride: float, terms: int) -> float:
    """Sum over j >= 0 of P(X > j stride), term by term."""
    later = np.log(stride * np.arange(1, terms))
    return 1 + float(np.sum(normal_cdf(-(later - lengths.log_mean) / lengths.log_sd)))


@settings(max_examples=40, deadline=None)
@given(st.floats(0.2, 50.0), st.floats(0.02, 1.5))
def test_mean_chunks_is_the_sum_of_all_terms(ratio: float, cv: float) -> None:
    """The shortened sum equals the long one to nine digits."""
    lengths = LognormalLengths(100 * ratio, cv)
    longest = math.exp(lengths.log_mean + 9.5 * lengths.log_sd)
    terms = math.ceil(longest / 100) + 2
    assert mean_chunks(lengths, 100, 0) == pytest.approx(
        survival_sum(lengths, 100, terms), rel=1e-9
    )


def test_thousands_of_chunks_are_summed_to_nine_digits() -> None:
    """Where the formula takes over from the terms, its last correction counts."""
    lengths = LognormalLengths(400_000, 0.3)
    assert mean_chunks(lengths, 100, 0) == pytest.approx(
        survival_sum(lengths, 100, 80_000), rel=1e-9
    )


@pytest.mark.parametrize(("window", "overlap"), [(512, 0), (512, 64), (512, 300), (100, 99)])
def test_a_splitter_that_is_run_gives_the_same_means(window: float, overlap: float) -> None:
    """Chunks and tokens of simulated texts agree within four standard errors."""
    lengths = LognormalLengths(800, 0.8)
    rng = np.random.default_rng(7)
    texts = rng.lognormal(lengths.log_mean, lengths.log_sd, 4_000)
    chunks = [split(float(tokens), window, overlap) for tokens in texts]
    for of_text, exact in (
        (np.array([len(c) for c in chunks]), mean_chunks(lengths, window, overlap)),
        (np.array([sum(c) for c in chunks]), mean_chunked_tokens(lengths, window, overlap)),
    ):
        error = float(of_text.std()) / math.sqrt(texts.size)
        assert abs(float(of_text.mean()) - exact) < 4 * error


@settings(max_examples=60, deadline=None)
@given(st.floats(1.0, 5_000.0), st.floats(8.0, 1_000.0), st.floats(0.0, 0.95))
def test_equal_texts_are_split_by_hand(tokens: float, window: float, part: float) -> None:
    """At CV 0 the means are those of the one length there is."""
    overlap = part * window
    chunks = split(tokens, window, overlap)
    lengths = LognormalLengths(tokens, 0)
    assert mean_chunks(lengths, window, overlap) == pytest.approx(len(chunks), abs=1.001)
    assert mean_chunked_tokens(lengths, window, overlap) == pytest.approx(sum(chunks), rel=1e-9)


def test_exactly_k_windows_make_k_chunks() -> None:
    """Three windows of 0.1 tokens more or less by rounding are three."""
    assert mean_chunks(LognormalLengths(0.1 + 0.2, 0), 0.1, 0) == 3


@given(st.floats(0.1, 20.0), st.floats(0.05, 3.0))
def test_without_overlap_no_token_is_repeated(ratio: float, cv: float) -> None:
    """Splitting alone adds nothing to compute."""
    lengths = LognormalLengths(512 * ratio, cv)
    assert mean_chunked_tokens(lengths, 512, 0) == lengths.mean_tokens


@settings(max_examples=60, deadline=None)
@given(st.floats(0.1, 20.0), st.floats(0.05, 3.0), st.floats(0.01, 0.9))
def test_the_overlap_repeats_at_most_itself(ratio: float, cv: float, part: float) -> None:
    """Every chunk but the first repeats at most the overlap."""
    lengths, overlap = LognormalLengths(512 * ratio, cv), part * 512
    repeated = mean_chunked_tokens(lengths, 512, overlap) - lengths.mean_tokens
    most = overlap * (mean_chunks(lengths, 512, overlap) - 1)
    assert -1e-9 * lengths.mean_tokens <= repeated <= most + 1e-9 * lengths.mean_tokens


def test_long_texts_make_half_a_chunk_more_than_they_fill() -> None:
    """Spread widely over many windows, the last chunk is half full on average."""
    lengths = LognormalLengths(30_000, 2)
    assert mean_chunks(lengths, 12, 0) == pytest.approx(2_500.5, abs=1e-3)


@pytest.mark.parametrize(
    ("window", "overlap", "field"),
    [
        (0.0, 0.0, "window"),
        (math.nan, 0.0, "window"),
        (512.0, -1.0, "overlap"),
        (512.0, 512.0, "overlap must be below the window"),
        (512.0, math.inf, "overlap"),
        (1e-4, 0.0, "at most 1,000,000 chunks"),
    ],
)
def test_impossible_windows_are_refused(window: float, overlap: float, field: str) -> None:
    """A splitter that never moves on, or moves by nothing, is refused by name."""
    with pytest.raises(ModelInputError, match=field):
        mean_chunks(LognormalLengths(500, 1), window, overlap)


def test_tokens_of_thousands_of_chunks_are_summed_to_nine_digits() -> None:
    """Against every term: of each chunk's start the tokens beyond it, an overlap at most."""
    lengths, stride, overlap = LognormalLengths(400_000, 0.3), 100.0, 50.0
    starts = stride * np.arange(1, 80_000)

    def excess(tokens: np.ndarray) -> np.ndarray:
        z = (np.log(tokens) - lengths.log_mean) / lengths.log_sd
        whole = lengths.mean_tokens * normal_cdf(lengths.log_sd - z)
        return np.asarray(whole - tokens * normal_cdf(-z))

    repeated = float((excess(starts) - excess(starts + overlap)).sum())
    mean = mean_chunked_tokens(lengths, stride + overlap, overlap)
    assert mean == pytest.approx(lengths.mean_tokens + repeated, rel=1e-9)
