"""An option that is paid by the replica: a rented GPU, a bought card, this computer."""

from dataclasses import dataclass

from core.catalog.schema import Card, Catalog, GpuOffer, PriceUnit, Source
from core.cost.breakdown import CostLine
from core.cost.hosting import (
    HostedBill,
    active_energy_usd_per_token,
    capital_line,
    idle_energy_line,
    rent_line,
)
from core.decide.api_option import own_price, price_used
from core.decide.notes import licence_note, price_note, reading_note, vectors_note
from core.decide.objective import blocked_reason
from core.decide.result import CapacityUsed, Option, OptionKind, PriceUsed
from core.decide.throughput import PublishedRates, card_capacity, measured_capacity
from core.errors import ModelInputError
from core.measurement import Measurement
from core.scenario import OWNED_PREFIX, THIS_MACHINE, Scenario
from core.units import SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class _Machine:
    """What the three kinds of hosted option have in common."""

    option_id: str
    label: str
    kind: OptionKind
    model: str
    price: PriceUsed
    capacity: CapacityUsed | None
    withdrawn: bool
    notes: tuple[str, ...]
    unpriced_reason: str


def rented_option(
    option_id: str,
    offer: GpuOffer,
    scenario: Scenario,
    catalog: Catalog,
    published: PublishedRates,
    measured: Measurement | None,
) -> tuple[Option, HostedBill | None]:
    """A GPU by the hour; an instance with several cards is one replica."""
    price = price_used(option_id, offer.price, scenario)
    capacity, notes, missing = _capacity(
        catalog.card(offer.card), offer.gpu_count, scenario, catalog, published
    )
    machine = _Machine(
        option_id=option_id,
        label=offer.label,
        kind=OptionKind.RENTED,
        model=scenario.hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=offer.status == "withdrawn",
        notes=(*_offer_notes(offer), *notes),
        unpriced_reason=missing,
    )
    rent = rent_line(usd_per_hour(price), scenario.calendar)
    return _finish(machine, rent, None, 0.0, scenario, catalog, measured)


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
    capacity, notes, missing = _capacity(card, 1, scenario, catalog, published)
    if price.usd is None:
        missing = f"No purchase price of {card.name} is known. Enter your own."
    machine = _Machine(
        option_id=option_id,
        label=f"{card.name} (owned)",
        kind=OptionKind.OWNED,
        model=scenario.hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=False,
        notes=(*_card_notes(card), *notes),
        unpriced_reason=missing,
    )
    capital, idle, active = _ownership(card, price.usd, capacity, scenario)
    return _finish(machine, capital, idle, active, scenario, catalog, measured)


def this_machine_option(
    scenario: Scenario, catalog: Catalog, measured: Measurement | None
) -> tuple[Option, HostedBill | None]:
    """The computer that runs the page: capacity only if measured, price only if the user says."""
    own = own_price(THIS_MACHINE, scenario)
    capacity = measured_capacity(measured, scenario) if measured else None
    missing = ""
    if capacity is None:
        missing = "Not measured yet: probe it to learn what this computer carries."
    elif own is None:
        missing = "No price: enter what an hour of this computer costs you."
    model = measured.subject.model if measured else scenario.hosting.model
    machine = _Machine(
        option_id=THIS_MACHINE,
        label=_machine_label(measured),
        kind=OptionKind.THIS_MACHINE,
        model=model,
        price=PriceUsed(own, PriceUnit.PER_HOUR, None, None, overridden=own is not None),
        capacity=capacity,
        withdrawn=False,
        notes=(vectors_note(model, scenario.hosting.model),),
        unpriced_reason=missing,
    )
    rent = rent_line(own or 0.0, scenario.calendar)
    return _finish(machine, rent, None, 0.0, scenario, catalog, measured)


def usd_per_hour(price: PriceUsed) -> float:
    """An hourly price, from one by the hour or by the second."""
    usd = price.usd or 0.0
    return usd * SECONDS_PER_HOUR if price.unit is PriceUnit.PER_SECOND else usd


def _capacity(
    card: Card | None,
    gpu_count: int,
    scenario: Scenario,
    catalog: Catalog,
    published: PublishedRates,
) -> tuple[CapacityUsed | None, tuple[str, ...], str]:
    """Capacity, remarks on it, and why there is none."""
    if card is None:
        return None, (), "Its card is not in the catalogue: add it to cards.toml."
    try:
        capacity, doubt = card_capacity(card, gpu_count, scenario, catalog, published)
    except ModelInputError as why:
        return None, (), str(why)
    basis = f"throughput {capacity.basis}" if capacity.basis == "predicted" else ""
    return capacity, (basis, doubt), ""


def _finish(
    machine: _Machine,
    acquisition: CostLine,
    idle_energy: CostLine | None,
    active_usd_per_token: float,
    scenario: Scenario,
    catalog: Catalog,
    measured: Measurement | None,
) -> tuple[Option, HostedBill | None]:
    """Option and bill from what the kinds have in common."""
    model = catalog.model(machine.model)
    max_tokens = model.max_tokens if model else None
    mean = scenario.workload.tokens_per_request
    notes = (*machine.notes, reading_note(max_tokens, mean), licence_note(model))
    option = Option(
        id=machine.option_id,
        label=machine.label,
        kind=machine.kind,
        model=machine.model,
        price=machine.price,
        capacity=machine.capacity,
        max_tokens=max_tokens,
        ceiling_tokens_per_month=None,
        ceiling_reason="",
        notes=tuple(note for note in notes if note),
        unpriced_reason=machine.unpriced_reason,
        blocked_reason=blocked_reason(
            withdrawn=machine.withdrawn,
            max_tokens=max_tokens,
            tokens_per_request=mean,
            measured=measured,
            slo_p95_s=scenario.objective.slo_p95_s,
        ),
    )
    if machine.unpriced_reason or machine.capacity is None:
        return option, None
    nominal = machine.capacity.nominal_tokens_per_s
    bill = HostedBill(
        capacity_tokens_per_month=machine.capacity.tokens_per_month,
        spare_replicas=scenario.hosting.spare_replicas,
        labour_usd_per_month=scenario.hosting.labour_usd_per_month,
        acquisition=acquisition,
        idle_energy=idle_energy,
        active_usd_per_token=active_usd_per_token,
        active_explanation=f"above idle, at {nominal:,.0f} tokens/s in full batches",
    )
    return option, bill


def _ownership(
    card: Card, price_usd: float | None, capacity: CapacityUsed | None, scenario: Scenario
) -> tuple[CostLine, CostLine, float]:
    """Capital and idle energy of one card a month, and energy above idle for one token."""
    hosting = scenario.hosting
    capital = capital_line(
        price_usd or 0.0,
        hosting.residual_fraction,
        hosting.discount_rate_per_year,
        hosting.lifetime_months,
    )
    idle = idle_energy_line(
        hosting.idle_w, hosting.usd_per_kwh, hosting.power_usage_effectiveness, scenario.calendar
    )
    if capacity is None:
        return capital, idle, 0.0
    active = active_energy_usd_per_token(
        card.tdp_w,
        hosting.idle_w,
        capacity.nominal_tokens_per_s,
        hosting.usd_per_kwh,
        hosting.power_usage_effectiveness,
    )
    return capital, idle, active


def _purchase_price(option_id: str, card: Card, scenario: Scenario) -> PriceUsed:
    own = own_price(option_id, scenario)
    listed = None if card.usd_new is None else float(card.usd_new)
    source: Source = card.source
    return PriceUsed(listed if own is None else own, None, listed, source, own is not None)


def _offer_notes(offer: GpuOffer) -> tuple[str, ...]:
    purchase = {
        "on_demand": "",
        "spot": "spot: may be taken away at short notice",
        "reserved": "reserved: paid for the whole term",
        "serverless": "billed while it runs; counted here as running all month",
    }
    withdrawn = "withdrawn from sale" if offer.status == "withdrawn" else ""
    cards = f"{offer.gpu_count} cards in one instance" if offer.gpu_count > 1 else ""
    return withdrawn, purchase[offer.purchase], cards, price_note(offer.price)


def _card_notes(card: Card) -> tuple[str, ...]:
    discontinued = "discontinued: launch price, sold second-hand" if card.discontinued else ""
    return discontinued, "the card alone: it needs a host computer"


def _machine_label(measured: Measurement | None) -> str:
    hardware = measured.subject.hardware if measured else None
    return f"This machine ({hardware})" if hardware else "This machine"
