"""A machine, a rate and a card of one's own, typed."""

from typing import Final

import streamlit as st

from dashboard.components.own_options.form_fields import (
    Defaults,
    add_button,
    area,
    key,
    model,
    number,
    text,
    whole,
)
from dashboard.resources import own_options

MACHINE: Final = (
    *("name", "card", "card_count", "cpu", "vcpus", "memory_gib", "had", "usd"),
    *("life_months", "count", "power_w", "idle_w", "area", "model"),
)
RATE: Final = ("of", "model", "tokens_per_s", "tokens_per_text", "batch_texts", "what", "server")
CARD: Final = (
    *("name", "dense_tflops", "bandwidth_gb_s", "memory_gb", "tdp_w", "usd_new"),
    *("bf16", "nvidia"),
)
HAD: Final = {
    "there": "There already",
    "hour": "Rented by the hour",
    "month": "Rented by the month",
    "bought": "Bought",
}
PRICES: Final = {
    "hour": "USD an hour, one machine",
    "month": "USD a month, one machine",
    "bought": "USD to buy one machine",
}
POWER: Final = "Draw at full load (W)"
OF_CARDS: Final = "Empty: that of its cards."
IDLE: Final = "Draw while idle (W)"
OF_SCENARIO: Final = "Empty: the scenario's."
WHAT: Final = {"server": "A server", "library": "A library in the same process"}
NOTHING: Final[Defaults] = {}


def machine_form(form: str, defaults: Defaults = NOTHING, closes: str = "") -> None:
    """What works in it, how one has it, how many there are, what it draws."""
    text(form, "name", "Name", defaults.get("name", ""), placeholder="Rack 2")
    _works(form)
    had = st.segmented_control(
        "How you have it",
        options=list(HAD),
        format_func=HAD.__getitem__,
        default="there",
        required=True,
        key=key(form, "had"),
    )
    _paid(form, had)
    model(
        form,
        "Model on it",
        "Empty: the model that the other machines run.",
        defaults.get("wire_model", ""),
    )
    area(form)
    add_button("machine", form, MACHINE, closes)


def _works(form: str) -> None:
    """Its cards, or the processor that does the work."""
    left, right = st.columns(2)
    with left:
        card = _chosen(form, "card", "Card", own_options.cards(), "None: a processor works")
    with right:
        if card is not None:
            whole(form, "card_count", "Cards in one machine", 1)
            return
        _chosen(form, "cpu", "Processor", own_options.cpus(), "Choose a processor")
    left, right = st.columns(2)
    with left:
        whole(form, "vcpus", "vCPUs")
    with right:
        number(form, "memory_gib", "Memory (GiB)")


def _paid(form: str, had: str) -> None:
    """Price, number, life and power, as far as they matter to how one has it."""
    left, right = st.columns(2)
    with left:
        if had in PRICES:
            number(form, "usd", PRICES[had], format="%.6g")
        else:
            number(form, "power_w", POWER, help=OF_CARDS)
    with right:
        whole(
            form,
            "count",
            "How many there are",
            help="All are paid at any load. Empty: as many as the load needs.",
        )
    if had == "there":
        number(form, "idle_w", IDLE, help=OF_SCENARIO)
    if had == "bought":
        left, right = st.columns(2)
        with left:
            whole(form, "life_months", "Life (months)", help="Empty: as long as a card's.")
            number(form, "idle_w", IDLE, help=OF_SCENARIO)
        with right:
            number(form, "power_w", POWER, help=OF_CARDS)


def rate_form(form: str) -> None:
    """Of which machine or card, with its conditions."""
    of = own_options.rated()
    _chosen(form, "of", "Of which machine or card", of, "Choose")
    model(form, "Model", "That was running.")
    left, right = st.columns(2)
    with left:
        number(form, "tokens_per_s", "Tokens a second, whole machine")
        whole(form, "batch_texts", "Texts in a batch", help="Empty: full batches.")
    with right:
        number(form, "tokens_per_text", "Tokens in a text", 512.0)
        st.selectbox(
            "What was timed",
            options=list(WHAT),
            format_func=WHAT.__getitem__,
            key=key(form, "what"),
        )
    text(form, "server", "Which server", "your server")
    add_button("rate", form, RATE)


def card_form(form: str) -> None:
    """By its datasheet."""
    text(form, "name", "Name", placeholder="NVIDIA H300")
    left, right = st.columns(2)
    with left:
        number(form, "dense_tflops", "Dense fp16 or bf16 TFLOP/s", help="With sparsity is twice.")
        number(form, "memory_gb", "Memory (GB)")
        number(form, "usd_new", "Price (USD)", help="Empty: it is not sold alone.")
    with right:
        number(form, "bandwidth_gb_s", "Memory bandwidth (GB/s)")
        number(form, "tdp_w", "Power at full load (W)")
    st.checkbox("Computes in bf16", value=True, key=key(form, "bf16"))
    st.checkbox(
        "Made by NVIDIA",
        value=True,
        key=key(form, "nvidia"),
        help="The law of size was fitted to NVIDIA's cards: of others only a known rate counts.",
    )
    add_button("card", form, CARD)


def _chosen(form: str, field: str, label: str, named: dict[str, str], empty: str) -> str | None:
    return st.selectbox(
        label,
        options=list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=empty,
        key=key(form, field),
    )
