"""What a run will do, decided before it starts and stored with it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.measurement.latency import Subject
from core.probe.records.retrieval import RetrievalTest
from core.probe.records.schedules import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Paired,
    Ramp,
    Schedule,
)
from core.probe.records.server_sweep import ServerSweep
from core.probe.records.targets import ApiTarget, HybridTarget, LocalTarget, Target

__all__ = [
    "MAX_TEXTS",
    "MAX_TEXT_CHARACTERS",
    "ApiTarget",
    "BatchSweep",
    "ClosedLoop",
    "ColdStart",
    "ConcurrencySweep",
    "HybridTarget",
    "LocalTarget",
    "OpenLoop",
    "Paired",
    "Precision",
    "ProbePlan",
    "Ramp",
    "RetrievalTest",
    "Rival",
    "Schedule",
    "ServerSweep",
    "Target",
    "is_sendable",
]

MAX_TEXTS = 2_000
LEAST_NEIGHBOUR_TEXTS = 10
"""Fewer texts say nothing of which are near which."""
MAX_TEXT_CHARACTERS = 200_000
MOST_RIVALS: Final = 3
"""Of a comparison of latencies: each more makes every pair rarer."""
MOST_JUDGED: Final = 8
"""Targets of a test of quality."""
MOST_IN_FLIGHT: Final = 1_024
"""Each needs a connection; a computer has only so many."""

_FLAT: Final = ("requests", "rate_per_s", "arrivals")
"""Fields of an open loop, as plans had them when there was no other schedule."""


def is_sendable(text: str) -> bool:
    """Whether a text has a UTF-8 form: a lone surrogate has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Rival(BaseModel):
    """Another target, asked beside the plan's own to compare the two."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Subject
    target: Target


class Precision(BaseModel):
    """When enough is known: a percentile within a factor either way, with 95 % confidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantile: Annotated[float, Field(gt=0, lt=1)] = 0.95
    factor: Annotated[float, Field(gt=1, le=10)] = 1.1


class ProbePlan(BaseModel):
    """One run: whom, what, when, how long, how much at most.

    The fields of an open loop may stand in the plan itself, as in every plan of an older version.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Subject
    target: Target
    rivals: Annotated[tuple[Rival, ...], Field(max_length=MOST_JUDGED - 1)] = ()
    """Targets that a comparison, or a test of quality, asks beside ``target``."""
    texts: Annotated[tuple[str, ...], Field(min_length=1, max_length=MAX_TEXTS)]
    """Sample texts, used in turn."""
    texts_once: bool = False
    """Whether a text that was sent gets a tail of its own the next time, so that no memory of the
    server answers; False in the plans of older versions."""
    schedule: Schedule = OpenLoop()
    warm_up_requests: Annotated[int, Field(ge=0, le=100)] = 3
    """Sent first, one after another, kept apart. The very first is the cold start."""
    seed: int = 0
    """Of the arrivals and of every order that is drawn: the same seed draws the same again."""
    seed_drawn: bool = False
    """Whether nobody chose the seed: plans that differ in such seeds alone are the same wish."""
    texts_per_request: Annotated[int, Field(ge=1, le=2_048)] = 1
    """Except in a batch sweep, which has its own sizes."""
    in_flight_cap: Annotated[int, Field(ge=1, le=MOST_IN_FLIGHT)] = 64
    """Above this an arrival is refused and recorded as such, never silently delayed."""
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    """Total time of one request: a dripping body does not outlive it."""
    longest_s: Annotated[float, Field(gt=0, le=86_400)] = 7_200.0
    """Total time of the run: it sends nothing more after that."""
    stop_at: Precision | None = None
    """End before the last request once this is known."""
    slo_s: Annotated[float | None, Field(gt=0, le=3_600)] = None
    """Response time that counts as good; None where no one said."""
    retries: Annotated[int, Field(ge=0, le=5)] = 0
    """Times that a request to an API which failed for a while is sent again; each is counted."""
    inspect: bool = False
    """Also ask an API, after the run, whether it cuts texts, caches answers, or encodes unlike."""

    neighbours_k: Annotated[int | None, Field(ge=1, le=100)] = None
    """Of a comparison: embed every text once more with each target, after the run, and compare
    which k texts are the nearest of each; None: do not."""

    def same_wish(self, other: Self) -> bool:
        """Whether two plans ask for the same, however their seeds were drawn."""
        if self.seed_drawn and other.seed_drawn:
            other = other.model_copy(update={"seed": self.seed})
        return self == other

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Whom the run measures, by the number of the target."""
        return (self.subject, *(rival.subject for rival in self.rivals))

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the run asks; the number of a target is its place here."""
        return (self.target, *(rival.target for rival in self.rivals))

    @property
    def first_calls(self) -> int:
        """The cold call and the warm-up, of each target; a test of quality times nothing."""
        return 0 if isinstance(self.schedule, RetrievalTest) else 1 + self.warm_up_requests

    @property
    def requests(self) -> int:
        """Requests to each target after the first calls, at most."""
        return self.schedule.sent

    @property
    def planned(self) -> int:
        """All requests of the run, at most."""
        return (self.first_calls + self.requests) * len(self.targets)

    @property
    def endless(self) -> str | None:
        """Why the plan may not be started: its schedule passes its longest time. Else None.

        No condition of the plan itself, or one of an older version could not be read any more.
        """
        lasts_s = self.schedule.lasts_s
        if lasts_s <= self.longest_s:
            return None
        return (
            f"This schedule takes {lasts_s / 3600:,.1f} h, and a run may take "
            f"{self.longest_s / 3600:g} h at most. Send fewer requests, or send them faster."
        )

    @model_validator(mode="before")
    @classmethod
    def _older_form(cls, data: Any) -> Any:
        """Fold the flat fields of an open loop into its schedule."""
        if not isinstance(data, Mapping) or not any(name in data for name in _FLAT):
            return data
        if "schedule" in data:
            raise ValueError("an open loop's fields stand in the plan or in its schedule, not both")
        rest = {name: value for name, value in data.items() if name not in _FLAT}
        flat = {name: data[name] for name in _FLAT if name in data}
        return rest | {"schedule": {"kind": "open_loop"} | flat}

    @model_validator(mode="after")
    def _rivals_are_for_pairs(self) -> Self:
        paired = isinstance(self.schedule, Paired)
        if paired and not self.rivals:
            raise ValueError("a comparison needs a second target")
        if self.rivals and not paired and not isinstance(self.schedule, RetrievalTest):
            raise ValueError("only a paired comparison asks more than one target")
        if paired and len(self.rivals) > MOST_RIVALS:
            raise ValueError(f"a comparison has at most {MOST_RIVALS} further targets")
        if self.stop_at is not None and not isinstance(
            self.schedule, OpenLoop | ClosedLoop | Paired
        ):
            raise ValueError("only an open loop, a closed loop or a comparison can stop early")
        return self

    @model_validator(mode="after")
    def _neighbours_are_of_a_comparison(self) -> Self:
        if self.neighbours_k is None:
            return self
        if self.schedule.kind != "paired":
            raise ValueError("neighbours are compared between the targets of a comparison")
        different = len(set(self.texts))
        if different < max(LEAST_NEIGHBOUR_TEXTS, self.neighbours_k + 2):
            raise ValueError(
                f"{self.neighbours_k} neighbours need "
                f"{max(LEAST_NEIGHBOUR_TEXTS, self.neighbours_k + 2)} different texts, not "
                f"{different}: paste more of your own"
            )
        return self

    @model_validator(mode="after")
    def _texts_can_be_sent(self) -> Self:
        for i, text in enumerate(self.texts):
            if not text.strip():
                raise ValueError(f"text {i + 1} is empty: providers refuse empty texts")
            if not is_sendable(text):
                raise ValueError(f"text {i + 1} holds half a character (a lone surrogate)")
            if len(text) > MAX_TEXT_CHARACTERS:
                raise ValueError(
                    f"text {i + 1} has {len(text):,} characters; the limit is "
                    f"{MAX_TEXT_CHARACTERS:,}"
                )
        return self
