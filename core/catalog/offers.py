"""Who sells what: providers, their API models and their GPUs, and how an endpoint is spoken to."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, model_validator

from core.catalog.account_plans import Plan, check_plans
from core.catalog.prices import TIME_UNITS, Price, Prices, PriceUnit
from core.catalog.provenance import Count, Positive, Row, Slug, Source
from core.plain_text import Plain

Variable = Annotated[str, Plain(100), Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
"""Name of an environment variable."""


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
    base_url: HttpUrl
    """Up to and without the wire format's own path: ``https://api.openai.com/v1``."""
    key_env: Variable | None = None
    """Environment variable that holds the key. A key is bound to this endpoint's host."""
    account_env: Variable | None = None
    """Environment variable that holds the account id, where the address carries one."""
    docs_url: HttpUrl | None = None


class RateLimit(Row):
    """What the entry tier of a provider lets through."""

    requests_per_minute: Positive | None = None
    tokens_per_minute: Positive | None = None
    tier: str = ""
    source: Source


class BatchLimit(Row):
    """What the batch interface takes at once, and by when it answers."""

    queue_tokens: Positive | None = None
    """Tokens that may wait in it together."""
    window_hours: Positive | None = None
    """By when a batch is answered, from its sending."""
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
    prices: Prices
    """Dated prices, newest last; all kept."""
    max_tokens: Count | None = None
    max_inputs_per_request: Count | None = None
    rate_limit: RateLimit | None = None
    batch_limit: BatchLimit | None = None
    card: Slug | None = None
    """Card behind a per-second offer, where the provider names it."""
    seconds_per_request: Positive | None = None
    """Billed seconds a request takes, for per-second offers: an assumption, see its source."""
    seconds_model: str | None = None
    """Model that they are of; absent: the offer's own."""
    seconds_tokens: Positive | None = None
    """Tokens of the text that they are of; absent where nobody says: they then hold as they are."""
    seconds_source: Source | None = None
    status: Literal["current", "legacy", "withdrawn"] = "current"
    note: str = ""

    @model_validator(mode="after")
    def _billed_by_use(self) -> "ApiOffer":
        units = {price.unit for price in self.prices}
        if PriceUnit.PER_HOUR in units:
            raise ValueError("an hourly price belongs to a [[gpu_offers]] row")
        if self.seconds_per_request is None:
            return self
        if units != {PriceUnit.PER_SECOND}:
            raise ValueError("seconds_per_request needs prices in usd_per_second")
        if self.seconds_source is None:
            raise ValueError("seconds_per_request needs its own [api_offers.seconds_source]")
        return self

    @property
    def price(self) -> Price:
        """The newest price."""
        return self.prices[-1]


class GpuOffer(Row):
    """A card rented by the hour, or by the second where that is how it is billed."""

    id: Slug
    label: str
    """"AWS g6.xlarge (L4)"."""
    product: str
    card: Slug
    gpu_count: Count = 1
    vcpus: Count | None = None
    """Of the whole instance; they prepare the texts. Absent where the vendor does not say."""
    purchase: Literal["on_demand", "spot", "reserved", "serverless"] = "on_demand"
    """"serverless": starts with the first request, stops when idle; billed while it runs."""
    region: str = ""
    status: Literal["current", "withdrawn"] = "current"
    prices: Prices
    note: str = ""

    @model_validator(mode="after")
    def _billed_by_time(self) -> "GpuOffer":
        if any(price.unit not in TIME_UNITS for price in self.prices):
            raise ValueError("a GPU is rented in usd_per_hour or usd_per_second")
        return self

    @property
    def price(self) -> Price:
        """The newest price, for the whole instance."""
        return self.prices[-1]


class Provider(Row):
    """One provider: one file."""

    id: Slug
    name: str
    homepage: HttpUrl
    endpoint: Endpoint | None = None
    api_offers: tuple[ApiOffer, ...] = ()
    gpu_offers: tuple[GpuOffer, ...] = ()
    plans: tuple[Plan, ...] = ()
    """Kinds of account: at most a free one, and one that sells more, for an offer."""

    @model_validator(mode="after")
    def _unique_offers(self) -> "Provider":
        ids = [offer.id for offer in self.api_offers] + [offer.id for offer in self.gpu_offers]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"two offers have the id {', '.join(twice)}")
        check_plans(self.plans, ids)
        return self

    def plan_for(self, offer_id: str, *, sells_more: bool) -> Plan | None:
        """The plan of an offer that sells beyond what is free, or the one that does not."""
        found = (plan for plan in self.plans if plan.is_for(offer_id))
        return next((plan for plan in found if plan.sells_more is sells_more), None)
