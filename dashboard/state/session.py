"""The scenario in the session: begun from the link, absorbed from the widgets."""

from collections.abc import Callable
from typing import Final, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.scenario import Scenario
from dashboard.state import controls, currency
from dashboard.state.inputs import INPUTS, apart, round_steps, with_numbers
from dashboard.state.link import Known, decode, encode

T = TypeVar("T")

_SCENARIO: Final = "scenario"
_KNOWN: Final = "known"
_REPORTS: Final = "reports"
_PAGE: Final = "page"
_BARE: Final = "bare addresses"


def begin(catalogue: Known, page: str) -> None:
    """Start a run of the page: read the link if it is new, else absorb what the widgets say.

    ``page`` is the URL path of the page shown.
    """
    st.session_state[_KNOWN] = catalogue
    raw = _parameters()
    if _SCENARIO not in st.session_state:
        st.session_state[_SCENARIO], st.session_state[_REPORTS] = _read(raw, catalogue)
    elif _went_back(raw, page):
        asked, doubts = _read(raw, catalogue)
        change(lambda _: asked)
        st.session_state[_REPORTS] = doubts
    elif not raw and page != st.session_state[_PAGE] and _wanted():
        st.session_state[_BARE] = get(_BARE, frozenset[str]()) | {page}
    st.session_state[_PAGE] = page
    currency.begin(catalogue.rates)
    publish()


def _read(raw: dict[str, list[str]], catalogue: Known) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario of a link and what could not be used; its currency is taken apart."""
    doubts = currency.read(raw)
    rest = {name: values for name, values in raw.items() if name not in currency.PARAMETERS}
    asked, more = decode(rest, catalogue)
    return asked, (*doubts, *more)


def _wanted() -> dict[str, str]:
    """What the address should say."""
    return encode(scenario()) | currency.link()


def _went_back(raw: dict[str, list[str]], page: str) -> bool:
    """Whether the browser's back or forward button brought another question.

    Nothing else does within a session. An address that merely differs is one that has not caught
    up with what was published: a slow browser sends it long afterwards. And a switch of pages
    leaves the new page's address without parameters in the browser's history for a moment: to
    come by it on the way back does not ask for the defaults.
    """
    context = get_script_run_ctx()
    if context is None or not context.is_history_navigation:
        return False
    return bool(raw) or page not in get(_BARE, frozenset[str]())


def _parameters() -> dict[str, list[str]]:
    """The address's parameters as this run's message gave them."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def publish() -> None:
    """Write the scenario and the currency into the URL, if it is not there yet."""
    wanted = _wanted()
    if {name: [value] for name, value in wanted.items()} != _parameters():
        st.query_params.from_dict(wanted)


def scenario() -> Scenario:
    """The question as it stands, with what the widgets say now."""
    before: Scenario = st.session_state[_SCENARIO]
    after = controls.absorbed(before, known())
    if after != before:
        st.session_state[_SCENARIO] = after
        st.session_state[_REPORTS] = ()
    return after


def change(edit: Callable[[Scenario], Scenario]) -> None:
    """Change the scenario from elsewhere than its own controls.

    For a button's callback, or before the widgets are drawn. ``edit`` is given the scenario with
    the browser's latest word, which may have come with the very click.
    """
    before = scenario()
    after = edit(before)
    if after != before:
        controls.begin_anew(before, after, known())
        st.session_state[_SCENARIO] = after
        st.session_state[_REPORTS] = ()


def known() -> Known:
    """What the catalogue knows: the options and models that can be chosen."""
    found: Known = st.session_state[_KNOWN]
    return found


def key(url_key: str) -> str:
    """Widget key of an input, by its URL key. Give the widget the scenario's value as default."""
    return controls.key(controls.INPUT + url_key, st.session_state[_SCENARIO], known())


def price_key(option_id: str) -> str:
    """Widget key of an option's price. Give the widget the price in force as default."""
    return controls.key(controls.PRICE + option_id, st.session_state[_SCENARIO], known())


def tier_key(provider_id: str) -> str:
    """Widget key of the tier of an account. Give the widget the tier in force as default."""
    return controls.key(controls.TIER + provider_id, st.session_state[_SCENARIO], known())


def optional_key(url_key: str) -> str:
    """Widget key of an input that may be empty. Give the widget what it ``began_with``."""
    control, scenario = controls.INPUT + url_key, st.session_state[_SCENARIO]
    controls.begin_where_it_is_gone(control, scenario, known())
    return controls.key(control, scenario, known())


def began_with(url_key: str) -> float | None:
    """The number that such an input began with; None where it began empty."""
    begun = controls.began_with(controls.INPUT + url_key)
    return float(begun) if isinstance(begun, int | float) else None


def typed_key(control: str) -> str:
    """Widget key of a number that may be left empty, by its control's name.

    A rate limit of one's own, what is owned already, a discount.
    """
    scenario = st.session_state[_SCENARIO]
    controls.begin_where_it_is_gone(control, scenario, known())
    return controls.key(control, scenario, known())


def typed_begun(control: str) -> float | None:
    """What the control of such a number began with; None where it began empty."""
    begun = controls.began_with(control)
    return float(begun) if isinstance(begun, int | float) else None


def choices(url_key: str) -> tuple[float, ...]:
    """Values for an input's slider. They stay the same while it is moved.

    A value that came by link, and that the slider began with, can so be come back to.
    """
    entry = INPUTS[url_key]
    current: Scenario = st.session_state[_SCENARIO]
    began_with = controls.began_with(controls.INPUT + url_key)
    exact = (entry.of(current), began_with)
    return entry.choices(*(value for value in exact if isinstance(value, int | float)))


def price_choices(option_id: str) -> tuple[float | None, ...]:
    """Prices for an option's slider: the list price, a factor of 100 around it, and the own one.

    An option without a list price starts at None, "no price", and may be given any.
    """
    listed = known().list_prices.get(option_id)
    current: Scenario = st.session_state[_SCENARIO]
    own = current.own_price(option_id)
    around = (listed / 100, listed * 100) if listed else (0.001, 100.0)
    steps = (float(f"{step:.3g}") for step in round_steps(*around))
    began_with = controls.began_with(controls.PRICE + option_id)
    exact = (value for value in (own, listed, began_with) if isinstance(value, int | float))
    return (*(() if listed else (None,)), *apart((*exact, *steps)))


def reset_prices() -> None:
    """Back to the list prices. For a button's callback: it runs before the widgets are drawn."""
    change(lambda current: current.model_copy(update={"prices": ()}))


def set_number(url_key: str, value: float) -> None:
    """Set an input from elsewhere than its own widget, which must not have been drawn yet."""
    change(lambda current: with_numbers(current, {url_key: value}))


def reports() -> tuple[str, ...]:
    """What of the link could not be used, until an input is changed or the user has read it."""
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
