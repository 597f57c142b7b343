"""What page Plan demands beside the question's own demands, as controls.

Their values live in the session, not in a link: place, budget, languages and licence of the
question itself stand in the sidebar.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from core.catalog.schema import Benchmark
from core.decide.advice.constraints import Constraints
from dashboard import formats
from dashboard.components.plan.terms_form import PERCENT
from dashboard.components.shared.labels import distinct

ANY_MODEL: Final = "Any model"
Scores = tuple[tuple[str, float], ...]


def demands_form(
    providers: Mapping[str, str], models: Sequence[str], keys: frozenset[str]
) -> tuple[Constraints, float | None]:
    """What an option must satisfy, and the bill below which nothing matters."""
    left, middle, right = st.columns(3, gap="medium")
    with left:
        keyed = _switch("Only APIs whose key is set here", "keyed")
        measured = _switch("Only latencies that were measured", "measured")
    with middle:
        allowed, weights = _places(providers, models)
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
        benchmark, least_score = _board()
        quality, least = _quality(models)
        least_recall = _recall()
    demanded = Constraints(
        providers=allowed,
        keys_at_hand=keys if keyed else None,
        measured_only=measured,
        same_weights_as=weights,
        quality=quality,
        least_quality=least,
        benchmark=benchmark,
        least_score=least_score,
        least_recall=least_recall,
    )
    return demanded, small


def _places(
    providers: Mapping[str, str], models: Sequence[str]
) -> tuple[frozenset[str], str | None]:
    """Who may be used, and with which vectors; where is asked beside the question itself."""
    names = distinct(providers, providers.__getitem__)
    allowed = st.multiselect(
        "Providers that may be used",
        list(names),
        format_func=names.__getitem__,
        placeholder="Any",
        key="demand/providers",
        persist_state="session",
    )
    weights = st.selectbox(
        "Vectors must stay those of",
        [ANY_MODEL, *models],
        key="demand/weights",
        persist_state="session",
    )
    model = None if weights in (None, ANY_MODEL) else weights
    return frozenset(allowed), model


def _board() -> tuple[Benchmark | None, float | None]:
    """The least published score, and the test that it is of; models without one are shown apart."""
    benchmark = st.selectbox(
        "Benchmark",
        [None, *Benchmark],
        format_func=lambda board: "None" if board is None else str(board),
        key="demand/benchmark",
        persist_state="session",
        help="Each is a test of its own: a score of one says nothing of another.",
    )
    if benchmark is None:
        return None, None
    least = st.number_input(
        "Least score in it",
        min_value=0.0,
        max_value=100.0,
        value=60.0,
        step=0.5,
        key="demand/least-score",
        persist_state="session",
    )
    return benchmark, float(least)


def _quality(models: Sequence[str]) -> tuple[Scores, float | None]:
    """The user's own scores, on any scale, and the least that will do."""
    least = st.number_input(
        "Least quality (your scale)",
        value=None,
        placeholder="None",
        key="demand/least",
        persist_state="session",
        help="Scores of a test of your own.",
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


def _recall() -> float | None:
    """The least share of what is relevant, as it was measured on the user's own queries."""
    percent = st.number_input(
        "Least recall on your own queries (%)",
        min_value=0.0,
        max_value=PERCENT,
        value=None,
        step=1.0,
        placeholder="None",
        key="demand/recall",
        persist_state="session",
        help="Measured below, under “What a cheaper model would lose”. An option is out where even "
        "the upper end of its interval is less; where the interval holds it, nothing is known.",
    )
    return None if percent is None else float(percent) / PERCENT


def _switch(label: str, name: str) -> bool:
    return bool(st.toggle(label, key=f"demand/{name}", persist_state="session"))
