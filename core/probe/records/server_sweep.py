"""The schedule that measures a server of one's own: batches, limits, more at a time, then rates."""

import random
from typing import Annotated, Final, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from core.probe.records.any_schedule import (
    MOST_TEXTS_OF_BATCHES,
    AnySchedule,
    Texts,
    Workers,
    refuse_unless_rising,
)
from core.probe.records.limit_search import LimitSearch, requests_to_halve

SERVER_SWEEP: Final = "server_sweep"
"""The kind of such a schedule, and of its run."""

Tokens = Annotated[int, Field(ge=8, le=32_768)]
Share = Annotated[float, Field(gt=0, le=1)]


class ServerSweep(AnySchedule):
    """Every size at every length, closed loops of more and more workers, open loops of more load.

    A size that is refused for its size, or takes long, ends its axis; the limit is then looked for
    by halving; more workers end where they bring no more; rates are shares of what came out at
    most, and end at the objective.
    """

    kind: Literal["server_sweep"] = SERVER_SWEEP
    sizes: Annotated[tuple[Texts, ...], Field(min_length=1, max_length=12)] = (
        *(1, 2, 4, 8, 16, 32, 64),
    )
    tokens: Annotated[tuple[Tokens, ...], Field(min_length=1, max_length=8)] = (
        *(16, 64, 128, 256, 512),
    )
    """Of each text, about."""
    load_tokens: Tokens = 128
    """Length of the texts of the loops, one of ``tokens``."""
    repeats: Annotated[int, Field(ge=1, le=50)] = 3
    """Of each size and length."""
    patience_s: Annotated[float, Field(gt=0, le=600)] = 3.0
    """A request that takes longer is not made larger: nobody would send it."""
    find_limits: bool = False
    """Whether the exact limit is looked for between what was taken and what was refused for its
    size; False in the plans of older versions."""
    workers: Annotated[tuple[Workers, ...], Field(min_length=1, max_length=9)] = (
        *(1, 2, 4, 8, 16, 32),
    )
    rounds: Annotated[int, Field(ge=1, le=100)] = 4
    """Requests of each worker."""
    shares: Annotated[tuple[Share, ...], Field(max_length=12)] = (0.3, 0.5, 0.7, 0.8, 0.9)
    """Of the most that came out: the rates of the open loops."""
    load_requests: Annotated[int, Field(ge=1, le=2_000)] = 72
    """Of each open loop; 72 are needed for a two-sided p95 interval."""
    machines: Annotated[
        int, Field(ge=1, le=1_000, validation_alias=AliasChoices("machines", "replicas"))
    ] = 1
    """Machines behind the one address, each with all of its cards, as the user says; ``replicas``
    in the plans of older versions."""

    @model_validator(mode="after")
    def _limits(self) -> Self:
        refuse_unless_rising(self.sizes, "the sizes")
        refuse_unless_rising(self.tokens, "the lengths")
        refuse_unless_rising(self.workers, "the numbers of workers")
        refuse_unless_rising(self.shares, "the shares")
        if self.load_tokens not in self.tokens:
            raise ValueError("the length of the texts under load must be one of the lengths")
        texts = sum(self.sizes) * len(self.tokens) * self.repeats
        texts += self.sizes[-1] * (self.sent - len(self.cells) * self.repeats)
        if texts > MOST_TEXTS_OF_BATCHES:
            raise ValueError(
                f"this sweep may send {texts:,} texts; the limit is {MOST_TEXTS_OF_BATCHES:,}: "
                "smaller sizes, fewer workers or fewer requests"
            )
        return self

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """(texts, tokens of each) of every batch step, in the order of their numbers."""
        return tuple((size, length) for length in self.tokens for size in self.sizes)

    def cell_order(self, seed: int) -> tuple[int, ...]:
        """Numbers of the batch steps as they are sent: rising, so that a limit is met from below.

        Then every round in an order of its own: a drift meets all of them alike.
        """
        drawn, count = random.Random(seed), len(self.cells)  # noqa: S311  # no secret
        later = [drawn.sample(range(count), count) for _ in range(self.repeats - 1)]
        return (*range(count), *(step for order in later for step in order))

    @property
    def loops(self) -> tuple[tuple[int, int], ...]:
        """(step, requests) of each closed loop, in the order of their workers."""
        first = len(self.cells)
        return tuple((first + i, n * self.rounds) for i, n in enumerate(self.workers))

    @property
    def loads(self) -> tuple[tuple[int, float], ...]:
        """(step, share of the most that came out) of each open loop."""
        first = len(self.cells) + len(self.workers)
        return tuple((first + i, share) for i, share in enumerate(self.shares))

    @property
    def searches(self) -> tuple[LimitSearch, LimitSearch]:
        """The search for the most texts, at the shortest length, and for the longest text.

        Sent between the batches and the loops; their steps are the last ones.
        """
        first = len(self.cells) + len(self.workers) + len(self.shares)
        of_texts, of_tokens = map(requests_to_halve, (self.sizes, self.tokens))
        wanted = int(self.find_limits)
        return (
            LimitSearch(first, wanted * of_texts, self.sizes[-1], self.tokens[0]),
            LimitSearch(first + 1, wanted * of_tokens, self.sizes[0], self.tokens[-1]),
        )

    @property
    def sent(self) -> int:
        """Of all steps, at most: a limit that is found leaves many out."""
        loops = sum(requests for _, requests in self.loops)
        searches = sum(search.requests for search in self.searches)
        batches = len(self.cells) * self.repeats
        return batches + searches + loops + len(self.shares) * self.load_requests

    def most_waiting(self, timeout_s: float) -> int:  # noqa: ARG002  the rates are not known yet
        """All of one open loop, or all workers."""
        return max(self.workers[-1], self.load_requests)
