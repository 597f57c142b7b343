"""What a sweep of the local engine is asked: the load and the objective that it is judged by."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

SWEEP: Final = "sweep"
"""The kind of a run that is a sweep."""
CHECK_SHARES: Final = (0.5, 0.8)
"""Of the capacity: the loads at which the prediction is held against a run."""
STEPS_BESIDE: Final = 2 * 9 + 3 + 2 * 4
"""At most so many steps of progress beside the requests of the checks: shapes twice, largest
batch, peaks, energy, and the first calls of each check."""


class SweepQuestion(BaseModel):
    """Kept with the run; the same question on the same machine may be compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tokens_per_text: Annotated[int, Field(ge=8, le=131_072)] = 128
    """Tokens of each text of the open-loop runs; cut at the model's limit."""
    slo_p95_s: Annotated[float, Field(gt=0, le=600)] = 0.5
    """The objective: 95 % of the requests within so many seconds."""
    largest_batch: Annotated[int, Field(ge=1, le=512)] = 32
    """B: most texts that the server puts into one batch."""
    requests: Annotated[int, Field(ge=72, le=5_000)] = 300
    """Requests of each open-loop run; 72 are needed for a two-sided p95 interval."""
    seed: int = 0

    @property
    def planned(self) -> int:
        """Steps of progress in all."""
        return STEPS_BESIDE + len(CHECK_SHARES) * self.requests
