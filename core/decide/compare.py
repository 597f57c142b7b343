"""Every option's cost over volume, every break-even, and what decides: their means."""

from dataclasses import replace

import numpy as np

from core.cost.by_replica.hosted_bill import whole_replicas
from core.cost.curve.break_even import TIE_RELATIVE, Meeting, meetings
from core.cost.curve.piecewise import Floats, Piecewise
from core.decide.answer.never import never_reason
from core.decide.answer.rows import rows_at
from core.decide.answer.verdict import verdict_on
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.options.options import Billed, billed_options, curve_of, is_by_use, served_up_to
from core.decide.result.curves import (
    BreakEven,
    Crossing,
    Curves,
    NeverReason,
    OptionCurve,
)
from core.decide.result.snapshot import Snapshot
from core.decide.risk.by_mean import by_mean
from core.scenario import hybrid_parts
from core.units import TOKENS_PER_MTOK

LOWEST_TOKENS_PER_MONTH = 1e6
HIGHEST_TOKENS_PER_MONTH = 1e13
GRID_POINTS = 400


def volume_grid() -> Floats:
    """The volumes at which curves are drawn, tokens/month, evenly spaced on a log axis."""
    return np.geomspace(LOWEST_TOKENS_PER_MONTH, HIGHEST_TOKENS_PER_MONTH, GRID_POINTS)


def curves(case: Case) -> Curves:
    """Everything that does not depend on the volume asked about.

    Raises ScenarioError for an option that the catalogue does not have.
    """
    grid = volume_grid()
    cold_start_s = case.scenario.serverless.cold_start_s
    slo_p95_s = case.scenario.objective.slo_p95_s
    budget = case.scenario.demands.budget_usd_per_month
    drawn = tuple(
        option_curve(item, grid, cold_start_s, slo_p95_s, budget) for item in billed_options(case)
    )
    believed = beliefs(case, [curve.option for curve in drawn])
    return Curves(
        tokens_per_month=grid,
        curves=drawn,
        break_evens=_break_evens(drawn),
        by_mean=by_mean(drawn, believed, case.ranges, case.catalog),
    )


def at_volume(curves: Curves, case: Case) -> Snapshot:
    """All options at the scenario's volume, and the verdict.

    ``curves`` are those of a case whose scenario differs from this one's in volume and growth at
    most.
    """
    scenario = case.scenario
    volume = scenario.tokens_per_month
    rows = rows_at(curves, case)
    return Snapshot(
        tokens_per_month=volume,
        tokens_per_month_at_horizon=volume_in_month(
            volume, scenario.workload.growth_per_month, scenario.objective.horizon_months
        ),
        rows=rows,
        verdict=verdict_on(curves, scenario, rows),
    )


def volume_in_month(tokens_per_month: float, growth_per_month: float, month: int) -> float:
    """Volume of month n, V0 (1 + g)^(n - 1): month 1 is the ungrown one."""
    return tokens_per_month * (1 + growth_per_month) ** (month - 1)


def option_curve(
    item: Billed,
    grid: Floats,
    cold_start_s: float,
    slo_p95_s: float,
    budget_usd: float | None = None,
) -> OptionCurve:
    """An option's cost over these volumes, tokens/month, and where it can serve."""
    curve = curve_of(item, cold_start_s, slo_p95_s, budget_usd)
    feasible = (grid <= served_up_to(item.option)) & (grid >= curve.floor_tokens_per_month)
    if item.bill is None or curve.cost is None:
        return replace(curve, feasible=feasible)
    usd = curve.cost.at(grid)
    if budget_usd is not None:
        feasible &= usd <= budget_usd * (1 + TIE_RELATIVE)
    paid = item.bill.paid_replicas(grid)
    replicas = None if paid is None else paid.astype(np.int64)
    return replace(curve, usd_per_month=usd, replicas=replicas, feasible=feasible)


def _break_evens(drawn: tuple[OptionCurve, ...]) -> tuple[BreakEven, ...]:
    """Each priced self-hosted option and hybrid against each priced API, on cost alone.

    Rate limits and other obstacles take no part: they decide who may win, not who is cheaper. A
    hybrid is not set against its own API: it is that API where it has no replica.
    """
    challengers = [curve for curve in drawn if curve.cost is not None and not _by_use(curve)]
    apis = [curve for curve in drawn if curve.cost is not None and _by_use(curve)]
    return tuple(
        _break_even(challenger, incumbent)
        for challenger in challengers
        for incumbent in apis
        if incumbent.option.id not in (hybrid_parts(challenger.option.id) or ())
    )


def _by_use(curve: OptionCurve) -> bool:
    return is_by_use(curve.option)


def _break_even(challenger: OptionCurve, incumbent: OptionCurve) -> BreakEven:
    assert challenger.cost is not None  # noqa: S101  only priced curves are compared
    assert incumbent.cost is not None  # noqa: S101
    intersections = meetings(challenger.cost, incumbent.cost)
    never = None
    if intersections.never_cheaper:
        never = _never(challenger, incumbent.cost)
    return BreakEven(
        incumbent_id=incumbent.option.id,
        challenger_id=challenger.option.id,
        crossings=_crossings(intersections.events, challenger, incumbent, incumbent.cost),
        first_tokens_per_month=intersections.first_cheaper_tokens,
        for_good_tokens_per_month=intersections.cheaper_for_good_tokens,
        never=never,
        utilisation=_utilisation(challenger, incumbent.cost),
    )


def _utilisation(challenger: OptionCurve, incumbent: Piecewise) -> float | None:
    """u* of a bare replica against what the incumbent asks for a token in the end."""
    capacity, bill = challenger.option.capacity, whole_replicas(challenger.bill)
    price = incumbent.asymptotic_usd_per_token
    if capacity is None or price <= 0 or bill is None:
        return None
    # The replica's month over the tokens that full batches do in it is c_h/(3600 mu).
    load = capacity.usable_tokens_per_s / capacity.nominal_tokens_per_s
    full_tokens = capacity.tokens_per_month / load * capacity.peak
    left = price - bill.usd_per_token
    return bill.usd_per_replica_month / (full_tokens * left) if left > 0 else None


def _never(challenger: OptionCurve, incumbent: Piecewise) -> NeverReason:
    """What would let it catch up; of replicas by the second and hybrids only where they end."""
    assert challenger.cost is not None  # noqa: S101
    if (bill := whole_replicas(challenger.bill)) is not None:
        owned = challenger.option.bought
        beside_usd = owned.host_usd if owned is not None else 0.0
        return never_reason(challenger.option, bill, incumbent, beside_usd)
    floor = challenger.cost.asymptotic_usd_per_token * TOKENS_PER_MTOK
    return NeverReason(floor, None, challenger.option.price.unit, None)


def _crossings(
    events: tuple[Meeting, ...],
    challenger: OptionCurve,
    incumbent: OptionCurve,
    incumbent_cost: Piecewise,
) -> tuple[Crossing, ...]:
    usd = incumbent_cost.at(np.array([event.tokens_per_month for event in events]))
    cheaper = {-1: challenger.option.id, 0: "", 1: incumbent.option.id}
    return tuple(
        Crossing(
            kind=event.kind,
            tokens_per_month=event.tokens_per_month,
            usd_per_month=float(cost),
            cheaper_below=cheaper[event.sign_below],
            cheaper_above=cheaper[event.sign_above],
            until_tokens_per_month=event.until_tokens_per_month,
        )
        for event, cost in zip(events, usd, strict=True)
    )
