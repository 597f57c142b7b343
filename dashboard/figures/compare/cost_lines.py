"""The lines of the break-even chart: exact points, both sides of every step, what can be served."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.decide.result.curves import OptionCurve
from core.units import TOKENS_PER_MTOK
from dashboard import formats
from dashboard.figures.base.palette import BEYOND_LIMIT, DASHES
from dashboard.figures.compare.cost_view import CostView

Floats = NDArray[np.float64]

DRAWN_POINTS: Final = 200
"""Points of the shared grid that are drawn for each line, besides its steps."""
DRAWN_STEPS: Final = 60
"""Steps drawn exactly. Later ones are under 2 % high, less than a line is thick."""

SAME_BILL: Final = 1e-9
"""Relative difference below which two bills are the same."""


@dataclass(frozen=True, slots=True)
class Line:
    """An option's drawn points in the view's unit and the reader's currency."""

    index: int
    curve: OptionCurve
    x: Floats
    y: Floats
    served_up_to: float
    """Tokens/month that the option can serve: 0 where it cannot at all, inf without a limit."""
    affordable: NDArray[np.bool_]
    """Of each point, whether its bill is within the budget."""

    @classmethod
    def of(
        cls,
        index: int,
        curve: OptionCurve,
        grid: Floats,
        window: tuple[float, float],
        look: CostView,
    ) -> "Line":
        """The line of a priced option within the window of volumes."""
        assert curve.cost is not None  # noqa: S101 -- the caller draws priced options only
        x, usd = _points(curve, grid, window)
        y = formats.money().of(usd if look.view == "month" else usd / x * TOKENS_PER_MTOK)
        budget = curve.budget_usd_per_month
        most = np.inf if budget is None else budget * (1 + SAME_BILL)
        return cls(index, curve, x, y, _served_up_to(curve), usd <= most)

    def traces(self, look: CostView) -> list[dict[str, Any]]:
        """A solid stretch where the option can serve, a dotted one where it cannot."""
        option = self.curve.option
        drawn = []
        # Both stretches have the point at the limit: there they meet.
        floor = self.curve.floor_tokens_per_month
        within = (self.x <= self.served_up_to) & (self.x >= floor) & self.affordable
        beyond = (self.x >= self.served_up_to) | (self.x <= floor) | ~self.affordable
        beyond |= np.isin(self.x, _budget_edges(self.curve))
        if within.any():
            drawn.append(self._trace(look, option.label, within, DASHES[option.kind], 1.0))
        if beyond.any():
            name = f"{option.label} (beyond its limit)"
            drawn.append(self._trace(look, name, beyond, BEYOND_LIMIT, 0.55))
        return drawn

    def _trace(
        self, look: CostView, name: str, where: NDArray[np.bool_], dash: str, opacity: float
    ) -> dict[str, Any]:
        strong = self.curve.option.id in look.emphasised
        suffix = "/month" if look.view == "month" else " per 1M"
        return {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": self.x,
            "y": np.where(where, self.y, np.nan),
            "opacity": opacity,
            "connectgaps": False,
            "showlegend": dash != BEYOND_LIMIT,
            "line": {
                "color": look.palette.line(self.index),
                "dash": dash,
                "width": 2.8 if strong else 1.5,
            },
            # x has the axis's own format; d3's "g" would write $31,640 as 3.164e+4, "r" does not.
            "hovertemplate": f"{name}<br>%{{x}} tokens/month<br>"
            f"{formats.money().sign}%{{y:,.4~r}}{suffix}"
            "<extra></extra>",
        }


def _served_up_to(curve: OptionCurve) -> float:
    """Volume up to which it is known to serve, tokens/month: beyond it nobody can say, or it can't.

    Both are drawn alike: neither leads.
    """
    if curve.option.blocked_reason:
        return 0.0
    ceiling, known = (
        curve.option.ceiling_tokens_per_month,
        curve.option.known_up_to_tokens_per_month,
    )
    return known if ceiling is None else min(ceiling, known)


def _budget_edges(curve: OptionCurve) -> list[float]:
    """Volumes at which its bill passes the budget, either way."""
    return [volume for interval in curve.affordable or () for volume in interval if volume > 0]


def _points(curve: OptionCurve, grid: Floats, window: tuple[float, float]) -> tuple[Floats, Floats]:
    """Volumes and costs to draw: part of the grid, and both sides of every step."""
    assert curve.cost is not None  # noqa: S101 -- the caller draws priced options only
    cost, (low, high) = curve.cost, window
    inside = grid[(grid > low) & (grid < high)]
    thinned = inside[:: max(1, len(inside) // DRAWN_POINTS)]
    ends = [_served_up_to(curve), curve.floor_tokens_per_month, *_budget_edges(curve)]
    steps = np.append(cost.steps(DRAWN_STEPS), ends)
    steps = steps[np.isfinite(steps) & (steps > low) & (steps < high)]
    plain = np.unique(np.concatenate([[low], thinned, steps, [high]]))
    x = np.concatenate([plain, steps])
    usd = np.concatenate([cost.at(plain), cost.just_above(steps)])
    # Stable: at a step the lower side stays before the upper one.
    order = np.argsort(x, kind="stable")
    return x[order], usd[order]
