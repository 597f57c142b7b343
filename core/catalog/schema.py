"""What a catalogue row must say. A row without its provenance does not load.

All types are frozen pydantic models that forbid unknown keys: a misspelt key is an error, not
a silently missing price. A price stays a Decimal, as quoted, until an estimate begins.
Unknown is absent (None), never 0.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AnyUrl, BaseModel, ConfigDict, Field, model_validator

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.\-]*$", max_length=80)]
PositiveDecimal = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Row(BaseModel):
    """Base of every catalogue type: frozen, strict about keys, documented field by field."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SourceKind(StrEnum):
    """Where a number comes from, from strongest to weakest."""

    LIST_PRICE = "list_price"
    DATASHEET = "datasheet"
    MEASURED = "measured"
    PUBLISHED = "published"
    SECONDARY = "secondary"
    JUDGEMENT = "judgement"


class Confidence(StrEnum):
    """How far the number is to be trusted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Source(Row):
    """Provenance of the numbers in one row."""

    url: AnyUrl | None = None
    """Address of the page read. Absent only where ``kind`` is ``judgement``."""
    read: date
    """Day on which the page was read by whoever entered the row."""
    dated: str | None = None
    """What the source itself says of its date ("2026-11", "2026-09-26"), where it does."""
    kind: SourceKind
    confidence: Confidence
    note: str = ""
    """Exact quotation, the reasoning of a judgement, or what the reader must know."""

    @model_validator(mode="after")
    def _judgement_or_url(self) -> "Source":
        if self.url is None and self.kind is not SourceKind.JUDGEMENT:
            raise ValueError("a source without a url must be of kind 'judgement'")
        if self.url is None and not self.note:
            raise ValueError("a judgement must give its reasoning in 'note'")
        return self


class PriceUnit(StrEnum):
    """The unit as billed. The model converts; the catalogue never does."""

    PER_MTOK = "usd_per_mtok"
    PER_MCHAR = "usd_per_mchar"
    PER_REQUEST = "usd_per_request"
    PER_SECOND = "usd_per_second"
    PER_HOUR = "usd_per_hour"


class Tier(Row):
    """A graduated tier: the price of the units up to and including ``up_to_units``."""

    up_to_units: Positive | None = None
    """Upper bound in billed units a month; absent on the last tier."""
    usd: PositiveDecimal


class Price(Row):
    """One dated price of one offer. A new price is a new row; the old one stays."""

    usd: PositiveDecimal
    unit: PriceUnit
    low: PositiveDecimal | None = None
    """Lowest value that a source gives, where sources disagree."""
    high: PositiveDecimal | None = None
    batch_usd: PositiveDecimal | None = None
    """Price in the same unit through the provider's batch interface, where it has one."""
    batch_note: str = ""
    tiers: tuple[Tier, ...] = ()
    """Graduated tiers in the same unit, cheapest bound first; ``usd`` is then the first tier's."""
    source: Source

    @model_validator(mode="after")
    def _ordered(self) -> "Price":
        if self.low is not None and self.low > self.usd:
            raise ValueError(f"low {self.low} is above the price {self.usd}")
        if self.high is not None and self.high < self.usd:
            raise ValueError(f"high {self.high} is below the price {self.usd}")
        bounds = [t.up_to_units for t in self.tiers]
        if bounds and (bounds[-1] is not None or None in bounds[:-1]):
            raise ValueError("the last tier, and only the last, has no up_to_units")
        known = [b for b in bounds if b is not None]
        if known != sorted(set(known)):
            raise ValueError("tiers must be in rising order of up_to_units")
        return self


class WireFormat(StrEnum):
    """How an endpoint is spoken to. A priced provider without an embedder stays priced."""

    OPENAI_COMPATIBLE = "openai_compatible"
    COHERE = "cohere"
    GOOGLE = "google"
    VOYAGE = "voyage"
    HUGGINGFACE = "huggingface"
    REPLICATE = "replicate"
    BEDROCK = "bedrock"
    CLOUDFLARE = "cloudflare"


class Endpoint(Row):
    """Where and how a provider answers; what the probe needs to know of it."""

    wire: WireFormat
    base_url: AnyUrl
    """Up to and without the wire format's own path: ``https://api.openai.com/v1``."""
    key_env: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    """Environment variable that holds the key. A key is bound to this endpoint's host."""
    docs_url: AnyUrl | None = None


class RateLimit(Row):
    """What the entry tier of a provider lets through."""

    requests_per_minute: Positive | None = None
    tokens_per_minute: Positive | None = None
    tier: str = ""
    source: Source


class ApiOffer(Row):
    """A model sold by the call: per token, character, request or second."""

    id: Slug
    label: str
    """What the page calls it, provider included: "OpenAI 3-small"."""
    model: str | None = None
    """Id in models.toml; absent where the buyer brings any model (billed by the second)."""
    wire_model: str
    """The model name that the API itself expects."""
    prices: tuple[Price, ...] = Field(min_length=1)
    """Dated prices, newest last; all kept."""
    max_tokens: int | None = Field(default=None, gt=0)
    max_inputs_per_request: int | None = Field(default=None, gt=0)
    rate_limit: RateLimit | None = None
    card: Slug | None = None
    """Card behind a per-second offer, where the provider names it."""
    seconds_per_request: Positive | None = None
    """Billed seconds a request takes, for per-second offers: an assumption, see its source."""
    seconds_source: Source | None = None
    status: Literal["current", "legacy", "withdrawn"] = "current"
    note: str = ""

    @property
    def price(self) -> Price:
        """The newest price."""
        return self.prices[-1]


class GpuOffer(Row):
    """A card rented by the hour."""

    id: Slug
    label: str
    """"AWS g6.xlarge (L4)"."""
    product: str
    card: Slug
    gpu_count: int = Field(default=1, gt=0)
    purchase: Literal["on_demand", "spot", "reserved"] = "on_demand"
    region: str = ""
    status: Literal["current", "withdrawn"] = "current"
    prices: tuple[Price, ...] = Field(min_length=1)
    note: str = ""

    @property
    def price(self) -> Price:
        """The newest price, for the whole instance."""
        return self.prices[-1]


class Provider(Row):
    """One provider: one file."""

    id: Slug
    name: str
    homepage: AnyUrl
    endpoint: Endpoint | None = None
    api_offers: tuple[ApiOffer, ...] = ()
    gpu_offers: tuple[GpuOffer, ...] = ()


class Card(Row):
    """A GPU as its datasheet gives it; tensor figures dense, with fp32 accumulation."""

    id: Slug
    name: str
    arch: str
    dense_tflops: Positive
    """fp16/bf16 dense tensor TFLOP/s, fp32 accumulation. "With sparsity" is twice this."""
    memory_gb: Positive
    bandwidth_gb_s: Positive
    tdp_w: Positive
    bf16: bool
    usd_new: PositiveDecimal | None = None
    """Launch price (MSRP) of a card that people buy."""
    usd_street_low: PositiveDecimal | None = None
    usd_street_high: PositiveDecimal | None = None
    discontinued: bool = False
    source: Source


class ModelCard(Row):
    """An embedding model. Non-embedding parameters do the work; the table is a look-up."""

    id: str
    kind: Literal["open", "open_non_commercial", "api"]
    params_total_m: Positive | None = None
    params_non_embedding_m: Positive | None = None
    layers: int | None = Field(default=None, gt=0)
    hidden: int | None = Field(default=None, gt=0)
    dims: int | None = Field(default=None, gt=0)
    max_tokens: int | None = Field(default=None, gt=0)
    mixture_of_experts: bool = False
    """Total parameters say nothing of the work per token; no throughput is predicted."""
    licence: str
    commercial_self_host: bool
    source: Source


class Throughput(Row):
    """A published rate of embedding on one card, at full batches."""

    model: str
    card: Slug
    server: str
    precision: str
    tokens_per_text: Positive | None = None
    tokens_per_s: Positive
    """Whole machine, all its cards together."""
    gpu_count: int = Field(default=1, gt=0)
    usable: bool
    """False: kept as a warning (physically impossible, or far below potential), never modelled."""
    verdict: str
    source: Source


class PublishedLatency(Row):
    """A latency range that somebody published: drawn hollow, never mixed with a measurement."""

    option: str
    """Option id, as in a Scenario: "openai/text-embedding-3-small"."""
    p50_low_s: Positive | None = None
    p50_high_s: Positive | None = None
    p95_high_s: Positive | None = None
    source: Source


class Assumption(Row):
    """A number of no single offer: electricity, PUE, labour, idle watts, ceilings."""

    id: Slug
    label: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    source: Source


class Catalog(Row):
    """Everything known, as loaded. Ids are unique; every reference points at something."""

    providers: tuple[Provider, ...]
    cards: tuple[Card, ...]
    models: tuple[ModelCard, ...]
    throughputs: tuple[Throughput, ...]
    latencies: tuple[PublishedLatency, ...]
    assumptions: tuple[Assumption, ...]
