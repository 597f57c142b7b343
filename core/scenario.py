"""The whole question as one frozen value: workload, calendar, objective, prices, options.

Every default, limit, label and help text of the page is declared here, once.
"""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.units import AVERAGE_MONTH, THIRTY_DAYS, Calendar

THIS_MACHINE: Final = "this-machine"
"""Option id of the computer that runs the page. Its latency is never lent to another option."""

OWNED_PREFIX: Final = "owned/"
"""Prefix of a bought card: ``owned/rtx-4080`` joins the card ``rtx-4080``."""


@dataclass(frozen=True, slots=True)
class Knob:
    """How one field is asked on screen: its words, unit, and address in the URL."""

    label: str
    unit: str
    url_key: str
    step: float
    scale: Literal["linear", "log"] = "linear"


class Workload(BaseModel):
    """What arrives."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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


class Objective(BaseModel):
    """What an answer must satisfy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slo_p95_s: Annotated[
        float,
        Field(ge=0.001, le=60, description="95 % of the requests must be answered within this."),
        Knob("Latency objective (p95)", "s", "slo", 0.01, "log"),
    ] = 0.5
    horizon_months: Annotated[
        int,
        Field(ge=1, le=120, description="How far ahead growth is drawn."),
        Knob("Horizon", "months", "n", 1),
    ] = 36


class Hosting(BaseModel):
    """How self-hosting is run and paid for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Annotated[
        str, Field(description="The open-weight model on every self-hosted option.", max_length=120)
    ] = "BAAI/bge-large-en-v1.5"
    utilisation_ceiling: Annotated[
        float,
        Field(
            ge=0.05,
            le=1.0,
            description="Share of the full-batch throughput that is usable within the latency "
            "objective.",
        ),
        Knob("Utilisation ceiling", "fraction", "u", 0.05),
    ] = 0.6
    spare_replicas: Annotated[
        int,
        Field(ge=0, le=10, description="Replicas kept beyond those that the peak needs."),
        Knob("Spare replicas", "replicas", "spare", 1),
    ] = 1
    labour_usd_per_month: Annotated[
        float,
        Field(ge=0, le=1e6, description="People's time to run it, all self-hosted replicas."),
        Knob("Labour", "USD/month", "labour", 100),
    ] = 1_500
    usd_per_kwh: Annotated[
        float,
        Field(ge=0, le=5, description="Electricity for a card you own."),
        Knob("Electricity", "USD/kWh", "kwh", 0.01),
    ] = 0.1883
    power_usage_effectiveness: Annotated[
        float,
        Field(ge=1, le=3, description="Facility power over computer power (PUE); 1 at home."),
        Knob("PUE", "ratio", "pue", 0.05),
    ] = 1.0
    idle_w: Annotated[
        float,
        Field(ge=0, le=2_000, description="Draw of an owned card and its share of the host, idle."),
        Knob("Idle power", "W", "idle", 5),
    ] = 70
    lifetime_months: Annotated[
        int,
        Field(ge=1, le=120, description="Months over which an owned card is paid back."),
        Knob("Card lifetime", "months", "life", 1),
    ] = 36
    residual_fraction: Annotated[
        float,
        Field(ge=0, le=1, description="Resale value at the end, over the purchase price."),
        Knob("Residual value", "fraction", "resid", 0.05),
    ] = 0.0
    discount_rate_per_year: Annotated[
        float,
        Field(ge=0, le=1, description="Effective annual rate: what the money would earn."),
        Knob("Discount rate", "per year", "rate", 0.01),
    ] = 0.0


DEFAULT_OPTIONS: Final[tuple[str, ...]] = (
    "openai/text-embedding-3-small",
    "openai/text-embedding-3-large",
    "openai/text-embedding-ada-002",
    "cloudflare/bge-m3",
    "together/multilingual-e5-large-instruct",
    "huggingface/hf-inference",
    "replicate/t4",
    "aws/g6.xlarge",
    "aws/p3.2xlarge",
    "owned/rtx-4080",
    THIS_MACHINE,
)
"""Everything the seed note names, today's like of its rented GPU, and this computer."""


class Scenario(BaseModel):
    """The whole question. Equal scenarios hash alike, so results can be cached by it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    workload: Workload = Workload()
    objective: Objective = Objective()
    hosting: Hosting = Hosting()
    calendar: Calendar = THIRTY_DAYS
    options: Annotated[tuple[str, ...], Field(max_length=24)] = DEFAULT_OPTIONS
    prices: tuple[tuple[str, float], ...] = ()
    """The user's own price of an option, by option id, in the option's billed unit."""

    @field_validator("options")
    @classmethod
    def _unique(cls, options: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(options))

    @property
    def tokens_per_month(self) -> float:
        """Offered volume, tokens/month."""
        load = self.workload
        return load.requests_per_day * load.tokens_per_request * self.calendar.days_per_month

    @property
    def requests_per_month(self) -> float:
        """Offered requests a month."""
        return self.workload.requests_per_day * self.calendar.days_per_month

    def own_price(self, option_id: str) -> float | None:
        """The user's price of an option, in its billed unit, or None where the list price holds."""
        return dict(self.prices).get(option_id)

    def without_volume(self) -> Self:
        """The same question with the default volume and growth: what the curves depend on."""
        fields = Workload.model_fields
        load = self.workload.model_copy(
            update={
                "requests_per_day": fields["requests_per_day"].default,
                "growth_per_month": fields["growth_per_month"].default,
            }
        )
        return self.model_copy(update={"workload": load})


CALENDARS: Final[dict[str, Calendar]] = {
    "30 days, 720 h": THIRTY_DAYS,
    "year/12, 730 h": AVERAGE_MONTH,
}
