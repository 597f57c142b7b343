"""The options at one volume: cost, bill, duty cycle, and who can serve."""

from core.cost.curve.break_even import LEAST_USD
from core.cost.curve.piecewise import Piecewise
from core.decide.answer.one_off import levelised, one_off
from core.decide.answer.own_quota import carried_words
from core.decide.capacity.fleet import Fleet, fleet_at
from core.decide.capacity.meets_objective import meets_objective, shown_volume
from core.decide.case import Case
from core.decide.demands.of_budget import over_budget
from core.decide.mine.negotiating import with_terms, worth_asking
from core.decide.options.api_share import of_all
from core.decide.options.machine import fleet_of
from core.decide.result.curves import Curves, OptionCurve
from core.decide.result.limit_used import LIMIT_WORDS
from core.decide.result.obstacle import DEMANDED, Obstacle, Refusal
from core.decide.result.option import Option, OptionKind
from core.decide.result.replica_used import LEVEL
from core.decide.result.snapshot import OptionAtVolume
from core.measurement.measured import Measurement
from core.serving.response.time_varying import fluid_backlog
from core.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK

QUOTA = "replicas"
COLD = (
    "More than one request in twenty meets a cold start, which the latency objective does not "
    "allow. Keep one replica warm, or choose a longer idle time-out."
)


def rows_at(curves: Curves, case: Case) -> tuple[OptionAtVolume, ...]:
    """One row an option, the one that costs least on average first; without a price it is last."""
    means = curves.by_mean.at(case.scenario.tokens_per_month)
    rows = [_row(curve, case, means.get(curve.option.id)) for curve in curves.curves]
    rows.sort(key=_by_mean)
    return tuple(rows)


def _by_mean(row: OptionAtVolume) -> tuple[bool, float]:
    usd = row.mean_usd_per_month
    return usd is None, rounding_apart(usd or 0.0)


def rounding_apart(usd: float) -> float:
    """An amount to be ranked by: equal costs, rounding apart, stay in the scenario's order."""
    return float(f"{usd:.9e}")


def _row(curve: OptionCurve, case: Case, mean_usd: float | None) -> OptionAtVolume:
    volume, limit_s = case.scenario.tokens_per_month, case.scenario.objective.slo_p95_s
    option, bill = curve.option, curve.bill
    measured = case.measurements.get(option.id)
    usd = _usd(curve, volume)
    fleet = fleet_at(option, bill, case)
    cold = None if option.refusal else Refusal.of(Obstacle.COLD, _cold(fleet, limit_s))
    refusal = cold or refusal_at(curve, volume)
    infeasible = refusal.said if refusal else ""
    if infeasible and option.ceiling_reason == QUOTA:
        infeasible += _piles_up(option, case)
    meets, why = _meets(measured, fleet, limit_s, _way(option))
    lines = bill.lines(volume) if bill else ()
    negotiable_usd = case.scenario.serverless.negotiable_usd_per_month
    return OptionAtVolume(
        option=option,
        usd_per_month=usd,
        mean_usd_per_month=mean_usd,
        usd_per_mtok=usd / volume * TOKENS_PER_MTOK if usd is not None and volume > 0 else None,
        lines=with_terms(option, lines),
        replicas=fleet.replicas,
        spare_replicas=fleet.spare_replicas,
        duty_cycle=fleet.duty_cycle,
        feasible=not infeasible,
        infeasible_reason=infeasible,
        measured=measured,
        published=case.catalog.latency(option.id),
        meets_slo=meets,
        slo_reason=why,
        mean_replicas=fleet.mean_replicas,
        utilisation=fleet.utilisation,
        predicted_p50_s=fleet.response.p50_s if fleet.response else None,
        predicted_p95_s=fleet.p95_s,
        cold_start_share=fleet.cold_start_share,
        api_share=fleet.api_share,
        waiting_runs_per_day=fleet.waiting_runs_per_day,
        chance_enough=fleet.chance_enough,
        unanswered_share=_unanswered(option, fleet),
        lost_share=_lost(option, fleet),
        answers_enough=option.answered.enough,
        answers_reason=option.answered.evidence,
        obstacle=refusal.kind if refusal else None,
        one_off=one_off(curve, case),
        levelised_usd_per_mtok=levelised(curve, case.scenario),
        quality=case.quality_of(option.id, option.model),
        negotiable=worth_asking(option, lines, negotiable_usd),
        # Whoever drops the demand that keeps it out must know the rest, too.
        unknown=option.unknowns_at(volume) if refusal is None or refusal.kind in DEMANDED else (),
        against=(*option.against, *_too_dear(curve, volume)),
    )


def _usd(curve: OptionCurve, tokens_per_month: float) -> float | None:
    """The month's cost with every input as stated."""
    return None if curve.cost is None else stated_usd(curve.cost, tokens_per_month)


def stated_usd(cost: Piecewise, tokens_per_month: float) -> float:
    """The cost of a month; what only rounding leaves of a cost that is given is nothing."""
    usd = float(cost.at(tokens_per_month))
    return usd if abs(usd) >= LEAST_USD else 0.0


def _meets(
    measured: Measurement | None, fleet: Fleet, slo_p95_s: float, way: str
) -> tuple[bool | None, str]:
    """By measurement where there is one; else what the queue predicts is said, and decides nothing.

    What is predicted decides who can serve through the capacity that it gives. ``way``: what of
    the network is in it.
    """
    meets, why = meets_objective(measured, slo_p95_s)
    if measured is None and fleet.p95_s is not None:
        return None, f"Not measured; predicted p95 {fleet.p95_s:.3g} s in the busy hour{way}."
    return meets, why


def _way(option: Option) -> str:
    """What of the network is in a prediction: none on machines of one's own."""
    if option.kind is not OptionKind.RENTED or option.capacity is None:
        return ""
    replica = option.capacity.replica
    network_s = replica.network_s if replica else 0.0
    return f", {network_s:g} s of it on the network" if network_s else ", the network not counted"


def _unanswered(option: Option, fleet: Fleet) -> float | None:
    """Of all texts: of a hybrid's, those of its API; its replicas meet none of what is stated."""
    share = option.unanswered_share
    if option.burst is None or share is None:
        return share
    return None if fleet.api_share is None else share * fleet.api_share


def _lost(option: Option, fleet: Fleet) -> float | None:
    """Of all tokens: of a hybrid's, those of both sides."""
    if option.burst is None:
        return option.lost_share
    if fleet.api_share is None:
        return None
    return of_all(option.lost_share, option.burst.lost_share, fleet.api_share)


def _cold(fleet: Fleet, limit_s: float) -> str:
    """Why cold starts stand in the way; "" where fewer than one request in twenty meets one."""
    share = fleet.cold_start_share
    if share is None or fleet.p95_s is None or share <= 1 - LEVEL or fleet.p95_s <= limit_s:
        return ""
    return (
        f"{share:.0%} of its requests meet a cold start of {fleet.cold_start_s:g} s: "
        f"the p95 is {fleet.p95_s:.3g} s, the objective {limit_s:g} s. Keep one replica warm, or "
        "choose a longer idle time-out."
    )


def _piles_up(option: Option, case: Case) -> str:
    """What the replicas of the quota leave waiting over a day, where they are overloaded."""
    capacity, scenario = option.capacity, case.scenario
    if capacity is None:
        return ""
    hosting = scenario.hosting
    per_request = scenario.workload.tokens_per_request
    mean = scenario.tokens_per_month / scenario.calendar.seconds_per_month / per_request
    fleet = fleet_of(hosting, option.many)
    working = max(1, fleet.maximum_replicas - fleet.spare_replicas)
    carried = working * capacity.nominal_tokens_per_s / capacity.processed_share / per_request
    rates = [mean * hour for hour in case.load.rhythm.filled]
    backlog = fluid_backlog(rates, carried, SECONDS_PER_HOUR)
    if backlog.largest_requests < 1:
        return ""
    return f" Else {backlog.largest_requests:,.0f} requests pile up over the day."


def not_known_to_serve(curve: OptionCurve, tokens_per_month: float) -> str:
    """Why the option cannot serve a volume, or nobody can say that it can; "" where it can."""
    refusal = refusal_at(curve, tokens_per_month)
    if refusal is not None:
        return refusal.sentence
    unknown = curve.option.unknowns_at(tokens_per_month)
    return unknown[0].sentence if unknown else ""


def refusal_at(curve: OptionCurve, tokens_per_month: float) -> Refusal | None:
    """Why it cannot serve a volume, with its kind; what is not known is no refusal."""
    option = curve.option
    if option.refusal:
        return option.refusal
    if tokens_per_month < curve.floor_tokens_per_month:
        return Refusal(Obstacle.COLD, COLD)
    ceiling = option.ceiling_tokens_per_month
    if ceiling is None or tokens_per_month <= ceiling:
        return next(iter(_too_dear(curve, tokens_per_month)), None)
    return Refusal(Obstacle.LIMIT, _beyond(option, ceiling))


def _too_dear(curve: OptionCurve, tokens_per_month: float) -> tuple[Refusal, ...]:
    """That its bill at a volume is above the budget; nothing where it is not, or none is known."""
    budget = curve.budget_usd_per_month
    refusal = None if budget is None else over_budget(_usd(curve, tokens_per_month), budget)
    return () if refusal is None else (refusal,)


def _beyond(option: Option, ceiling: float) -> str:
    """What lets less through than is asked for."""
    if option.many is not None:
        return carried_words(option, ceiling)
    if ceiling == 0:
        return (
            "Your quota of replicas is smaller than the minimum and the spare ones together. Ask "
            "for a higher quota, or keep fewer."
        )
    shown = shown_volume(ceiling)
    if option.ceiling_reason == QUOTA:
        return (
            f"Your quota of replicas carries {shown} tokens/month at your peak. Ask for a higher "
            "quota, or choose a faster card."
        )
    limit, tier = LIMIT_WORDS[option.ceiling_reason], option.limit.tier if option.limit else ""
    held = f"Its limit on {limit}" + (f" ({tier})" if tier else "")
    return (
        f"{held} lets {shown} tokens/month through at your peak. "
        "Ask for a higher tier, or spread the load."
    )
