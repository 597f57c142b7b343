"""What arrives: how much, how long, when."""

import math
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, field_validator

from core.scenario.knobs import STRICT, Choice, Knob


class LongTexts(StrEnum):
    """What happens to a text that is longer than a model reads."""

    CUT = "cut"
    """Its end is dropped: the vector is that of the beginning."""
    CHUNK = "chunk"
    """It is split into texts that fit, each with a vector of its own."""


class CorpusVectors(StrEnum):
    """Whose vectors a one-off job may give."""

    ANY = "any"
    """Any model's: every API counts, and machines run the hosted model."""
    HOSTED = "hosted"
    """Those of the hosted model, or of the vector space that its publisher declares."""


class Workload(BaseModel):
    """What arrives."""

    model_config = STRICT

    requests_per_day: Annotated[
        float,
        Field(ge=1, le=1e10, description="Texts to embed on an average day."),
        Knob("Requests per day", "requests/day", "q", 1, "log"),
    ] = 100_000
    tokens_per_request: Annotated[
        float,
        Field(ge=1, le=32_768, description="Mean length of a text, in the model's tokens."),
        Knob("Tokens per request", "tokens", "t", 1, "log"),
    ] = 500
    peak_to_mean: Annotated[
        float,
        Field(
            ge=1,
            le=50,
            description="Busy-hour load over average load. Rented GPUs must carry the peak; "
            "an API bills the mean.",
        ),
        Knob("Peak-to-mean ratio", "x", "peak", 0.1, "log"),
    ] = 3.0
    growth_per_month: Annotated[
        float,
        Field(ge=-0.5, le=1.0, description="Growth of the volume from month to month."),
        Knob("Growth per month", "fraction", "g", 0.01),
    ] = 0.0
    characters_per_token: Annotated[
        float,
        Field(ge=0.5, le=10, description="Used where a provider bills characters."),
        Knob("Characters per token", "characters", "cpt", 0.1),
    ] = 4.0
    length_cv: Annotated[
        float,
        Field(
            ge=0,
            le=5,
            description="Spread of the lengths: standard deviation over mean of a lognormal law. "
            "0: all texts are alike; 1 is common for documents.",
        ),
        Knob("Spread of lengths (CV)", "ratio", "cv", 0.1),
    ] = 0.0
    long_texts: Annotated[
        LongTexts,
        Field(description="What becomes of a text that is longer than the model reads."),
        Choice(
            "Texts beyond the model's limit",
            "long",
            ((LongTexts.CUT, "are cut"), (LongTexts.CHUNK, "are split into chunks")),
        ),
    ] = LongTexts.CUT
    chunk_overlap: Annotated[
        float,
        Field(ge=0, le=0.5, description="Share of a chunk that repeats the end of the one before."),
        Knob("Overlap of chunks", "fraction", "overlap", 0.05),
    ] = 0.1
    burst_factor: Annotated[
        float,
        Field(
            ge=1,
            le=10,
            description="Highest rate inside the busy hour over that hour's mean: what arrives in "
            "bursts must be carried, too.",
        ),
        Knob("Burst inside the hour", "x", "burst", 0.1, "log"),
    ] = 1.0
    deferrable_share: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="Share of the tokens that can wait (documents): takes an API's batch "
            "price, fills the valleys of your own replicas, rides along on a GPU by the second.",
        ),
        Knob("Share that can wait", "fraction", "wait", 0.05),
    ] = 0.0
    deferrable_within_hours: Annotated[
        float,
        Field(
            ge=24,
            le=168,
            description="How long it can wait. A GPU by the second gathers it into no more runs "
            "than that asks for. From a day, which a batch interface may take, to a week.",
        ),
        Knob("Deadline of what can wait", "h", "waithours", 24),
    ] = 24.0
    hour_weights: tuple[Annotated[float, Field(ge=0, le=1e15)], ...] = ()
    """Load of the 24 hours of a day or the 168 of a week, in any unit. Empty: a smooth day with
    one peak. Where given, the peak-to-mean ratio is theirs."""
    corpus_tokens: Annotated[
        float,
        Field(
            ge=0,
            le=1e15,
            description="Documents that are there at the start and are embedded once, and again "
            "at every change of model.",
        ),
        Knob("Corpus to embed at the start", "tokens", "corpus", 1e6),
    ] = 0.0
    backfill_days: Annotated[
        float,
        Field(ge=0.04, le=365, description="Time in which the corpus must be embedded."),
        Knob("Deadline of the corpus", "days", "days", 1),
    ] = 7.0
    corpus_labour_usd: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="People's time to embed the corpus once on replicas that you run. 0 leaves "
            "it out.",
        ),
        Knob("Labour of the corpus", "USD", "corpuslab", 100),
    ] = 0.0
    model_changes: Annotated[
        int,
        Field(
            ge=0,
            le=10,
            description="Changes of model within the horizon, evenly spread: each embeds the "
            "corpus, grown by then, anew.",
        ),
        Knob("Changes of model", "changes", "moves", 1),
    ] = 0
    afterwards_tokens_per_month: Annotated[
        float,
        Field(
            ge=0,
            le=1e15,
            description="After a one-off job: tokens to embed each month with the same vectors. "
            "They come at the peak-to-mean ratio. 0: nothing comes afterwards. Only the job "
            "counts it.",
        ),
        Knob("Tokens a month afterwards", "tokens", "after", 1e6),
    ] = 0.0
    corpus_vectors: Annotated[
        CorpusVectors,
        Field(
            description="Which models a one-off job may use. With any, each API counts whatever "
            "its model, and machines run your self-hosted model: whether another is good enough "
            "is for you to say."
        ),
        Choice(
            "Vectors of a one-off job",
            "jobvec",
            (
                (CorpusVectors.ANY, "any model's"),
                (CorpusVectors.HOSTED, "the self-hosted model's, or its family's"),
            ),
        ),
    ] = CorpusVectors.ANY
    cached_share: Annotated[
        float,
        Field(
            ge=0,
            le=0.99,
            description="Share of your requests that a cache of your own answers: they reach no "
            "option and are billed nowhere, and the rate is lower by as much, at the peak too. "
            "What the cache costs is left out.",
        ),
        Knob("Answered from your own cache", "fraction", "cached", 0.05),
    ] = 0.0

    @field_validator("hour_weights")
    @classmethod
    def _a_day_or_a_week(cls, weights: tuple[float, ...]) -> tuple[float, ...]:
        if weights and len(weights) not in (24, 168):
            raise ValueError(f"give 24 or 168 hour weights, not {len(weights)}")
        if weights and not any(weights):
            raise ValueError("hour weights must not all be 0")
        return weights

    @property
    def reaching_per_day(self) -> float:
        """Requests a day that no cache of one's own answers: V (1 - c)."""
        return self.requests_per_day * (1 - self.cached_share)

    @property
    def busy_hour_to_mean(self) -> float:
        """Load of the busiest hour over the mean load: of the hour weights where there are any."""
        if not self.hour_weights:
            return self.peak_to_mean
        highest = max(self.hour_weights)
        # Over the highest, so that no sum of them overflows.
        return len(self.hour_weights) / math.fsum(load / highest for load in self.hour_weights)
