"""Measured and published latencies beside the cost, and the button that measures."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import streamlit as st

from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.measurement.measured import Measurement
from dashboard import formats
from dashboard.components.live_chart.component import live_chart
from dashboard.components.probing.probe_dialog import probe_button
from dashboard.components.shared.scheme import colours
from dashboard.figures.compare.latency_figure import (
    KEY,
    LatencyRow,
    estimate_text,
    height_px,
    latency_figure,
    predicted_text,
    published_text,
)

TYPED: Final = "endpoint/"
"""Option ids of addresses that the user typed begin so."""
TYPED_SHOWN: Final = 4

KEY_HELP: Final = (
    "From the intended start of a request to its whole answer, measured from this computer. "
    "Squares are predicted for your own replicas in the busy hour, by their queue. Grey hollow "
    "marks are ranges that somebody published; neither is a measurement. The dashed line is your "
    "objective."
)


def latency_panel(
    snapshot: Snapshot, order: Sequence[str], slo_p95_s: float, measured: Iterable[Measurement]
) -> None:
    """p50 and p95 of the chosen options, in their order, and of endpoints that were typed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Response time**", help=KEY_HELP, width="stretch")
        probe_button()
    st.caption(KEY)
    rows = [*_option_rows(snapshot, order), *_endpoint_rows(measured)]
    tall = height_px(len(rows))
    live_chart(
        latency_figure(rows, slo_p95_s, colours(), tall),
        marker=None,
        alt=alt_text(rows, slo_p95_s),
        height=tall,
        key="compare/latency",
    )


def _option_rows(snapshot: Snapshot, order: Sequence[str]) -> Iterator[LatencyRow]:
    by_id = {row.option.id: row for row in snapshot.rows}
    for name in order:
        if (row := by_id.get(name)) is not None:
            yield LatencyRow(row.option.label, row.measured, row.published, _predicted(row))


def _predicted(row: OptionAtVolume) -> tuple[float, float] | None:
    if row.predicted_p50_s is None or row.predicted_p95_s is None:
        return None
    return row.predicted_p50_s, row.predicted_p95_s


def _endpoint_rows(measured: Iterable[Measurement]) -> Iterator[LatencyRow]:
    """The newest typed endpoints: they belong to no option of the catalogue."""
    typed = [entry for entry in measured if entry.subject.option_id.startswith(TYPED)]
    typed.sort(key=lambda entry: entry.started_at, reverse=True)
    for entry in typed[:TYPED_SHOWN]:
        yield LatencyRow(entry.subject.label, entry, None)


def alt_text(rows: Sequence[LatencyRow], slo_p95_s: float) -> str:
    """What the chart shows, for who cannot see it."""
    said = "; ".join(f"{row.label}: {latency_text(row)}" for row in rows)
    return f"Response time of each option; the objective is {formats.duration(slo_p95_s)}. {said}."


def latency_text(row: LatencyRow) -> str:
    """An option's latency in words: measured, published, or that nothing is known."""
    if row.measured is not None:
        summary = row.measured.summary
        p50, p95 = (estimate_text(e) for e in (summary.response_p50, summary.response_p95))
        return f"measured p50 {p50}, p95 {p95}{row.measured.said_of_it}"
    if row.predicted is not None:
        return predicted_text(row)
    if row.published is not None:
        return published_text(row.published)
    return "not measured"
