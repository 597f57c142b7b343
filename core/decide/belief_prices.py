"""What is believed of each option's price, and of the seconds that a request is billed."""

from core.catalog.schema import Catalog
from core.cost.laws import LawKind, known
from core.decide.belief import PRICE, SECONDS, Belief, around
from core.decide.result import Option, OptionKind
from core.scenario import OWNED_PREFIX

SECONDS_FACTOR = 2.0
"""Either way, of seconds that nobody has measured: a judgement."""


def price(option: Option, catalog: Catalog) -> Belief:
    """The price in its billed unit, from the lowest to the highest that a source gives."""
    usd = option.price.usd or 0.0
    name, label = PRICE + option.id, f"Price of {option.label}"
    low, high, basis = _quoted(option, catalog)
    if option.price.overridden:
        low = high = None
        basis = "Your own price."
    law = known(usd)
    if low is not None or high is not None:
        law = around(LawKind.LOG_UNIFORM, low or usd, usd, high or usd)
    unit = option.price.unit
    shown = unit.value if unit else "USD to buy"
    return Belief(name, label, shown, law, basis, frozenset({option.id}), price_unit=unit)


def _quoted(option: Option, catalog: Catalog) -> tuple[float | None, float | None, str]:
    """Lowest and highest price that a source gives, and a sentence."""
    if option.id.startswith(OWNED_PREFIX):
        card = catalog.card(option.id.removeprefix(OWNED_PREFIX))
        low = float(card.usd_street_low) if card and card.usd_street_low else None
        high = float(card.usd_street_high) if card and card.usd_street_high else None
        return low, high, "What the card is sold for on the street."
    found = catalog.find_api(option.id) or catalog.find_gpu(option.id)
    if found is None:
        return None, None, "No other price is known."
    price = found[1].price
    low = None if price.low is None else float(price.low)
    high = None if price.high is None else float(price.high)
    if low is None and high is None:
        return None, None, "One source, a list price: taken as known."
    return low, high, "From the lowest to the highest price that a source gives."


def seconds(option: Option, catalog: Catalog) -> Belief | None:
    """Seconds that a request is billed, where that is how an API is paid."""
    found = catalog.find_api(option.id)
    if option.kind is not OptionKind.PER_SECOND or found is None:
        return None
    value = found[1].seconds_per_request
    if not value:
        return None
    law = around(LawKind.LOG_UNIFORM, value / SECONDS_FACTOR, value, value * SECONDS_FACTOR)
    basis = f"A judgement: a factor of {SECONDS_FACTOR:g} either way of what the catalogue assumes."
    label = f"Seconds of {option.label}"
    return Belief(SECONDS + option.id, label, "s/request", law, basis, frozenset({option.id}))
