"""The history of probe runs: a table of all of them, and the choice of one."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.money import DOLLARS
from dashboard import formats
from dashboard.components.runs.one_run import run_deletion
from dashboard.components.runs.words import run_schedule, run_text
from dashboard.components.shared.csv_file import safe
from dashboard.components.shared.labels import distinct
from dashboard.resources.history import RunView, UnreadableRun
from dashboard.state import session

LIMIT: Final = 200
"""Runs that are listed; older ones stay in the store."""
HEIGHT_PX: Final = 282
ROW_PX: Final = 35
CHOSEN: Final = "latency/run"
TICKS: Final = "latency/ticks"
EVERY: Final = ""
TIMES: Final = ("p50", "p95", "Service p50", "Service p95", "Cold start")
MEASURED: Final = (
    "Answered",
    "p50",
    "p50 interval",
    "p95",
    "p95 interval",
    "Service p50",
    "Service p95",
    "Cold start",
    "Failures",
)


def show_empty(missing_here: str) -> None:
    """What to do where nothing was measured; ``missing_here`` is what this machine lacks for it."""
    first = (
        formats.plain(f"This machine cannot be measured yet: {missing_here}")
        if missing_here
        else "This machine is ready to be measured, without a key, in seconds and for nothing."
    )
    st.info(f"Nothing was measured yet. Press **Probe provider**. {first}", icon=":material/timer:")


def show_unreadable(runs: Sequence[UnreadableRun]) -> None:
    """Name the runs that are kept and cannot be shown, each with its reason and a way to go."""
    if not runs:
        return
    count = "1 run is" if len(runs) == 1 else f"{len(runs)} runs are"
    st.warning(
        f"**{count} kept that this version cannot read.** Nothing of them is in the table, the "
        "charts or the comparison.",
        icon=":material/visibility_off:",
    )
    with st.expander("Which, and why"):
        for run in runs:
            _unreadable(run)


def _unreadable(run: UnreadableRun) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        made = "" if run.created_at is None else f" of {formats.moment(run.created_at)}"
        st.markdown(f"Run `{run.run_id}`{made}. {formats.plain(run.why)}", width="stretch")
        live = run.row is not None and run.row.state.live
        run_deletion.button(run.run_id, "Delete this run that cannot be read", live=live)


def say_if_cut(older: int) -> None:
    """Say how many older runs are left out, where there are some."""
    if older:
        st.caption(
            f"The newest {LIMIT} runs are listed; older ones, {older:,} of them, are kept in the "
            "store."
        )


def option_filter(runs: Sequence[RunView]) -> str:
    """The option whose runs are wanted; "" for all of them."""
    named = labels(runs)
    names = distinct((EVERY, *named), lambda option_id: named.get(option_id, "All options"))
    chosen = st.selectbox(
        "Option",
        options=list(names),
        format_func=names.__getitem__,
        key="latency/option",
        persist_state="session",
    )
    return chosen or EVERY


def labels(runs: Sequence[RunView]) -> Mapping[str, str]:
    """Option id -> label, in the order of the newest runs."""
    found: dict[str, str] = {}
    for run in runs:
        found.setdefault(run.plan.subject.option_id, run.plan.subject.label)
    return found


def of_option(runs: Sequence[RunView], option_id: str) -> list[RunView]:
    """The runs of one option, or all."""
    return [run for run in runs if option_id in {EVERY, run.plan.subject.option_id}]


def choose_run(runs: Sequence[RunView]) -> RunView:
    """The run to look at: picked by name or by its row in the table; at first the newest."""
    by_id = {run.run_id: run for run in runs}
    if session.get(CHOSEN, default=None) not in by_id:
        session.put(CHOSEN, runs[0].run_id)
    titles = distinct(by_id, lambda name: run_text.title(by_id[name]))
    run_id = st.selectbox(
        "Run",
        options=list(titles),
        format_func=titles.__getitem__,
        key=CHOSEN,
        persist_state="session",
        on_change=_untick,
        help="Or tick its row in the table.",
    )
    return by_id[run_id]


def show_table(runs: Sequence[RunView]) -> None:
    """All runs, newest first; a tick chooses one."""
    st.dataframe(
        styled(runs),
        hide_index=True,
        placeholder="–",
        height=min(HEIGHT_PX, ROW_PX * (len(runs) + 1) + 3),
        column_config={
            "When (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", pinned=True),
            "What": st.column_config.TextColumn(width=190),
            "How it went": st.column_config.TextColumn(width="medium"),
        },
        on_select=partial(_picked, table_key(), [run.run_id for run in runs]),
        selection_mode="single-row",
        key=table_key(),
        alt=f"{len(runs)} probe runs, newest first, with their latencies and failures.",
    )


def table_key() -> str:
    """Key of the table. A new one drops its tick, which nothing else can take away."""
    return f"latency/table/{session.get(TICKS, default=0)}"


def _untick() -> None:
    """A run chosen by name is not the ticked one any more."""
    session.put(TICKS, session.get(TICKS, default=0) + 1)


def _picked(key: str, run_ids: Sequence[str]) -> None:
    """Choose the ticked row's run. A row that went away in the meantime chooses nothing."""
    nothing: Mapping[str, Mapping[str, Sequence[int]]] = {}
    rows = session.get(key, default=nothing).get("selection", {}).get("rows", [])
    if rows and rows[0] < len(run_ids):
        session.put(CHOSEN, run_ids[rows[0]])


def styled(runs: Sequence[RunView]) -> Styler:
    """Times stay numbers, so that they sort, and are shown as text of this page."""
    return (
        history_table(runs)
        .style.format(_time, subset=list(TIMES))
        .format(_money, subset=["Cost (USD)"])
    )


def _time(value: object) -> str:
    if not isinstance(value, float) or math.isnan(value):
        return "–"
    return run_text.INFINITE if math.isinf(value) else formats.duration(value)


def _money(usd: object) -> str:
    return formats.usd(usd, DOLLARS) if isinstance(usd, float) else "–"


def history_table(runs: Sequence[RunView]) -> pd.DataFrame:
    """One row a run; times in seconds."""
    return safe(pd.DataFrame(_record(run) for run in runs))


def _record(run: RunView) -> dict[str, object]:
    return {
        "When (UTC)": run.created_at.replace(tzinfo=None),
        "What": run.plan.subject.label,
        "Mode": run_schedule.mode_text(run),
        "How it went": run_text.state_text(run) + ("; not all can be read" if run.unread else ""),
        **_measured(run.summary),
        "Where": run_text.where_text(run),
        "Model": run.plan.subject.model,
        "Cost (USD)": float(run.spent_usd),
        "Run": run.run_id,
    }


def _measured(summary: LatencySummary | None) -> dict[str, object]:
    """The columns of what was measured: all there, and empty where nothing was."""
    if summary is None:
        return dict.fromkeys(MEASURED)
    asked = summary.n_ok + summary.n_failed
    values = (
        f"{summary.n_ok} of {asked}",
        seconds(summary.response_p50),
        run_text.interval_text(summary.response_p50),
        seconds(summary.response_p95),
        run_text.interval_text(summary.response_p95),
        seconds(summary.service_p50),
        seconds(summary.service_p95),
        summary.cold_start_s,
        run_text.failures_text(summary),
    )
    return dict(zip(MEASURED, values, strict=True))


def seconds(estimate: Estimate) -> float:
    """A percentile as a number that sorts: infinite where failures reach into it."""
    return math.inf if estimate.value_s is None else estimate.value_s
