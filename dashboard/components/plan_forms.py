"""What the plan and the recommendation rest on besides the scenario, as controls.

Their values live in the session: they survive a change of page, and a link does not carry them.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from core.decide.constraints import Constraints
from core.decide.plan_terms import Decline, PlanTerms, terms_of
from core.scenario import Scenario
from dashboard import formats

NOTHING: Final = "Nothing yet"
ANY: Final = "Anywhere"
REGIONS: Final = {ANY: "", "United States": "us", "European Union": "eu", "Asia": "ap"}


def terms_form(
    scenario: Scenario, labels: Mapping[str, str], providers: Sequence[str]
) -> PlanTerms:
    """What moving costs, and how prices fall."""
    usual = terms_of(scenario)
    left, middle, right = st.columns(3, gap="medium")
    with left:
        current = st.selectbox(
            "In use today",
            [NOTHING, *labels],
            format_func=lambda name: labels.get(name, name),
            key="plan/current",
            persist_state="session",
            help="Whatever else is begun with costs a move.",
        )
        corpus = _number("Corpus today (M tokens)", usual.corpus_tokens / 1e6, "corpus", 100.0)
        kept = st.slider(
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
    with middle:
        api = _decline("API prices fall a year", usual.api_decline, "api")
        gpu = _decline("GPU prices fall a year", usual.gpu_decline, "gpu")
        value = _number("Value a card loses a year (%)", 35.0, "card", 5.0, 100.0) / 100
        term = _number("Term of what is reserved (months)", usual.commitment_months, "term", 1.0)
    with right:
        setup = _number("Setting up self-hosting (USD)", usual.setup_usd, "setup", 1_000.0)
        moving = _number("Moving it to other machines (USD)", usual.move_usd, "move", 500.0)
        refit = _number("Change of weights: fit anew (USD)", usual.refit_usd, "refit", 100.0)
        cutover = _number(
            "Both vectors kept for (months)", usual.cutover_months, "cutover", 1.0, 24
        )
        least = _number("A move must save at least (USD)", usual.least_saving_usd, "least", 100.0)
    gift, giver = st.columns(2, gap="medium")
    with gift:
        credits_usd = _number("Cloud credits (USD)", 0.0, "credits", 1_000.0)
    with giver:
        credits_with = st.selectbox(
            "Credits are with",
            ["", *providers],
            format_func=lambda name: name or "Nobody",
            key="plan/giver",
            persist_state="session",
        )
    return PlanTerms(
        current=None if current == NOTHING else current,
        corpus_tokens=corpus * 1e6,
        kept_share=kept,
        api_decline=api,
        gpu_decline=gpu,
        setup_usd=setup,
        move_usd=moving,
        refit_usd=refit,
        cutover_months=cutover,
        storage_usd_per_gb_month=usual.storage_usd_per_gb_month,
        index_overhead=usual.index_overhead,
        commitment_months=int(term),
        card_value_lost_per_year=value,
        credits_usd=credits_usd,
        credits_with=credits_with or "",
        least_saving_usd=least,
    )


def demands_form(
    providers: Mapping[str, str], models: Sequence[str], keys: frozenset[str]
) -> tuple[Constraints, float | None]:
    """What an option must satisfy, and the bill below which nothing matters."""
    left, middle, right = st.columns(3, gap="medium")
    with left:
        stay_home = _switch("Texts may not leave machines that I run", "home")
        commercial = _switch("For business: weights licensed for it", "commercial", on=True)
        keyed = _switch("Only APIs whose key is set here", "keyed")
        measured = _switch("Only latencies that were measured", "measured")
    with middle:
        allowed = st.multiselect(
            "Providers that may be used",
            list(providers),
            format_func=lambda name: providers[name],
            placeholder="Any",
            key="demand/providers",
            persist_state="session",
        )
        region = st.selectbox("Region", list(REGIONS), key="demand/region", persist_state="session")
        weights = st.selectbox(
            "Vectors must stay those of",
            [ANY, *models],
            format_func=lambda name: "Any model" if name == ANY else name,
            key="demand/weights",
            persist_state="session",
        )
    with right:
        small = st.number_input(
            "A bill under this does not matter (USD/month)",
            min_value=0.0,
            value=None,
            step=10.0,
            placeholder="50, or 1 % of the labour",
            key="demand/small",
            persist_state="session",
        )
        quality, least = _quality(models)
    return Constraints(
        stay_home=stay_home,
        commercial=commercial,
        providers=frozenset(allowed),
        region=REGIONS[region or ANY],
        keys_at_hand=keys if keyed else None,
        measured_only=measured,
        same_weights_as=None if weights in (None, ANY) else weights,
        quality=quality,
        least_quality=least,
    ), small


def _quality(models: Sequence[str]) -> tuple[tuple[tuple[str, float], ...], float | None]:
    """The user's own scores, on any scale, and the least that will do."""
    least = st.number_input(
        "Least quality (your scale)",
        value=None,
        placeholder="None",
        key="demand/least",
        persist_state="session",
        help="Boards' scores are different tests and are not kept here: enter those of yours.",
    )
    scored = st.multiselect(
        "Models you have a score of",
        list(models),
        placeholder="None",
        key="demand/scored",
        persist_state="session",
    )
    scores = []
    for model in scored:
        score = st.number_input(
            f"Score of {formats.plain(model)}",
            value=None,
            key=f"demand/score/{model}",
            persist_state="session",
        )
        if score is not None:
            scores.append((model, float(score)))
    return tuple(scores), None if least is None else float(least)


def _switch(label: str, name: str, *, on: bool = False) -> bool:
    return bool(st.toggle(label, on, key=f"demand/{name}", persist_state="session"))


def _number(label: str, value: float, name: str, step: float, high: float = 1e12) -> float:
    found = st.number_input(
        label,
        min_value=0.0,
        max_value=float(high),
        value=float(value),
        step=float(step),
        format="%.6g",
        key=f"plan/{name}",
        persist_state="session",
    )
    return float(found or 0.0)


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
