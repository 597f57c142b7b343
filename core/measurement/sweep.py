"""What a sweep of the local engine finds: the fit, the shapes, the capacity, the checks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.measurement.latency import LatencySummary
from core.measurement.seen_load import SeenLoad

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class EngineFit(BaseModel):
    """What a sweep of batches found of one engine on one device, or of one server.

    The time of a batch of n texts of s tokens is
    start + max(floor, per_text n + per_token n s (1 + s/(6 d))),
    as :class:`core.serving.batch.batch_time.BatchTime` has it. Nothing of it holds on another
    device.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    engine: str
    """"torch", "onnxruntime", or "server" for one that was measured over the network."""
    precision: str
    """Number format of the weights and sums: "fp32", "fp16" or "bf16"."""
    start_s: NotNegative
    """t0: what every batch costs however small it is, s."""
    floor_s: NotNegative
    """tm: the device takes at least this long for a pass beside t0, s."""
    per_token_s: Positive
    """alpha: marginal time of a token of a short text in a large batch, s."""
    per_text_s: NotNegative = 0.0
    """What a text takes however short it is, s; 0 in fits of this machine."""
    workers: Annotated[int, Field(ge=1)] = 1
    """Batches that are computed side by side, each in this time."""
    most_texts: Annotated[int, Field(ge=1)] | None = None
    """Texts that a request may hold, whatever their length; None: memory alone limits them."""
    hidden: Annotated[int, Field(ge=1)]
    """d: the model's hidden size; what the work of attention is counted with."""
    log_spread: NotNegative
    """Standard deviation of ln(predicted/measured): a predicted time is right within a factor
    exp(+-2 of it)."""
    worst_log: NotNegative
    """Largest |ln(predicted/measured)| of the measured shapes."""
    mean_over_fit: Positive = 1.0
    """Mean ratio of all repeats to their fitted time: the fit is to the quickest ones, and users
    wait for all. 1 in what older versions stored."""
    shapes: Annotated[int, Field(ge=1)]
    """Different (texts, tokens) batches that were measured."""
    largest_batch: Annotated[int, Field(ge=1)]
    """Most texts of the model's full length that ran in one batch within the memory."""
    largest_batch_tokens: Annotated[int, Field(ge=1)]
    """Tokens of each text of that batch."""
    tokens_per_s: Positive
    """Best measured rate at full batches, tokens/s: the nominal throughput of this device."""
    tokens_per_text: Positive
    """Tokens of each text of the batch with that rate."""
    mfu: NotNegative | None = None
    """Achieved FLOP/s at that rate over dense_tflops_measured; None where either is unknown."""
    dense_tflops_measured: Positive | None = None
    """TFLOP/s of a large matrix product in the same precision, measured in the same run."""
    memory_gb_per_s: Positive | None = None
    """Bytes read and written a second by a large copy, measured in the same run, GB/s."""
    joules_per_mtok: Positive | None = None
    """Energy of 1M tokens at full batches, J; None where no power could be read."""
    idle_w: NotNegative | None = None
    """Power before the sweep began, W."""
    active_w: Positive | None = None
    """Mean power while full batches ran, W."""
    energy_source: str = ""
    """Where the watts are from: "NVML", "RAPL", "datasheet TDP of <card>", or "" for nowhere."""
    loads: tuple[SeenLoad, ...] = ()
    """Rates at which a server was tried whole; none of an engine, whose checks stand apart."""
    warnings: tuple[str, ...] = ()
    """Sentences about what the figures suffered from."""


class SweepPoint(BaseModel):
    """One batch shape of a sweep, warm."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    texts: int
    tokens_per_text: int
    repeats: int
    settled: bool
    """Whether two rounds at different moments found the same minimum."""
    min_s: float
    p50_s: float
    p95_s: float
    fitted_s: float
    """What the fitted batch time says for this shape, s."""


class CapacityFound(BaseModel):
    """What one replica on this device carries within an objective, by the queue and the fit."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tokens_per_text: int
    largest_batch: int
    """B: most texts that the server puts into a batch."""
    slo_p95_s: float
    texts_per_s: float | None
    """None where a lone text already takes longer than the objective."""
    full_texts_per_s: float
    """Throughput of full batches, texts/s: what no load may reach."""
    explanation: str
    noise_factors: tuple[float, ...]
    """Equally likely ratios of a batch on this machine to its fitted time."""


class LoadCheck(BaseModel):
    """A prediction of the queue beside an open-loop run at the same rate."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    share: float
    """Of the capacity, or of full throughput where there is no capacity."""
    rate_per_s: float
    """Texts/s."""
    texts_per_request: Annotated[int, Field(ge=1)] = 1
    """More than one where single texts would come faster than they can be sent on schedule."""
    predicted_p50_s: float
    predicted_p95_s: float
    predicted_mean_batch: float
    """Texts."""
    measured: LatencySummary
    measured_mean_batch: float
    """Texts."""
    slowdown: float
    """Time of the run's batches over what the fit says of them: what other work on the machine
    added, or took away."""
    own_times_p95_s: float | None
    """The queue's p95 with the batch times of the run itself, s: what is left of the error then is
    the queue's own. None where with those times the queue never settles."""

    @property
    def p95_error(self) -> float | None:
        """Predicted over measured p95, minus 1; None where the run has no p95."""
        measured_s = self.measured.response_p95.value_s
        return None if not measured_s else self.predicted_p95_s / measured_s - 1


class SweepReport(BaseModel):
    """What a sweep of the local engine found beyond its fit."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    fit: EngineFit
    points: tuple[SweepPoint, ...]
    capacity: CapacityFound
    checks: tuple[LoadCheck, ...]
    verdict: str
    """What the MFU says: a sentence."""
    verdict_kind: str
    """"impossible", "good", "fair", "bound", or "unknown"."""
    flops_per_token: float | None
    dense_tflops_datasheet: float | None
    """Of the catalogue's card with this device's name."""
    largest_batch_reason: str
    energy: str
    """How the energy was found, or why it was not: a sentence."""
    notes: tuple[str, ...] = ()
    """What happened on the way: halved batches, unsettled times, other users of the device."""
