"""When and how a run asks: nine schedules, each a plain value that says what it will send."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from core.probe.records.any_schedule import (
    MOST_REQUESTS,
    MOST_TEXTS_OF_BATCHES,
    AnySchedule,
    Count,
    Texts,
    Workers,
    refuse_unless_rising,
    waiting,
)
from core.probe.records.retrieval import RetrievalTest
from core.probe.records.server_sweep import ServerSweep

Arrivals = Literal["poisson", "constant"]
Rate = Annotated[float, Field(gt=0, le=10_000)]


class OpenLoop(AnySchedule):
    """Requests leave at times drawn beforehand, whatever became of those before."""

    kind: Literal["open_loop"] = "open_loop"
    requests: Count = 80
    """72 are needed for a two-sided p95 interval."""
    rate_per_s: Rate = 8.0
    arrivals: Arrivals = "poisson"

    @property
    def sent(self) -> int:
        """All of them."""
        return self.requests

    @property
    def lasts_s(self) -> float:
        """On average, for Poisson arrivals."""
        return self.requests / self.rate_per_s

    def most_waiting(self, timeout_s: float) -> int:
        """Those that are due while the first one waits for its whole time."""
        return waiting(self.requests, self.rate_per_s, timeout_s)


class ClosedLoop(AnySchedule):
    """Each worker asks again as soon as it has its answer. It cannot see stalls."""

    kind: Literal["closed_loop"] = "closed_loop"
    requests: Count = 80
    workers: Workers = 1

    @property
    def sent(self) -> int:
        """All of them, by all workers together."""
        return self.requests


class ConcurrencySweep(AnySchedule):
    """Closed loops of more and more workers: how much more comes out with more in flight."""

    kind: Literal["concurrency"] = "concurrency"
    workers: Annotated[tuple[Workers, ...], Field(min_length=1, max_length=16)] = (1, 2, 4, 8, 16)
    requests: Annotated[int, Field(ge=1, le=2_000)] = 80
    """Of each step."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        refuse_unless_rising(self.workers, "the numbers of workers")
        return self

    def requests_of(self, step: int) -> int:  # noqa: ARG002  alike in all of them
        """Requests of one step."""
        return self.requests

    @property
    def sent(self) -> int:
        """Of all steps."""
        return self.requests * len(self.workers)


class BatchSweep(AnySchedule):
    """One request at a time, of different sizes in random order: what is fixed, what grows."""

    kind: Literal["batches"] = "batches"
    sizes: Annotated[tuple[Texts, ...], Field(min_length=1, max_length=16)] = (1, 4, 16, 64)
    """Texts in a request."""
    characters: Annotated[
        tuple[Annotated[int, Field(ge=1, le=200_000)], ...], Field(max_length=8)
    ] = (60, 600)
    """Lengths to which the texts are cut or repeated; empty: as they are."""
    repeats: Annotated[int, Field(ge=1, le=100)] = 5

    @model_validator(mode="after")
    def _limits(self) -> Self:
        refuse_unless_rising(self.sizes, "the sizes")
        refuse_unless_rising(self.characters, "the lengths")
        texts = sum(self.sizes) * max(1, len(self.characters)) * self.repeats
        if texts > MOST_TEXTS_OF_BATCHES:
            raise ValueError(
                f"these batches hold {texts:,} texts together; the limit is "
                f"{MOST_TEXTS_OF_BATCHES:,}: fewer repeats or smaller sizes"
            )
        return self

    @property
    def cells(self) -> tuple[tuple[int, int | None], ...]:
        """(texts, characters of each) of every step, in the order of their numbers."""
        lengths: tuple[int | None, ...] = self.characters or (None,)
        return tuple((size, length) for length in lengths for size in self.sizes)

    @property
    def sent(self) -> int:
        """Of all sizes and lengths."""
        return len(self.cells) * self.repeats


class Ramp(AnySchedule):
    """Open loops at higher and higher rates, until the endpoint falls behind or sets a limit."""

    kind: Literal["ramp"] = "ramp"
    rates_per_s: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=16)] = (
        *(1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
    )
    step_s: Annotated[float, Field(gt=0, le=600)] = 10.0
    """How long each rate is kept up."""
    arrivals: Arrivals = "poisson"

    @model_validator(mode="after")
    def _limits(self) -> Self:
        refuse_unless_rising(self.rates_per_s, "the rates")
        if self.sent > MOST_REQUESTS:
            raise ValueError(
                f"this ramp holds {self.sent:,} requests; the limit is {MOST_REQUESTS:,}: "
                "shorter steps or lower rates"
            )
        return self

    def scarce_left(self, step: int) -> int:
        """So few requests left end the ramp: they do for a second at this rate.

        At the limit itself others suffer, too.
        """
        return max(1, round(self.rates_per_s[step]))

    def most_waiting(self, timeout_s: float) -> int:
        """At the rate at which the most wait."""
        steps = range(len(self.rates_per_s))
        return max(waiting(self.requests_of(i), self.rates_per_s[i], timeout_s) for i in steps)

    def requests_of(self, step: int) -> int:
        """Requests of one step, at least one."""
        return max(1, math.ceil(self.rates_per_s[step] * self.step_s))

    @property
    def sent(self) -> int:
        """Of all steps; a ramp that stops sends fewer."""
        return sum(self.requests_of(step) for step in range(len(self.rates_per_s)))

    @property
    def lasts_s(self) -> float:
        """Without the waiting for answers between the steps."""
        return sum(self.requests_of(step) / rate for step, rate in enumerate(self.rates_per_s))


class ColdStart(AnySchedule):
    """Silence of a chosen length, one call, then warm ones: the gap that turns it cold."""

    kind: Literal["cold_start"] = "cold_start"
    gaps_s: Annotated[
        tuple[Annotated[float, Field(gt=0, le=7_200)], ...], Field(min_length=1, max_length=12)
    ] = (1.0, 10.0, 60.0)
    repeats: Annotated[int, Field(ge=1, le=50)] = 3
    """How often each gap is tried, in random order."""
    follow_ups: Annotated[int, Field(ge=1, le=50)] = 3
    """Warm calls right after the first one."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        refuse_unless_rising(self.gaps_s, "the gaps")
        return self

    @property
    def sent(self) -> int:
        """First calls and warm ones."""
        return len(self.gaps_s) * self.repeats * (1 + self.follow_ups)

    @property
    def lasts_s(self) -> float:
        """The gaps alone."""
        return sum(self.gaps_s) * self.repeats


class Paired(AnySchedule):
    """The same texts to every target, in random order within each pair, on one schedule."""

    kind: Literal["paired"] = "paired"
    pairs: Annotated[int, Field(ge=1, le=5_000)] = 100
    """Requests to each target."""
    rate_per_s: Rate = 4.0
    """Pairs a second."""
    arrivals: Arrivals = "poisson"

    @property
    def sent(self) -> int:
        """To each target."""
        return self.pairs

    @property
    def lasts_s(self) -> float:
        """On average, for Poisson arrivals."""
        return self.pairs / self.rate_per_s

    def most_waiting(self, timeout_s: float) -> int:
        """Those of each target that are due while its first one waits for its whole time."""
        return waiting(self.pairs, self.rate_per_s, timeout_s)


Schedule = Annotated[
    OpenLoop
    | ClosedLoop
    | ConcurrencySweep
    | BatchSweep
    | Ramp
    | ColdStart
    | Paired
    | ServerSweep
    | RetrievalTest,
    Field(discriminator="kind"),
]
