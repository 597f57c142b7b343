"""One set of prices over the horizon, and the paths through it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.cost.curve.break_even import meetings
from core.cost.curve.piecewise import Floats
from core.cost.over_months.switching import (
    Journey,
    Mask,
    Path,
    Stay,
    best_of_order,
    best_path,
    cost_by_first_change,
)
from core.decide.answer.rows import not_known_to_serve
from core.decide.case import Case
from core.decide.mine.negotiating import worth_asking
from core.decide.options.options import is_self_hosted
from core.decide.plan.plan_costs import Horizon, horizon, journey
from core.decide.plan.plan_moves import Mover, used_today
from core.decide.plan.plan_terms import PlanTerms
from core.decide.result.curves import Curves, OptionCurve
from core.decide.result.option import OptionKind
from core.decide.result.plan_result import PlannedPath, PlanStep


@dataclass(frozen=True, slots=True)
class Planner:
    """Knows the months, the moves and the cheapest ways through them."""

    horizon: Horizon
    mover: Mover
    terms: PlanTerms
    journey: Journey | None
    """None where nothing is priced."""

    @classmethod
    def of(
        cls,
        curves: Curves,
        case: Case,
        terms: PlanTerms,
        api_decline: float,
        gpu_decline: float,
    ) -> "Planner":
        """Price the months, the moves and the segments."""
        priced = horizon(curves, case.scenario, api_decline, gpu_decline)
        mover = Mover(
            priced.curves,
            case,
            terms,
            priced.tokens_per_month,
            priced.gpu_price,
            priced.api_price,
            used_today(curves, terms),
        )
        asked = journey(priced, mover.moves(), terms) if priced.curves else None
        return cls(priced, mover, terms, asked)

    @property
    def all(self) -> Mask:
        """Every option."""
        return np.ones(len(self.horizon.curves), dtype=bool)

    @property
    def hosted(self) -> Mask:
        """The self-hosted options."""
        return np.array([is_self_hosted(c.option) for c in self.horizon.curves], dtype=bool)

    @property
    def hybrid(self) -> Mask:
        """The hybrids."""
        kinds = [curve.option.kind for curve in self.horizon.curves]
        return np.array([kind is OptionKind.HYBRID for kind in kinds], dtype=bool)

    def best(self) -> Path | None:
        """The cheapest path."""
        if self.journey is None:
            return None
        return best_path(self.journey, least_saving_usd=self.terms.least_saving_usd)

    def order(self, kinds: Sequence[Mask]) -> Path | None:
        """The cheapest path through options of given kinds, in their order."""
        if self.journey is None or not all(kind.any() for kind in kinds):
            return None
        return best_of_order(self.journey, kinds)

    def staying(self, best: Path | None) -> Path | None:
        """The first option of the best path, for good."""
        return self.order([self._only(best.stays[0].option)]) if best else None

    def cheapest_move(self, best: Path | None) -> Path | None:
        """From what the best path stays with to some self-hosted option, at the best time."""
        if best is None:
            return None
        here = self._only(best.stays[0].option)
        return self.order([here, (self.hosted | self.hybrid) & ~here])

    def by_first_move(self, moving: Path | None) -> Floats | None:
        """What the moves cost, by the month of the first one."""
        if moving is None or self.journey is None:
            return None
        return cost_by_first_change(self.journey, [stay.option for stay in moving.stays])

    def phases(self) -> tuple[Path | None, str]:
        """Serverless, self-hosted, hybrid; and why that cannot be priced."""
        kinds = (~self.hosted & ~self.hybrid, self.hosted, self.hybrid)
        names = ("an API", "a self-hosted option", "a hybrid")
        missing = [name for name, kind in zip(names, kinds, strict=True) if not kind.any()]
        if missing:
            chosen = " and ".join(missing)
            return None, f"The three phases need {chosen} with a price among the chosen options."
        path = self.order(kinds)
        if path is None:
            return None, "In some month none of the options of a phase can serve the volume."
        return path, ""

    def planned(self, path: Path | None) -> PlannedPath | None:
        """A path as steps with their triggers and one-off costs."""
        if path is None:
            return None
        before: OptionCurve | None = None
        steps = []
        for stay in path.stays:
            steps.append(self._step(stay, before))
            before = self.horizon.curves[stay.option]
        return PlannedPath(tuple(steps), path.usd)

    def _negotiable(self, curve: OptionCurve, stay: Stay) -> str:
        """Whether the largest month of a stay is so dear by list price that nobody pays it."""
        largest = float(self.horizon.tokens_per_month[stay.first : stay.end].max())
        asked = self.mover.case.scenario.serverless
        lines = curve.bill.lines(largest) if curve.bill else ()
        return worth_asking(curve.option, lines, asked.negotiable_usd_per_month)

    def _step(self, stay: Stay, before: OptionCurve | None) -> PlanStep:
        assert self.journey is not None  # noqa: S101  there is a path
        curve = self.horizon.curves[stay.option]
        volume = float(self.horizon.tokens_per_month[stay.first])
        one_off = self.mover.lines(before, curve, stay.first)
        running = float(self.journey.segments[stay.option, stay.first, stay.end])
        if before is None:
            due = sum(line.usd_per_month for line in one_off)
            running = float(self.journey.first_segments[stay.option, stay.end]) - due
        return PlanStep(
            option_id=curve.option.id,
            label=curve.option.label,
            kind=curve.option.kind,
            from_month=stay.first + 1,
            to_month=stay.end,
            tokens_at_start=volume,
            running_usd=running,
            one_off=tuple(one_off),
            breaks_even_at_tokens=_first_cheaper(curve, before),
            moves_because=not_known_to_serve(before, volume) if before else "",
            negotiable=self._negotiable(curve, stay),
        )

    def _only(self, option: int) -> Mask:
        return np.asarray(np.arange(len(self.horizon.curves)) == option, dtype=np.bool_)


def _first_cheaper(curve: OptionCurve, before: OptionCurve | None) -> float | None:
    """Volume from which an option first costs less a month than the one before, as priced today."""
    if before is None or curve.cost is None or before.cost is None:
        return None
    return meetings(curve.cost, before.cost).first_cheaper_tokens
