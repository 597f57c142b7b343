"""Costs over the volume: curves, crossings, break-evens, and who is the cheapest where."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.catalog.schema import PriceUnit
from core.cost.curve.break_even import CrossingKind
from core.cost.curve.piecewise import Floats, Piecewise
from core.cost.monthly_bill import MonthlyBill
from core.cost.under_factors.many_factors import Factors
from core.decide.result.option import Option
from core.decide.result.risk_result import Axis, Certainty

__all__ = [
    "BreakEven",
    "ByMean",
    "Crossing",
    "CrossingKind",
    "Curves",
    "NeverReason",
    "OptionCurve",
    "WinnerInterval",
]


@dataclass(frozen=True, slots=True)
class Crossing:
    """One intersection of two curves."""

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
    """An interval of volume with one option that costs least on average.

    Left-open and right-closed.
    """

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
    budget_usd_per_month: float | None = None
    """Bill above which it is out, at any volume; None: none is demanded."""
    affordable: tuple[tuple[float, float], ...] | None = None
    """Intervals of volume, left-open and right-closed, whose bill is within it; None: none is."""


class ByMean(Protocol):
    """What the options cost on average over the ranges of their inputs, and who leads by that."""

    def at(self, tokens_per_month: float) -> Mapping[str, float]:
        """USD/month at a volume, of each priced option by its id."""

    def over(self, option_id: str, tokens_per_month: Floats, prices: Factors) -> Floats:
        """USD/month of an option in each month, under factors on its prices then."""

    def varies(self, option_id: str) -> bool:
        """Whether anything that an option's cost rests on has a range."""

    def ends(self, option_id: str, tokens_per_month: float) -> float | None:
        """Volume at which an option that leads here stops leading; None where it does not."""

    def certainty(self, tokens_per_month: float, *, decisive: bool = False) -> Certainty:
        """How sure the answer at a volume is; ``decisive``: and what to find out first."""

    @property
    def leads(self) -> tuple[WinnerInterval, ...]:
        """Who leads where."""

    @property
    def axis(self) -> Axis:
        """Chances and bands along the volume axis."""


@dataclass(frozen=True, slots=True)
class Curves:
    """Everything that does not depend on the volume asked about: cached by the page."""

    tokens_per_month: Floats
    """The grid, log-spaced, tokens/month."""
    curves: tuple[OptionCurve, ...]
    break_evens: tuple[BreakEven, ...]
    """Each self-hosted option against each API, with every input as stated."""
    by_mean: ByMean
    """The same options on average: what decides."""

    @property
    def winners(self) -> tuple[WinnerInterval, ...]:
        """Who costs least on average of all priced options that are known to suit, by the volume.

        From zero to infinity; intervals that no option is known to serve are left out.
        """
        return self.by_mean.leads
