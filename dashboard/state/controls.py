"""The controls of the scenario in this session: their keys, and what they say.

The browser keeps what a control shows under the control's key, and says all of it again with
every message. A value that Python writes into a control that is there already travels in one
message alone. Where that one is lost or replaced by a later run's, the browser goes on sending the
former value, which looks like a change by the user. So no value is ever written into a control:
every run gives it the scenario's as its own default, and a control whose value is changed from
elsewhere gets another key and begins anew. What is sent under a former key is ignored.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import streamlit as st

from core.scenario import CALENDARS, MOST_BUDGET_USD, Demands, Scenario
from dashboard.state.inputs import INPUTS, NAMED, with_named, with_numbers
from dashboard.state.link import MAX_OPTIONS, PRICE_HIGH_USD, PRICE_LOW_USD, Known

Shown: TypeAlias = float | str | bool | tuple[str, ...] | date | None

INPUT: Final = "in/"
PRICE: Final = "price/"
TIER: Final = "tier/"
LIMIT: Final = "limit/"
OWNED: Final = "own/"
DISCOUNT: Final = "off/"
_STARTS: Final = "controls"


@dataclass(frozen=True, slots=True)
class _Start:
    """How often a control began anew, and the value that it last began with."""

    turn: int
    value: Shown


def key(name: str, scenario: Scenario, known: Known) -> str:
    """Widget key of a control, which begins with the scenario's value if it is new."""
    starts = _starts()
    if name not in starts:
        st.session_state[_STARTS] = starts | {name: _Start(0, shown(name, scenario, known))}
    return _keys()[name]


def began_with(name: str) -> Shown:
    """The value that a control last began with; None where it was not drawn yet."""
    start = _starts().get(name)
    return None if start is None else start.value


def begin_where_it_is_gone(name: str, scenario: Scenario, known: Known) -> None:
    """Let a control whose field was not on the page begin with what the scenario says by now."""
    start = _starts().get(name)
    now = shown(name, scenario, known)
    if start is not None and start.value != now and _keys()[name] not in st.session_state:
        st.session_state[_STARTS] = _starts() | {name: _Start(start.turn + 1, now)}


def begin_anew(before: Scenario, after: Scenario, known: Known) -> None:
    """Give another key to every control that shows another value after a change from elsewhere."""
    values = {name: shown(name, after, known) for name in _starts()}
    st.session_state[_STARTS] = {
        name: start
        if values[name] == shown(name, before, known)
        else _Start(start.turn + 1, values[name])
        for name, start in _starts().items()
    }


_NO_NUMBERS: Final[Mapping[str, Callable[[Scenario], Shown]]] = {
    "o": lambda scenario: scenario.options,
    "do": lambda scenario: scenario.documents.options,
    "m": lambda scenario: scenario.hosting.model,
    "day": lambda scenario: scenario.as_of,
    "budget": lambda scenario: scenario.demands.budget_usd_per_month,
    "lang": lambda scenario: scenario.demands.languages,
    "cal": lambda scenario: next(
        word for word, value in CALENDARS.items() if value == scenario.calendar
    ),
}
"""What controls show that are neither a number nor a named value, by URL key."""


def shown(name: str, scenario: Scenario, known: Known) -> Shown:
    """What a control shows of a scenario."""
    if name.startswith(PRICE):
        option_id = name.removeprefix(PRICE)
        own = scenario.own_price(option_id)
        return known.list_prices.get(option_id) if own is None else own
    for prefix, entries in _by_name(scenario):
        if name.startswith(prefix):
            return dict(entries).get(name.removeprefix(prefix))
    url_key = name.removeprefix(INPUT)
    if url_key in _NO_NUMBERS:
        return _NO_NUMBERS[url_key](scenario)
    return (NAMED[url_key] if url_key in NAMED else INPUTS[url_key]).of(scenario)


def _by_name(scenario: Scenario) -> Iterator[tuple[str, Iterable[tuple[str, str | float]]]]:
    """What the user says of single options and providers, by the start of its controls' names."""
    yield TIER, scenario.tiers
    yield LIMIT, scenario.limits
    yield OWNED, scenario.owned
    yield DISCOUNT, scenario.discounts


def absorbed(scenario: Scenario, known: Known) -> Scenario:
    """The scenario with what its controls say; those that are not drawn say nothing."""
    keys = _keys()

    def says(name: str) -> Any:
        return st.session_state.get(keys.get(INPUT + name, INPUT + name))

    numbers = {name: float(value) for name in INPUTS if (value := says(name)) is not None}
    named = {name: value for name in NAMED if (value := says(name)) is not None}
    scenario = with_named(with_numbers(scenario, numbers), named)
    if (options := says("o")) is not None:
        scenario = scenario.model_copy(update={"options": tuple(options)[:MAX_OPTIONS]})
    if (options := says("do")) is not None:
        chosen = {"options": tuple(options)[:MAX_OPTIONS]}
        documents = scenario.documents.model_copy(update=chosen)
        scenario = scenario.model_copy(update={"documents": documents})
    if (model := says("m")) is not None:
        hosting = scenario.hosting.model_copy(update={"model": model})
        scenario = scenario.model_copy(update={"hosting": hosting})
    if (calendar := says("cal")) is not None:
        scenario = scenario.model_copy(update={"calendar": CALENDARS[calendar]})
    if (day := keys.get(INPUT + "day")) is not None and day in st.session_state:
        # An empty field says something, too; one that is not drawn is not there.
        scenario = scenario.model_copy(update={"as_of": st.session_state[day]})
    scenario = scenario.model_copy(update={"demands": _demands(scenario.demands, keys)})
    prices, tiers = _prices(scenario, known, keys), _tiers(scenario, known, keys)
    typed = {
        "limits": _typed(LIMIT, scenario.limits, keys, lambda rate: max(1.0, rate)),
        "owned": _typed(OWNED, scenario.owned, keys, int),
        "discounts": _typed(DISCOUNT, scenario.discounts, keys, float),
    }
    return scenario.model_copy(update={"prices": prices, "tiers": tiers, **typed})


def _demands(demands: Demands, keys: Mapping[str, str]) -> Demands:
    """The demands with a budget and languages as they are shown; an empty field asks for none."""
    typed: dict[str, object] = {}
    if (key := keys.get(INPUT + "budget")) is not None and key in st.session_state:
        usd = st.session_state[key]
        at_most = None if usd is None else min(max(float(usd), 0.0), MOST_BUDGET_USD)
        typed["budget_usd_per_month"] = at_most
    if (key := keys.get(INPUT + "lang")) is not None and key in st.session_state:
        typed["languages"] = tuple(sorted(st.session_state[key]))
    return demands.model_copy(update=typed)


def _prices(
    scenario: Scenario, known: Known, keys: Mapping[str, str]
) -> tuple[tuple[str, float], ...]:
    prices = dict(scenario.prices)
    # Only chosen options have a control; the own price of another waits for its return.
    for option_id in scenario.priced_ids:
        key = keys.get(PRICE + option_id)
        if key is not None and key in st.session_state:
            usd = st.session_state[key]
            prices.pop(option_id, None)
            if usd is not None and usd != known.list_prices.get(option_id):
                prices[option_id] = min(max(float(usd), PRICE_LOW_USD), PRICE_HIGH_USD)
    return tuple(sorted(prices.items()))


def _tiers(
    scenario: Scenario, known: Known, keys: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """The tiers of accounts; those of providers without a control stay."""
    tiers = dict(scenario.tiers)
    for provider in known.tiers:
        key = keys.get(TIER + provider)
        if key is not None and key in st.session_state:
            tiers.pop(provider, None)
            if (tier := st.session_state[key]) is not None:
                tiers[provider] = tier
    return tuple(sorted(tiers.items()))


def _typed(
    prefix: str,
    given: Iterable[tuple[str, float]],
    keys: Mapping[str, str],
    number_of: Callable[[float], float],
) -> tuple[tuple[str, float], ...]:
    """The user's own numbers of a kind, such as rate limits, by name.

    An empty field says that there is none, and so does 0; one that is not drawn says nothing.
    """
    numbers = dict(given)
    for name, key in keys.items():
        if name.startswith(prefix) and key in st.session_state:
            numbers.pop(name.removeprefix(prefix), None)
            if number := st.session_state[key]:
                numbers[name.removeprefix(prefix)] = number_of(float(number))
    return tuple(sorted(numbers.items()))


def _starts() -> dict[str, _Start]:
    starts: dict[str, _Start] = st.session_state.get(_STARTS, {})
    return starts


def _keys() -> dict[str, str]:
    """The present widget key of every control that was drawn, by the control's name."""
    return {
        name: f"{name}#{start.turn}" if start.turn else name for name, start in _starts().items()
    }
