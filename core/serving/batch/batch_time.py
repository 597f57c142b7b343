"""How long a batch takes: a start, a floor, and the work of its tokens."""

import math
from dataclasses import MISSING, dataclass, fields, replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError

Tokens = TypeVar("Tokens", float, NDArray[np.float64])

NO_ATTENTION: Final = 1e18
"""Hidden size of a model whose own is not known: its attention then weighs nothing."""


@dataclass(frozen=True, slots=True)
class BatchCost:
    """Time of a batch of n texts of one length: T(n) = t0 + max(tm, per text x n), seconds."""

    start_s: float
    """t0: what every batch costs (launches, Python, copies)."""
    floor_s: float
    """tm: the device takes at least this long for a pass, however few texts it holds."""
    per_text_s: float
    """Marginal time of a text in a batch above the floor."""

    def __post_init__(self) -> None:
        _check_times(self)

    def seconds(self, texts: float) -> float:
        """Time of a batch of this many texts (on average), s."""
        return self.start_s + max(self.floor_s, self.per_text_s * texts)

    def of_sizes(self, largest: int) -> NDArray[np.float64]:
        """Times of batches of 1 to ``largest`` texts, s: shape (largest,)."""
        if largest < 1:
            raise ModelInputError(f"a batch holds at least 1 text, not {largest}")
        work = self.per_text_s * np.arange(1, largest + 1)
        times: NDArray[np.float64] = self.start_s + np.maximum(self.floor_s, work)
        return times

    def full_rate_per_s(self, largest: int) -> float:
        """Texts a second in full batches: what load is counted against."""
        return largest / self.seconds(largest)


@dataclass(frozen=True, slots=True)
class BatchTime:
    """Seconds of a batch of n texts of s tokens: t0 + max(tm, n (p + max(alpha w, h s))).

    w = s (1 + s/(6 d)). Its last factor is attention: for a feed-forward layer four times as wide
    as the hidden size d its arithmetic is exactly s/(6 d) of all the rest. s is the padded length,
    or the mean where the server does not pad.
    """

    start_s: float
    """t0, s."""
    floor_s: float
    """tm, s."""
    per_token_s: float
    """alpha: marginal time of a token in a short text of a large batch, s."""
    hidden: float
    """d, from the model's card."""
    host_per_token_s: float = 0.0
    """h: what the host takes for a token, in all its processors together; 0: it is in alpha."""
    per_text_s: float = 0.0
    """p: what a text takes however short it is, s."""

    def __post_init__(self) -> None:
        _check_times(self)

    def seconds(self, texts: int, tokens_per_text: float) -> float:
        """Time of a batch, s."""
        return self.at_length(tokens_per_text).seconds(texts)

    def at_length(self, tokens_per_text: float) -> BatchCost:
        """The same for texts of one length (> 0 tokens)."""
        if not 0 < tokens_per_text < math.inf:
            raise ModelInputError(f"a text has more than 0 tokens, not {tokens_per_text}")
        return BatchCost(self.start_s, self.floor_s, float(self.text_s(np.array(tokens_per_text))))

    def text_s(self, tokens_per_text: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a text adds to a large batch, s, by its tokens (any shape)."""
        work = self.per_token_s * work_tokens(tokens_per_text, self.hidden)
        slower = np.maximum(work, self.host_per_token_s * tokens_per_text)
        texts_s: NDArray[np.float64] = self.per_text_s + slower
        return texts_s

    def slower(self, times: float) -> "BatchTime":
        """A device that takes so many times as long for the same work; the start stays."""
        return replace(
            self,
            floor_s=times * self.floor_s,
            per_token_s=times * self.per_token_s,
            host_per_token_s=times * self.host_per_token_s,
            per_text_s=times * self.per_text_s,
        )


def work_tokens(tokens_per_text: Tokens, hidden: float) -> Tokens:
    """Work of a text in tokens of a short text: s (1 + s/(6 d))."""
    return tokens_per_text * (1 + tokens_per_text / (6 * hidden))


def _check_times(cost: BatchCost | BatchTime) -> None:
    for field in fields(cost):
        value = getattr(cost, field.name)
        positive = field.default is MISSING and not field.name.endswith(("start_s", "floor_s"))
        if not (0 <= value < math.inf) or (positive and value == 0):
            least = "above 0" if positive else "0 or more"
            raise ModelInputError(f"{field.name} must be {least} and finite, not {value}")
