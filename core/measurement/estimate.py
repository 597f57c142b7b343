"""A percentile with how far it can be trusted."""

from pydantic import BaseModel, ConfigDict


class Estimate(BaseModel):
    """A percentile in seconds with its order-statistic interval.

    A bound is None where the sample is too small to have one: "no upper bound", not a number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value_s: float | None
    """None where failures reach into the percentile: it is +inf then."""
    low_s: float | None = None
    high_s: float | None = None
    level: float = 0.95
