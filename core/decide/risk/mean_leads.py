"""Who costs least on average, along the whole volume axis."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from scipy.optimize import brentq

from core.cost.curve.envelope import lower_envelope
from core.cost.curve.piecewise import Floats
from core.decide.demands.of_budget import overlap
from core.decide.options.options import served_up_to
from core.decide.result.curves import WinnerInterval
from core.decide.result.option import Option
from core.decide.result.risk_result import Axis
from core.decide.risk.mean_costs import cheapest, drawn_factors, is_drawn, means_along
from core.decide.risk.risk_model import RiskModel

BEYOND: Final = (1e3, 1e4, 1e5, 1e6, 1e14, 1e15, 1e16)
"""Volumes before and after the axis at which the means are looked at too, tokens/month."""
NEAR: Final = 1e-10
"""Relative tolerance of a volume at which the lead turns."""
MOST_BETWEEN: Final = 4
"""Options that may lead one after the other between two neighbouring looks."""


@dataclass(frozen=True)
class MeanLeads:
    """The lower envelope of the mean costs.

    They are looked at on the volume axis, at every limit, and where the lead turns with all inputs
    as stated; between two looks with different leaders the volume is found by bisection (Brent).
    """

    model: RiskModel
    axis: Callable[[], Axis]
    """Asked only where the answer is not plain without it."""

    def leads(self) -> tuple[WinnerInterval, ...]:
        """The stretches in rising order, from zero to infinity; what nobody serves is left out."""
        if len(self.model.options) < 2 or not any(map(is_drawn, drawn_factors(self.model))):
            return self._stated
        stretches: list[tuple[float, float, int]] = []
        ends = [*self._turns(), (math.inf, self._leaders[-1])] if self._tokens.size else []
        start = 0.0
        for end, leader in ends:
            if leader is not None and end > start:
                stretches.append((start, end, leader))
            start = max(start, end)
        return tuple(
            WinnerInterval(low, high, self._id(row)) for low, high, row in _joined(stretches)
        )

    def next_turn(self, tokens_per_month: float, leader_id: str) -> float | None:
        """Where a lead that is too short for ``leads`` ends again; None: nowhere near."""
        after = self._tokens[self._tokens > tokens_per_month]
        ids = [option.id for option in self.model.options]
        if not after.size or leader_id not in ids:
            return None
        here, there = tokens_per_month, float(after[0])
        follower = self._leaders[int(np.searchsorted(self._tokens, there))]
        row = ids.index(leader_id)
        return None if follower in (None, row) else self._between(here, there, row, follower)

    @cached_property
    def _stated(self) -> tuple[WinnerInterval, ...]:
        """Exactly, with every input as stated."""
        priced = [(c, c.cost) for c in self.model.curves if c.cost is not None]
        ceilings = [_limit(c.option) for c, _ in priced]
        floors = [curve.floor_tokens_per_month for curve, _ in priced]
        envelope = lower_envelope([cost for _, cost in priced], ceilings, floors)
        # Who leads is the cheapest: where that one is above the budget, so is everybody.
        return tuple(
            WinnerInterval(start, end, priced[lead.index][0].option.id)
            for lead in envelope
            for start, end in overlap(
                (lead.from_tokens, lead.to_tokens), priced[lead.index][0].affordable
            )
        )

    @cached_property
    def _tokens(self) -> Floats:
        """Every volume that is looked at: on either side of a limit, too."""
        edges = [_limit(curve.option) for curve in self.model.curves]
        within = [curve.affordable or () for curve in self.model.curves]
        edges += [high for intervals in within for _, high in intervals]
        edges += [float(np.nextafter(edge, math.inf)) for edge in edges]
        floors = [curve.floor_tokens_per_month for curve in self.model.curves]
        floors += [low for intervals in within for low, _ in intervals]
        edges += [*floors, *(float(np.nextafter(floor, 0.0)) for floor in floors)]
        edges += [lead.to_tokens_per_month for lead in self._stated]
        finite = [edge for edge in (*edges, *BEYOND) if 1 <= edge < math.inf]
        return np.unique(np.concatenate((self.axis().tokens_per_month, finite)))

    @cached_property
    def _usd(self) -> Floats:
        """[option, volume]: their means."""
        usd = np.empty((len(self.model.options), self._tokens.size))
        known = np.isin(self._tokens, self.axis().tokens_per_month)
        usd[:, known] = self.axis().means
        usd[:, ~known] = means_along(self.model, self._tokens[~known])
        return usd

    @cached_property
    def _leaders(self) -> list[int | None]:
        return [
            self._leader(column, float(tokens))
            for column, tokens in zip(self._usd.T, self._tokens, strict=True)
        ]

    def _leader(self, usd: Floats, tokens: float) -> int | None:
        able = self.model.able(tokens)
        return cheapest(usd, able) if able else None

    def _turns(self) -> Iterator[tuple[float, int | None]]:
        """Each volume at which a lead ends, and whose it was."""
        looks = zip(self._tokens.tolist(), self._leaders, strict=True)
        for (low, before), (high, after) in pairwise(looks):
            yield from self._between_looks(low, high, before, after, MOST_BETWEEN)

    def _between_looks(
        self, low: float, high: float, before: int | None, after: int | None, left: int
    ) -> Iterator[tuple[float, int | None]]:
        if before == after:
            return
        turn = self._between(low, high, before, after)
        third = self._leader(means_along(self.model, np.array([turn]))[:, 0], turn)
        if left and low < turn < high and third not in (before, after):
            yield from self._between_looks(low, turn, before, third, left - 1)
            yield from self._between_looks(turn, high, third, after, left - 1)
        else:
            yield turn, before

    def _between(self, low: float, high: float, before: int | None, after: int | None) -> float:
        """Where one mean passes the other; at a limit, which is between two neighbouring floats."""
        if before is None or after is None or float(np.nextafter(low, math.inf)) >= high:
            return low

        def behind(logarithm: float) -> float:
            usd = means_along(self.model, np.array([math.exp(logarithm)]))[:, 0]
            return float(usd[before] - usd[after])

        ends = math.log(low), math.log(high)
        if behind(ends[0]) >= 0:
            return low
        if behind(ends[1]) <= 0:
            return high
        return math.exp(float(brentq(behind, *ends, xtol=NEAR, rtol=NEAR)))

    def _id(self, row: int) -> str:
        return self.model.options[row].id


def _limit(option: Option) -> float:
    """Volume up to which an option is known to serve; 0: none."""
    return min(served_up_to(option), option.known_up_to_tokens_per_month)


def _joined(stretches: Sequence[tuple[float, float, int]]) -> list[tuple[float, float, int]]:
    """Neighbouring stretches of one leader as one."""
    joined: list[tuple[float, float, int]] = []
    for low, high, leader in stretches:
        if joined and joined[-1][1] == low and joined[-1][2] == leader:
            joined[-1] = (joined[-1][0], high, leader)
        else:
            joined.append((low, high, leader))
    return joined
