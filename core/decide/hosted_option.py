"""An option that is paid by the replica: a rented GPU, a bought card, this computer."""

from dataclasses import dataclass, field, replace

import numpy as np

from core.catalog.schema import Card, Catalog, GpuOffer, PriceUnit, Source
from core.cost.autoscaling import hours_alike
from core.cost.breakdown import CostLine, TokenLine
from core.cost.hosting import (
    HostedBill,
    HoursAlike,
    capital_line,
    rent_line,
)
from core.cost.per_second import PerSecondBill
from core.decide.api_option import own_price, price_used
from core.decide.electricity import Electricity, electricity, own_power
from core.decide.machine import Machine, as_option
from core.decide.notes import price_note, vectors_note
from core.decide.per_second_bill import per_second_bill
from core.decide.purchase_mix import mix_note, mixed_usd_per_hour
from core.decide.result import CapacityUsed, Option, OptionKind, PriceUsed
from core.decide.rhythm import rhythm_of
from core.decide.storage_lines import egress_lines, storage_lines
from core.decide.texts import TextLoad, text_load
from core.decide.throughput import PublishedRates, card_capacity, measured_capacity
from core.errors import ModelInputError
from core.measurement import Measurement
from core.scenario import OWNED_PREFIX, THIS_MACHINE, Scenario
from core.units import SECONDS_PER_HOUR

MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True, slots=True)
class _Paying:
    """How one replica is paid for."""

    acquisition: CostLine
    idle_energy: CostLine | None = None
    active_usd_per_token: float = 0.0
    busy_us: float = 0.0
    """Microseconds of computing for a processed token."""
    hours: tuple[HoursAlike, ...] = ()
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
    option_id: str,
    offer: GpuOffer,
    scenario: Scenario,
    catalog: Catalog,
    published: PublishedRates,
    measured: Measurement | None,
) -> tuple[Option, HostedBill | PerSecondBill | None]:
    """A GPU by the hour; an instance with several cards is one replica."""
    price = price_used(option_id, offer.price, scenario)
    texts = _texts(scenario.hosting.model, scenario, catalog)
    card = catalog.card(offer.card)
    capacity, notes, missing = _capacity(card, offer.gpu_count, texts, scenario, catalog, published)
    machine = Machine(
        option_id=option_id,
        label=offer.label,
        kind=OptionKind.RENTED,
        model=scenario.hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=offer.status == "withdrawn",
        notes=(*_offer_notes(offer, scenario), *notes),
        unpriced_reason=missing,
    )
    option = as_option(machine, texts, scenario, catalog, measured)
    rent = rent_line(mixed_usd_per_hour(offer, usd_per_hour(price), scenario), scenario.calendar)
    model = catalog.model(machine.model)
    by_token = egress_lines(model, texts, scenario)
    if offer.purchase == "serverless" and capacity is not None and not missing:
        storage = storage_lines(model, scenario)
        return option, per_second_bill(capacity, rent, by_token, storage, scenario)
    hours = _hours(scenario) if scenario.hosting.autoscale else ()
    paying = _Paying(rent, hours=hours, by_token=by_token)
    return option, _bill(option, paying, scenario, catalog)


def owned_option(
    option_id: str,
    scenario: Scenario,
    catalog: Catalog,
    published: PublishedRates,
    measured: Measurement | None,
) -> tuple[Option, HostedBill | None]:
    """A card that was bought: capital, energy for standing there, energy for each token."""
    card = catalog.card(option_id.removeprefix(OWNED_PREFIX))
    if card is None:
        raise ModelInputError(f"no card is called {option_id.removeprefix(OWNED_PREFIX)!r}")
    price = _purchase_price(option_id, card, scenario)
    texts = _texts(scenario.hosting.model, scenario, catalog)
    capacity, notes, missing = _capacity(card, 1, texts, scenario, catalog, published)
    if price.usd is None:
        missing = f"No purchase price of {card.name} is known. Enter your own."
    machine = Machine(
        option_id=option_id,
        label=f"{card.name} (owned)",
        kind=OptionKind.OWNED,
        model=scenario.hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=False,
        notes=(*_card_notes(card, scenario), *notes),
        unpriced_reason=missing,
    )
    option = as_option(machine, texts, scenario, catalog, measured)
    return option, _bill(option, _ownership(card, price.usd, capacity, scenario), scenario, catalog)


def this_machine_option(
    scenario: Scenario, catalog: Catalog, measured: Measurement | None
) -> tuple[Option, HostedBill | None]:
    """The computer that runs the page: capacity only if measured, price only if the user says."""
    own = own_price(THIS_MACHINE, scenario)
    model = measured.subject.model if measured else scenario.hosting.model
    texts = _texts(model, scenario, catalog)
    capacity = measured_capacity(measured, texts, scenario, catalog) if measured else None
    missing = ""
    if capacity is None:
        missing = "Not measured yet: probe it to learn what this computer carries."
    elif own is None:
        missing = "No price: enter what an hour of this computer costs you."
    power, said = own_power(measured, scenario)
    machine = Machine(
        option_id=THIS_MACHINE,
        label=_machine_label(measured),
        kind=OptionKind.THIS_MACHINE,
        model=model,
        price=PriceUsed(own, PriceUnit.PER_HOUR, None, None, overridden=own is not None),
        capacity=capacity,
        withdrawn=False,
        notes=(vectors_note(model, scenario.hosting.model), said),
        unpriced_reason=missing,
        power=power,
    )
    option = as_option(machine, texts, scenario, catalog, measured)
    paying = _Paying(rent_line(own or 0.0, scenario.calendar))
    if power is not None:
        drawn = electricity(power.idle_w, power.active_w, capacity, scenario)
        paying = paying.with_power(drawn)
    return option, _bill(option, paying, scenario, catalog)


def usd_per_hour(price: PriceUsed) -> float:
    """An hourly price, from one by the hour or by the second."""
    usd = price.usd or 0.0
    return usd * SECONDS_PER_HOUR if price.unit is PriceUnit.PER_SECOND else usd


def _texts(model_id: str, scenario: Scenario, catalog: Catalog) -> TextLoad:
    model = catalog.model(model_id)
    return text_load(scenario.workload, model.max_tokens if model else None)


def _capacity(
    card: Card | None,
    gpu_count: int,
    texts: TextLoad,
    scenario: Scenario,
    catalog: Catalog,
    published: PublishedRates,
) -> tuple[CapacityUsed | None, tuple[str, ...], str]:
    """Capacity, remarks on it, and why there is none."""
    if card is None:
        return None, (), "Its card is not in the catalogue: add it to cards.toml."
    try:
        capacity, doubt = card_capacity(card, gpu_count, texts, scenario, catalog, published)
    except ModelInputError as why:
        return None, (), str(why)
    basis = f"throughput {capacity.basis}" if capacity.basis == "predicted" else ""
    return capacity, (basis, doubt), ""


def _hours(scenario: Scenario) -> tuple[HoursAlike, ...]:
    """Hours of a fleet that follows the load, with what start-up and cooldown add."""
    hosting = scenario.hosting
    filled = np.array(rhythm_of(scenario.workload).filled)
    return hours_alike(
        filled,
        hosting.startup_minutes / MINUTES_PER_HOUR,
        hosting.cooldown_minutes / MINUTES_PER_HOUR,
    )


def _bill(
    option: Option, paying: _Paying, scenario: Scenario, catalog: Catalog
) -> HostedBill | None:
    """The bill of whole replicas; None where price or capacity are not known."""
    capacity = option.capacity
    if option.unpriced_reason or capacity is None:
        return None
    return HostedBill(
        capacity_tokens_per_month=capacity.tokens_per_month,
        spare_replicas=scenario.hosting.spare_replicas,
        labour_usd_per_month=scenario.hosting.labour_usd_per_month,
        acquisition=paying.acquisition,
        idle_energy=paying.idle_energy,
        active_usd_per_token=paying.active_usd_per_token,
        active_explanation=f"above idle while a kernel runs, {paying.busy_us:.3g} us a token",
        minimum_replicas=scenario.hosting.minimum_replicas,
        hours=paying.hours,
        by_token=paying.by_token,
        by_month=storage_lines(catalog.model(option.model or ""), scenario),
    )


def _ownership(
    card: Card, price_usd: float | None, capacity: CapacityUsed | None, scenario: Scenario
) -> _Paying:
    """Capital and idle energy of one card a month, and energy above idle for one token."""
    hosting = scenario.hosting
    capital = capital_line(
        (price_usd or 0.0) + hosting.host_usd,
        hosting.residual_fraction,
        hosting.discount_rate_per_year,
        hosting.lifetime_months,
    )
    power = electricity(hosting.idle_w, card.tdp_w, capacity, scenario)
    return _Paying(capital).with_power(power)


def _purchase_price(option_id: str, card: Card, scenario: Scenario) -> PriceUsed:
    own = own_price(option_id, scenario)
    listed = None if card.usd_new is None else float(card.usd_new)
    source: Source = card.source
    return PriceUsed(listed if own is None else own, None, listed, source, own is not None)


def _offer_notes(offer: GpuOffer, scenario: Scenario) -> tuple[str, ...]:
    purchase = {
        "on_demand": mix_note(offer, scenario),
        "spot": "spot: may be taken away at short notice",
        "reserved": "reserved: paid for the whole term",
        "serverless": "billed while it runs: it stops when idle, and starts cold",
    }
    withdrawn = "withdrawn from sale" if offer.status == "withdrawn" else ""
    cards = f"{offer.gpu_count} cards in one instance" if offer.gpu_count > 1 else ""
    return withdrawn, purchase[offer.purchase], cards, price_note(offer.price)


def _card_notes(card: Card, scenario: Scenario) -> tuple[str, ...]:
    discontinued = "discontinued: launch price, sold second-hand" if card.discontinued else ""
    alone = "" if scenario.hosting.host_usd else "the card alone: it needs a host computer"
    return discontinued, alone


def _machine_label(measured: Measurement | None) -> str:
    hardware = measured.subject.hardware if measured else None
    return f"This machine ({hardware})" if hardware else "This machine"
