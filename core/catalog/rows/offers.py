"""Who sells what: providers, their models and machines, and how an endpoint is spoken to."""

from collections import Counter
from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field, HttpUrl, model_validator

from core.catalog.rows.account_plans import Credit, Plan, check_plans
from core.catalog.rows.areas import area_of
from core.catalog.rows.limits import NO_LIMIT, RateLimit, check_limits, limit_of, own_limit
from core.catalog.rows.prices import TIME_UNITS, Price, Prices, PriceUnit, known_by, newest
from core.catalog.rows.provenance import Count, Flag, Positive, Row, Slug, Source
from core.catalog.rows.regions import Area, Region, check_regions, region_of
from core.catalog.rows.request_fields import AUTHORIZATION, Body, KeyHeader, Query
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
    TEI = "tei"
    OLLAMA = "ollama"
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
    key_header: KeyHeader = AUTHORIZATION
    """Header of the key: ``Bearer KEY`` in Authorization, the key alone in any other."""
    query: Query = Field(default={})
    """Parameters of every request, such as ``api-version``."""
    body: Body = Field(default={})
    """Further fields of the JSON of every request, such as ``input_type`` or ``truncate``."""


def _no_host(prices: Prices) -> None:
    """Nothing but a GPU that stops when idle is billed for cores and memory beside it."""
    if any(price.usd_per_core is not None for price in prices):
        raise ValueError(
            "usd_per_core and usd_per_gib belong to [[machines]] with "
            'purchase = "serverless" alone: remove them'
        )


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
    max_tokens_per_request: Count | None = None
    """Tokens of all texts that a call may carry together."""
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
    takes_dimensions: Flag | None = None
    """Whether its calls may ask for fewer dimensions; absent: nobody says."""

    @model_validator(mode="after")
    def _billed_by_use(self) -> "ApiOffer":
        units = {price.unit for price in self.prices}
        if units & {PriceUnit.PER_HOUR, PriceUnit.PER_MONTH}:
            raise ValueError("an hourly or monthly price belongs to a [[machines]] row")
        if PriceUnit.TO_BUY in units:
            raise ValueError("what is bought is a [[machines]] row")
        _no_host(self.prices)
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
        return newest(self.prices, self.label)


OWNED_PURCHASES: Final = frozenset({"bought", "there"})
"""How a machine is had that is not rented: its electricity is then paid apart."""


class MachineOffer(Row):
    """A machine rented by time, or one's own: with cards, or with a processor alone."""

    id: Slug
    label: str
    """"AWS g6.xlarge (L4)"."""
    product: str
    card: Slug | None = None
    """Id in cards.toml; absent where the processor does the work."""
    card_count: Count = 1
    cpu: Slug | None = None
    """Id in cpus.toml; of a machine with cards it does no more than prepare their texts."""
    vcpus: Count | None = None
    """Of the whole machine; they prepare the texts. Absent where the vendor does not say."""
    memory_gib: Positive | None = None
    purchase: Literal["on_demand", "spot", "reserved", "serverless", "bought", "there"] = (
        "on_demand"
    )
    """"serverless": starts with the first request, stops when idle; billed while it runs.
    "bought": paid once, in usd_to_buy. "there": paid for already; its price is 0."""
    region: str = ""
    """As its vendor calls it: "eu-central-1"."""
    in_area: Area | None = None
    """Where it stands, of a machine in no vendor's region."""
    count: Count | None = None
    """How many there are: all are paid at any load, and no more can be had. Absent: as many as
    the load needs."""
    life_months: Count | None = None
    """Of one that is bought; absent: as long as the scenario gives a card."""
    power_w: Positive | None = None
    """Of a whole machine of one's own at full load; absent: that of its cards."""
    idle_w: Positive | None = None
    """Of the same while it waits; absent: what the scenario assumes."""
    status: Literal["current", "withdrawn"] = "current"
    prices: Prices
    note: str = ""
    term_months: Count | None = None
    """Of one that is reserved: for how long; absent: nobody says."""

    @model_validator(mode="after")
    def _billed_by_time(self) -> "MachineOffer":
        self._paid_as_it_is_had()
        if self.purchase == "serverless" and self.price.unit is PriceUnit.PER_MONTH:
            raise ValueError("what is billed while it runs has no price by the month")
        if self.purchase != "serverless":
            _no_host(self.prices)
        return self

    def _paid_as_it_is_had(self) -> None:
        units = {price.unit for price in self.prices}
        if self.is_owned and units != {PriceUnit.TO_BUY}:
            raise ValueError("a machine of one's own is bought in usd_to_buy")
        if not self.is_owned and not units <= set(TIME_UNITS):
            raise ValueError("a machine is rented in usd_per_hour, usd_per_month or usd_per_second")
        if (self.purchase == "there") is not (self.price.usd == 0):
            raise ValueError(
                "what is there already has a price of 0, and all else one above 0: mend the price "
                "or the purchase"
            )
        own = {"power_w": self.power_w, "idle_w": self.idle_w, "life_months": self.life_months}
        if not self.is_owned and (given := [name for name, value in own.items() if value]):
            raise ValueError(
                f"{given[0]} is of a machine of one's own: the rent of others holds it"
            )
        if self.power_w and self.idle_w and self.idle_w > self.power_w:
            raise ValueError("idle_w lies above power_w: exchange them")
        if self.term_months and self.purchase != "reserved":
            raise ValueError('term_months is of a machine with purchase = "reserved": take it out')
        if self.count and self.purchase == "serverless":
            raise ValueError("what stops when idle has no count: take it out")

    @model_validator(mode="after")
    def _works(self) -> "MachineOffer":
        if self.card is not None:
            return self
        if self.cpu is None:
            raise ValueError("a machine needs a card, or a cpu that does the work: add one")
        if self.vcpus is None or self.memory_gib is None:
            raise ValueError("a machine without a card needs its vcpus and its memory_gib")
        if "card_count" in self.model_fields_set:
            raise ValueError("a machine without a card has no card_count: take it out")
        return self

    @property
    def area(self) -> Area | None:
        """Where it stands or its region lies; None where that is not known."""
        return self.in_area or area_of(self.region)

    @property
    def is_owned(self) -> bool:
        """Whether it is one's own: bought, or there already."""
        return self.purchase in OWNED_PURCHASES

    @property
    def price(self) -> Price:
        """The newest price, for the whole machine."""
        return newest(self.prices, self.label)

    @property
    def by_the_month(self) -> bool:
        """Whether whole months are paid, however long it runs."""
        return self.price.unit is PriceUnit.PER_MONTH

    @property
    def can_be_mixed(self) -> bool:
        """Whether the same machine may be had reserved or as spot at a discount."""
        return self.purchase == "on_demand" and not self.by_the_month


Offer = TypeVar("Offer", ApiOffer, MachineOffer)


class Provider(Row):
    """One provider: one file."""

    id: Slug
    name: str
    homepage: HttpUrl | None = None
    """Absent of what is one's own; whoever sells has one."""
    endpoint: Endpoint | None = None
    api_offers: tuple[ApiOffer, ...] = ()
    machines: tuple[MachineOffer, ...] = ()
    plans: tuple[Plan, ...] = ()
    """Kinds of account: at most a free one, and one that sells more, for an offer."""
    credits: tuple[Credit, ...] = ()
    """What is given once, or must be bought at first."""
    rate_limits: tuple[RateLimit, ...] = ()
    """By tier; what an offer without a row lets through is not known."""
    regions: tuple[Region, ...] = ()
    """Where its calls are computed; a machine that is rented has its own region."""

    @model_validator(mode="after")
    def _unique_offers(self) -> "Provider":
        ids = [offer.id for offer in self.api_offers] + [offer.id for offer in self.machines]
        twice = sorted(name for name, times in Counter(ids).items() if times > 1)
        if twice:
            raise ValueError(f"two offers have the id {', '.join(twice)}")
        check_plans(self.plans, ids)
        check_limits(self.rate_limits, [offer.id for offer in self.api_offers])
        check_regions(self.regions, [offer.id for offer in self.api_offers])
        return self

    @property
    def tiers(self) -> tuple[str, ...]:
        """Tiers of accounts that its rate limits tell apart, in their order."""
        return tuple(dict.fromkeys(row.tier for row in self.rate_limits))

    def limit_of(
        self, offer_id: str, tier: str | None = None, own: Mapping[str, float] = NO_LIMIT
    ) -> RateLimit | None:
        """The rate limit of an offer in a tier, else in the entry tier; None: no row is for it.

        ``own``: what the user's account lets through, by the limit's name: it stands before both.
        """
        row = limit_of(self.rate_limits, offer_id, tier)
        return own_limit(row, own) if own else row

    def region_of(self, offer_id: str, area: str) -> Region | None:
        """How an offer is computed in an area; None: nobody says that it is."""
        return region_of(self.regions, offer_id, area)

    def plan_for(self, offer_id: str, *, sells_more: bool) -> Plan | None:
        """The plan of an offer that sells beyond what is free, or the one that does not."""
        found = (plan for plan in self.plans if plan.is_for(offer_id))
        return next((plan for plan in found if plan.sells_more is sells_more), None)

    def as_of(self, day: date, own: Container[str] = ()) -> "Provider":
        """The provider with the prices that were known by a day; an offer may be left without one.

        ``own``: option ids with a price of the user's own: they need the unit alone, and keep that
        of their first price.
        """
        apis = tuple(self._as_of(offer, day, own) for offer in self.api_offers)
        machines = tuple(self._as_of(offer, day, own) for offer in self.machines)
        return self.model_copy(update={"api_offers": apis, "machines": machines})

    def _as_of(self, offer: Offer, day: date, own: Container[str]) -> Offer:
        prices = known_by(offer.prices, day)
        if not prices and f"{self.id}/{offer.id}" in own:
            prices = (offer.prices[0].alone,)
        return offer.model_copy(update={"prices": prices})

    def less(self, share: float) -> "Provider":
        """The provider with one's own discount off what it charges by use and by the hour."""
        apis = tuple(_less(offer, share) for offer in self.api_offers)
        machines = tuple(o if o.is_owned else _less(o, share) for o in self.machines)
        return self.model_copy(update={"api_offers": apis, "machines": machines})

    def sold_in(self, area: str) -> "Provider":
        """The provider with the prices of an area: with its surcharge where the area is chosen."""
        offers = tuple(self._sold_in(area, offer) for offer in self.api_offers)
        return self if offers == self.api_offers else self.model_copy(update={"api_offers": offers})

    def _sold_in(self, area: str, offer: ApiOffer) -> ApiOffer:
        region = self.region_of(offer.id, area)
        if region is None or region.surcharge is None or not offer.prices:
            return offer
        newest = offer.price.times(1 + Decimal(str(region.surcharge)))
        return offer.model_copy(update={"prices": (*offer.prices[:-1], newest)})


def _less(offer: Offer, share: float) -> Offer:
    """An offer with a discount off its newest price; without a price it stays as it is."""
    if not offer.prices:
        return offer
    return offer.model_copy(update={"prices": (*offer.prices[:-1], offer.price.less(share))})
