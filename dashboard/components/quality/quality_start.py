"""What a test sends and may cost, and the button that starts it."""

from collections.abc import Sequence

import streamlit as st

from core.errors import AlreadyLiveError, BreakevenError
from core.money import DOLLARS
from core.probe.records.probe_plan import ProbePlan
from dashboard import formats
from dashboard.components.probing.confirm_address import all_confirmed
from dashboard.components.probing.probe_dialog import STARTED, WATCHED
from dashboard.components.quality.quality_form import Judging
from dashboard.components.shared import error_boxes
from dashboard.resources import probing, quality_tests
from dashboard.resources.cached import cached_store
from dashboard.resources.quality_tests import Asked, Corpus
from dashboard.state import session


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
    if pressed:
        _start(corpus, plan, asked)


def _costs(corpus: Corpus, plan: ProbePlan, asked: Sequence[Asked]) -> str:
    servers = " and ".join(probing.destinations(plan))
    models = "1 model" if len(asked) == 1 else f"{len(asked)} models"
    worst = quality_tests.worst_case(corpus, plan, asked)
    in_all, cap, day = formats.count(plan.planned), *_caps()
    return (
        f"{formats.count(corpus.texts)} texts to {models}: {in_all} in all. Sends to {servers}. "
        f"Costs at most {formats.usd(float(worst), DOLLARS)}, held before the start; the caps are "
        f"{cap} a run and {day} a day."
    )


def _caps() -> tuple[str, str]:
    """What one run, and all runs of a day, may cost here."""
    caps = cached_store.settings()
    both = (caps.spend_cap_per_run_usd, caps.spend_cap_per_day_usd)
    run, day = (formats.usd(float(cap), DOLLARS) for cap in both)
    return run, day


def _start(corpus: Corpus, plan: ProbePlan, asked: Sequence[Asked]) -> None:
    try:
        run_id = quality_tests.start(corpus, plan, asked)
    except AlreadyLiveError as live:
        if session.get(STARTED, default="") != live.run_id:  # else it was a double click
            error_boxes.show(live, "It is shown at the top of the page.")
            return
        run_id = live.run_id
    except BreakevenError as error:
        error_boxes.show(error)
        return
    session.put(STARTED, run_id)
    session.put(WATCHED, run_id)
    st.rerun()
