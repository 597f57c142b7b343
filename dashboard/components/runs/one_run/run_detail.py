"""One run in full: numbers, cautions, charts, circumstances, download, deletion."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

import streamlit as st

from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.probe.records.sample import Sample
from dashboard import formats
from dashboard.components.runs.one_run import run_charts, run_deletion, run_findings
from dashboard.components.runs.one_run.run_as_option import show_as_option
from dashboard.components.runs.one_run.run_curves import show_findings
from dashboard.components.runs.one_run.run_neighbours import show_neighbours
from dashboard.components.runs.one_run.run_server import show_server
from dashboard.components.runs.one_run.run_use import show_use
from dashboard.components.runs.one_run.swept_words import show_failures
from dashboard.components.runs.one_run.tested_quality import show_quality
from dashboard.components.runs.words import run_data, run_schedule, run_text
from dashboard.resources import history
from dashboard.resources.history import RunState, RunView

HTTP: Final = "api"


def show_run(run: RunView, slo_p95_s: float) -> None:
    """Everything about one run. Raises StoreError or RunError where it cannot be read."""
    samples, fault = history.samples_or_fault(run)
    _header(run, samples)
    _condition(run)
    _unread(run, fault)
    show_use(run)
    show_as_option(run)
    # Of a run that ended before it measured anything its sentence says it all.
    has_numbers = not run_schedule.of_quality(run) and (
        run.live or (run.summary is not None and _measured(run.summary))
    )
    show_quality(run, "latency/quality")
    if run.summary is not None and has_numbers:
        show_findings(run.plan, run.summary, slo_p95_s)
        show_neighbours(run)
        show_server(run)
        _numbers(run, run.summary, slo_p95_s)
        _cautions(run.summary.warnings)
    show_failures(run.plan, samples)
    if has_numbers and any(sample.asked for sample in samples):
        left, right = st.columns([1.5, 1], gap="medium")
        with left:
            run_charts.show_schedule(samples, run.summary, slo_p95_s)
        with right:
            run_charts.show_distribution(samples, run.summary, slo_p95_s)
        if run.plan.target.kind == HTTP:
            run_charts.show_phases(samples)
    _circumstances(run)


def _measured(summary: LatencySummary) -> bool:
    return any(one.n_ok + one.n_failed for one in (summary, *summary.rivals))


def _header(run: RunView, samples: Sequence[Sample]) -> None:
    """What run this is, with what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = formats.plain(run.plan.subject.label)
        imported = "" if run.imported_from is None else ", imported"
        words = f"{run_text.when_text(run)}, {run_text.state_text(run)}{imported}"
        st.markdown(f"##### {label}: {words}", width="stretch")
        st.download_button(
            "Samples as CSV",
            data=partial(run_data.samples_csv, samples),
            file_name=f"breakeven-run-{run.run_id}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not samples,
            key="latency/csv",
        )
        st.download_button(
            "As Parquet",
            data=partial(run_data.samples_parquet, samples),
            file_name=f"breakeven-run-{run.run_id}.parquet",
            mime="application/vnd.apache.parquet",
            icon=":material/download:",
            on_click="ignore",
            disabled=not samples,
            key="latency/parquet",
        )
        beside = "what it found" if run_schedule.of_quality(run) else f"its {run.done} samples"
        what = f"Delete this run and {beside}"
        run_deletion.button(run.run_id, what, live=run.live)


def _condition(run: RunView) -> None:
    if run.live:
        st.info("This run is live: the numbers are those of the last look.", icon=":material/sync:")
    elif text := run_text.explanation(run):
        if run.state is RunState.CANCELLED:
            st.info(formats.plain(text), icon=":material/stop_circle:")
        else:
            st.error(formats.plain(text), icon=":material/error:")


def _unread(run: RunView, fault: str) -> None:
    """What is stored of the run and cannot be shown."""
    parts = (
        f"This version cannot read {' and '.join(run.unread)}: it is kept. " if run.unread else ""
    )
    if parts or fault:
        st.warning(formats.plain(parts + fault), icon=":material/visibility_off:")


def _numbers(run: RunView, summary: LatencySummary, slo_p95_s: float) -> None:
    """The headline numbers, each with what bounds it."""
    if (note := run_schedule.headline_note(run)) != "":
        st.caption(formats.plain(note))
    asked = summary.n_ok + summary.n_failed
    with st.grid(min_column_width=128, gap="small"):
        _percentile("Response p50", summary.response_p50)
        _percentile("Response p95", summary.response_p95, slo_p95_s)
        _percentile("Service p50", summary.service_p50)
        _percentile("Service p95", summary.service_p95)
        _metric("Cold start", formats.duration(summary.cold_start_s), "first call, apart")
        _metric(
            "Answered",
            f"{summary.n_ok} of {asked}",
            run_text.failures_text(summary) or run_findings.no_failures_text(summary),
        )
        _metric(
            "Throughput",
            formats.tokens_per_s(summary.tokens_per_s),
            "at that load, not the most it can do"
            if run_schedule.is_sweep(run) or run_schedule.of_server(run)
            else "one request at a time: a lower bound",
        )
        _metric("Our own client", *run_findings.overhead_texts(summary))
    for sentence in _found(run, summary):
        st.caption(formats.plain(sentence))


def _found(run: RunView, summary: LatencySummary) -> Iterator[str]:
    local = run.plan.target.kind == "local"
    yield from run_findings.findings(summary, run_findings.usd_per_request(run), local=local)
    if run.server_metrics is not None:
        yield from run.server_metrics.sentences


def _percentile(label: str, estimate: Estimate, slo_p95_s: float | None = None) -> None:
    text = run_text.interval_text(estimate)
    if slo_p95_s is not None:
        text = f"{text}; objective {formats.duration(slo_p95_s)}"
    _metric(label, run_text.value_text(estimate), text)


def _metric(label: str, value: str, remark: str) -> None:
    """A number under its name, and in small print what to think of it."""
    with st.container(gap="xxsmall"):
        st.caption(label)
        st.markdown(f"#### {formats.plain(value)}")
        st.caption(formats.plain(remark))


def _cautions(warnings: Sequence[str]) -> None:
    if warnings:
        lines = "\n".join(f"- {formats.plain(sentence)}" for sentence in warnings)
        st.warning(f"What limits this run:\n{lines}", icon=":material/warning:")


def _circumstances(run: RunView) -> None:
    """Plan, money, machine and software, in columns that wrap on a narrow screen."""
    groups = (
        ("What was asked", run_text.plan_fields(run.plan)),
        ("What it cost", run_text.money_fields(run)),
        ("On which machine", run_text.machine_fields(run)),
        ("With which software", run_text.software_fields(run.environment)),
    )
    with (
        st.expander("Plan, cost and machine", icon=":material/fact_check:"),
        st.grid(min_column_width=210, gap="medium"),
    ):
        for heading, fields in groups:
            st.markdown(fields_text(heading, fields))


def fields_text(heading: str, fields: Iterable[run_text.Field]) -> str:
    """Fields under a heading, as markdown; without any, that nothing is known."""
    lines = [f"- {formats.plain(name)}: {formats.plain(text)}" for name, text in fields]
    return f"**{heading}**\n" + ("\n".join(lines) or "- not known")
