"""What is believed of each option's price, and of the seconds that a request is billed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.catalog.option_names import option_label
from core.catalog.schema import Catalog
from core.cost.many_scenarios.laws import Law, LawKind, known
from core.decide.options.api_option import price_used
from core.decide.result.belief import PRICE, SECONDS, Belief, around
from core.decide.result.option import Option, OptionKind, PriceUsed
from core.grade import Grade
from core.measurement.measured import Measurement
from core.scenario import OWNED_PREFIX, hybrid_parts, machine_id

SECONDS_FACTOR = 2.0
"""Either way, of seconds that nobody has measured: a judgement."""


def prices(
    options: Sequence[Option], own_prices: Mapping[str, float], catalog: Catalog
) -> list[Belief]:
    """The price of each machine and API, and of each part of a hybrid that is no option itself.

    A machine has one price, whatever runs on it.
    """
    plain: dict[str, list[Option]] = {}
    for option in options:
        if not hybrid_parts(option.id):
            plain.setdefault(machine_id(option.id), []).append(option)
    beliefs = [
        _price(name, _called(same[0], catalog), same, same[0].price, catalog)
        for name, same in plain.items()
        if same[0].price.usd is not None
    ]
    parts = dict.fromkeys(machine_id(p) for o in options for p in hybrid_parts(o.id) or ())
    for part in parts:
        sold = catalog.find_api(part) or catalog.find_machine(part)
        if part not in plain and sold is not None and sold[1].prices:
            used = price_used(sold[1].price, own_prices.get(part))
            beliefs.append(_price(part, sold[1].label, (), used, catalog))
    return beliefs


def _called(option: Option, catalog: Catalog) -> str:
    """The name of what the price is of: without the model that the option names."""
    machine = machine_id(option.id)
    return option.label if machine == option.id else option_label(machine, catalog)


def _price(
    machine: str, label: str, of: Sequence[Option], used: PriceUsed, catalog: Catalog
) -> Belief:
    """From the lowest to the highest price that a source gives, in the billed unit."""
    usd = used.usd or 0.0
    low, high, basis = _quoted(machine, usd, catalog)
    if used.is_yours:
        low = high = None
        basis = "Your own price."
    elif used.said:
        basis = f"{basis} With your terms: {used.said}."
    law = known(usd)
    if low is not None or high is not None:
        law = around(LawKind.LOG_UNIFORM, low or usd, usd, high or usd)
    shown = used.unit.value if used.unit else "USD to buy"
    ids = frozenset(option.id for option in of) or frozenset({machine})
    name = PRICE + machine
    return Belief(name, f"Price of {label}", shown, law, basis, ids, price_unit=used.unit)


def _quoted(option_id: str, usd: float, catalog: Catalog) -> tuple[float | None, float | None, str]:
    """Lowest and highest price that a source gives, and a sentence."""
    if option_id.startswith(OWNED_PREFIX):
        card = catalog.card(option_id.removeprefix(OWNED_PREFIX))
        low = float(card.usd_street_low) if card and card.usd_street_low else None
        high = float(card.usd_street_high) if card and card.usd_street_high else None
        if low is None and high is None:
            return None, None, "The launch price: taken as known."
        return low, high, "What the card is sold for on the street."
    api, machine = catalog.find_api(option_id), catalog.find_machine(option_id)
    sold = api or machine
    if sold is None:
        return None, None, "No other price is known."
    price = sold[1].price
    low = None if price.low is None else float(price.low)
    high = None if price.high is None else float(price.high)
    if low is None and high is None and price.source.grade is Grade.PUBLISHED:
        return None, None, "The vendor's own list price: taken as known."
    if low is None and high is None:
        row = catalog.assumption(f"second-hand-{'machine' if api is None else 'api'}-price")
        basis = f"Second-hand: a factor of {row.value:g} either way, as such prices differ."
        return usd / row.value, usd * row.value, basis
    return low, high, "From the lowest to the highest price that a source gives."


def seconds_name(option: Option) -> str:
    """Name of the seconds that an API is billed: one, whether or not its id names the model.

    Draws go by the name, so that the same question has the same mean by either id.
    """
    return SECONDS + (option.id if option.other_model else machine_id(option.id))


def seconds(option: Option, measured: Measurement | None) -> Belief | None:
    """Seconds that a text is billed, where that is how an API is paid."""
    value = option.seconds_per_text
    if option.kind is not OptionKind.PER_SECOND or not value:
        return None
    guess = around(LawKind.LOG_UNIFORM, value / SECONDS_FACTOR, value, value * SECONDS_FACTOR)
    basis = f"A judgement: a factor of {SECONDS_FACTOR:g} either way of what is assumed."
    plain = Belief(
        seconds_name(option),
        f"Seconds of {option.label}",
        "s/text",
        guess,
        basis,
        frozenset({option.id}),
    )
    law, seen = _seconds_seen(measured)
    if law is None:
        return plain
    return replace(plain, law=law, basis=seen, before=guess, measured_apart=value)


def _seconds_seen(measured: Measurement | None) -> tuple[Law | None, str]:
    """What a probe shows of the compute behind an answer; None where it shows nothing."""
    if measured is None:
        return None, ""
    p50, report = measured.summary.service_p50, measured.summary.report
    if p50.value_s is None or p50.low_s is None or p50.high_s is None:
        return None, ""
    server = report.server if report else None
    if server is not None:
        share = server.server_s / p50.value_s
        low, high = p50.low_s * share, p50.high_s * share
        law = around(LawKind.LOG_UNIFORM, low, server.server_s, high)
        basis = "the server's own word for its time, with the median's interval"
        return law, f"{measured.how}: {basis}."
    law = around(LawKind.LOG_UNIFORM, p50.low_s / SECONDS_FACTOR, p50.value_s, p50.high_s)
    basis = "the service time is an upper bound, the way there and back within it"
    return law, f"{measured.how}: {basis}."
