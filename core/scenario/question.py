"""The whole question as one frozen value."""

from datetime import date
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field, field_validator

from core.plain_text import Label
from core.scenario.demands import Demands
from core.scenario.document_stream import Documents
from core.scenario.hosting import Hosting
from core.scenario.knobs import STRICT, limits
from core.scenario.mine import OwnCount, OwnDiscount, named_counts, named_discounts
from core.scenario.objective import Objective
from core.scenario.option_ids import DEFAULT_OPTIONS, MOST_OPTIONS, hybrid_parts, machine_id
from core.scenario.serverless import Serverless
from core.scenario.vectors import Vectors
from core.scenario.workload import Workload
from core.units import AVERAGE_MONTH, THIRTY_DAYS, Calendar

LOWEST_PRICE_USD: Final = 0.0
"""A machine that is there and paid for."""
HIGHEST_PRICE_USD: Final = 1e6

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)

RATES: Final = ("requests_per_minute", "texts_per_minute", "tokens_per_minute")
"""What a rate limit of one's own may count, by the catalogue's names."""
HIGHEST_RATE_PER_MINUTE: Final = 1e12

OwnLimit = Annotated[float, Field(ge=1, le=HIGHEST_RATE_PER_MINUTE)]
"""A rate limit of one's own account, so many a minute."""

OwnPrice = Annotated[float, Field(ge=LOWEST_PRICE_USD, le=HIGHEST_PRICE_USD)]
"""A price of one's own, USD in the option's billed unit."""


class Scenario(BaseModel):
    """The whole question. Equal scenarios hash alike, so results can be cached by it."""

    model_config = STRICT

    workload: Workload = Workload()
    objective: Objective = Objective()
    serverless: Serverless = Serverless()
    hosting: Hosting = Hosting()
    vectors: Vectors = Vectors()
    calendar: Calendar = THIRTY_DAYS
    options: Annotated[tuple[Label, ...], Field(max_length=MOST_OPTIONS)] = DEFAULT_OPTIONS
    prices: Annotated[tuple[tuple[Label, OwnPrice], ...], Field(max_length=200)] = ()
    """The user's own price of an option, by option id, in the option's billed unit.

    A machine has one price, whatever model runs on it: its id stands without a model.
    """
    tiers: Annotated[tuple[tuple[Label, Label], ...], Field(max_length=100)] = ()
    """Tier of the user's account, by provider id; of others the entry tier holds."""

    limits: Annotated[tuple[tuple[Label, OwnLimit], ...], Field(max_length=300)] = ()
    """Rate limits of the user's own account, by ``PROVIDER:COUNTED``, the latter one of RATES.

    They stand in the place of a tier's: what is agreed upon counts, whatever is published.
    """

    as_of: Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)] | None = None
    """Day whose prices count: the newest of each offer that was known by then; None: the newest."""

    owned: Annotated[tuple[tuple[Label, OwnCount], ...], Field(max_length=200)] = ()
    """Cards and machines that are the user's already, by option id without a model: so many there
    are, no more can be had, and what they cost is spent. A card without a number is to be bought.
    """

    discounts: Annotated[tuple[tuple[Label, OwnDiscount], ...], Field(max_length=200)] = ()
    """What the user has negotiated off list, by provider id: off all that it charges by use and by
    the hour. Fees of a month stay, and a price of one's own stands before it."""

    demands: Demands = Demands()
    documents: Documents = Documents()
    """A second stream beside the workload, which then are the queries."""

    @field_validator("owned", mode="before")
    @classmethod
    def _counts(cls, owned: object) -> object:
        return named_counts(owned)

    @field_validator("discounts", mode="before")
    @classmethod
    def _shares(cls, discounts: object) -> object:
        return named_discounts(discounts)

    @field_validator("options")
    @classmethod
    def _unique(cls, options: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(options))

    @field_validator("limits")
    @classmethod
    def _counted(cls, limits: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
        for name, _ in limits:
            provider, _, counted = name.partition(":")
            if not provider or counted not in RATES:
                raise ValueError(f"{name}: write PROVIDER:COUNTED, counted {' or '.join(RATES)}")
        return tuple(sorted(dict(limits).items()))

    @property
    def own_limits(self) -> dict[str, dict[str, float]]:
        """What the user's accounts let through a minute, by provider id and by what is counted."""
        limits: dict[str, dict[str, float]] = {}
        for name, rate in self.limits:
            provider, _, counted = name.partition(":")
            limits.setdefault(provider, {})[counted] = rate
        return limits

    @property
    def tokens_per_month(self) -> float:
        """Offered volume, tokens/month: what reaches the option, past a cache of one's own."""
        load = self.workload
        return load.reaching_per_day * load.tokens_per_request * self.calendar.days_per_month

    @property
    def requests_per_month(self) -> float:
        """Offered requests a month: those that reach the option."""
        return self.workload.reaching_per_day * self.calendar.days_per_month

    def own_price(self, option_id: str) -> float | None:
        """The user's price of an option, in its billed unit, or None where the list price holds."""
        return dict(self.prices).get(machine_id(option_id))

    @property
    def priced_ids(self) -> tuple[str, ...]:
        """What has a price of its own, in the options' order: a hybrid is paid by its parts."""
        plain = (option_id for option_id in self.options if not hybrid_parts(option_id))
        return tuple(dict.fromkeys(map(machine_id, plain)))

    @property
    def machine_ids(self) -> tuple[str, ...]:
        """What is compared, by machine or API, parts of hybrids among them, in their order."""
        parts = (part for name in self.options for part in hybrid_parts(name) or (name,))
        return tuple(dict.fromkeys(map(machine_id, parts)))

    @property
    def document_tokens_per_month(self) -> float:
        """Offered volume of the documents, tokens/month; 0: there is one stream."""
        load = self.documents
        return load.requests_per_day * load.tokens_per_request * self.calendar.days_per_month

    def of_documents(self) -> Self:
        """The question that the documents ask: all of them can wait, and no p95 is asked for."""
        stream = self.documents
        load = self.workload.model_copy(
            update={
                "requests_per_day": stream.requests_per_day,
                "tokens_per_request": stream.tokens_per_request,
                "length_cv": stream.length_cv,
                "deferrable_share": 1.0,
                "deferrable_within_hours": stream.within_hours,
                "burst_factor": 1.0,
                "corpus_tokens": 0.0,
            }
        )
        longest_s = limits(Objective, "slo_p95_s")[1]
        objective = self.objective.model_copy(
            update={"slo_p95_s": longest_s, "slo_demanded": False}
        )
        # A budget is of both streams together: whoever adds them up holds it.
        demands = self.demands.model_copy(update={"budget_usd_per_month": None})
        asked = {
            "workload": load,
            "objective": objective,
            "documents": Documents(),
            "demands": demands,
            "options": stream.options or self.options,
        }
        return self.model_copy(update=asked)

    def without_volume(self) -> Self:
        """The same question without what the curves do not depend on: volume, growth, documents."""
        fields = Workload.model_fields
        load = self.workload.model_copy(
            update={name: fields[name].default for name in _NOT_IN_CURVES}
        )
        return self.model_copy(update={"workload": load, "documents": Documents()})


_NOT_IN_CURVES: Final = (
    "requests_per_day",
    "cached_share",
    "growth_per_month",
    "corpus_tokens",
    "backfill_days",
    "corpus_labour_usd",
    "model_changes",
    "afterwards_tokens_per_month",
    "corpus_vectors",
)

CALENDARS: Final[dict[str, Calendar]] = {
    "30 days, 720 h": THIRTY_DAYS,
    "year/12, 730 h": AVERAGE_MONTH,
}
