"""The fold on the page Plan: pairs, candidates, start, and the newest test."""

from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.components.quality.pairs_upload import corpus_choice
from dashboard.components.quality.quality_candidates import candidates_choice
from dashboard.components.quality.quality_form import judging_and_prefixes
from dashboard.components.quality.quality_start import start_button
from dashboard.components.runs.one_run.tested_quality import show_quality
from dashboard.components.runs.words import run_text
from dashboard.components.runs.words.tested_words import size_text
from dashboard.components.shared import error_boxes
from dashboard.resources import quality_tests
from dashboard.resources.cached import cached_store

FOLD: Final = "quality/fold"


def quality_panel() -> None:
    """Folded away until something was tested; what is in it is made when it is opened."""
    fold = st.expander(
        "What a cheaper model would lose",
        icon=":material/search_check:",
        expanded=quality_tests.tested(),
        key=FOLD,
        on_change="rerun",
    )
    if not fold.open:
        return
    with fold:
        st.markdown(
            "Test on your own queries how much of what is relevant each model finds. Your texts "
            "are read here, in memory. They go to the models that you test, and are stored nowhere."
        )
        if cached_store.runs_or_reason()[0] is None:
            st.info("Without the store nothing can be tested.", icon=":material/database_off:")
            return
        with error_boxes.shown():
            _ask()
        with error_boxes.shown("The newest test cannot be shown until this is mended."):
            _newest()


def _ask() -> None:
    """From the pairs to the button, each part once the one before it is there."""
    corpus = corpus_choice()
    if corpus is None:
        return
    chosen = candidates_choice()
    if not chosen:
        st.caption("Choose at least one model. With two or more they are compared.")
        return
    judging, asked = judging_and_prefixes(chosen)
    start_button(corpus, asked, judging)


def _newest() -> None:
    run = quality_tests.newest()
    if run is None:
        return
    st.divider()
    size = ""
    if run.quality is not None:
        size = f", {size_text(run.quality.queries, run.quality.documents)}"
    when = f"{run_text.when_text(run)}, {run_text.state_text(run)}{size}"
    st.markdown(f"##### Newest test: {formats.plain(when)}")
    if text := run_text.explanation(run):
        st.warning(formats.plain(text), icon=":material/warning:")
    show_quality(run, "quality/newest")
    if quality_tests.tested():
        st.caption(
            "Recall stands beside the cost on the page Compare. Demand a least recall under "
            "“What is demanded”."
        )
