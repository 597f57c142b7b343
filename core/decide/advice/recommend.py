"""What to use now: what costs least on average of all that is demanded; or to stay."""

import math
from collections.abc import Sequence
from typing import Final

from core.catalog.schema import Catalog
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.recommend_result import Advice, OutOfReach, Recommendation
from core.decide.answer.verdict import SMALL_BILL_USD, SMALL_SHARE_OF_LABOUR
from core.decide.case import Case
from core.decide.options.options import is_by_use, is_self_hosted
from core.decide.plan.plan_moves import Mover, mover_now
from core.decide.plan.plan_terms import DEFAULT_TERMS, PlanTerms
from core.decide.result.curves import Curves
from core.decide.result.option import OptionKind
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.scenario import Hosting

NOTHING_DEMANDED = Constraints()
LEAST_SAVING: Final = 0.01
"""Share of the bill that another must save to be worth a word."""


def recommend(
    curves: Curves,
    snapshot: Snapshot,
    case: Case,
    demanded: Constraints = NOTHING_DEMANDED,
    terms: PlanTerms = DEFAULT_TERMS,
    small_bill_usd: float | None = None,
) -> Recommendation:
    """The recommendation at the snapshot's volume."""
    hosting = case.scenario.hosting
    judged = [(row, violations(row, case, demanded)) for row in snapshot.rows]
    feasible = tuple(row for row, against in judged if not against)
    out = tuple(OutOfReach(row, against) for row, against in judged if against)
    small = small_bill(hosting) if small_bill_usd is None else small_bill_usd
    best = feasible[0] if feasible else None
    runner_up = feasible[1] if len(feasible) > 1 else None
    current = next((r for r in snapshot.rows if r.option.id == terms.current), None)
    move_usd = _move_usd(curves, case, terms, current, best)
    own = next((r for r in feasible if is_self_hosted(r.option)), None)
    saving = _cost(current) - _cost(best) if current and best else 0.0
    advice = _advice(best, curves, case.catalog, small)
    if current and best and current in feasible and current is not best:
        months = case.scenario.objective.horizon_months
        if saving * months < move_usd + terms.least_saving_usd:
            advice = Advice.STAY
    staying = advice is Advice.STAY
    return Recommendation(
        advice=advice,
        option=current if staying else best,
        runner_up=best if staying else runner_up,
        margin_usd_per_month=-saving if staying else _margin(best, runner_up),
        current=current,
        move_usd=move_usd,
        saving_usd_per_month=saving,
        pays_back_in_months=move_usd / saving if saving > 0 and move_usd > 0 else None,
        same_weights=_same_weights(feasible, _hosted_model(own, hosting), case.catalog),
        self_hosted=own,
        feasible=feasible,
        out=tuple(sorted(out, key=_nearness)),
        small_bill_usd=small,
    )


def small_bill(hosting: Hosting) -> float:
    """A month's bill that is not worth an afternoon: 50 USD, or a hundredth of the labour."""
    return max(SMALL_BILL_USD, SMALL_SHARE_OF_LABOUR * hosting.labour_usd_per_month)


def enough_below(usd: float | None) -> float:
    """What another must cost less than to be worth a word, USD/month."""
    return (usd or 0.0) * (1 - LEAST_SAVING)


def _advice(
    best: OptionAtVolume | None, curves: Curves, catalog: Catalog, small_usd: float
) -> Advice:
    if best is None:
        return Advice.NONE
    if _cost(best) < small_usd:
        return Advice.NEITHER
    if is_self_hosted(best.option):
        return Advice.SELF_HOST
    if best.option.kind is OptionKind.HYBRID:
        return Advice.HYBRID
    bill = next((c.bill for c in curves.curves if c.option.id == best.option.id), None)
    if bill is not None and bill.batch_saving > 0:
        return Advice.BATCH
    model = catalog.model(best.option.model or "")
    return Advice.OPEN_WEIGHTS if model and model.kind != "api" else Advice.API


def _hosted_model(own: OptionAtVolume | None, hosting: Hosting) -> str:
    """What self-hosting would run: the model of its cheapest option."""
    return (own.option.other_model if own else None) or hosting.model


def _same_weights(
    feasible: Sequence[OptionAtVolume], wanted: str, catalog: Catalog
) -> OptionAtVolume | None:
    """The cheapest API whose vectors stand in the index of the hosted model."""
    apis = (row for row in feasible if is_by_use(row.option))
    return next((row for row in apis if catalog.shares_space(row.option.model, wanted)), None)


def _move_usd(
    curves: Curves,
    case: Case,
    terms: PlanTerms,
    current: OptionAtVolume | None,
    best: OptionAtVolume | None,
) -> float:
    """One-off cost of moving from the option in use to the cheapest."""
    if current is None or best is None or current is best or current.usd_per_month is None:
        return 0.0
    mover: Mover = mover_now(curves, case, terms)
    by_id = {curve.option.id: curve for curve in mover.curves}
    lines = mover.lines(by_id[current.option.id], by_id[best.option.id], 0)
    return sum(line.usd_per_month for line in lines)


def _cost(row: OptionAtVolume | None) -> float:
    return row.mean_usd_per_month or 0.0 if row else 0.0


def _margin(best: OptionAtVolume | None, runner_up: OptionAtVolume | None) -> float | None:
    return _cost(runner_up) - _cost(best) if best and runner_up else None


def _nearness(entry: OutOfReach) -> tuple[bool, int, float, float]:
    """Those that something would let in first, then the fewest and lowest obstacles, then cost."""
    hopeless = any(not violation.relax for violation in entry.violations)
    farthest = max(violation.times for violation in entry.violations)
    usd = entry.row.mean_usd_per_month
    return hopeless, len(entry.violations), farthest, math.inf if usd is None else usd
