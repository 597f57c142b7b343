"""Three counts of the same text's tokens: billed by a provider, processed, and padded."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.checks import not_empty, not_negative, positive, whole
from core.cost.lengths import LognormalLengths, truncated_mean
from core.cost.normal import normal_cdf
from core.cost.piecewise import Floats
from core.errors import ModelInputError

_LOWEST_Z: Final = -10.0
_HIGHEST_Z: Final = 12.0
_PANELS_PER_SD: Final = 4
_NODES: Final = 16


@dataclass(frozen=True, slots=True)
class TextTokens:
    """Tokens of a text on average, by who counts."""

    billed: float
    """The whole text in the provider's tokens."""
    processed: float
    """What is left of it after the model's limit, in the model's own tokens."""
    padded: float
    """What the GPU computes: every text of a batch as long as the longest of it."""


def text_tokens(
    lengths: LognormalLengths,
    max_tokens: float,
    texts_per_batch: int,
    billed_per_own_token: float = 1.0,
) -> TextTokens:
    """The three counts, for texts cut at the model's limit and batched in order of arrival."""
    positive("billed tokens for a token of the model", billed_per_own_token)
    return TextTokens(
        billed=lengths.mean_tokens * billed_per_own_token,
        processed=truncated_mean(lengths, max_tokens),
        padded=mean_longest(lengths, max_tokens, texts_per_batch),
    )


def mean_longest(lengths: LognormalLengths, max_tokens: float, texts: int) -> float:
    """Mean length of the longest of n independent texts cut at K, E[max min(X_i, K)] in tokens.

    The integral of 1 - F(x)^n from 0 to K, over ln x by Gauss-Legendre panels; F is lognormal.
    """
    whole("texts in a batch", texts, 1)
    uncut = truncated_mean(lengths, max_tokens)
    if texts == 1 or lengths.log_sd == 0:
        return uncut
    s, mu = lengths.log_sd, lengths.log_mean
    cut_z = (np.log(max_tokens) - mu) / s
    # Up to the lowest z a text is surely longer, and what is integrated is 1.
    if cut_z <= _LOWEST_Z:
        return uncut
    top = min(cut_z, _HIGHEST_Z + s)
    z, weight = _panels(_LOWEST_Z, top)
    # 1 - F^n without losing the tail where F is nearly 1; ln F = -inf where it is 0 to a float.
    with np.errstate(divide="ignore"):
        longer = -np.expm1(texts * np.log1p(-normal_cdf(-z)))
    integral = np.sum(weight * longer * s * np.exp(mu + s * z))
    return float(np.exp(mu + s * _LOWEST_Z) + integral)


def padded_tokens(lengths_tokens: Floats, texts_per_batch: int) -> float:
    """Tokens that the GPU computes for texts batched in the order given: sum of n x longest.

    Sort the texts by length first to see what sorting saves.
    """
    lengths = not_negative("lengths in tokens", not_empty("lengths", lengths_tokens))
    whole("texts in a batch", texts_per_batch, 1)
    starts = np.arange(0, lengths.size, texts_per_batch)
    sizes = np.diff(np.append(starts, lengths.size))
    return float(np.sum(sizes * np.maximum.reduceat(lengths, starts)))


def padding_waste(lengths_tokens: Floats, texts_per_batch: int) -> float:
    """Share of the computed tokens that are padding, 1 - sum(len)/sum(n x longest)."""
    padded = padded_tokens(lengths_tokens, texts_per_batch)
    if padded == 0:
        raise ModelInputError("lengths in tokens must not all be 0: there is nothing to pad")
    return 1 - float(np.sum(lengths_tokens)) / padded


def _panels(low: float, high: float) -> tuple[Floats, Floats]:
    """Nodes and weights of the Gauss-Legendre rule on equal panels between two bounds."""
    count = max(1, int(np.ceil((high - low) * _PANELS_PER_SD)))
    edges = np.linspace(low, high, count + 1)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = (high - low) / count / 2
    middles = (edges[:-1] + edges[1:])[:, np.newaxis] / 2
    return (middles + half * nodes).ravel(), np.tile(half * weights, count)
