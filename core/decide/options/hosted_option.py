"""An option that is paid by the replica: a rented machine, a bought one, a card, this computer."""

from dataclasses import replace
from functools import partial

from core.catalog.option_names import owned_label
from core.catalog.schema import Card, Catalog, MachineOffer, PriceUnit, Provider, Source
from core.cost.by_replica.hosted_bill import HostedBill, capital_line, rent_line
from core.cost.by_replica.per_second import PerSecondBill
from core.cost.curve.breakdown import CostLine
from core.decide.capacity.electricity import electricity, own_power
from core.decide.capacity.machine_rate import capacity_or_reason, machine_nominal, unfit_of
from core.decide.capacity.purchase_mix import mix_note
from core.decide.capacity.rent import life_months, machine_line
from core.decide.capacity.replica_capacity import card_nominal, measured_capacity, unfit_reason
from core.decide.case import Case
from core.decide.load.storage_lines import egress_lines
from core.decide.mine.already_there import (
    ALREADY_YOURS,
    noun_of,
    spent,
    spent_line,
    there_note,
)
from core.decide.mine.reserving import Reservation, on_list, unsaid_term
from core.decide.options.api_option import price_used
from core.decide.options.machine import Machine, as_option, swept_server
from core.decide.options.paying import Paying, bill_of, following_load
from core.decide.options.per_second_bill import host_line, host_note, per_second_bill
from core.decide.options.terms.account import free_usd, plan_lines, plan_note
from core.decide.options.terms.remarks import (
    currency_note,
    price_note,
    set_up_note,
    vectors_note,
)
from core.decide.result.option import Option, OptionKind, OwnedUsed, PriceUsed
from core.errors import ModelInputError
from core.measurement.measured import Measurement
from core.scenario import OWNED_PREFIX, Hosting


def rented_option(
    option_id: str, provider: Provider, offer: MachineOffer, case: Case
) -> tuple[Option, HostedBill | PerSecondBill | None]:
    """A machine by the hour or the month, or one's own; one with several cards is one replica."""
    scenario, texts = case.scenario, case.hosted_texts
    reserved, calendar = case.reservation(option_id), scenario.calendar
    hosting, mine = reserved.hosting, case.owned.get(option_id)
    price = _price_of(offer, case.own_prices.get(option_id), reserved)
    price = spent(price) if mine else price
    swept = swept_server(case.measurements.get(option_id))
    capacity, notes, missing = capacity_or_reason(
        swept,
        partial(machine_nominal, option_id, offer, hosting.model, case.catalog, case.published),
        offer.card_count,
        case,
        0.0 if offer.is_owned else hosting.network_s,
    )
    owned = owned_used(offer, hosting, case.catalog) if offer.is_owned else None
    if offer.is_owned and owned is None and not missing:
        missing = f"What {offer.label} draws is not known: give its power_w."
    account_notes = (host_note(offer, scenario.serverless), plan_note(provider, offer.id))
    machine = Machine(
        option_id=option_id,
        label=offer.label,
        kind=OptionKind.OWNED if offer.is_owned else OptionKind.RENTED,
        model=hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=offer.status == "withdrawn",
        notes=(
            *(_offer_notes(offer, hosting) if not mine else ()),
            there_note(mine, noun_of(option_id)),
            reserved.note,
            *account_notes,
            *notes,
        ),
        unpriced_reason=missing,
        unfit_reason="" if swept else unfit_of(offer, case.hosted_model, case.catalog),
        owned=owned,
        many=mine or offer.count,
    )
    option = as_option(machine, texts, case)
    rent = machine_line(price, offer, hosting, calendar)
    request = scenario.workload.tokens_per_request
    by_token = egress_lines(case.hosted_model, texts, _egress_usd(offer, hosting), request)
    paid = provider.plan_for(offer.id, sells_more=True)
    by_month = (*case.storage(hosting.model), *plan_lines(paid))
    if offer.purchase == "serverless" and capacity is not None and not missing:
        free = free_usd(paid.free, calendar) if paid and paid.free else 0.0
        host = host_line(offer, scenario.serverless, calendar)
        return option, per_second_bill(capacity, rent, host, by_token, by_month, free, case)
    paying = Paying(rent, by_token=by_token)
    if owned is not None:
        paying = paying.with_power(electricity(owned.idle_w, owned.active_w, capacity, case))
    elif hosting.autoscale and not offer.by_the_month and offer.count is None:
        paying = following_load(paying, hosting, case.load.rhythm)
    return option, bill_of(option, paying, hosting, by_month)


def _price_of(offer: MachineOffer, own: float | None, reserved: Reservation) -> PriceUsed:
    """Its price on demand; without a unit where that is paid once, as of a card that is bought."""
    price = price_used(offer.price, own)
    price = replace(price, said=on_list(reserved, price.said))
    return replace(price, unit=None) if offer.is_owned else price


def _egress_usd(offer: MachineOffer, hosting: Hosting) -> float:
    """What a GB of answers costs: a cloud charges for it, a machine of one's own does not."""
    return 0.0 if offer.is_owned else hosting.egress_usd_per_gb


def owned_used(offer: MachineOffer, hosting: Hosting, catalog: Catalog) -> OwnedUsed | None:
    """What a machine of one's own draws, and how long it lives; None where nobody says its watts.

    Where its own are not said, those of its cards count, as of a card that is bought alone.
    """
    card = catalog.card(offer.card or "")
    of_cards = card.tdp_w * offer.card_count if card and card.tdp_w else None
    active_w = offer.power_w or of_cards
    if active_w is None:
        return None
    source = offer.price.source if offer.power_w or card is None else card.source
    idle_w = offer.idle_w or min(hosting.idle_w, active_w)
    return OwnedUsed(life_months(offer, hosting), idle_w, active_w, source=source)


def owned_option(option_id: str, case: Case) -> tuple[Option, HostedBill | None]:
    """A card that was bought: capital, energy for standing there, energy for each token."""
    hosting, card = case.scenario.hosting, case.catalog.owned_card(option_id)
    if card is None:
        raise ModelInputError(f"no card is called {option_id.removeprefix(OWNED_PREFIX)!r}")
    price, mine = purchase_price(card, case.own_prices.get(option_id)), case.owned.get(option_id)
    price = spent(price) if mine else price
    swept = swept_server(case.measurements.get(option_id))
    capacity, notes, missing = capacity_or_reason(
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
        label=owned_label(card, case.catalog, ALREADY_YOURS if mine else "owned"),
        kind=OptionKind.OWNED,
        model=hosting.model,
        price=price,
        capacity=capacity,
        withdrawn=False,
        notes=(
            *(_card_notes(card, hosting.host_usd) if not mine else ()),
            there_note(mine, "card"),
            *notes,
        ),
        unpriced_reason=missing,
        unfit_reason="" if swept else unfit_reason(case.hosted_model, card),
        owned=_owned_card(card, hosting, is_there=mine is not None),
        many=mine,
    )
    option = as_option(machine, case.hosted_texts, case)
    power = electricity(hosting.idle_w, card.tdp_w or 0.0, capacity, case)
    capital = spent_line() if mine else _capital(price.usd, hosting)
    paying = Paying(capital).with_power(power)
    return option, bill_of(option, paying, hosting, case.storage(hosting.model))


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
    paying = Paying(rent_line(own or 0.0, case.scenario.calendar))
    if power is not None:
        drawn = electricity(power.idle_w, power.active_w, capacity, case)
        paying = paying.with_power(drawn)
    return option, bill_of(option, paying, hosting, case.storage(model))


def _owned_card(card: Card, hosting: Hosting, *, is_there: bool) -> OwnedUsed:
    """What a card draws; of one that is there its host is there, too."""
    return OwnedUsed(
        hosting.lifetime_months,
        hosting.idle_w,
        card.tdp_w or 0.0,
        host_usd=0.0 if is_there else hosting.host_usd,
        is_card=not is_there,
        source=card.source,
    )


def _capital(price_usd: float | None, hosting: Hosting) -> CostLine:
    """Capital of one card with its host, a month."""
    return capital_line(
        (price_usd or 0.0) + hosting.host_usd,
        hosting.residual_fraction,
        hosting.discount_rate_per_year,
        hosting.lifetime_months,
    )


def purchase_price(card: Card, own: float | None) -> PriceUsed:
    """What a card costs once: the user's own price, else its list price; None: nobody knows."""
    listed = None if card.usd_new is None else float(card.usd_new)
    source: Source = card.source
    return PriceUsed(listed if own is None else own, None, listed, source, own is not None)


def _offer_notes(offer: MachineOffer, hosting: Hosting) -> tuple[str, ...]:
    purchase = {
        "on_demand": mix_note(offer, hosting),
        "spot": "spot: may be taken away at short notice",
        "reserved": unsaid_term(offer),
        "serverless": "billed while it runs: it stops when idle, and starts cold",
        "bought": "bought: its electricity is paid apart",
        "there": "there already: its electricity alone is paid",
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
