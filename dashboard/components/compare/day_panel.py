"""Over the day: what the replicas of one self-hosted option do hour by hour."""

from collections.abc import Iterator
from typing import Final

import pandas as pd
import streamlit as st

from core.decide.result.curves import Curves
from core.decide.result.day_result import DayOfReplicas, ExactResponse, ReplicaLost
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.live_chart.component import live_chart
from dashboard.components.shared.csv_file import csv_bytes
from dashboard.components.shared.labels import distinct
from dashboard.components.shared.money_columns import in_money
from dashboard.components.shared.scheme import colours
from dashboard.figures.compare.day_figure import HEIGHT_PX, day_figure, hour_text
from dashboard.resources.cached import cached_answer

HELP: Final = (
    "Predicted by the batching queue of each replica, hour by hour, with Poisson arrivals and a "
    "balancer that spreads them evenly. GPU busy is the share of the time that a kernel runs: it "
    "is for energy, and no measure of load."
)


def day_panel(curves: Curves, snapshot: Snapshot, scenario: Scenario) -> None:
    """Folded away below the table; it is computed when it is opened."""
    hosted = [row for row in snapshot.rows if row.replicas and row.option.capacity is not None]
    if not hosted:
        return
    fold = st.expander(
        "Your own replicas over the day", icon=":material/schedule:", key="day", on_change="rerun"
    )
    if not fold.open:
        return
    with fold:
        named = {row.option.id: row.option.label for row in hosted}
        labels = distinct(named, named.__getitem__)
        chosen = st.selectbox(
            "Option", list(labels), format_func=labels.__getitem__, key="day/option"
        )
        row = next((row for row in hosted if row.option.id == chosen), hosted[0])
        _show(row, curves, scenario)


def _show(row: OptionAtVolume, curves: Curves, scenario: Scenario) -> None:
    day = cached_answer.day(row, curves, scenario)
    if day is None:
        st.caption("No replica of it runs at this volume.")
        return
    st.markdown("  \n".join(map(formats.plain, day_sentences(row, day, scenario))), help=HELP)
    live_chart(
        day_figure(day, scenario.objective.slo_p95_s, colours()),
        marker=None,
        alt=" ".join(day_sentences(row, day, scenario)),
        height=HEIGHT_PX,
        key="day/chart",
        x_unit="hour",
    )
    table = day_table(day)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "CSV",
            data=formats.as_now(lambda: csv_bytes(in_money(table))),
            file_name="breakeven-day.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
    with st.popover("As a table", icon=":material/table:", type="tertiary"):
        st.dataframe(table, hide_index=True, alt="Every hour with its load and latency.")
    if st.toggle("Solve the busy hour exactly, with the spread of your lengths", key="day/exact"):
        with st.spinner("Solving the queue"):
            response = cached_answer.exact_response(row)
        if response is not None:
            st.markdown("  \n".join(map(formats.plain, exact_sentences(response, scenario))))


def day_sentences(row: OptionAtVolume, day: DayOfReplicas, scenario: Scenario) -> Iterator[str]:
    """What the chart shows, in words."""
    objective = formats.duration(scenario.objective.slo_p95_s)
    if day.p95_busiest_s is not None:
        yield (
            f"{row.option.label}: p95 {formats.duration(day.p95_busiest_s)} in the busiest hour, "
            f"bursts included; the objective is {objective}."
        )
    if day.p95_all_s is not None:
        yield f"Over all requests of the day: p95 {formats.duration(day.p95_all_s)}."
    if day.lost is not None:
        yield lost_sentence(day.lost)


def lost_sentence(lost: ReplicaLost) -> str:
    """What a lost replica does to the busiest hours."""
    if lost.api_stands_in:
        left = "" if lost.p95_s is None else f": those left keep p95 {formats.duration(lost.p95_s)}"
        return f"With one replica lost the API takes its load{left}."
    if lost.p95_s is not None:
        left = f"{lost.replicas:,} left" if lost.replicas != 1 else "one left"
        return f"With one replica lost ({left}): p95 {formats.duration(lost.p95_s)}."
    if lost.replicas == 0:
        return "With its only replica lost nothing is answered: keep a spare one."
    backlog = lost.backlog
    if backlog is None:
        return "With one replica lost the others cannot keep up."
    waiting = formats.count(round(backlog.largest_requests))
    return (
        f"With one replica lost the others cannot keep up: {waiting} "
        f"requests pile up, and one waits up to {formats.duration(backlog.longest_wait_s)}."
    )


def exact_sentences(response: ExactResponse, scenario: Scenario) -> Iterator[str]:
    """The exact p95, for equal and for different lengths."""
    for name, value in (
        ("All texts equally long", response.p95_equal_s),
        ("As different as yours, not padded", response.p95_unpadded_s),
        ("As different as yours, padded to the longest of a batch", response.p95_padded_s),
        ("One queue before all replicas, no batching", response.p95_shared_queue_s),
    ):
        if value is not None:
            yield f"{name}: p95 {formats.duration(value)}."
        elif name.startswith("As"):
            yield f"{name}: more work than the replicas can do."
    if scenario.workload.length_cv == 0:
        yield "Your texts are all alike (CV 0): give their spread under Texts and load."


def day_table(day: DayOfReplicas) -> pd.DataFrame:
    """Every hour, with units in the names."""
    return pd.DataFrame(
        {
            "hour": [hour_text(entry.hour, len(day.hours)) for entry in day.hours],
            "texts_per_s": [entry.requests_per_s for entry in day.hours],
            "replicas": [entry.replicas for entry in day.hours],
            "utilisation": [entry.utilisation for entry in day.hours],
            "gpu_busy": [entry.gpu_busy for entry in day.hours],
            "p50_s": [entry.p50_s for entry in day.hours],
            "p95_s": [entry.p95_s for entry in day.hours],
        }
    )
