"""By which terms machines are had for one job: hours, months, seconds, bought, or there already."""

from dataclasses import dataclass

from core.catalog.schema import Card, MachineOffer, Provider
from core.cost.by_replica.hosted_bill import energy_kwh
from core.cost.curve.breakdown import CostLine, amount
from core.cost.over_months.job_fleet import BY_THE_SECOND, HOUR, JobFleet
from core.decide.capacity.purchase_mix import mixed_usd_per_hour
from core.decide.job.job_way import WayKind
from core.decide.mine.hourly import usd_per_hour
from core.decide.options.machine import quota_of
from core.decide.options.per_second_bill import beside_usd_per_hour
from core.decide.options.terms.account import free_usd
from core.decide.result.option import PriceUsed
from core.scenario import Hosting, Serverless
from core.units import MINUTES_PER_HOUR, SECONDS_PER_HOUR, Calendar


@dataclass(frozen=True, slots=True)
class MachineTerms:
    """What machines of one kind cost for a job."""

    kind: WayKind
    unit_hours: float
    """What is billed at the least: an hour, a month of hours, or 0: every second."""
    usd_per_hour: float
    """Of a paid hour of one."""
    start_hours: float
    """Until one works; paid."""
    quota: int | None
    lost: float = 1.0
    """Hours for an hour of work: above 1 where spot machines are taken away."""
    set_up_usd: float = 0.0
    """Of each, once."""
    buy_usd: float = 0.0
    """Of each, once: it stays."""
    beside_usd_per_hour: float = 0.0
    """Cores and memory beside a GPU by the second."""
    free_usd: float = 0.0
    """What an account is given a month."""
    plan_usd: float = 0.0
    """Of the account, a month."""
    watts: float = 0.0
    """At full load, where one pays the electricity."""

    @property
    def once_usd(self) -> float:
        """Of each machine, whatever it works."""
        return self.set_up_usd + self.buy_usd


@dataclass(frozen=True, slots=True)
class Beside:
    """What the job costs whatever machines do it, and the price of electricity."""

    usd_per_kwh: float
    power_usage_effectiveness: float
    labour_usd: float
    egress_usd: float


def rented_terms(
    provider: Provider,
    offer: MachineOffer,
    price: PriceUsed,
    hosting: Hosting,
    serverless: Serverless,
    calendar: Calendar,
) -> MachineTerms:
    """Of a machine that is rented by the hour, the month or the second."""
    listed = usd_per_hour(price.usd or 0.0, price.unit, calendar)
    if offer.purchase == "serverless":
        return _by_the_second(provider, offer, listed, hosting, serverless, calendar)
    start = hosting.startup_minutes / MINUTES_PER_HOUR
    plan = provider.plan_for(offer.id, sells_more=True)
    spot_share, lost = _spot_share(offer, hosting), _lost(offer, hosting, calendar)
    # No reservation is made for a job: it is paid for its whole term.
    unreserved = (
        hosting
        if hosting.reserved_share == 0
        else hosting.model_copy(update={"reserved_share": 0.0})
    )
    return MachineTerms(
        kind=WayKind.SPOT if spot_share > 0 else WayKind.RENTED,
        unit_hours=calendar.hours_per_month if offer.by_the_month else HOUR,
        usd_per_hour=mixed_usd_per_hour(offer, listed, unreserved, calendar) / lost,
        start_hours=start,
        quota=quota_of(hosting, offer.count),
        lost=lost,
        set_up_usd=float(offer.price.usd_set_up or 0),
        plan_usd=float(plan.usd_per_month or 0) if plan else 0.0,
    )


def _by_the_second(
    provider: Provider,
    offer: MachineOffer,
    usd: float,
    hosting: Hosting,
    asked: Serverless,
    calendar: Calendar,
) -> MachineTerms:
    plan = provider.plan_for(offer.id, sells_more=True)
    return MachineTerms(
        kind=WayKind.PER_SECOND,
        unit_hours=BY_THE_SECOND,
        usd_per_hour=usd,
        start_hours=asked.cold_start_s / SECONDS_PER_HOUR,
        quota=quota_of(hosting),
        beside_usd_per_hour=beside_usd_per_hour(offer, asked),
        free_usd=free_usd(plan.free, calendar) if plan and plan.free else 0.0,
        plan_usd=float(plan.usd_per_month or 0) if plan else 0.0,
    )


def _spot_share(offer: MachineOffer, hosting: Hosting) -> float:
    """Of its machines, those that may be taken away."""
    return hosting.spot_share if offer.can_be_mixed else float(offer.purchase == "spot")


def _lost(offer: MachineOffer, hosting: Hosting, calendar: Calendar) -> float:
    """1 + share x interruptions an hour x hours of recovery."""
    an_hour = hosting.spot_interruptions_per_month / calendar.hours_per_month
    return (
        1 + _spot_share(offer, hosting) * an_hour * hosting.spot_recovery_minutes / MINUTES_PER_HOUR
    )


def own_terms(
    offer: MachineOffer, price: PriceUsed, watts: float, hosting: Hosting, many: int | None
) -> MachineTerms:
    """Of a machine of one's own: there already, its price is sunk; else bought for the job.

    ``many``: that the user says are there; None: nothing is said.
    """
    there = offer.purchase == "there" or many is not None
    return MachineTerms(
        kind=WayKind.THERE if there else WayKind.BOUGHT,
        unit_hours=BY_THE_SECOND,
        usd_per_hour=0.0,
        start_hours=0.0,
        quota=quota_of(hosting, many or offer.count),
        buy_usd=0.0 if there else price.usd or 0.0,
        watts=watts,
    )


def card_terms(card: Card, usd: float, hosting: Hosting, many: int | None) -> MachineTerms:
    """Of a card: so many are there already, or it is bought, with its share of a host."""
    return MachineTerms(
        kind=WayKind.BOUGHT if many is None else WayKind.THERE,
        unit_hours=BY_THE_SECOND,
        usd_per_hour=0.0,
        start_hours=0.0,
        quota=quota_of(hosting, many),
        buy_usd=0.0 if many else usd + hosting.host_usd,
        watts=card.tdp_w or 0.0,
    )


def fleet_lines(
    terms: MachineTerms, fleet: JobFleet, work_hours: float, beside: Beside
) -> tuple[CostLine, ...]:
    """What so many machines cost for the job; ``work_hours``: of all of them, without starts."""
    parts = _parts(terms, fleet, work_hours, beside)
    explanations = {
        "Rent": f"{amount(fleet.paid_hours)} machine hours at ${terms.usd_per_hour:.6g}",
        "Host": f"cores and memory at ${terms.beside_usd_per_hour:.6g}/h",
        "Free use": "given by the account's plan for a month",
        "Plan": "of the account, one month",
        "Set-up": f"{fleet.machines:,} at ${terms.set_up_usd:,.2f}",
        "Purchase": f"{fleet.machines:,} at ${terms.buy_usd:,.2f}, yours from then on",
        "Electricity": f"{terms.watts:g} W at ${beside.usd_per_kwh:.4g}/kWh",
        "Egress": "traffic of the answers",
        "Labour": "people's time for the job, as you say",
    }
    lines = tuple(CostLine(name, usd, explanations[name]) for name, usd in parts if usd != 0)
    return lines or (CostLine("Rent", 0.0, "nothing is paid for it"),)


def fleet_usd(terms: MachineTerms, fleet: JobFleet, work_hours: float, beside: Beside) -> float:
    """The sum of these lines."""
    return sum(usd for _, usd in _parts(terms, fleet, work_hours, beside))


def _parts(
    terms: MachineTerms, fleet: JobFleet, work_hours: float, beside: Beside
) -> tuple[tuple[str, float], ...]:
    rent = fleet.paid_hours * terms.usd_per_hour
    host = fleet.paid_hours * terms.beside_usd_per_hour
    kwh = energy_kwh(work_hours, terms.watts, beside.power_usage_effectiveness)
    return (
        ("Rent", rent),
        ("Host", host),
        ("Free use", -min(terms.free_usd, rent + host)),
        ("Plan", terms.plan_usd),
        ("Set-up", fleet.machines * terms.set_up_usd),
        ("Purchase", fleet.machines * terms.buy_usd),
        ("Electricity", kwh * beside.usd_per_kwh),
        ("Egress", beside.egress_usd),
        ("Labour", beside.labour_usd),
    )
