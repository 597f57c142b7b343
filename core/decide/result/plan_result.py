"""What the plan page reads: months, steps with their triggers and costs, and the alternatives."""

from dataclasses import dataclass

from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import Floats
from core.cost.over_months.payback import Payback
from core.decide.result.option import OptionKind


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One option for some months. Months are counted from 1."""

    option_id: str
    label: str
    kind: OptionKind
    from_month: int
    to_month: int
    tokens_at_start: float
    """Volume of its first month: pass this and it is time."""
    running_usd: float
    """Of its months, with what leaving it costs and without what is due at its beginning."""
    one_off: tuple[CostLine, ...]
    """What is due at its beginning."""
    breaks_even_at_tokens: float | None
    """Volume at which its monthly cost first undercuts that of the option before, at today's
    prices; None for the first step, or where it never does."""
    moves_because: str = ""
    """Why the option before cannot serve this step's first month; "" where it could."""
    negotiable: str = ""
    """That its dearest month is by list price, where a discount is then negotiated."""

    @property
    def one_off_usd(self) -> float:
        """All that is due at its beginning, USD."""
        return sum(line.usd_per_month for line in self.one_off)


@dataclass(frozen=True, slots=True)
class PlannedPath:
    """What is used when, and what all of it costs over the horizon, USD of today."""

    steps: tuple[PlanStep, ...]
    usd: float

    @property
    def changes(self) -> int:
        """Moves from one option to another."""
        return len(self.steps) - 1


@dataclass(frozen=True, slots=True)
class DatedBreakEven:
    """When an API is first dearer a month than the cheapest self-hosted option."""

    incumbent_id: str
    incumbent: str
    challenger_id: str
    challenger: str
    month: int | None
    """Counted from 1; None: not within the horizon."""
    tokens_per_month: float | None
    """Volume of that month."""
    holds: bool
    """Whether it is still so in the last month."""
    payback: Payback
    """Of moving now: what the move costs against the monthly savings."""
    one_off_usd: float
    """What the move costs now."""


@dataclass(frozen=True, slots=True)
class Trend:
    """The same plan where prices fall otherwise."""

    label: str
    api_decline: float
    gpu_decline: float
    path: PlannedPath | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The horizon month by month, the cheapest path through it, and the others worth a look."""

    tokens_per_month: Floats
    """Volume of each month."""
    option_ids: tuple[str, ...]
    labels: tuple[str, ...]
    usd_per_month: Floats
    """[option, month]: mean cost at that month's volume and prices; inf: it cannot serve it."""
    best: PlannedPath | None
    """None where no option can serve some month."""
    unserved_month: int | None
    """First month, counted from 1, that no option can serve; None: there is none."""
    staying: PlannedPath | None
    """The best path's first option for good; None where it cannot serve the whole horizon."""
    staying_anywhere: PlannedPath | None
    """The cheapest path without a change."""
    moving: PlannedPath | None
    """The best path's moves, or, where it has none, the cheapest move to self-hosting."""
    usd_by_first_move: Floats | None
    """What ``moving`` costs, by the month (counted from 1, entry 0 is month 1) of its first
    move; inf: no such path. None where there is no move to make."""
    phases: PlannedPath | None
    """Serverless, then self-hosted, then hybrid, each at the best time."""
    no_phases_reason: str
    """Why there are no phases to price; "" where there are."""
    break_evens: tuple[DatedBreakEven, ...]
    trends: tuple[Trend, ...]

    @property
    def months(self) -> int:
        """Length of the horizon."""
        return int(self.tokens_per_month.size)
