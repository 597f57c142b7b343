"""The form behind "Probe provider": whom, what, how much, what it may cost, start."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Final

import streamlit as st
from pydantic import SecretStr

from core.errors import BreakevenError
from core.measurement.latency import LatencySummary
from core.probe.records.probe_plan import ProbePlan
from core.scenario import THIS_MACHINE
from dashboard import formats
from dashboard.components.probing.begun_run import begun, cost_words
from dashboard.components.probing.confirm_address import all_confirmed
from dashboard.components.probing.probe_schedule import (
    REQUESTS_FOR_INTERVAL,
    Mode,
    asking,
    mode_choice,
    neighbours_choice,
)
from dashboard.components.probing.probe_target import key_for, rival_choice, target_choice
from dashboard.components.shared import error_boxes
from dashboard.resources import plans, probing
from dashboard.resources.cached import cached_store
from dashboard.resources.probing import Candidate
from dashboard.state import session

OPEN: Final = "probe/open"
BUILT_IN: Final = "Built-in sample"
OWN: Final = "My own"

Asked = tuple[Candidate, SecretStr | None]


def probe_button() -> None:
    """The button, and the form while it is open."""
    runs, reason = cached_store.runs_or_reason()
    st.button(
        "Probe provider",
        icon=":material/speed:",
        type="primary",
        disabled=runs is None,
        help=formats.plain(reason) if reason else "Measure latency here, now.",
        on_click=_open,
    )
    if runs is not None and session.get(OPEN, default=False):
        _dialog()


def _open() -> None:
    """Open the form; while it is read, a worker gets ready."""
    session.put(OPEN, value=True)
    with suppress(BreakevenError):  # whatever is wrong is said at the start
        cached_store.runs().make_ready()


def _close() -> None:
    session.put(OPEN, value=False)


@st.dialog("Probe provider", width="medium", on_dismiss=_close)
def _dialog() -> None:
    with error_boxes.shown():
        candidate = target_choice()
        key = key_for(candidate) if candidate is not None else None
        mode = mode_choice()
        rivals = rival_choice(candidate, key) if mode is Mode.paired else []
        sample = _texts()
        local = candidate is not None and candidate.option_id == THIS_MACHINE
        how = asking(mode, local=local, last=_last(candidate))
        near = neighbours_choice(sample) if mode is Mode.paired else None
        if candidate is None or candidate.missing or (mode is Mode.paired and not rivals):
            st.button("Start", type="primary", disabled=True, key="probe/start")
            return
        plan = plans.make_plan(
            candidate,
            sample,
            how.schedule,
            timeout_s=how.timeout_s,
            rivals=[rival for rival, _ in rivals],
            stop_at=how.stop_at,
            slo_s=session.scenario().objective.slo_p95_s,
            neighbours_k=near,
        )
        asked = [(candidate, key), *rivals]
        _costs(plan, probing.worst_case(plan, *(one for one, _ in asked)))
        _start(plan, asked)


def _last(candidate: Candidate | None) -> LatencySummary | None:
    """What the last run of this target measured: the spread to plan with."""
    if candidate is None:
        return None
    found = cached_store.measurements().get(candidate.option_id)
    return None if found is None else found.summary


def _texts() -> tuple[str, ...]:
    """The texts to send. Raises RunError for unusable ones."""
    choice = st.segmented_control(
        "Texts", [BUILT_IN, OWN], default=BUILT_IN, required=True, key="probe/texts"
    )
    if choice != OWN:
        return probing.texts(None)
    typed = st.text_area(
        "Your texts, separated by blank lines",
        key="probe/own",
        height=120,
        placeholder="They are stored with the run, on this computer.",
    )
    return probing.texts(typed)


def _costs(plan: ProbePlan, worst: Decimal) -> None:
    lasts_s = plan.schedule.lasts_s
    lasts = f"About {formats.duration(lasts_s)}. " if lasts_s else ""
    again = 0 if plan.neighbours_k is None else len(plan.targets) * len(set(plan.texts))
    more = f"Then {formats.count(again)} texts for the neighbours. " if again else ""
    text = (
        f"Sends to {' and '.join(probing.destinations(plan))}. "
        f"{lasts}{formats.count(plan.planned)} requests at most. {more}{cost_words(worst)}"
    )
    sized = plan.schedule.kind in {"open_loop", "closed_loop"}
    if sized and plan.requests < REQUESTS_FOR_INTERVAL:
        missing = REQUESTS_FOR_INTERVAL - plan.requests
        text += f" {missing} more requests would give the p95 an upper bound."
    st.caption(formats.plain(text))


def _start(plan: ProbePlan, asked: Sequence[Asked]) -> None:
    needs_key = any(one.key_env is not None and key is None for one, key in asked)
    unsure = not all_confirmed([one for one, _ in asked])
    if not st.button("Start", type="primary", disabled=needs_key or unsure, key="probe/start"):
        return
    (candidate, key), *rivals = asked
    if begun(lambda: probing.start(plan, candidate, key, rivals), "Close this form to watch it."):
        _close()
        st.rerun()
