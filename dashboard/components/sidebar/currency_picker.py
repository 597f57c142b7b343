"""In which currency amounts are shown, at what rate, of which day, and what stays in USD."""

from typing import Final

import streamlit as st

from core.money import DOLLARS, HIGHEST_RATE_USD, LOWEST_RATE_USD, SIGNS, Money
from dashboard import formats
from dashboard.state import currency, session

STAYS: Final = "What you type, caps on spending and what probes cost stay in USD."


def show() -> None:
    """The choice with, beside it, the rate and its day."""
    choice, rates = currency.chosen(), session.known().rates
    codes = list(SIGNS)
    st.selectbox(
        "Amounts shown in",
        options=codes,
        index=codes.index(choice.code),
        key=currency.key("code"),
        help="The model computes in USD; what is shown is turned at one rate.",
    )
    if choice.code == DOLLARS.code:
        return
    listed = rates.get(choice.code)
    st.number_input(
        f"USD for one {choice.code}",
        min_value=LOWEST_RATE_USD,
        max_value=HIGHEST_RATE_USD,
        value=choice.own_rate.usd if choice.own_rate else None,
        step=0.01,
        format="%.6g",
        placeholder=f"{listed.usd:g}, the catalogue's" if listed else "type a rate",
        key=currency.key(f"rate/{choice.code}"),
        help="Your own rate; it counts as today's. Empty: the catalogue's, where it has one.",
    )
    if choice.own_rate is not None:
        st.button(
            "Forget this rate",
            icon=":material/restart_alt:",
            on_click=currency.forget_rate,
            width="stretch",
        )
    st.caption(formats.plain(rate_text(choice.code, choice.money(rates))))


def rate_text(code: str, money: Money) -> str:
    """At which rate amounts are shown; or that nobody gave one, so that they are in USD."""
    if money.rate is None:
        return f"The catalogue has no rate of {code}: type one. Until then all is in USD."
    rate = money.rate
    whose = "yours" if rate.said_by == "yours" else f"the catalogue's, {rate.said_by}"
    return f"1 {code} = {rate.usd:g} USD on {rate.dated} ({whose}). {STAYS}"
