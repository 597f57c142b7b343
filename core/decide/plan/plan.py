"""The horizon month by month: what to use when, when to move, and what moving otherwise costs."""

import numpy as np

from core.decide.case import Case
from core.decide.plan.plan_break_evens import dated_break_evens
from core.decide.plan.plan_terms import DEFAULT_TERMS, PlanTerms
from core.decide.plan.planner import Planner
from core.decide.result.curves import Curves
from core.decide.result.plan_result import Plan, Trend


def plan(curves: Curves, case: Case, terms: PlanTerms = DEFAULT_TERMS) -> Plan:
    """The cheapest path through the scenario's horizon, and the alternatives to it."""
    planner = Planner.of(curves, case, terms, terms.api_decline.value, terms.gpu_decline.value)
    best = planner.best()
    moving = best if best and len(best.stays) > 1 else planner.cheapest_move(best)
    phases, no_phases = planner.phases()
    served = np.isfinite(planner.horizon.running).any(axis=0)
    usable = planner.journey is not None
    return Plan(
        tokens_per_month=planner.horizon.tokens_per_month,
        option_ids=tuple(curve.option.id for curve in planner.horizon.curves),
        labels=tuple(curve.option.label for curve in planner.horizon.curves),
        usd_per_month=planner.horizon.usd_per_month,
        best=planner.planned(best),
        unserved_month=None if served.all() and usable else int(np.argmin(served)) + 1,
        staying=planner.planned(planner.staying(best)),
        staying_anywhere=planner.planned(planner.order([planner.all])),
        moving=planner.planned(moving),
        usd_by_first_move=planner.by_first_move(moving),
        phases=planner.planned(phases),
        no_phases_reason=no_phases,
        break_evens=dated_break_evens(planner),
        trends=_trends(curves, case, terms),
    )


def _trends(curves: Curves, case: Case, terms: PlanTerms) -> tuple[Trend, ...]:
    """The plan at the ends of both ranges, the best and the worst for self-hosting."""
    api, gpu = terms.api_decline, terms.gpu_decline
    ends = (
        ("API prices fall most, GPU prices least", api.high, gpu.low),
        ("GPU prices fall most, API prices least", api.low, gpu.high),
    )
    return tuple(
        Trend(label, a, g, planner.planned(planner.best()))
        for label, a, g in ends
        for planner in (Planner.of(curves, case, terms, a, g),)
    )
