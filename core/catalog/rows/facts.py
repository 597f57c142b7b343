"""What belongs to no offer: cards, processors, models, published rates, assumptions."""

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from core.catalog.rows.provenance import (
    Count,
    Finite,
    Flag,
    Name,
    Positive,
    PositiveDecimal,
    Row,
    Slug,
    Source,
)
from core.scenario import Language

GFLOP_PER_TFLOP: Final = 1_000


class Card(Row):
    """A GPU, or a chip like one, as its datasheet gives it.

    Tensor figures are dense, with fp32 accumulation.
    """

    id: Slug
    name: str
    arch: str
    dense_tflops: Positive
    """fp16/bf16 dense tensor TFLOP/s, fp32 accumulation. "With sparsity" is twice this."""
    memory_gb: Positive | None = None
    """Absent where it is the computer's own, as much as was bought."""
    bandwidth_gb_s: Positive
    tdp_w: Positive | None = None
    bf16: Flag
    predictable: Flag = True
    """Whether the law of size holds: it was fitted to NVIDIA's cards. Of others only what was
    published counts."""
    usd_new: PositiveDecimal | None = None
    """Launch price (MSRP) of a card that people buy."""
    usd_street_low: PositiveDecimal | None = None
    usd_street_high: PositiveDecimal | None = None
    discontinued: Flag = False
    source: Source

    @model_validator(mode="after")
    def _can_be_bought(self) -> "Card":
        if self.usd_new is not None and (self.tdp_w is None or self.memory_gb is None):
            raise ValueError("a card that is bought needs its tdp_w and its memory_gb")
        return self


class Cpu(Row):
    """A kind of processor, by the vCPU in which it is rented. Peaks are computed, not measured."""

    id: Slug
    name: Name
    architecture: Name
    instruction_sets: tuple[Literal["avx2", "avx512", "vnni", "amx", "bf16", "i8mm"], ...] = ()
    vcpu: Literal["thread", "core"] | None = None
    """What is sold as one: a thread is half of a core."""
    clock_ghz: Positive | None = None
    """That the peaks assume, all cores at work."""
    fp32_tflops: Positive | None = None
    """Peak of a vCPU: operations a cycle times the clock. Absent: nothing predicts its speed."""
    bf16_tflops: Positive | None = None
    int8_tops: Positive | None = None
    achieved_fp32_gflops: Positive | None = None
    """Of a vCPU, by published runs of embedding models: the law of size then goes by it."""
    source: Source

    @model_validator(mode="after")
    def _achieves_less(self) -> "Cpu":
        achieved, peak = self.achieved_fp32_gflops, self.fp32_tflops
        if achieved is not None and (peak is None or achieved > peak * GFLOP_PER_TFLOP):
            raise ValueError("achieved_fp32_gflops needs fp32_tflops, and lies below it")
        return self


class ModelCard(Row):
    """An embedding model. Non-embedding parameters do the work; the table is a look-up."""

    id: str
    kind: Literal["open", "open_non_commercial", "api"]
    params_total_m: Positive | None = None
    params_non_embedding_m: Positive | None = None
    layers: Count | None = None
    hidden: Count | None = None
    dims: Count | None = None
    max_tokens: Count | None = None
    matryoshka: Flag | None = None
    """Whether it is trained so that the first dimensions alone may be kept; absent: not known."""
    least_dims: Count | None = None
    """Fewest dimensions that its publisher names for that; absent: nobody says."""
    mixture_of_experts: Flag = False
    """Total parameters say nothing of the work per token: ``params_active_m`` does."""
    params_active_m: Positive | None = None
    """Of a mixture of experts: the weights beside the table that work on one token."""
    vector_space: Slug | None = None
    """Space that the publisher declares this model to share with others: their vectors mix."""
    licence: str
    commercial_self_host: Flag | None = None
    """Whether the licence lets a business host it; absent: its terms were not read."""
    languages: tuple[Language, ...] = ()
    """Of those that may be demanded, which the source names. Empty: it names none. A longer list
    need not be whole."""
    source: Source
    languages_source: Source | None = None
    """Who says the languages, where that is another."""

    @model_validator(mode="after")
    def _languages_once(self) -> Self:
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("a language stands twice: take one out")
        if self.languages_source is not None and not self.languages:
            raise ValueError("languages_source without languages: add them, or take it out")
        return self


def _check_range(low: float | None, high: float | None, name: str) -> None:
    if low is not None and high is not None and low > high:
        raise ValueError(f"{name}: low {low} is above high {high}")


class PublishedLatency(Row):
    """A latency range that somebody published: drawn hollow, never mixed with a measurement."""

    option: str
    """Option id, as in a Scenario: "openai/text-embedding-3-small"."""
    p50_low_s: Positive | None = None
    p50_high_s: Positive | None = None
    p95_high_s: Positive | None = None
    cold_start_low_s: Positive | None = None
    cold_start_high_s: Positive | None = None
    source: Source

    @model_validator(mode="after")
    def _says_something(self) -> "PublishedLatency":
        if not any((self.p50_low_s, self.p50_high_s, self.p95_high_s, self.cold_start_high_s)):
            raise ValueError("the row gives no latency")
        _check_range(self.p50_low_s, self.p50_high_s, "p50")
        _check_range(self.cold_start_low_s, self.cold_start_high_s, "cold_start")
        return self


class Assumption(Row):
    """A number of no single offer: electricity, PUE, labour, idle watts, ceilings."""

    id: Slug
    label: str
    value: Finite
    unit: Name
    low: Finite | None = None
    high: Finite | None = None
    source: Source

    @model_validator(mode="after")
    def _ordered(self) -> "Assumption":
        _check_range(self.low, self.value, "low and value")
        _check_range(self.value, self.high, "value and high")
        return self


class Benchmark(StrEnum):
    """Tests of vectors. They are different tests: a score of one says nothing of another's."""

    MTEB_ENGLISH_V1 = "MTEB (English, v1)"
    MTEB_ENGLISH_V2 = "MTEB (English, v2)"
    MTEB_MULTILINGUAL_V2 = "MTEB (multilingual, v2)"
    MTEB_MULTILINGUAL_V2_RETRIEVAL = "MTEB (multilingual, v2), retrieval"


class QualityScore(Row):
    """A published score of a model in one benchmark, beside which its cost may be read."""

    model: str
    benchmark: Benchmark
    score: Annotated[Positive, Field(le=100)]
    """Mean over the benchmark's tasks, 0 to 100."""
    source: Source


class Conflict(Row):
    """A source that contradicts what stood here, and what was made of the two."""

    about: Name
    """Option or model ids, as far as one sentence goes: "cohere/*"."""
    field: Name
    stood: Name
    found: Name
    made_of_it: Name
    """Where both values are now, or why one of them is not used."""
    source: Source
