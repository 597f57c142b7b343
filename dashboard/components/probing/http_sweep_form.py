"""The form behind "Sweep a server": its address, which machine it is, and what it may cost."""

from typing import Final

import streamlit as st
from pydantic import SecretStr

from core.errors import AlreadyLiveError, BreakevenError
from core.measurement.machines_behind import HELP, LABEL, shared_words
from core.probe.records.probe_plan import ProbePlan
from dashboard import formats
from dashboard.components.probing.begun_run import WATCHED, cost_words
from dashboard.components.probing.endpoint_fields import more_about
from dashboard.components.probing.probe_target import FREE_SERVER, PAID
from dashboard.components.shared import error_boxes
from dashboard.components.shared.meant_endpoint import show_mends
from dashboard.components.shared.server_option import option_fields
from dashboard.resources import probing
from dashboard.resources.cached import cached_store
from dashboard.resources.reach import servers
from dashboard.resources.reach.servers import Candidate
from dashboard.state import session

MOST_BATCH: Final = 128
USUAL_BATCH: Final = 64


def sweep_server_form() -> None:
    """The button, and the form in it; nothing where addresses may not be typed."""
    runs, _ = cached_store.runs_or_reason()
    if runs is None or not cached_store.settings().allow_custom_base_url:
        return
    with (
        st.popover(
            "Sweep a server",
            icon=":material/dns:",
            help="A minute or so: batches, more at a time, rising rates, at a server of yours.",
        ),
        error_boxes.shown(),
    ):
        _form()


def _form() -> None:
    asked, key = _server()
    machine, model_id = option_fields("sweep-server")
    plan = _plan(asked, machine)
    if asked is None or plan is None:
        st.button("Start", type="primary", disabled=True, key="sweep-server/start")
        return
    st.caption(
        formats.plain(
            f"Sends to {' and '.join(probing.destinations(plan))}. "
            f"{formats.count(plan.planned)} requests in {formats.duration(plan.longest_s)} at "
            f"most. {cost_words(servers.worst_case(plan, asked))}"
        )
    )
    if st.button("Start", type="primary", icon=":material/play_arrow:", key="sweep-server/start"):
        _start(plan, asked, key, (machine, model_id))


def _server() -> tuple[Candidate | None, SecretStr | None]:
    """The typed server and its key; None while the address is incomplete. Raises RunError."""
    base_url = st.text_input(
        "Base address",
        placeholder="http://localhost:8080/v1",
        key="sweep-server/url",
        max_chars=500,
    )
    model = st.text_input(
        "Model there", placeholder="BAAI/bge-m3", key="sweep-server/model", max_chars=200
    )
    more = more_about(" sweep")
    typed = st.text_input(
        "API key, if it needs one",
        type="password",
        help="Goes to this one run and is kept nowhere.",
        key="sweep-server/key",
        max_chars=500,
    )
    paid = st.segmented_control(
        "Price", [FREE_SERVER, PAID], default=FREE_SERVER, required=True, key="sweep-server/paid"
    )
    usd = 0.0
    if paid == PAID:
        usd = st.number_input(PAID, 0.000001, 1000.0, 0.02, format="%.6g", key="sweep-server/usd")
    if not base_url or not model:
        return None, None
    show_mends(base_url, more.wire)
    asked = probing.meant_candidate(base_url, model, usd, more)
    return asked, SecretStr(typed) if typed else None


def _plan(asked: Candidate | None, machine: str) -> ProbePlan | None:
    """What is swept, by the scenario's texts and objective. Raises RunError."""
    scenario = session.scenario()
    first, second, third = st.columns(3, vertical_alignment="bottom")
    machines = int(first.number_input(LABEL, 1, 1_000, 1, key="sweep-server/machines", help=HELP))
    batch = second.number_input(
        "Texts in a request, at most", 1, MOST_BATCH, USUAL_BATCH, key="sweep-server/batch"
    )
    longest_s = third.number_input(
        "Seconds at most", 10, 7_200, 600, step=60, key="sweep-server/longest"
    )
    if machine:
        st.caption(formats.plain(shared_words(machines, servers.unit_words(machine))))
    if asked is None:
        return None
    tokens = int(min(32_768, max(8, scenario.workload.tokens_per_request)))
    slo_p95_s = float(scenario.objective.slo_p95_s)
    return servers.plan(asked, slo_p95_s, tokens, int(batch), float(longest_s), machines)


def _start(
    plan: ProbePlan, asked: Candidate, key: SecretStr | None, option: tuple[str, str]
) -> None:
    try:
        run_id = servers.start(plan, asked, key, *option)
    except AlreadyLiveError as live:
        run_id = live.run_id
    except BreakevenError as error:
        error_boxes.show(error)
        return
    session.put(WATCHED, run_id)
    cached_store.forget_measurements()
    st.rerun()
