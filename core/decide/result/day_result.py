"""What is said of a day of one's own replicas: plain frozen values that pages and figures read."""

from dataclasses import dataclass

from core.serving.response.time_varying import Backlog


@dataclass(frozen=True, slots=True)
class HourOfReplicas:
    """One hour of the day or week, its burst left out."""

    hour: int
    requests_per_s: float
    """That the replicas take: without what a hybrid sends to its API."""
    replicas: int
    """That work: up and needed, spare ones apart."""
    utilisation: float
    """Load over their full batches."""
    gpu_busy: float
    """Share of the time that a kernel runs: for energy, no measure of load."""
    p50_s: float | None
    p95_s: float | None
    """None in an hour without a replica."""


@dataclass(frozen=True, slots=True)
class DayOfReplicas:
    """What the replicas of one option do over a day."""

    hours: tuple[HourOfReplicas, ...]
    p95_busiest_s: float | None
    """Of the requests of the busiest hour, its bursts included."""
    p95_all_s: float | None
    """Of all requests of the day: every hour weighs by its requests."""
    lost: "ReplicaLost | None"
    """None where no replica runs."""


@dataclass(frozen=True, slots=True)
class ReplicaLost:
    """The busiest hours with one replica fewer than are paid for, spare ones at work."""

    replicas: int
    p95_s: float | None
    """None where those left cannot keep up, or none is left."""
    backlog: Backlog | None
    """What then piles up until the load falls; None where they keep up."""
    api_stands_in: bool = False
    """Of a hybrid: its API takes what they do not carry."""


@dataclass(frozen=True, slots=True)
class ExactResponse:
    """The busiest hour solved exactly, with texts as different as they are."""

    p95_equal_s: float | None
    """All texts equally long: what the table reads off."""
    p95_unpadded_s: float | None
    """A batch costs the sum of its texts."""
    p95_padded_s: float | None
    """Every text of a batch costs as much as its longest."""
    p95_shared_queue_s: float | None
    """Without batching, one queue before all replicas; None where batches hold several texts."""
