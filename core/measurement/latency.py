"""One run in numbers, and the option that it belongs to."""

from pydantic import BaseModel, ConfigDict

from core.measurement.estimate import Estimate
from core.measurement.report import Overhead, RunReport
from core.plain_text import Label, Reference


class Subject(BaseModel):
    """What a measurement belongs to. It is drawn on the option with this id and on no other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    option_id: Label
    """Option id of a Scenario, or ``endpoint/<host>:<port>/<model>`` for a typed address."""
    label: Label
    model: Reference
    revision: Label | None = None
    hardware: Label | None = None
    """Device that ran the model, where known: "CPU, 2 threads", "NVIDIA L4"."""
    place: Label | None = None
    """Where the probe ran from, as far as the user said."""


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
    overhead: Overhead | None = None
    """What our own client adds, measured against a server that answers at once."""
    report: RunReport | None = None
    """What was found beyond the percentiles; None in what older versions stored."""
    rivals: tuple["LatencySummary", ...] = ()
    """Of a comparison, the same for each further target of the plan."""

    @property
    def answered(self) -> bool:
        """Whether any measured request was answered: else its percentiles are of nothing."""
        return any(one.n_ok for one in (self, *self.rivals))
