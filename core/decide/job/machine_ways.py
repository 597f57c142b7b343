"""A job on machines: as many as the deadline asks for, rented, bought, or there already."""

import math
from dataclasses import dataclass
from functools import cached_property

from core.catalog.option_names import owned_label, with_model
from core.catalog.schema import Card, MachineOffer, Provider
from core.cost.over_months.job_fleet import (
    BY_THE_SECOND,
    JobFleet,
    cheapest_fleet,
    fewest,
    fleet_of_job,
)
from core.decide.advice.catalogue_options import named_pair
from core.decide.capacity.meets_objective import loses_too_much
from core.decide.case import Case
from core.decide.demands.judged import why_not_read, why_not_sold
from core.decide.job.full_rates import FullRate, FullRates, rate_of_capacity
from core.decide.job.job_way import (
    ROUNDING,
    After,
    Grades,
    JobAsk,
    JobWay,
    Machines,
    Sooner,
    WayKind,
)
from core.decide.job.machine_terms import (
    Beside,
    MachineTerms,
    card_terms,
    fleet_lines,
    fleet_usd,
    own_terms,
    rented_terms,
)
from core.decide.load.storage_lines import egress_lines
from core.decide.mine.already_there import ALREADY_YOURS, spent
from core.decide.options.api_option import price_used
from core.decide.options.hosted_option import (
    owned_used,
    purchase_price,
    this_machine_option,
)
from core.decide.result.option import PriceUsed
from core.decide.result.unknown import About, Unknown
from core.scenario import OWNED_PREFIX, THIS_MACHINE
from core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

HOURS_PER_DAY = SECONDS_PER_DAY / SECONDS_PER_HOUR
RENTED = frozenset({WayKind.RENTED, WayKind.SPOT, WayKind.PER_SECOND})
"""Whose cloud charges for the traffic of the answers."""
TERM = "It is reserved for a term of a year or more: nobody rents it for one job."


@dataclass(frozen=True, slots=True)
class Runs:
    """A model on machines: what is the same for all of them."""

    model_id: str
    refusal: str
    """Why it may not or cannot do the job anywhere."""
    egress_usd: float
    """Of the whole job, from a rented machine."""
    after: After | None


@dataclass(frozen=True, eq=False)
class MachineWays:
    """Machines before one job; the case is that of a load that comes evenly."""

    case: Case
    ask: JobAsk

    @cached_property
    def rates(self) -> FullRates:
        """How quick they are."""
        return FullRates(self.case)

    def runs(self, model_id: str, after: After | None) -> Runs:
        """A model on machines, and who embeds what comes afterwards."""
        case, model = self.case, self.case.catalog.model(model_id)
        hosting, texts = case.scenario.hosting, case.texts_before(model)
        longest = model.max_tokens if model else None
        refusal = loses_too_much(longest, texts, case.scenario.objective.max_lost_share)
        demands = case.scenario.demands
        refusal = refusal or why_not_read(model_id, model, longest, demands, hosted=True)
        lines = egress_lines(model, texts, hosting.egress_usd_per_gb, self.ask.tokens_per_text)
        egress = sum(line.usd_per_token for line in lines) * self.ask.tokens
        return Runs(model_id, refusal, egress, after)

    def rented(self, provider: Provider, offer: MachineOffer, runs: Runs) -> JobWay:
        """A machine of the catalogue with a model on it."""
        scenario, machine = self.case.scenario, f"{provider.id}/{offer.id}"
        option_id = named_pair(machine, runs.model_id, scenario.hosting.model)
        region = scenario.objective.region
        against = why_not_sold(provider, offer, self.case.whole, scenario.demands, region)
        refusal = TERM if offer.purchase == "reserved" else runs.refusal or against
        many, price = (
            self.case.owned.get(machine),
            price_used(offer.price, self.case.own_prices.get(machine)),
        )
        price = spent(price) if many else price
        rate: FullRate | str = refusal or self.rates.of_machine(
            option_id, machine, offer, runs.model_id
        )
        label = with_model(offer.label, runs.model_id)
        if isinstance(rate, str):
            kind = WayKind.SPOT if offer.purchase == "spot" else WayKind.RENTED
            return refused(option_id, label, kind, runs.model_id, price, rate)
        if offer.is_owned:
            owned = owned_used(offer, scenario.hosting, self.case.catalog)
            if owned is None:
                why = f"What {offer.label} draws is not known: give its power_w."
                return refused(option_id, label, WayKind.THERE, runs.model_id, price, why)
            terms = own_terms(offer, price, owned.active_w, scenario.hosting, many)
        else:
            terms = rented_terms(
                provider, offer, price, scenario.hosting, scenario.serverless, scenario.calendar
            )
        return self.way(option_id, label, runs, terms, rate, price)

    def own_card(self, card: Card, runs: Runs) -> JobWay | None:
        """A card that is there already, or is bought for the job.

        None where its draw is not known, or its price, where it is to be bought.
        """
        machine, hosting = f"{OWNED_PREFIX}{card.id}", self.case.scenario.hosting
        many = self.case.owned.get(machine)
        price = purchase_price(card, self.case.own_prices.get(machine))
        price = spent(price) if many else price
        if price.usd is None or card.tdp_w is None:
            return None
        option_id = named_pair(machine, runs.model_id, hosting.model)
        how = ALREADY_YOURS if many else "owned"
        label = with_model(owned_label(card, self.case.catalog, how), runs.model_id)
        rate: FullRate | str = runs.refusal or self.rates.of_card(card, runs.model_id)
        terms = card_terms(card, price.usd, hosting, many)
        if isinstance(rate, str):
            return refused(option_id, label, terms.kind, runs.model_id, price, rate)
        return self.way(option_id, label, runs, terms, rate, price)

    @property
    def model_here(self) -> str | None:
        """The model that was measured on this computer; None where nothing was."""
        measured = self.case.measurements.get(THIS_MACHINE)
        return None if measured is None else measured.subject.model

    def here(self, runs: Runs) -> JobWay:
        """This computer, with the model that was measured on it."""
        option, _ = this_machine_option(THIS_MACHINE, self.case)
        label, price = with_model(option.label, runs.model_id), option.price
        if option.capacity is None or option.unpriced_reason or runs.refusal:
            why = option.unpriced_reason or runs.refusal
            return refused(THIS_MACHINE, label, WayKind.HERE, runs.model_id, price, why)
        terms = MachineTerms(
            kind=WayKind.HERE,
            unit_hours=BY_THE_SECOND,
            usd_per_hour=price.usd or 0.0,
            start_hours=0.0,
            quota=1,
            watts=option.power.active_w if option.power else 0.0,
        )
        rate = rate_of_capacity(option.capacity)
        return self.way(THIS_MACHINE, label, runs, terms, rate, price)

    def way(
        self,
        option_id: str,
        label: str,
        runs: Runs,
        terms: MachineTerms,
        rate: FullRate,
        price: PriceUsed,
    ) -> JobWay:
        """What so many of these machines cost and take, at their rate and at its ends."""
        hosting, ask = self.case.scenario.hosting, self.ask
        labour = self.case.scenario.workload.corpus_labour_usd
        egress_usd = runs.egress_usd if terms.kind in RENTED else 0.0
        beside = Beside(hosting.usd_per_kwh, hosting.power_usage_effectiveness, labour, egress_usd)
        deadline = ask.days * HOURS_PER_DAY
        work = [
            ask.tokens / tokens_per_s / SECONDS_PER_HOUR * terms.lost
            for tokens_per_s in (rate.tokens_per_s, rate.low_tokens_per_s, rate.high_tokens_per_s)
        ]
        fleets = [self._fleet(terms, hours, deadline) for hours in work]
        usd = [fleet_usd(terms, *each, beside) for each in zip(fleets, work, strict=True)]
        needed, if_slow = (
            fewest(hours, deadline, terms.start_hours, terms.unit_hours) for hours in work[:2]
        )
        late = fleets[0].hours > deadline * (1 + ROUNDING)
        slow_late = fleets[1].hours > deadline * (1 + ROUNDING)
        rates = (rate.tokens_per_s, rate.low_tokens_per_s, rate.high_tokens_per_s)
        return JobWay(
            id=option_id,
            label=label,
            kind=terms.kind,
            model=runs.model_id,
            lines=fleet_lines(terms, fleets[0], work[0], beside),
            days=fleets[0].hours / HOURS_PER_DAY,
            meets_deadline=False if late else None if slow_late else True,
            grades=Grades(rate.grade, price.grade),
            usd_low=min(usd),
            usd_high=max(usd),
            machines=Machines(
                fleets[0].machines, needed, if_slow, terms.quota, *rates, rate.explanation
            ),
            sooner=_sooner(terms, work[0], fleets[0], beside),
            unknown=_slow(label, fleets[1], rate) if slow_late and not late else (),
            after=runs.after,
        )

    def _fleet(self, terms: MachineTerms, work_hours: float, deadline_hours: float) -> JobFleet:
        """The cheapest machines in time; where there are too few, or none has started, all."""
        quota, usd = terms.quota, (terms.usd_per_hour, terms.once_usd)
        start, unit = terms.start_hours, terms.unit_hours
        most = math.inf if quota is None else quota
        fleet = cheapest_fleet(work_hours, deadline_hours, start, unit, usd, most)
        if fleet is not None and fleet.machines <= most:
            return fleet
        return fleet_of_job(work_hours, quota or 1, start, unit)


def _sooner(
    terms: MachineTerms, work_hours: float, fleet: JobFleet, beside: Beside
) -> Sooner | None:
    """The fewest that end within a day; None where these do, or no more can be had."""
    if fleet.hours <= HOURS_PER_DAY:
        return None
    more = fewest(work_hours, HOURS_PER_DAY, terms.start_hours, terms.unit_hours)
    if more is None or (terms.quota is not None and more > terms.quota):
        return None
    quick = fleet_of_job(work_hours, more, terms.start_hours, terms.unit_hours)
    usd = fleet_usd(terms, quick, work_hours, beside)
    return Sooner(more, quick.hours / HOURS_PER_DAY, usd)


def _slow(label: str, fleet: JobFleet, rate: FullRate) -> tuple[Unknown, ...]:
    """Its stated range reaches beyond the deadline, and no more machines can be had."""
    sentence = (
        f"{label} may embed {rate.low_tokens_per_s:,.0f} tokens/s only ({rate.grade}): the job "
        f"then takes {fleet.hours / HOURS_PER_DAY:.3g} days."
    )
    return (Unknown(About.THROUGHPUT, 0.0, sentence, "Measure it, or have more machines."),)


def refused(
    option_id: str, label: str, kind: WayKind, model_id: str, price: PriceUsed, why: str
) -> JobWay:
    """A way that cannot do the job, or of which nobody can say what it costs."""
    return JobWay(
        option_id, label, kind, model_id, (), None, None, Grades(None, price.grade), refusal=why
    )
