"""What moving costs and how prices fall, as controls.

Their values live in the session: they survive a change of page, and a link does not carry them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from core.decide.plan.plan_terms import Decline, PlanTerms, terms_of
from core.scenario import Scenario
from dashboard.components.shared.labels import distinct

NOTHING: Final = "Nothing yet"
PERCENT: Final = 100.0
TOKENS_PER_M: Final = 1e6


def terms_form(
    scenario: Scenario, labels: Mapping[str, str], providers: Sequence[str]
) -> PlanTerms:
    """The terms of the plan, beginning with those that the scenario says."""
    terms = terms_of(scenario)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        terms = _today(terms, labels)
    with middle:
        terms = _trends(terms)
    with right:
        terms = _moves(terms)
    return _credits(terms, providers)


def _today(usual: PlanTerms, labels: Mapping[str, str]) -> PlanTerms:
    words = distinct((NOTHING, *labels), lambda name: labels.get(name, name))
    current = st.selectbox(
        "In use today",
        list(words),
        format_func=words.__getitem__,
        key="plan/current",
        persist_state="session",
        help="Whatever else is begun with costs a move.",
    )
    corpus = _number("Corpus today (M tokens)", usual.corpus_tokens / TOKENS_PER_M, "corpus", 100)
    kept_share = st.slider(
        "Share of the volume that is kept",
        0.0,
        1.0,
        usual.kept_share,
        0.05,
        format="percent",
        key="plan/kept",
        persist_state="session",
        help="Documents join the corpus; queries do not.",
    )
    return replace(
        usual,
        current=None if current == NOTHING else current,
        corpus_tokens=corpus * TOKENS_PER_M,
        kept_share=kept_share,
    )


def _trends(usual: PlanTerms) -> PlanTerms:
    api = _decline("API prices fall a year", usual.api_decline, "api")
    gpu = _decline("GPU prices fall a year", usual.gpu_decline, "gpu")
    lost = PERCENT * usual.card_value_lost_per_year
    lost = _number("Value a card loses a year (%)", lost, "card", 5, PERCENT)
    term = _number("Term of what is reserved (months)", usual.commitment_months, "term", 1)
    return replace(
        usual,
        api_decline=api,
        gpu_decline=gpu,
        card_value_lost_per_year=lost / PERCENT,
        commitment_months=int(term),
    )


def _moves(usual: PlanTerms) -> PlanTerms:
    return replace(
        usual,
        setup_usd=_number("Setting up self-hosting (USD)", usual.setup_usd, "setup", 1_000),
        move_usd=_number("Moving it to other machines (USD)", usual.move_usd, "move", 500),
        refit_usd=_number("Change of weights: fit anew (USD)", usual.refit_usd, "refit", 100),
        cutover_months=_number(
            "Old vectors kept beside new (months)", usual.cutover_months, "cutover", 1, 24
        ),
        least_saving_usd=_number(
            "A move must save at least (USD)", usual.least_saving_usd, "least", 100
        ),
    )


def _credits(usual: PlanTerms, providers: Sequence[str]) -> PlanTerms:
    gift, giver = st.columns(2, gap="medium")
    with gift:
        usd = _number("Cloud credits (USD)", usual.credits_usd, "credits", 1_000)
    with giver:
        given_by = st.selectbox(
            "Credits are with",
            ["", *providers],
            format_func=lambda name: name or "Nobody",
            key="plan/giver",
            persist_state="session",
        )
    return replace(usual, credits_usd=usd, credits_with=given_by or "")


def _number(label: str, value: float, name: str, step: float, high: float = 1e12) -> float:
    entered = st.number_input(
        label,
        min_value=0.0,
        max_value=float(high),
        value=float(value),
        step=float(step),
        format="%.6g",
        key=f"plan/{name}",
        persist_state="session",
    )
    return float(entered or 0.0)


def _decline(label: str, usual: Decline, name: str) -> Decline:
    """The rate that is planned with, and the range whose ends are priced beside it."""
    low, high = st.slider(
        f"{label}: range",
        0.0,
        0.9,
        (usual.low, usual.high),
        0.01,
        format="percent",
        key=f"plan/{name}/range",
        persist_state="session",
        help="API prices fell 20 times in three years: 63 % a year.",
    )
    value = st.slider(
        f"{label}: planned with",
        0.0,
        0.9,
        usual.value,
        0.01,
        format="percent",
        key=f"plan/{name}/value",
        persist_state="session",
    )
    return Decline(min(low, value), value, max(high, value))
