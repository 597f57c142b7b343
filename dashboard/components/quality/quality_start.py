"""What a test sends and may cost, and the button that starts it."""

from collections.abc import Sequence

import streamlit as st

from core.probe.records.probe_plan import ProbePlan
from dashboard import formats
from dashboard.components.probing.begun_run import begun, cost_words
from dashboard.components.probing.confirm_address import all_confirmed
from dashboard.components.quality.quality_form import Judging
from dashboard.resources import probing, quality_tests
from dashboard.resources.quality_tests import Asked, Corpus


def start_button(corpus: Corpus, asked: Sequence[Asked], judging: Judging) -> None:
    """The worst case and the button. Raises RunError where something cannot be tested."""
    plan = quality_tests.plan(corpus, asked, k=judging.k, dims=judging.dims, int8=judging.int8)
    st.caption(formats.plain(_costs(corpus, plan, asked)))
    needs_key = any(one.candidate.key_env is not None and one.key is None for one in asked)
    unsure = not all_confirmed([one.candidate for one in asked])
    pressed = st.button(
        "Test quality",
        type="primary",
        icon=":material/search_check:",
        disabled=needs_key or unsure,
        key="quality/start",
    )
    where = "It is shown at the top of the page."
    if pressed and begun(lambda: quality_tests.start(corpus, plan, asked), where):
        st.rerun()


def _costs(corpus: Corpus, plan: ProbePlan, asked: Sequence[Asked]) -> str:
    servers = " and ".join(probing.destinations(plan))
    models = "1 model" if len(asked) == 1 else f"{len(asked)} models"
    return (
        f"{formats.count(corpus.texts)} texts to {models}: {formats.count(plan.planned)} in all. "
        f"Sends to {servers}. {cost_words(quality_tests.worst_case(corpus, plan, asked))}"
    )
