"""What a model makes of the scenario's texts: cut or split at its limit, billed, processed."""

import math
from dataclasses import dataclass
from functools import lru_cache

from core.cost.chunking import mean_chunked_tokens, mean_chunks
from core.cost.lengths import LognormalLengths, cut_share, truncated_mean
from core.scenario import LongTexts, Workload


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


def text_load(workload: Workload, max_tokens: int | None) -> TextLoad:
    """The scenario's texts before a model with this limit (None: it has none)."""
    return _text_load(
        workload.tokens_per_request,
        workload.length_cv,
        workload.long_texts,
        workload.chunk_overlap,
        max_tokens,
    )


@lru_cache(maxsize=1024)
def _text_load(
    mean_tokens: float, cv: float, long_texts: LongTexts, overlap: float, max_tokens: int | None
) -> TextLoad:
    lengths = LognormalLengths(mean_tokens, cv)
    limit = math.inf if max_tokens is None else float(max_tokens)
    if math.isinf(limit) or cut_share(lengths, limit) == 0:
        return TextLoad(1.0, mean_tokens, 1.0, 0.0, 1.0)
    if long_texts is LongTexts.CUT:
        kept = truncated_mean(lengths, limit)
        return TextLoad(1.0, kept, 1.0, cut_share(lengths, limit), kept / mean_tokens)
    chunks = mean_chunks(lengths, limit, overlap * limit)
    tokens = mean_chunked_tokens(lengths, limit, overlap * limit)
    share = tokens / mean_tokens
    return TextLoad(chunks, tokens / chunks, share, 0.0, share)
