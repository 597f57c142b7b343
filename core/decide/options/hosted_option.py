"""An option that is paid by the replica: a rented machine, a bought card, this computer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from core.catalog.schema import Card, Catalog, MachineOffer, ModelCard, PriceUnit, Provider, Source
from core.cost.by_replica.autoscaling import hours_alike
from core.cost.by_replica.hosted_bill import HostedBill, HoursAlike, capital_line, rent_line
from core.cost.by_replica.per_second import PerSecondBill
from core.cost.curve.breakdown import CostLine, TokenLine
from core.cost.load.hourly_load import HOURS_PER_DAY
from core.decide.capacity.electricity import Electricity, electricity, own_power
from core.decide.capacity.processor_capacity import processor_nominal, unheld_reason
from core.decide.capacity.purchase_mix import mix_note
from core.decide.capacity.rent import rented_line
from core.decide.capacity.replica_capacity import (
    card_nominal,
    measured_capacity,
    of_nominal,
    unfit_reason,
)
from core.decide.case import Case
from core.decide.load.rhythm import Rhythm
from core.decide.load.storage_lines import egress_lines
from core.decide.options.api_option import price_used
from core.decide.options.machine import Machine, as_option, swept_server
from core.decide.options.per_second_bill import host_line, host_note, per_second_bill
from core.decide.options.terms.account import free_usd, plan_lines, plan_note
from core.decide.options.terms.place import place_of_machine
from core.decide.options.terms.remarks import (
    currency_note,
    price_note,
    set_up_note,
    vectors_note,
)
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.option import CapacityUsed, Option, OptionKind, PriceUsed
from core.errors import ModelInputError
from core.measurement.measured import Measurement
from core.scenario import OWNED_PREFIX, Hosting
from core.serving.law.published_rates import Nominal, PublishedRate
from core.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True)
class _Paying:
    """How one replica is paid for."""

    acquisition: CostLine
    idle_energy: CostLine | None = None
    active_usd_per_token: float = 0.0
    busy_us: float = 0.0
    """Microseconds of computing for a processed token."""
    hours: tuple[HoursAlike, ...] = ()
    mean_load: float = 0.0
    shortest_run: float = 0.0
    by_token: tuple[TokenLine, ...] = field(default=())

    def with_power(self, power: Electricity) -> "_Paying":
        """The same, with the electricity paid for apart."""
        return replace(
            self,
            idle_energy=power.idle,
            active_usd_per_token=power.active_usd_per_token,
            busy_us=power.busy_us,
        )


def rented_option(
    option_id: str, provider: Provider, offer: MachineOffer, case: Case
) -> tuple[Option, HostedBill | PerSecondBill | None]:
    """A machine by the hour or the month; one with several cards is one replica."""
    scenario, texts = case.scenario, case.hosted_texts
    hosting, calendar = scenario.hosting, scenario.calendar
    price = price_used(offer.price, case.own_prices.get(option_id))
    swept = swept_server(case.measurements.get(option_id))
    capacity, notes, missing = _capacity(
        swept,
        partial(rented_nominal, offer, hosting.model, case.catalog, case.published.rates),
        offer.card_count,
        case,
    )
    account_notes = (host_note(offer, scenario.serverless), plan_note(provider, offer.id))
    machine = Machine(
        option_id=option_id,
        label=offer.label,
        kind=OptionKind.RENTED,
        model=hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=offer.status == "withdrawn",
        notes=(*_offer_notes(offer, hosting), *account_notes, *notes),
        unpriced_reason=missing,
        unfit_reason="" if swept else _unfit(offer, case.hosted_model, case.catalog),
    )
    place, elsewhere = place_of_machine(offer, scenario.objective.region)
    option = as_option(machine, texts, case)
    option = replace(
        option,
        place=place,
        place_reason=elsewhere,
        refusal=option.refusal or Refusal.of(Obstacle.PLACE, elsewhere),
    )
    rent = rented_line(price, offer, hosting, calendar)
    request = scenario.workload.tokens_per_request
    by_token = egress_lines(case.hosted_model, texts, hosting.egress_usd_per_gb, request)
    paid = provider.plan_for(offer.id, sells_more=True)
    by_month = (*case.storage(hosting.model), *plan_lines(paid))
    if offer.purchase == "serverless" and capacity is not None and not missing:
        free = free_usd(paid.free, calendar) if paid and paid.free else 0.0
        host = host_line(offer, scenario.serverless, calendar)
        return option, per_second_bill(capacity, rent, host, by_token, by_month, free, case)
    paying = _Paying(rent, by_token=by_token)
    if hosting.autoscale and not offer.by_the_month:
        paying = _following(paying, hosting, case.load.rhythm)
    return option, _bill(option, paying, hosting, by_month)


def owned_option(option_id: str, case: Case) -> tuple[Option, HostedBill | None]:
    """A card that was bought: capital, energy for standing there, energy for each token."""
    hosting, card = case.scenario.hosting, case.catalog.owned_card(option_id)
    if card is None:
        raise ModelInputError(f"no card is called {option_id.removeprefix(OWNED_PREFIX)!r}")
    price = _purchase_price(card, case.own_prices.get(option_id))
    swept = swept_server(case.measurements.get(option_id))
    capacity, notes, missing = _capacity(
        swept,
        partial(card_nominal, hosting.model, card, None, case.catalog, case.published.rates),
        1,
        case,
    )
    if card.tdp_w is None and not missing:
        missing = f"What {card.name} draws is not known, so its electricity is not."
    if price.usd is None and not missing:
        missing = f"No purchase price of {card.name} is known. Enter your own."
    machine = Machine(
        option_id=option_id,
        label=f"{card.name} (owned)",
        kind=OptionKind.OWNED,
        model=hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=False,
        notes=(*_card_notes(card, hosting.host_usd), *notes),
        unpriced_reason=missing,
        unfit_reason="" if swept else unfit_reason(case.hosted_model, card),
    )
    option = as_option(machine, case.hosted_texts, case)
    power = electricity(hosting.idle_w, card.tdp_w or 0.0, capacity, case)
    paying = _Paying(_capital(price.usd, hosting)).with_power(power)
    return option, _bill(option, paying, hosting, case.storage(hosting.model))


def this_machine_option(option_id: str, case: Case) -> tuple[Option, HostedBill | None]:
    """The computer that runs the page: capacity only if measured, price only if the user says.

    Without a model in its id it is what was measured, whatever model that was.
    """
    own, measured = case.own_prices.get(option_id), case.measurements.get(option_id)
    hosting = case.scenario.hosting
    model = measured.subject.model if measured else hosting.model
    texts = case.texts_before(case.catalog.model(model))
    capacity = measured_capacity(measured, texts, case) if measured else None
    missing = ""
    if capacity is None:
        missing = "Not measured yet: probe it to learn what this computer carries."
    elif own is None:
        missing = "No price: enter what an hour of this computer costs you."
    power, power_note = own_power(measured, in_the_price=hosting.own_price_includes_power)
    machine = Machine(
        option_id=option_id,
        label=_machine_label(measured),
        kind=OptionKind.THIS_MACHINE,
        model=model,
        price=PriceUsed(own, PriceUnit.PER_HOUR, None, None, overridden=own is not None),
        capacity=capacity,
        withdrawn=False,
        notes=(vectors_note(model, hosting.model, case.catalog), power_note),
        unpriced_reason=missing,
        power=power,
    )
    option = as_option(machine, texts, case)
    paying = _Paying(rent_line(own or 0.0, case.scenario.calendar))
    if power is not None:
        drawn = electricity(power.idle_w, power.active_w, capacity, case)
        paying = paying.with_power(drawn)
    return option, _bill(option, paying, hosting, case.storage(model))


def _unfit(offer: MachineOffer, model: ModelCard | None, catalog: Catalog) -> str:
    """Why the weights of a model have no room there; "" where they have, or nobody knows."""
    if offer.card is not None:
        return unfit_reason(model, catalog.card(offer.card))
    return unheld_reason(model, offer.memory_gib)


def rented_nominal(
    offer: MachineOffer, model_id: str, catalog: Catalog, rates: Sequence[PublishedRate]
) -> Nominal:
    """How quick one card of a rented machine is, or its processor where it has none.

    Raises ModelInputError where that cannot be stated.
    """
    card, cpu = catalog.card(offer.card or ""), catalog.cpu(offer.cpu or "")
    if card is not None:
        each = offer.vcpus and offer.vcpus / offer.card_count
        return card_nominal(model_id, card, each, catalog, rates)
    if cpu is None or offer.vcpus is None or offer.memory_gib is None:
        raise ModelInputError("Its card is not in the catalogue: add it to cards.toml.")
    if unheld := unheld_reason(catalog.model(model_id), offer.memory_gib):
        raise ModelInputError(unheld)
    return processor_nominal(model_id, cpu, offer.vcpus, catalog, rates)


def _capacity(
    swept: Measurement | None, stated: Callable[[], Nominal], card_count: int, case: Case
) -> tuple[CapacityUsed | None, tuple[str, ...], str]:
    """Capacity, remarks on it, and why there is none; a sweep takes the place of what is stated."""
    if swept is not None and (used := measured_capacity(swept, case.hosted_texts, case)):
        return used, ("throughput measured: a sweep of your own server",), ""
    try:
        nominal = stated()
        capacity = of_nominal(nominal, card_count, case)
    except ModelInputError as why:
        return None, (), str(why)
    basis = f"throughput {capacity.basis}" if capacity.basis == "predicted" else ""
    return capacity, (basis, nominal.warning), ""


def _following(paying: _Paying, hosting: Hosting, rhythm: Rhythm) -> _Paying:
    """The same, of a fleet that follows what cannot wait, with its start-up and cooldown.

    What can wait is gathered into one run a day, of an hour at least.
    """
    startup_hours = hosting.startup_minutes / MINUTES_PER_HOUR
    cooldown_hours = hosting.cooldown_minutes / MINUTES_PER_HOUR
    highest = max(rhythm.filled)
    return replace(
        paying,
        hours=hours_alike(np.array(rhythm.online), startup_hours, cooldown_hours, highest),
        mean_load=1 / highest,
        shortest_run=min(1.0, (startup_hours + 1 + cooldown_hours) / HOURS_PER_DAY),
    )


def _bill(
    option: Option, paying: _Paying, hosting: Hosting, storage: tuple[CostLine, ...]
) -> HostedBill | None:
    """The bill of whole replicas; None where price or capacity are not known."""
    capacity = option.capacity
    if option.unpriced_reason or capacity is None:
        return None
    return HostedBill(
        capacity_tokens_per_month=capacity.tokens_per_month,
        spare_replicas=hosting.spare_replicas,
        labour_usd_per_month=hosting.labour_usd_per_month,
        acquisition=paying.acquisition,
        idle_energy=paying.idle_energy,
        active_usd_per_token=paying.active_usd_per_token,
        active_explanation=f"above idle while a kernel runs, {paying.busy_us:.3g} us a token",
        minimum_replicas=hosting.minimum_replicas,
        hours=paying.hours,
        mean_load=paying.mean_load,
        shortest_run=paying.shortest_run,
        by_token=paying.by_token,
        by_month=storage,
    )


def _capital(price_usd: float | None, hosting: Hosting) -> CostLine:
    """Capital of one card with its host, a month."""
    return capital_line(
        (price_usd or 0.0) + hosting.host_usd,
        hosting.residual_fraction,
        hosting.discount_rate_per_year,
        hosting.lifetime_months,
    )


def _purchase_price(card: Card, own: float | None) -> PriceUsed:
    listed = None if card.usd_new is None else float(card.usd_new)
    source: Source = card.source
    return PriceUsed(listed if own is None else own, None, listed, source, own is not None)


def _offer_notes(offer: MachineOffer, hosting: Hosting) -> tuple[str, ...]:
    purchase = {
        "on_demand": mix_note(offer, hosting),
        "spot": "spot: may be taken away at short notice",
        "reserved": "reserved: paid for the whole term",
        "serverless": "billed while it runs: it stops when idle, and starts cold",
    }
    withdrawn = "withdrawn from sale" if offer.status == "withdrawn" else ""
    cards = f"{offer.card_count} cards in one instance" if offer.card_count > 1 else ""
    month = "paid by the month, however long it runs" if offer.by_the_month else ""
    price = offer.price
    return (
        withdrawn,
        purchase[offer.purchase],
        month,
        cards,
        price_note(price),
        currency_note(price),
        set_up_note(price),
    )


def _card_notes(card: Card, host_usd: float) -> tuple[str, ...]:
    discontinued = "discontinued: launch price, sold second-hand" if card.discontinued else ""
    alone = "" if host_usd else "the card alone: it needs a host computer"
    return discontinued, alone


def _machine_label(measured: Measurement | None) -> str:
    hardware = measured.subject.hardware if measured else None
    return f"This machine ({hardware})" if hardware else "This machine"
