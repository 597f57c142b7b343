"""The form behind "Probe provider": whom, what, how much, what it may cost, start."""

from decimal import Decimal
from typing import Final

import streamlit as st
from pydantic import SecretStr

from core.errors import BreakevenError
from core.probe.plan import ProbePlan
from core.scenario import THIS_MACHINE
from dashboard import formats, resources, state
from dashboard.components import errors
from dashboard.resources import probing
from dashboard.resources.probing import CUSTOM, Candidate

OPEN: Final = "probe/open"
WATCHED: Final = "probe/run"
BUILT_IN: Final = "Built-in sample"
OWN: Final = "My own"
REQUESTS_FOR_INTERVAL: Final = 72
"""Measured requests from which a p95 has an upper bound."""


def probe_button() -> None:
    """The button, and the form while it is open."""
    runs, reason = resources.runs_or_reason()
    st.button(
        "Probe provider",
        icon=":material/speed:",
        type="primary",
        disabled=runs is None,
        help=formats.plain(reason) if reason else "Measure latency here, now.",
        on_click=_open,
    )
    if runs is not None and state.get(OPEN, default=False):
        _dialog()


def _open() -> None:
    state.put(OPEN, value=True)


def _close() -> None:
    state.put(OPEN, value=False)


@st.dialog("Probe provider", width="medium", on_dismiss=_close)
def _dialog() -> None:
    with errors.shown():
        candidate = _candidate()
        key = _key(candidate) if candidate is not None else None
        sample = _texts()
        requests, rate_per_s, timeout_s = _pace(candidate)
        if candidate is None or candidate.missing:
            st.button("Start", type="primary", disabled=True, key="probe/start")
            return
        plan = probing.make_plan(
            candidate, sample, requests=requests, rate_per_s=rate_per_s, timeout_s=timeout_s
        )
        worst = probing.worst_case(plan, candidate)
        _costs(plan, worst)
        _start(plan, candidate, key)


def _candidate() -> Candidate | None:
    """The choice of a target; None while a typed endpoint is incomplete."""
    found = {entry.option_id: entry for entry in probing.candidates(state.scenario().options)}
    names = [*found, *([CUSTOM] if resources.settings().allow_custom_base_url else [])]
    chosen = st.selectbox(
        "What to probe",
        options=names,
        format_func=lambda name: _choice_text(found.get(name)),
        key="probe/target",
    )
    if chosen == CUSTOM:
        return _custom()
    candidate = found[chosen]
    if candidate.missing:
        st.warning(formats.plain(candidate.missing), icon=":material/block:")
    return candidate


def _choice_text(candidate: Candidate | None) -> str:
    if candidate is None:
        return "Custom OpenAI-compatible endpoint"
    if candidate.option_id == THIS_MACHINE:
        return f"This machine ({candidate.model.rpartition('/')[2]}, no key, free)"
    if candidate.missing:
        return f"{candidate.label} (cannot be probed yet)"
    if candidate.key_env and probing.key_from_server(candidate.key_env) is None:
        return f"{candidate.label} (needs {candidate.key_env})"
    return candidate.label


def _custom() -> Candidate | None:
    base_url = st.text_input(
        "Base address",
        placeholder="https://host/v1 or http://localhost:8080/v1",
        key="probe/url",
        max_chars=500,
    )
    model = st.text_input("Model", placeholder="BAAI/bge-m3", key="probe/model", max_chars=200)
    paid = st.segmented_control(
        "Price",
        ["Free, my own server", "USD per 1M tokens"],
        default="Free, my own server",
        required=True,
        key="probe/paid",
    )
    usd_per_mtok = 0.0
    if paid == "USD per 1M tokens":
        usd_per_mtok = st.number_input(
            "USD per 1M tokens", 0.000001, 1000.0, 0.02, format="%.6g", key="probe/price"
        )
    if not base_url or not model:
        return None
    return probing.custom_candidate(base_url, model, usd_per_mtok)


def _key(candidate: Candidate) -> SecretStr | None:
    """The key: the server's where it has one, else typed, for this run alone."""
    if candidate.missing or candidate.option_id == THIS_MACHINE:
        return None
    if candidate.key_env is not None:
        found = probing.key_from_server(candidate.key_env)
        if found is not None:
            st.caption(f"Key: {candidate.key_env}, as set where this page runs.")
            return found
        st.info(
            f"{candidate.key_env} is not set where this page runs: set it, or type the key.",
            icon=":material/key:",
        )
    typed = st.text_input(
        "API key" if candidate.key_env else "API key, if it needs one",
        type="password",
        help="Goes to this one run and is kept nowhere.",
        key="probe/key",
        max_chars=500,
    )
    return SecretStr(typed) if typed else None


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


def _pace(candidate: Candidate | None) -> tuple[int, float, float]:
    local = candidate is not None and candidate.option_id == THIS_MACHINE
    left, middle, right = st.columns(3)
    requests = left.number_input(
        "Requests",
        1,
        10_000,
        80,
        key="probe/requests",
        help=f"{REQUESTS_FOR_INTERVAL} are needed for a p95 with an upper bound.",
    )
    rate_per_s = middle.number_input(
        "Requests per second",
        0.1,
        1_000.0,
        4.0 if local else 8.0,
        step=1.0,
        format="%.4g",
        key=f"probe/rate/{'local' if local else 'api'}",
        help="They are sent on a schedule, whether or not the answers keep up.",
    )
    timeout_s = right.number_input(
        "Timeout (s)", 0.1, 600.0, 30.0, step=5.0, format="%.4g", key="probe/timeout"
    )
    return int(requests), float(rate_per_s), float(timeout_s)


def _costs(plan: ProbePlan, worst: Decimal) -> None:
    caps = resources.settings()
    lasts = formats.duration(plan.schedule.lasts_s)
    text = (
        f"About {lasts}. Costs at most {formats.usd(float(worst))}; the caps are "
        f"{formats.usd(float(caps.spend_cap_per_run_usd))} a run and "
        f"{formats.usd(float(caps.spend_cap_per_day_usd))} a day."
    )
    if plan.requests < REQUESTS_FOR_INTERVAL:
        missing = REQUESTS_FOR_INTERVAL - plan.requests
        text += f" {missing} more requests would give the p95 an upper bound."
    st.caption(formats.plain(text))


def _start(plan: ProbePlan, candidate: Candidate, key: SecretStr | None) -> None:
    needs_key = candidate.key_env is not None and key is None
    if not st.button("Start", type="primary", disabled=needs_key, key="probe/start"):
        return
    try:
        run_id = probing.start(plan, candidate, key)
    except BreakevenError as error:
        errors.show(error)
        return
    state.put(WATCHED, run_id)
    _close()
    st.rerun()
