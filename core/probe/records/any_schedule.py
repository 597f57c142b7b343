"""What every schedule has in common: what it sends at most, how long it takes, who may wait."""

import math
from itertools import pairwise
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

MOST_REQUESTS: Final = 10_000
MOST_TEXTS_OF_BATCHES: Final = 100_000
"""Texts of a whole sweep of batches: more is a corpus, not a sample."""

Count = Annotated[int, Field(ge=1, le=MOST_REQUESTS)]
Workers = Annotated[int, Field(ge=1, le=256)]
Texts = Annotated[int, Field(ge=1, le=2_048)]
"""Texts in a request."""


class AnySchedule(BaseModel):
    """A plain value that says what it will send."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def sent(self) -> int:
        """Requests after the first call and the warm-up, at most, for each target."""
        raise NotImplementedError

    @property
    def lasts_s(self) -> float:
        """How long the schedule takes by itself, s: 0 where only the answers decide."""
        return 0.0

    def most_waiting(self, timeout_s: float) -> int:  # noqa: ARG002  those on a schedule need it
        """Requests to each target that may wait for answers at once; 0: each waits its turn."""
        return 0


def waiting(requests: int, rate_per_s: float, timeout_s: float) -> int:
    """Requests that are due while the first one waits for its whole time."""
    return min(requests, math.ceil(rate_per_s * timeout_s))


def refuse_unless_rising(values: tuple[float, ...], name: str) -> None:
    """Raise ValueError where a value is not above the one before."""
    if any(later <= earlier for earlier, later in pairwise(values)):
        raise ValueError(f"{name} must rise from each to the next")
