"""Texts split instead of cut: how many chunks, and how many tokens with the overlap.

The splitter starts a chunk of K tokens every K - o tokens, o being the overlap, as long as text is
left; the last chunk may be short. Sums over the chunks have no closed form for a lognormal length,
but where a sum's terms change slowly the Euler-Maclaurin formula gives the rest of it, so both
means are exact to 1e-9 however long the texts are.
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from core.cost.curve.checks import not_negative, positive
from core.cost.curve.piecewise import STEP_GUARD, Floats
from core.cost.load.normal import normal_cdf, normal_pdf
from core.cost.load.text_lengths import LognormalLengths
from core.errors import ModelInputError

MAX_MEAN_CHUNKS: Final = 1e6

_TAIL_Z: Final = 9.5
"""Standard deviations of ln X beyond which no text counts: a share of 1e-21."""

_SLOW_TERMS: Final = 1_000.0
"""Terms times s after which neighbouring terms differ so little that the formula is exact."""


def mean_chunks(lengths: LognormalLengths, window_tokens: float, overlap_tokens: float) -> float:
    """Chunks of a text on average, E[ceil(X/(K - o))] = sum over j >= 0 of P(X > j (K - o))."""
    stride = _stride(lengths, window_tokens, overlap_tokens)
    if lengths.log_sd == 0:
        return float(math.ceil(lengths.mean_tokens / stride - STEP_GUARD))
    start, first_slow = _changing_terms(lengths, stride)
    end = first_slow * stride
    terms = np.arange(start, first_slow, dtype=np.float64)
    changing = _share_longer(lengths, stride * terms)
    density = float(normal_pdf(_z(lengths, end))) / (end * lengths.log_sd)
    rest = lengths.mean_excess(end) / stride + lengths.share_longer(end) / 2 + stride * density / 12
    return start + math.fsum(changing) + rest


def mean_chunked_tokens(
    lengths: LognormalLengths, window_tokens: float, overlap_tokens: float
) -> float:
    """Tokens of all chunks of a text on average: the text and what the overlap repeats.

    m + sum over j >= 1 of E[min(o, (X - j (K - o))+)].
    """
    stride = _stride(lengths, window_tokens, overlap_tokens)
    if overlap_tokens == 0:
        return lengths.mean_tokens
    if lengths.log_sd == 0:
        left = lengths.mean_tokens - stride * np.arange(1, lengths.mean_tokens / stride + 1)
        return lengths.mean_tokens + float(np.clip(left, 0, overlap_tokens).sum())
    full, first_slow = _changing_terms(lengths, stride)
    start = max(1, full - math.ceil(overlap_tokens / stride))
    first_slow = max(start, first_slow)
    end = first_slow * stride

    def over_overlap(of: Callable[[float], float], tokens: float) -> float:
        return of(tokens) - of(tokens + overlap_tokens)

    changing = [over_overlap(lengths.mean_excess, stride * j) for j in range(start, first_slow)]
    rest = (
        over_overlap(lambda tokens: _squared_excess(lengths, tokens), end) / (2 * stride)
        + over_overlap(lengths.mean_excess, end) / 2
        + over_overlap(lengths.share_longer, end) * stride / 12
    )
    return lengths.mean_tokens + (start - 1) * overlap_tokens + math.fsum(changing) + rest


def _stride(lengths: LognormalLengths, window_tokens: float, overlap_tokens: float) -> float:
    positive("chunk window in tokens", window_tokens)
    not_negative("chunk overlap in tokens", overlap_tokens)
    if overlap_tokens >= window_tokens:
        raise ModelInputError(
            f"chunk overlap must be below the window of {window_tokens:g} tokens, "
            f"not {overlap_tokens:g}"
        )
    stride = window_tokens - overlap_tokens
    if lengths.mean_tokens > MAX_MEAN_CHUNKS * stride:
        raise ModelInputError(
            f"chunk window must leave at most {MAX_MEAN_CHUNKS:,.0f} chunks a text; with a stride "
            f"of {stride:g} tokens a text of {lengths.mean_tokens:g} makes more"
        )
    return stride


def _changing_terms(lengths: LognormalLengths, stride: float) -> tuple[int, int]:
    """Terms from the first that is not full to the first from which they change slowly."""
    shortest = math.exp(lengths.log_mean - _TAIL_Z * lengths.log_sd)
    longest = math.exp(lengths.log_mean + _TAIL_Z * lengths.log_sd)
    start = math.floor(shortest / stride)
    slow = max(start, math.ceil(_SLOW_TERMS / lengths.log_sd))
    return start, max(1, min(slow, math.ceil(longest / stride) + 1))


def _z(lengths: LognormalLengths, tokens: Floats | float) -> Floats:
    result: Floats = (np.log(tokens) - lengths.log_mean) / lengths.log_sd
    return result


def _share_longer(lengths: LognormalLengths, tokens: Floats) -> Floats:
    """P(X > x) of many lengths at once."""
    with np.errstate(divide="ignore"):  # ln 0 = -inf: every text is longer than nothing
        return normal_cdf(-_z(lengths, tokens))


def _squared_excess(lengths: LognormalLengths, tokens: float) -> float:
    """E[((X - x)+)^2], tokens^2: twice the integral of E[(X - t)+] from x on."""
    z = _z(lengths, tokens)
    s, m = lengths.log_sd, lengths.mean_tokens
    squares = m * m * (1 + lengths.cv**2) * normal_cdf(2 * s - z)
    return float(squares - 2 * tokens * m * normal_cdf(s - z) + tokens**2 * normal_cdf(-z))
