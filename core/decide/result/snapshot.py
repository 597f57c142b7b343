"""The answer at one volume: every option's row, and the verdict."""

from dataclasses import dataclass

from core.catalog.schema import PublishedLatency
from core.cost.by_replica.waiting_work import said_of_runs
from core.cost.curve.breakdown import CostLine
from core.cost.over_months.payback import Payback
from core.decide.result.curves import BreakEven
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.option import Option
from core.decide.result.unknown import Unknown
from core.grade import Grade
from core.measurement.beside.quality_found import MeasuredQuality
from core.measurement.measured import Measurement

__all__ = [
    "CostLine",
    "OneOff",
    "OptionAtVolume",
    "Payback",
    "Snapshot",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class OneOff:
    """What the corpus costs: once at the start, and again at every change of model."""

    tokens: float
    """Of the corpus at the start."""
    usd: float | None
    """Of embedding it once; None where no price is known."""
    days: float | None
    """How long that takes; None: no limit is known."""
    meets_deadline: bool | None
    """None: not known, as its days."""
    reembedding_usd: float | None
    """All changes of model within the horizon, each on the corpus as grown by then."""
    explanation: str
    """How it is done, or why nobody can say what it costs."""
    lines: tuple[CostLine, ...] = ()
    """What it is made of: they sum to ``usd``."""


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
    waiting_runs_per_day: float | None = None
    """Runs a day that work that can wait is gathered into on a GPU by the second, 0: it rides along
    with the rest; None where none is gathered."""
    api_share: float | None = None
    """Of the tokens of a hybrid, those that the API takes."""
    chance_enough: float | None = None
    """Chance that enough replicas work at a moment, where some are spot."""
    one_off: OneOff | None = None
    """None without a corpus."""
    unanswered_share: float | None = None
    """Of all its texts, by the failures that the scenario states; None where it states none."""
    lost_share: float | None = None
    """Of all its tokens, those that a limit cuts off; None where no limit is known."""
    answers_enough: bool | None = None
    """Whether its measured failures leave few enough texts unanswered; None: not known."""
    answers_reason: str = ""
    """One sentence on how ``answers_enough`` comes about; "" where nothing is measured."""
    obstacle: Obstacle | None = None
    """The kind of ``infeasible_reason``; None where feasible."""
    levelised_usd_per_mtok: float | None = None
    """All cost over the horizon over all tokens in it, both discounted; None without a price."""
    quality: MeasuredQuality | None = None
    """What its model finds of one's own queries; None: not measured."""
    unknown: tuple[Unknown, ...] = ()
    """What nobody knows of it and the demand could break."""
    negotiable: str = ""
    """One sentence where its bill is by list price and so large that a discount is negotiated."""
    against: tuple[Refusal, ...] = ()
    """Every demand that it is known to break at this volume."""

    mean_usd_per_month: float | None = None
    """Mean cost over the ranges of the inputs: what decides. Without a range it is
    ``usd_per_month``, the cost with every input as stated; None without a price."""

    @property
    def evidence(self) -> Grade | None:
        """How well it is founded that a demand keeps it out; None: by our sum, or none does."""
        return next((one.grade for one in self.against if one.kind is self.obstacle), None)

    @property
    def relax(self) -> tuple[str, ...]:
        """What of the demands would have to give to let it in, and by how much."""
        return tuple(one.relax for one in self.against)

    @property
    def can_serve(self) -> bool | None:
        """Whether it can serve the volume by what is known; None: that cannot be said yet.

        No bill can be made, or something is not known that the demand could break.
        """
        if not self.feasible:
            return False
        return None if self.usd_per_month is None or self.unknown else True

    @property
    def why_not(self) -> str:
        """Why it cannot serve, or why that cannot be said yet; "" where it can."""
        not_known = " ".join(one.sentence for one in self.unknown)
        return self.infeasible_reason or self.option.unpriced_reason or not_known

    @property
    def serves_text(self) -> str:
        """Whether it can serve, in words: yes, or what stands in the way."""
        if self.why_not:
            unsaid = self.feasible and not self.option.unpriced_reason
            return f"cannot be said yet. {self.why_not}" if unsaid else self.why_not
        failed = self.measured is not None and self.measured.summary.n_failed > 0
        return f"yes. {self.answers_reason}" if failed and self.answers_enough is None else "yes"

    @property
    def waiting_words(self) -> str:
        """How work that can wait is gathered, in words; "" where none is."""
        runs = self.waiting_runs_per_day
        return "" if runs is None else said_of_runs(runs)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer as data; dashboard.formats turns it into a sentence."""

    tokens_per_month: float
    winner: OptionAtVolume | None
    """Cheapest on average of the priced options that are known to suit; None: none is."""
    runner_up: OptionAtVolume | None
    """The next by its mean."""
    margin_usd_per_month: float | None
    """By how much its mean is above the winner's."""
    self_hosted: OptionAtVolume | None
    """Cheapest self-hosted option that is known to suit at this volume."""
    break_even: BreakEven | None
    """That self-hosted option against the cheapest API that is known to suit."""
    stops_winning_at_tokens_per_month: float | None
    """Volume at which another one costs less on average; None: none, or the volume itself has a
    range, so that no one volume can be named."""
    months_to_break_even: float | None
    """First month, a whole number, whose volume reaches the first break-even at the stated growth.

    Month 1 has the volume asked about, month n that times (1 + growth)^(n - 1). None: never, or
    beyond the horizon."""
    payback: Payback | None
    """When a bought card has paid for itself against the cheapest API; None where the cheapest
    self-hosted option is not one."""
    too_small_to_matter: bool
    """The winner's whole bill is under 1 % of a month's labour, or under 50 USD."""
    not_yet_known: OptionAtVolume | None = None
    """Cheapest of which something is not known that matters, where it costs less than the winner,
    or nothing is known to suit."""
    too_dear_beyond: bool = False
    """Whether it is the budget that ends the winner's lead: above, nobody is within it."""
    stated_winner: OptionAtVolume | None = None
    """Cheapest with every input as stated, where that is another than the winner."""
    close_within_usd: float = 0.0
    """Difference of two means up to which nobody can say which is cheaper, USD/month."""

    @property
    def too_close(self) -> bool:
        """Whether the runner-up's mean is too near to the winner's to call it."""
        margin = self.margin_usd_per_month
        return margin is not None and margin < self.close_within_usd

    @property
    def saving_if_it_holds_usd_per_month(self) -> float | None:
        """What that one saves on the winner; None without either."""
        one, other = self.not_yet_known, self.winner
        if one is None or other is None:
            return None
        if one.mean_usd_per_month is None or other.mean_usd_per_month is None:
            return None
        return other.mean_usd_per_month - one.mean_usd_per_month


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All options at one volume, cheapest on average first, and the verdict."""

    tokens_per_month: float
    tokens_per_month_at_horizon: float
    rows: tuple[OptionAtVolume, ...]
    verdict: Verdict
