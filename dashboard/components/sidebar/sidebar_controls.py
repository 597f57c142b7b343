"""The controls: each is made from its declaration in the scenario, none is described twice."""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Final

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from core.money import DOLLARS
from core.scenario import CALENDARS, FIRST_DAY, LAST_DAY, Scenario
from dashboard import formats
from dashboard.components.shared.labels import distinct
from dashboard.components.sidebar import (
    account_tiers,
    already_yours,
    currency_picker,
    demand_controls,
    document_controls,
    flip_captions,
    machine_picker,
)
from dashboard.resources.cached import cached_catalogue
from dashboard.state import session
from dashboard.state.inputs import INPUTS, NAMED
from dashboard.state.link import MAX_OPTIONS

QUESTION: Final = ("t", "peak", "slo", "in")
"""What is asked first."""

GROUPS: Final[tuple[tuple[str, str, str, tuple[str, ...]], ...]] = (
    (
        "What must hold",
        ":material/rule:",
        "demands",
        ("budget", "keep", "lang", "whole", "licence"),
    ),
    (
        "Texts and load",
        ":material/notes:",
        "texts",
        ("cv", "long", "overlap", "lost", "burst", "wait", "waithours", "cached", "cpt"),
    ),
    (
        "APIs and GPUs by the second",
        ":material/cloud:",
        "serverless",
        (
            "must",
            "fail",
            "tries",
            "failbill",
            "unans",
            "items",
            "apilab",
            "nego",
            "idleout",
            "cold",
            "warm",
            "cores",
            "gib",
        ),
    ),
    (
        "Self-hosting",
        ":material/memory:",
        "hosting",
        ("u", "batch", "start", "spare", "least", "quota", "labour", "egress", "net"),
    ),
    (
        "Owned card and this machine",
        ":material/home:",
        "owned",
        ("host", "kwh", "pue", "idle", "life", "resid", "rate", "inclpower"),
    ),
    (
        "Fleet: hours, reserved, spot",
        ":material/schedule:",
        "fleet",
        ("auto", "up", "down", "term", "res", "resoff", "spot", "spotoff", "cuts", "recover"),
    ),
    (
        "Vector storage",
        ":material/database:",
        "vectors",
        ("vecs", "dims", "vtype", "index", "gb", "dbreps", "dbusd"),
    ),
    (
        "Documents beside the queries",
        ":material/description:",
        "documents",
        ("dq", "dt", "dcv", "dwait", "do"),
    ),
    (
        "Corpus and re-embedding",
        ":material/library_books:",
        "corpus",
        ("corpus", "days", "corpuslab", "moves", "after", "jobvec"),
    ),
)
"""What is folded away: label, icon, key, and the inputs by their URL keys."""

OUTLOOK: Final = ("g", "n", "close")

A_LONG_TIME: Final = timedelta(hours=12)

SHARES: Final = ("fraction", "per year")
WITH_WORDS: Final = {**demand_controls.CONTROLS, **document_controls.CONTROLS}
"""Controls that are no plain number, by URL key."""


def number(url_key: str, scenario: Scenario) -> None:
    """One input with the mark at which it changes the answer, where that was looked for."""
    if url_key in WITH_WORDS:
        WITH_WORDS[url_key](scenario)
        return
    if url_key in NAMED:
        _named(url_key, scenario)
        return
    _numeric(url_key, scenario)
    flip_captions.show(url_key, scenario)


def _numeric(url_key: str, scenario: Scenario) -> None:
    """A slider over round steps, a percentage slider, or a number box."""
    entry = INPUTS[url_key]
    knob, key, value = entry.knob, session.key(url_key), entry.of(scenario)
    if knob.scale == "log":
        written = partial(formats.quantity, unit=knob.unit, currency=DOLLARS)
        labels = distinct(session.choices(url_key), written)
        st.select_slider(
            knob.label,
            options=list(labels),
            value=float(value),
            format_func=labels.__getitem__,
            key=key,
            help=entry.help,
        )
    elif knob.unit in SHARES:
        label = f"{knob.label} ({knob.unit})" if knob.unit == "per year" else knob.label
        st.slider(
            label,
            entry.low,
            entry.high,
            float(value),
            step=knob.step,
            format="percent",
            key=key,
            help=entry.help,
        )
    else:
        cast = int if entry.whole else float
        st.number_input(
            f"{knob.label} ({knob.unit})",
            min_value=cast(entry.low),
            max_value=cast(entry.high),
            value=cast(value),
            step=cast(knob.step),
            format="%d" if entry.whole else "%.6g",
            key=key,
            help=entry.help,
        )


def _named(url_key: str, scenario: Scenario) -> None:
    """One input with a few named values: a switch for yes and no, else a list."""
    entry, key = NAMED[url_key], session.key(url_key)
    value = entry.of(scenario)
    if isinstance(entry.default, bool):
        st.toggle(entry.choice.label, value=bool(value), key=key, help=entry.help)
        return
    st.selectbox(
        entry.choice.label,
        options=list(entry.values),
        index=entry.values.index(value),
        format_func=entry.word,
        key=key,
        help=entry.help,
    )


def sidebar(elsewhere: Collection[str] = ()) -> None:
    """Everything that shapes the answer besides the volume, whose slider moves the chart.

    ``elsewhere``: inputs, by their URL keys, that the page itself asks for.
    """
    scenario = session.scenario()
    for url_key in QUESTION:
        number(url_key, scenario)
    names = cached_catalogue.option_choices(scenario)
    labels = distinct(names, names.__getitem__)
    st.multiselect(
        "Options compared",
        options=list(labels),
        default=list(scenario.options),
        format_func=labels.__getitem__,
        key=session.key("o"),
        max_selections=MAX_OPTIONS,
        placeholder="Choose at least one",
        help="Type to search: a provider, a card (L4), a region (europe), spot, or vCPU for the "
        "machines without a card.",
    )
    machine_picker.show(scenario)
    models = list(dict.fromkeys((*session.known().models, scenario.hosting.model)))
    st.selectbox(
        "Self-hosted model",
        options=models,
        index=models.index(scenario.hosting.model),
        key=session.key("m"),
        help="The open-weight model on every self-hosted option that names no other.",
    )
    currency_picker.show()
    # What is folded away is not drawn: its values live in the scenario, not in its widgets.
    if (prices := _folded("Own prices", ":material/sell:", "prices")).open:
        with prices:
            _prices(scenario)
    account_tiers.fold(scenario)
    already_yours.fold(scenario)
    for label, icon, name, keys in GROUPS:
        if (group := _folded(label, icon, name)).open:
            with group:
                for url_key in keys:
                    if url_key not in elsewhere:
                        number(url_key, scenario)
    if (outlook := _folded("Growth and calendar", ":material/trending_up:", "outlook")).open:
        with outlook:
            _outlook(scenario)
    # A browser that comes back to a new session says its part once the widgets are there.
    session.publish()
    _say_all_after_a_break()


@st.fragment(run_every=A_LONG_TIME)
def _say_all_after_a_break() -> None:
    """Draw nothing: a fragment that runs by itself makes the browser send all after a reconnect.

    A change that was lost with the connection would stand in its control, and not in the answer.
    Only where something on the page runs by itself does the browser then send everything again.
    """


def _folded(label: str, icon: str, name: str) -> ExpanderContainer:
    return st.expander(label, icon=icon, key=f"fold/{name}", on_change="rerun")


def _outlook(scenario: Scenario) -> None:
    for url_key in OUTLOOK:
        number(url_key, scenario)
    calendars = list(CALENDARS.values())
    st.radio(
        "A month is",
        options=list(CALENDARS),
        index=calendars.index(scenario.calendar),
        key=session.key("cal"),
        help="Rent runs by the hour, requests come by the day.",
    )
    st.date_input(
        "Prices as of",
        value=scenario.as_of,
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        format="YYYY-MM-DD",
        key=session.key("day"),
        help="The newest price of each offer that was known by this day; empty: the newest of all. "
        "A price dated with a month counts from its first day, one with a year from 1 January.",
    )


def _prices(scenario: Scenario) -> None:
    """A slider for each chosen option, at its list price until it is moved."""
    own = dict(scenario.prices)
    listed_by = "Newest list" if scenario.as_of else "List"
    st.button(
        "Reset to list prices",
        icon=":material/restart_alt:",
        on_click=session.reset_prices,
        disabled=not own,
        width="stretch",
    )
    for option_id in scenario.priced_ids:
        listed, unit = cached_catalogue.list_price(option_id)
        mark = " (yours)" if option_id in own else ""
        key = session.price_key(option_id)
        written = partial(formats.price, unit=unit, currency=DOLLARS)
        labels = distinct(session.price_choices(option_id), written)
        st.select_slider(
            formats.plain(cached_catalogue.option_label(option_id)) + mark,
            options=list(labels),
            value=own.get(option_id, listed),
            format_func=labels.__getitem__,
            key=key,
            help=f"{listed_by} price: {formats.plain(written(listed))}.",
        )
        flip_captions.show(f"price/{option_id}", scenario)
