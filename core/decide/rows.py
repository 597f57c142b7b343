"""The options at one volume: cost, bill, duty cycle, and who can serve."""

from collections.abc import Mapping

from core.catalog.schema import Catalog
from core.cost.hosting import HostedBill
from core.decide.objective import meets_objective
from core.decide.result import Curves, OptionAtVolume, OptionCurve
from core.measurement import Measurement
from core.scenario import Scenario
from core.serving.capacity import duty_cycle
from core.units import TOKENS_PER_MTOK

LIMIT_NAMES = {
    "requests_per_minute": "requests a minute",
    "tokens_per_minute": "tokens a minute",
}


def rows_at(
    curves: Curves,
    scenario: Scenario,
    catalog: Catalog,
    measurements: Mapping[str, Measurement],
) -> tuple[OptionAtVolume, ...]:
    """One row an option, cheapest first; what has no price comes last."""
    rows = [
        _row(curve, scenario, catalog, measurements.get(curve.option.id)) for curve in curves.curves
    ]
    rows.sort(key=_by_cost)
    return tuple(rows)


def _by_cost(row: OptionAtVolume) -> tuple[bool, float]:
    """Order of the table: equal costs, rounding apart, stay in the scenario's order."""
    usd = row.usd_per_month
    return usd is None, float(f"{usd or 0.0:.9e}")


def _row(
    curve: OptionCurve, scenario: Scenario, catalog: Catalog, measured: Measurement | None
) -> OptionAtVolume:
    volume = scenario.tokens_per_month
    option, bill = curve.option, curve.bill
    usd = None if curve.cost is None else float(curve.cost.at(volume))
    hosted = bill if isinstance(bill, HostedBill) else None
    infeasible = infeasible_reason(curve, volume)
    meets, why = meets_objective(measured, scenario.objective.slo_p95_s)
    return OptionAtVolume(
        option=option,
        usd_per_month=usd,
        usd_per_mtok=usd / volume * TOKENS_PER_MTOK if usd is not None and volume > 0 else None,
        lines=bill.lines(volume) if bill else (),
        replicas=hosted.replicas(volume) if hosted else None,
        spare_replicas=hosted.spare_replicas if hosted else 0,
        duty_cycle=_duty_cycle(curve, hosted, scenario),
        feasible=not infeasible,
        infeasible_reason=infeasible,
        measured=measured,
        published=catalog.latency(option.id),
        meets_slo=meets,
        slo_reason=why,
    )


def infeasible_reason(curve: OptionCurve, tokens_per_month: float) -> str:
    """Why the option cannot serve a volume; "" where nothing known stands in the way."""
    option = curve.option
    if option.blocked_reason:
        return option.blocked_reason
    ceiling = option.ceiling_tokens_per_month
    if ceiling is not None and tokens_per_month > ceiling:
        limit = LIMIT_NAMES[option.ceiling_reason]
        # Three digits that are known, and no exponent: 14,400,000,000.
        shown = f"{float(f'{ceiling:.3g}'):,.0f}"
        return (
            f"Its entry limit on {limit} lets {shown} tokens/month through at your peak. "
            "Ask for a higher tier, or spread the load."
        )
    return ""


def _duty_cycle(curve: OptionCurve, hosted: HostedBill | None, scenario: Scenario) -> float | None:
    capacity = curve.option.capacity
    if hosted is None or capacity is None:
        return None
    volume = scenario.tokens_per_month
    return duty_cycle(
        volume, hosted.replicas(volume), capacity.usable_tokens_per_s, scenario.calendar
    )
