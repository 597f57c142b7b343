"""What was measured, where, on what, with its interval: shared by decide, store and probe."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Subject(BaseModel):
    """What a measurement belongs to. It is drawn on the option with this id and on no other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    option_id: str
    """Option id of a Scenario, or ``endpoint/<host>/<model>`` for an address typed by the user."""
    label: str
    model: str
    revision: str | None = None
    hardware: str | None = None
    """Device that ran the model, where known: "CPU, 2 threads", "NVIDIA L4"."""
    place: str | None = None
    """Where the probe ran from, as far as the user said."""


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


class LatencySummary(BaseModel):
    """One run in numbers. Response time counts from the intended start; service time from send."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    n_planned: int
    n_ok: int
    n_failed: int
    response_p50: Estimate
    response_p95: Estimate
    response_p99: Estimate
    service_p50: Estimate
    service_p95: Estimate
    cold_start_s: float | None = None
    """The first call, apart: never in a percentile."""
    generator_lag_p95_s: float | None = None
    tokens_billed: int | None = None
    tokens_per_s: float | None = None
    """Tokens over summed service time of single requests: a lower bound of what it can do."""
    errors: tuple[tuple[str, int], ...] = ()
    """Error name -> count, most frequent first."""
    warnings: tuple[str, ...] = ()
    """Sentences about what limits this run: too few samples, client-bound, drift."""


class Measurement(BaseModel):
    """A finished run: subject, time, summary."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    subject: Subject
    started_at: datetime
    summary: LatencySummary
