"""The page's state: the only place that touches session state, URL parameters and widget keys.

The scenario lives in the URL, so a reload, a second tab, a bookmark and the browser's back button
all bring it back. It is written by hand rather than by Streamlit's bound widgets, because those
drop what they cannot use without a word, snap no value to a slider's steps, and do not follow the
back button within a session (tried on 1.67). One `Scenario` in the session is the truth; widgets
are seeded from it and absorbed into it, so a control that is not drawn loses nothing.
"""

import time
from typing import Final, TypeVar

import streamlit as st

from core.scenario import CALENDARS, Scenario
from dashboard.state.inputs import (
    INPUTS,
    NAMED,
    Input,
    NamedInput,
    round_steps,
    with_named,
    with_numbers,
)
from dashboard.state.link import (
    MAX_OPTIONS,
    PRICE_HIGH_USD,
    PRICE_LOW_USD,
    Known,
    decode,
    encode,
)

__all__ = [
    "INPUTS",
    "MAX_OPTIONS",
    "NAMED",
    "Input",
    "Known",
    "NamedInput",
    "begin",
    "clear_reports",
    "get",
    "key",
    "known",
    "price_choices",
    "price_key",
    "publish",
    "put",
    "reports",
    "reset_prices",
    "scenario",
    "set_number",
    "take",
]

T = TypeVar("T")

_SCENARIO: Final = "scenario"
_KNOWN: Final = "known"
_REPORTS: Final = "reports"
_PUBLISHED: Final = "published"
_PAGE: Final = "page"
_SETTLE_S: Final = 1.0
"""A request may still carry the URL from before our last write; older news is navigation."""

_PRICE_PREFIX: Final = "price/"


def begin(catalogue: Known, page: str) -> None:
    """Start a run of the page: read the link if it is new, else absorb what the widgets say.

    ``page`` is the URL path of the page shown: switching pages clears the URL's parameters, which
    is no wish for the defaults.
    """
    st.session_state[_KNOWN] = catalogue
    raw = {name: st.query_params.get_all(name) for name in st.query_params}
    if _SCENARIO not in st.session_state or _navigated(raw, page):
        st.session_state[_SCENARIO], st.session_state[_REPORTS] = decode(raw, catalogue)
        for name in _widget_keys():
            _fill(name)
    st.session_state[_PAGE] = page
    publish()


def _navigated(raw: dict[str, list[str]], page: str) -> bool:
    """Whether the user went to another address: not our own write, a control or a page switch."""
    published, at_s = st.session_state[_PUBLISHED]
    if raw == published or time.monotonic() - at_s < _SETTLE_S:
        return False
    if not raw and page != st.session_state[_PAGE]:
        return False
    before = st.session_state[_SCENARIO]
    return bool(scenario() == before)


def publish() -> None:
    """Write the scenario into the URL, if it is not there yet."""
    wanted = encode(scenario())
    if wanted != st.query_params.to_dict() or _PUBLISHED not in st.session_state:
        st.query_params.from_dict(wanted)
        as_lists = {name: [value] for name, value in wanted.items()}
        st.session_state[_PUBLISHED] = (as_lists, time.monotonic())


def scenario() -> Scenario:
    """The question as it stands, with what the widgets say now."""
    before: Scenario = st.session_state[_SCENARIO]
    after = _absorb(before)
    if after != before:
        st.session_state[_SCENARIO] = after
        st.session_state[_REPORTS] = ()
    return after


def _absorb(scenario: Scenario) -> Scenario:
    numbers = {
        name: float(value)
        for name in INPUTS
        if (value := st.session_state.get(f"in/{name}")) is not None
    }
    named = {
        name: value for name in NAMED if (value := st.session_state.get(f"in/{name}")) is not None
    }
    scenario = with_named(with_numbers(scenario, numbers), named)
    if (options := st.session_state.get("in/o")) is not None:
        scenario = scenario.model_copy(update={"options": tuple(options)[:MAX_OPTIONS]})
    if (model := st.session_state.get("in/m")) is not None:
        hosting = scenario.hosting.model_copy(update={"model": model})
        scenario = scenario.model_copy(update={"hosting": hosting})
    if (name := st.session_state.get("in/cal")) is not None:
        scenario = scenario.model_copy(update={"calendar": CALENDARS[name]})
    return scenario.model_copy(update={"prices": _absorbed_prices(scenario)})


def _absorbed_prices(scenario: Scenario) -> tuple[tuple[str, float], ...]:
    prices = dict(scenario.prices)
    list_prices = known().list_prices
    # Only chosen options have a control; the own price of another waits for its return.
    for option_id in scenario.options:
        name, listed = _PRICE_PREFIX + option_id, list_prices.get(option_id)
        if name in st.session_state:
            usd = st.session_state[name]
            prices.pop(option_id, None)
            if usd is not None and usd != listed:
                prices[option_id] = min(max(float(usd), PRICE_LOW_USD), PRICE_HIGH_USD)
    return tuple(sorted(prices.items()))


def _widget_keys() -> list[str]:
    """Keys of the scenario's widgets that have been drawn in this session."""
    prefixes = ("in/", _PRICE_PREFIX)
    return [str(name) for name in st.session_state if str(name).startswith(prefixes)]


def _fill(name: str) -> None:
    """Give a widget the scenario's value. Only before the widget is drawn in a run."""
    current: Scenario = st.session_state[_SCENARIO]
    if name.startswith(_PRICE_PREFIX):
        option_id = name.removeprefix(_PRICE_PREFIX)
        own = current.own_price(option_id)
        st.session_state[name] = known().list_prices.get(option_id) if own is None else own
        return
    st.session_state[name] = _widget_value(name.removeprefix("in/"), current)


def _widget_value(url_key: str, current: Scenario) -> float | str | bool | list[str]:
    match url_key:
        case "o":
            return list(current.options)
        case "m":
            return current.hosting.model
        case "cal":
            return next(label for label, value in CALENDARS.items() if value == current.calendar)
    if url_key in NAMED:
        return NAMED[url_key].of(current)
    entry = INPUTS[url_key]
    value = entry.of(current)
    return int(value) if entry.whole else float(value)


def known() -> Known:
    """What the catalogue knows: the options and models that can be chosen."""
    found: Known = st.session_state[_KNOWN]
    return found


def key(url_key: str) -> str:
    """Widget key of an input (by its URL key), with the scenario's value put under it."""
    name = f"in/{url_key}"
    if name not in st.session_state:
        _fill(name)
    return name


def price_key(option_id: str) -> str:
    """Widget key of an option's price, with the price in force put under it."""
    name = _PRICE_PREFIX + option_id
    if name not in st.session_state:
        _fill(name)
    return name


def price_choices(option_id: str) -> tuple[float | None, ...]:
    """Prices for an option's slider: the list price, a factor of 100 around it, and the own one.

    An option without a list price starts at None, "no price", and may be given any.
    """
    listed = known().list_prices.get(option_id)
    current: Scenario = st.session_state[_SCENARIO]
    own = current.own_price(option_id)
    around = (listed / 100, listed * 100) if listed else (0.001, 100.0)
    steps = {float(f"{step:.3g}") for step in round_steps(*around)}
    steps |= {value for value in (listed, own) if value is not None}
    return (*(() if listed else (None,)), *sorted(steps))


def reset_prices() -> None:
    """Back to the list prices. For a button's callback: it runs before the widgets are drawn."""
    st.session_state[_SCENARIO] = scenario().model_copy(update={"prices": ()})
    for name in _widget_keys():
        if name.startswith(_PRICE_PREFIX):
            _fill(name)


def take(changed: Scenario) -> None:
    """Put another scenario in place. For a button's callback: the widgets are drawn after it."""
    st.session_state[_SCENARIO] = changed
    for name in _widget_keys():
        _fill(name)


def set_number(url_key: str, value: float) -> None:
    """Set an input from elsewhere than its own widget, which must not have been drawn yet."""
    st.session_state[_SCENARIO] = with_numbers(scenario(), {url_key: value})
    if f"in/{url_key}" in st.session_state:
        _fill(f"in/{url_key}")


def reports() -> tuple[str, ...]:
    """What of the link could not be used, until a control is moved."""
    found: tuple[str, ...] = st.session_state[_REPORTS]
    return found


def clear_reports() -> None:
    """Forget the reports: the user has read them."""
    st.session_state[_REPORTS] = ()


def get(name: str, default: T) -> T:
    """A value that a page keeps for itself in this session (never a key or a secret)."""
    value: T = st.session_state.get(name, default)
    return value


def put(name: str, value: object) -> None:
    """Keep a value for this session."""
    st.session_state[name] = value
