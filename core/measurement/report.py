"""What a run found beyond its percentiles: curves, a comparison, shares, bounds.

Versioned: a stored report of an older version loads as long as ``version`` says that it may.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.measurement.estimate import Estimate
from core.measurement.server_found import ServerFound

LimitedBy = Literal["server", "rate_limit", "client"]
"""What limits a load: their server, their rate limit, or our own client."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class LoadStep(_Part):
    """One number of workers, or one rate.

    Requests that opened a connection are left out of its percentiles, unless all did.
    """

    workers: int | None = None
    rate_per_s: float | None = None
    n: int
    n_ok: int
    opened: int
    offered_per_s: float
    """Requests/s that were due, or that the workers sent."""
    answered_per_s: float
    good_per_s: float | None
    """Answers/s within the objective; None without an objective."""
    tokens_per_s: float | None
    response_p50: Estimate
    response_p95: Estimate
    saturated: bool = False
    """Whether the endpoint fell behind what was asked of it."""
    finished: bool = True
    """Whether it was carried out whole: nothing is concluded from one that was broken off."""
    limited_by: LimitedBy | None = None
    """Of a ramp: what kept more from coming out."""
    limit: str = ""
    """How that was seen, in a few words."""


class LoadCurve(_Part):
    """Steps of rising load, and the last one that is worth having."""

    steps: tuple[LoadStep, ...]
    knee: int | None
    """Place of the step above which more load brings no more, or none within the objective."""
    goodput_per_s: float | None
    """The most answers/s within the objective that any finished step had."""
    capacity_per_s: float | None = None
    """The most answers/s that came out of any finished step."""
    limited_by: LimitedBy | None = None
    """What kept a ramp from going on; None where no limit was found."""
    sentence: str

    @property
    def knee_step(self) -> LoadStep | None:
        """The step at the knee, which is counted among those that were carried out whole."""
        whole = [step for step in self.steps if step.finished]
        return None if self.knee is None else whole[self.knee]


class BatchStep(_Part):
    """Requests of one size."""

    texts: int
    characters: int | None
    """Of each text; None where the texts were sent as they are."""
    tokens: float | None
    """Of all its texts together, median over its requests: billed, or counted here."""
    n: int
    n_ok: int
    service_p50: Estimate
    per_text_s: float | None
    """Median service time over the number of texts."""


class BatchFit(_Part):
    """service time = fixed + per text x texts + per unit x units, none below zero."""

    fixed_s: float
    per_text_s: float
    per_unit_s: float | None
    """None where the sizes cannot tell it from the time per text."""
    unit: Literal["token", "character"]
    residual: float
    """Root mean square of (measured/fitted - 1) over the sizes."""
    worst: float
    """Largest of |measured/fitted - 1|."""


class BatchCurve(_Part):
    """How the time of a request grows with its size."""

    steps: tuple[BatchStep, ...]
    fit: BatchFit | None
    best_texts: int | None
    """The smallest size whose time per text is within 5 % of the least measured."""
    best_tokens_per_s: float | None
    """Tokens/s at that size, one request at a time."""
    sentence: str


class GapStep(_Part):
    """First calls after one length of silence, beside the warm calls that followed."""

    gap_s: float
    n: int
    n_ok: int
    first_p50: Estimate
    """Service time of the first call, with the opening of a connection where there was one."""
    ready_p50: Estimate
    """The same without that."""
    warm_p50: Estimate
    opened: int
    """First calls that had to open a connection."""
    cold: bool
    """Whether the first calls, without the opening, are slower than warm ones beyond chance."""


class ColdCurve(_Part):
    """Cold against warm by the length of the silence."""

    gaps: tuple[GapStep, ...]
    cold_from_s: float | None
    """The shortest gap from which on every gap was cold."""
    sentence: str


class Comparison(_Part):
    """Two targets, by pairs of requests with the same texts at nearly the same time."""

    a: int
    b: int
    label_a: str
    label_b: str
    pairs: int
    """In which both answered."""
    failed_a: int
    failed_b: int
    ratio: float | None
    """Hodges-Lehmann estimate of the response time of b over that of a."""
    ratio_low: float | None
    ratio_high: float | None
    difference_s: float | None
    """Hodges-Lehmann estimate of the response time of b minus that of a, s."""
    difference_low_s: float | None
    difference_high_s: float | None
    level: float
    """Of each interval; where several pairs of targets are compared, 95 % hold for all together."""
    verdict: Literal["a", "b", "same", "unknown"]
    """Which one is faster; "same" where a difference of 5 % is excluded."""
    more_pairs: int | None
    """About so many more pairs would decide; None where it is decided or cannot be said."""
    sentence: str


class Overhead(_Part):
    """What our own client takes for an answer that is there at once, on this machine, s."""

    n: int
    p50_s: float
    p95_s: float
    p99_s: float


class ServerShare(_Part):
    """Where the time of an answer goes by the server's own word, medians, s."""

    n: int
    """Answers that said it."""
    server_s: float
    network_s: float
    """Service time minus the server's: the way there and back, queues on it, and our client."""
    queue_s: float | None = None
    inference_s: float | None = None
    tokenization_s: float | None = None


class Plain(_Part):
    """Percentiles of the answers alone, for those who want failures left out, s."""

    p50_s: float
    p95_s: float
    p99_s: float


class RunReport(_Part):
    """All of it; what a schedule does not find is None."""

    version: Literal[1] = 1
    load: LoadCurve | None = None
    batches: BatchCurve | None = None
    cold: ColdCurve | None = None
    comparisons: tuple[Comparison, ...] = ()
    server_sweep: ServerFound | None = None
    server: ServerShare | None = None
    plain: Plain | None = None
    """Where there were failures: the percentiles of the run count them as infinitely slow."""
    back_filled: Plain | None = None
    """Of a closed loop: with the requests that its workers did not send while they waited."""
    bounds: tuple[str, ...] = ()
    """One-sided bounds where the sample is too small for an interval."""
    failure_rate_high: float | None = None
    """95 % upper bound of the failure rate where none failed."""
    more_requests: int | None = None
    """About so many more would bring the p95 within 10 % either way; 0: it is."""
    warm_up_seen: int = 0
    """Measured requests at the beginning that were clearly slower than the rest."""
    client_bound: bool = False
    """Whether our own generator lagged so much that it measured itself."""
    first_byte_p50: Estimate | None = None
    """From the sending to the first byte of the answer, of requests that are alike; None where no
    answer has one, as of a model in this very process, and in older versions."""
    first_byte_p95: Estimate | None = None
    answered_per_s: float | None = None
    """Answers that were no failure, a second, of an open or a closed loop."""
    good_per_s: float | None = None
    """The same within the objective; None without one."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What its curves and comparisons say."""
        curves = (self.load, self.batches, self.cold, *self.comparisons, self.server_sweep)
        return tuple(one.sentence for one in curves if one is not None)
