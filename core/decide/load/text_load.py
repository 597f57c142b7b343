"""What a model makes of the scenario's texts: cut or split at its limit, billed, processed."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from core.cost.curve.piecewise import STEP_GUARD, Floats
from core.cost.load.chunking import mean_chunked_tokens, mean_chunks
from core.cost.load.text_lengths import LognormalLengths, cut_share, truncated_mean
from core.scenario import LongTexts, Workload

QUANTILES: Final = 2_000
KEPT: Final = 256
LEAST_CV: Final = 1e-6
"""Lengths that spread less are alike."""


@dataclass(frozen=True, slots=True)
class TextLoad:
    """One text of the scenario on average, as one model sees it."""

    texts: float
    """Texts that the model gets for it: its chunks."""
    tokens: float
    """Processed tokens of each of these."""
    billed_share: float
    """Billed tokens over the text's own: 1, or more where chunks overlap.

    A text that is cut is billed in full: the whole of it is sent."""
    cut_share: float
    """Share of the texts whose end is dropped."""
    processed_share: float
    """Processed tokens over the text's own."""
    lengths: tuple[float, ...]
    """Equally likely tokens of what the model gets; one where all texts are alike."""

    @property
    def lost_share(self) -> float:
        """Tokens that stand in no vector over all tokens, 1 - E[min(X, K)]/E[X]; chunks lose 0."""
        return max(0.0, 1 - self.processed_share)


def text_load(workload: Workload, max_tokens: int | None) -> TextLoad:
    """The scenario's texts before a model with this limit (None: it has none)."""
    mean_tokens, cv = workload.tokens_per_request, workload.length_cv
    overlap = workload.chunk_overlap
    law = LognormalLengths(mean_tokens, cv if cv >= LEAST_CV else 0.0)
    limit = math.inf if max_tokens is None else float(max_tokens)
    if math.isinf(limit) or cut_share(law, limit) == 0:
        return TextLoad(1.0, mean_tokens, 1.0, 0.0, 1.0, _thinned(length_quantiles(law)))
    if workload.long_texts is LongTexts.CUT:
        truncated = truncated_mean(law, limit)
        lengths = _thinned(np.minimum(length_quantiles(law), limit))
        return TextLoad(
            1.0, truncated, 1.0, cut_share(law, limit), truncated / mean_tokens, lengths
        )
    chunks = mean_chunks(law, limit, overlap * limit)
    tokens = mean_chunked_tokens(law, limit, overlap * limit)
    share = tokens / mean_tokens
    lengths = _thinned(chunk_lengths(length_quantiles(law), limit, overlap * limit))
    return TextLoad(chunks, tokens / chunks, share, 0.0, share, lengths)


def length_quantiles(law: LognormalLengths) -> Floats:
    """Equally likely lengths that stand for their law, tokens: shape (2000,), or (1,)."""
    if law.log_sd == 0:
        return np.array([law.mean_tokens])
    levels = (np.arange(QUANTILES) + 0.5) / QUANTILES
    result: Floats = np.exp(law.log_mean + law.log_sd * ndtri(levels))
    return result


def chunk_lengths(lengths: Floats, window: float, overlap: float) -> Floats:
    """Lengths of the chunks of all these texts, tokens; the last of a text may be short."""
    stride = window - overlap
    parts = []
    start = np.zeros_like(lengths)
    while (left := lengths > start * (1 + STEP_GUARD)).any():
        parts.append(np.minimum(lengths[left] - start[left], window))
        start = np.where(left, start + stride, np.inf)
    return np.concatenate(parts)


def _thinned(lengths: Floats) -> tuple[float, ...]:
    """At most KEPT equally likely lengths with the same mean."""
    if lengths.size <= KEPT:
        return tuple(lengths.tolist())
    few = np.quantile(lengths, (np.arange(KEPT) + 0.5) / KEPT)
    return tuple((few * (lengths.mean() / few.mean())).tolist())
