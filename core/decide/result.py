"""What the model answers: plain frozen values that pages and figures read."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.catalog.schema import PriceUnit, PublishedLatency, Source
from core.cost.curve.break_even import CrossingKind
from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import Floats, Piecewise
from core.cost.monthly_bill import MonthlyBill
from core.cost.over_months.payback import Payback
from core.decide.replica import Replica
from core.measurement.measured import Measurement

__all__ = [
    "BY_USE",
    "SELF_HOSTED",
    "BreakEven",
    "CapacityUsed",
    "CostLine",
    "Crossing",
    "CrossingKind",
    "Curves",
    "InputUsed",
    "NeverReason",
    "OneOff",
    "Option",
    "OptionAtVolume",
    "OptionCurve",
    "OptionKind",
    "Payback",
    "PriceUsed",
    "Snapshot",
    "Verdict",
    "WinnerInterval",
]


class OptionKind(StrEnum):
    """How an option is paid for."""

    API = "api"
    """By the token, character or request."""
    PER_SECOND = "per_second"
    """By the second of compute."""
    RENTED = "rented"
    """A GPU by the hour."""
    HYBRID = "hybrid"
    """Replicas for the base load, bursts to an API with the same vectors."""
    OWNED = "owned"
    """A card that was bought."""
    THIS_MACHINE = "this_machine"
    """The computer that runs the page: measured, and priced only if the user says its price."""


BY_USE: Final = frozenset({OptionKind.API, OptionKind.PER_SECOND})
"""Kinds that are paid for what is used."""

SELF_HOSTED: Final = frozenset({OptionKind.RENTED, OptionKind.OWNED, OptionKind.THIS_MACHINE})
"""Kinds that are paid by the replica, and that one operates oneself."""


@dataclass(frozen=True, slots=True)
class PriceUsed:
    """The price behind a curve: what was used, what the list says, and who says so."""

    usd: float | None
    """None: no price is known, so no cost is drawn."""
    unit: PriceUnit | None
    """None for an owned card: ``usd`` is then its purchase price."""
    list_usd: float | None
    source: Source | None
    overridden: bool


@dataclass(frozen=True, slots=True)
class CapacityUsed:
    """What one replica carries within the objective, and where the number comes from."""

    nominal_tokens_per_s: float
    """Processed tokens a second in full batches of the scenario's texts."""
    usable_tokens_per_s: float
    """Of these, what one replica carries in the busy hour: within the objective and the ceiling."""
    tokens_per_month: float
    """Mean offered volume per replica whose peak is carried: usable / peak-to-mean x month."""
    basis: str
    """"published", "predicted" or "measured"."""
    low_tokens_per_s: float | None
    high_tokens_per_s: float | None
    explanation: str
    """One sentence: whose figure, carried over how."""
    source: Source | None
    replica: Replica | None = None
    """How one of its cards batches and queues."""
    cards: int = 1
    """Cards of a replica, each with a queue of its own."""
    processed_share: float = 1.0
    """Processed tokens over offered ones: below 1 where texts are cut."""
    peak: float = 1.0
    """Highest rate that it must carry over the mean rate, bursts included."""
    binding: str = "ceiling"
    """What limits the load: "objective" (the p95) or "ceiling" (the utilisation ceiling)."""


@dataclass(frozen=True, slots=True)
class InputUsed:
    """One input of a bill, and where it comes from."""

    name: str
    """As the lines of the bill name it."""
    value: str
    """With its unit."""
    origin: str
    """"yours", "default", "catalogue", "measured" or "computed"."""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class OneOff:
    """What the corpus costs: once at the start, and again at every change of model."""

    tokens: float
    """Of the corpus at the start."""
    usd: float | None
    """Of embedding it once; None where no price is known."""
    days: float | None
    """How long that takes; None: not known, or no limit is known."""
    meets_deadline: bool
    reembedding_usd: float | None
    """All changes of model within the horizon, each on the corpus as grown by then."""
    explanation: str


@dataclass(frozen=True, slots=True)
class PowerUsed:
    """Watts of a machine as they were measured, where they are billed."""

    idle_w: float
    active_w: float
    """At full batches."""
    source: str
    """What they were read from: "NVML" or "RAPL"."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to embed, with everything that its curve rests on."""

    id: str
    label: str
    kind: OptionKind
    model: str | None
    price: PriceUsed
    capacity: CapacityUsed | None
    """None for APIs and where no throughput is known."""
    max_tokens: int | None
    """Longest text that is read whole; longer ones are refused or cut."""
    ceiling_tokens_per_month: float | None
    """Volume at which the entry rate limit binds in the busy hour; None: none known."""
    ceiling_reason: str
    """The binding limit: "requests_per_minute" or "tokens_per_minute"; "" without one."""
    notes: tuple[str, ...]
    """What the reader must know: withdrawn, legacy, other model, text longer than its limit."""
    unpriced_reason: str
    """Why there is no curve ("" where there is one): a sentence with what to do."""
    blocked_reason: str = ""
    """Why it cannot serve at any volume ("" where it can): withdrawn, texts too long, too slow."""
    burst_label: str = ""
    """Of a hybrid, the API's label."""
    power: PowerUsed | None = None
    """Measured watts in its bill; None: none were measured, or the price contains them."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One meeting of two curves."""

    kind: CrossingKind
    tokens_per_month: float
    usd_per_month: float
    """The incumbent's cost there; at a step of its own, the lower side's."""
    cheaper_below: str
    """Option id that is cheaper just below (a tie: below its start); "" below zero volume."""
    cheaper_above: str
    """Option id that is cheaper just above (a tie: above its end); "" where it does not end."""
    until_tokens_per_month: float | None = None
    """End of a tie interval; None at a point, inf where it does not end."""


@dataclass(frozen=True, slots=True)
class WinnerInterval:
    """A stretch of volume with one cheapest option, left-open and right-closed."""

    from_tokens_per_month: float
    to_tokens_per_month: float
    """inf: for good."""
    option_id: str


@dataclass(frozen=True, slots=True)
class NeverReason:
    """Why one option never becomes cheaper than another, and what would change it."""

    floor_usd_per_mtok: float
    """Cost that the challenger comes down to as the volume grows, and never goes below."""
    price_that_would_change_it: float | None
    """Challenger's price, in its billed unit, below which it would catch up; None: none would."""
    price_unit: PriceUnit | None
    ceiling_that_would_change_it: float | None
    """Utilisation ceiling that would do; above 1: no ceiling would."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Challenger against incumbent: every crossing, or why there is none."""

    incumbent_id: str
    challenger_id: str
    crossings: tuple[Crossing, ...]
    first_tokens_per_month: float | None
    """First volume from which the challenger is cheaper (it may lose again at a step)."""
    for_good_tokens_per_month: float | None
    """Volume above which it stays cheaper; None where it does not or that was not reached."""
    never: NeverReason | None
    """None where there is a first volume."""
    utilisation: float | None = None
    """Share of its full batches, all month, at which one bare replica of the challenger costs a
    token as much as the incumbent does in the end; above 1: never. None for what is not rented or
    owned by the replica."""


@dataclass(frozen=True, slots=True)
class OptionCurve:
    """An option with its cost over the shared volume grid."""

    option: Option
    cost: Piecewise | None
    """Exact; None where nothing is priced."""
    usd_per_month: Floats | None
    """On the grid of Curves.tokens_per_month."""
    replicas: NDArray[np.int64] | None
    """Replicas paid for, spare included, on the grid; None for APIs."""
    feasible: NDArray[np.bool_]
    """False beyond a rate limit, below the floor, and everywhere where the option is blocked."""
    bill: MonthlyBill | None = None
    """The parameters of the cost: it itemises the bill at any volume."""
    floor_tokens_per_month: float = 0.0
    """Volume below which it cannot serve: too many requests would meet a cold start."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Everything that does not depend on the volume asked about: cached by the page."""

    tokens_per_month: Floats
    """The grid, log-spaced, tokens/month."""
    curves: tuple[OptionCurve, ...]
    winners: tuple[WinnerInterval, ...]
    """The lower envelope over all priced options that can serve, from zero volume to infinity.

    Stretches that no option can serve are left out."""
    break_evens: tuple[BreakEven, ...]
    """Each self-hosted option against each API."""


@dataclass(frozen=True, slots=True)
class OptionAtVolume:
    """One row of the table: an option at the volume asked about."""

    option: Option
    usd_per_month: float | None
    usd_per_mtok: float | None
    """None at zero volume."""
    lines: tuple[CostLine, ...]
    """They sum to usd_per_month."""
    replicas: int | None
    spare_replicas: int
    duty_cycle: float | None
    """Tokens processed over capacity paid for, spare included."""
    feasible: bool
    infeasible_reason: str
    """"" where feasible."""
    measured: Measurement | None
    published: PublishedLatency | None
    meets_slo: bool | None
    """None: not known. Nothing measured, or the interval of its p95 contains the objective."""
    slo_reason: str = ""
    """One sentence on how ``meets_slo`` comes about."""
    mean_replicas: float | None = None
    """Replicas paid for on average over the month; differs where they follow the load."""
    utilisation: float | None = None
    """Busy-hour load over the full-batch throughput of the replicas that work."""
    predicted_p50_s: float | None = None
    predicted_p95_s: float | None = None
    """Of the response in the busy hour, by the queue; None where nothing of it is known."""
    cold_start_share: float | None = None
    """Requests that meet a cold start; None for what never stops."""
    api_share: float | None = None
    """Of the tokens of a hybrid, those that the API takes."""
    chance_enough: float | None = None
    """Chance that enough replicas work at a moment, where some are spot."""
    one_off: OneOff | None = None
    """None without a corpus."""
    levelised_usd_per_mtok: float | None = None
    """All cost over the horizon over all tokens in it, both discounted; None without a price."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer as data; dashboard.formats turns it into a sentence."""

    tokens_per_month: float
    winner: OptionAtVolume | None
    """Cheapest feasible priced option; None: none is feasible."""
    runner_up: OptionAtVolume | None
    margin_usd_per_month: float | None
    self_hosted: OptionAtVolume | None
    """Cheapest feasible self-hosted option at this volume."""
    break_even: BreakEven | None
    """That self-hosted option against the cheapest API."""
    stops_winning_at_tokens_per_month: float | None
    """Volume at which the winner loses the lead; None: it keeps it to the end of the axis."""
    months_to_break_even: float | None
    """First month, a whole number, whose volume reaches the first break-even at the stated growth.

    Month 1 has the volume asked about, month n that times (1 + growth)^(n - 1). None: never, or
    beyond the horizon."""
    payback: Payback | None
    """When a bought card has paid for itself against the cheapest API; None where the cheapest
    self-hosted option is not one."""
    too_small_to_matter: bool
    """The winner's whole bill is under 1 % of a month's labour, or under 50 USD."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All options at one volume, cheapest first, and the verdict."""

    tokens_per_month: float
    tokens_per_month_at_horizon: float
    rows: tuple[OptionAtVolume, ...]
    verdict: Verdict
