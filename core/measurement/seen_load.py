"""One rate at which a swept server was tried: what it says of a latency objective."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]

ROOM_TO_WAIT: Final = 0.5
"""Of the objective, what a request alone may take: the rest is for waiting."""


class SeenLoad(BaseModel):
    """Requests that came at one rate, whatever became of those before, and how they were answered.

    A smaller request is answered sooner. So what large ones kept, smaller ones keep; what large
    ones missed says something only where they were small enough for the objective.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    share: Annotated[float, Field(gt=0, le=1)]
    """Of the most that came out of the server."""
    tokens_per_s: NotNegative
    """Of one machine."""
    p95_s: float | None
    """Of the response; None where failures reach into it."""
    kept: bool
    """Whether all was answered, within ``slo_s``, and as fast as it came in."""
    slo_s: float | None
    """The objective of the sweep; None: it had none."""
    alone_s: NotNegative
    """Such a request alone, without the way there and back."""

    def keeps(self, slo_s: float) -> bool | None:
        """Whether this rate keeps an objective; None where it says nothing of it."""
        if self.p95_s is None:
            return False
        if self.p95_s > slo_s:
            same = self.slo_s is not None and self.slo_s <= slo_s
            return False if same or self.alone_s <= ROOM_TO_WAIT * slo_s else None
        if self.kept:
            return True
        too_slow_for_its_own = self.slo_s is not None and self.p95_s > self.slo_s
        return None if too_slow_for_its_own else False
