"""The live run, on every page: progress, latencies so far, cancel. Polls the store.

One fragment that is nested in no other; it polls only while a run is live, so an idle page costs
nothing, and a reload or another tab sees the same run.
"""

from typing import Final

import streamlit as st

from core.errors import BreakevenError
from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.money import DOLLARS
from dashboard import formats
from dashboard.components.probing.begun_run import WATCHED
from dashboard.components.runs.words.run_schedule import is_sweep, of_quality, unit_text
from dashboard.components.runs.words.tested_words import found_text
from dashboard.components.shared import error_boxes
from dashboard.resources.cached import cached_store
from dashboard.resources.cached.cached_store import Runs, RunView
from dashboard.state import session

POLL_S: Final = 0.25


def run_strip() -> None:
    """Show the live run, or how the one that this session watched has ended."""
    runs, reason = cached_store.runs_or_reason()
    if runs is None:
        st.warning(
            f"{formats.plain(reason)}  \nProbing and the history are off until then.",
            icon=":material/database_off:",
        )
        return
    if runs.fault:
        st.warning(
            f"{formats.plain(runs.fault)}  \nNothing can be probed or changed until then; what was "
            "measured is shown.",
            icon=":material/lock:",
        )
    with error_boxes.shown():
        live = runs.live()
        if live is not None:
            session.put(WATCHED, live.run_id)
            st.fragment(_poll, run_every=POLL_S)(runs, live.run_id)
        elif (watched := session.get(WATCHED, default="")) != "":
            _ended(runs, watched)


def _poll(runs: Runs, run_id: str) -> None:
    """One look at the store. When the run has ended, the whole page is drawn anew."""
    with error_boxes.shown():
        view = runs.view(run_id)
        if not view.live:
            cached_store.forget_measurements()
            st.rerun()
        _live(runs, view)


def _live(runs: Runs, view: RunView) -> None:
    label = formats.plain(_whom(view))
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.progress(
            min(1.0, view.done / max(1, view.planned)),
            text=f"**{_doing(view)} {label}**: {_how_far(view)}{_so_far(view.summary)}",
            width="stretch",
        )
        st.button(
            "Cancel", icon=":material/stop_circle:", on_click=_cancel, args=(runs, view.run_id)
        )


def _how_far(view: RunView) -> str:
    if view.texts_embedded is not None and not of_quality(view):
        done, total = view.texts_embedded
        return f"all requests done; neighbours: {done} of {total} texts"
    return f"{view.state.value}, {view.done} of {view.planned} {unit_text(view)}"


def _doing(view: RunView) -> str:
    if of_quality(view):
        return "Testing the quality of"
    return "Sweeping the engine of" if is_sweep(view) else "Probing"


def _whom(view: RunView) -> str:
    """Whom a run asks, in the middle of a sentence; of a test of quality all of them."""
    first, others = formats.in_sentence(view.plan.subject.label), len(view.plan.rivals)
    if not of_quality(view) or not others:
        return first
    return f"{first} and {others} other{'' if others == 1 else 's'}"


def _so_far(summary: LatencySummary | None) -> str:
    if summary is None or summary.n_ok + summary.n_failed == 0:
        return ""
    parts = [
        f"{name} {_seconds(e.value_s)}{_interval(e)}"
        for name, e in (("p50", summary.response_p50), ("p95", summary.response_p95))
    ]
    return f", so far {', '.join(parts)}{_failures(summary)}"


def _interval(estimate: Estimate) -> str:
    """How sure a percentile is so far."""
    if estimate.low_s is None or estimate.high_s is None:
        return ""
    return f" ({formats.duration(estimate.low_s)} to {formats.duration(estimate.high_s)})"


def _failures(summary: LatencySummary) -> str:
    named = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in summary.errors)
    return f"; failures: {named}" if named else ""


def _cancel(runs: Runs, run_id: str) -> None:
    try:
        runs.cancel(run_id)
    except BreakevenError as error:
        st.toast(error_boxes.sentence_of(error))


def _ended(runs: Runs, run_id: str) -> None:
    """One line on the run that has ended, until it is closed."""
    view = runs.view(run_id)
    label = formats.plain(_whom(view))
    what = "Test" if of_quality(view) else "Sweep" if is_sweep(view) else "Probe"
    with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        if view.state.value == "cancelled":
            st.info(
                f"{what} of {label} cancelled: {formats.plain(_result(view))} It stands in the "
                "history and measures no option.",
                icon=":material/stop_circle:",
            )
        elif view.error:
            st.error(f"{what} of {label}: {formats.plain(view.error)}", icon=":material/error:")
        else:
            st.success(
                f"{what} of {label} {view.state.value}: {formats.plain(_result(view))}",
                icon=":material/check_circle:",
            )
        if view.summary is not None and view.summary.warnings:
            with st.popover(_cautions(len(view.summary.warnings)), type="tertiary"):
                st.markdown("\n".join(f"- {formats.plain(w)}" for w in view.summary.warnings))
        st.button("Close", type="tertiary", on_click=_forget, key="probe/close")


def _cautions(count: int) -> str:
    return "1 caution" if count == 1 else f"{count} cautions"


def _result(view: RunView) -> str:
    if of_quality(view):
        figures = "" if view.quality is None else found_text(view.quality)
        return f"{figures or 'no figure.'} Cost {formats.usd(float(view.spent_usd), DOLLARS)}."
    if view.summary is None or view.summary.n_ok == 0:
        return "no request was answered."
    summary = view.summary
    if (finding := _found(view, summary)) != "":
        return f"{finding} Cost {formats.usd(float(view.spent_usd), DOLLARS)}."
    p50, p95 = summary.response_p50.value_s, summary.response_p95.value_s
    where = "at half of its capacity " if is_sweep(view) else ""
    return (
        f"{where}p50 {_seconds(p50)}, p95 {_seconds(p95)}, "
        f"{summary.n_ok} answers{_failures(summary)}, "
        f"cost {formats.usd(float(view.spent_usd), DOLLARS)}."
    )


def _found(view: RunView, summary: LatencySummary) -> str:
    """The finding of a run that is not for its percentiles; "" for one that is."""
    report = summary.report
    if report is None:
        return ""
    curves = (report.load, report.batches, report.cold, *report.comparisons)
    near = view.neighbours.found if view.neighbours is not None else ()
    sentences = [curve.sentence for curve in curves if curve is not None]
    return " ".join([*sentences, *(one.sentence for one in near)])


def _seconds(value: float | None) -> str:
    return "not reached" if value is None else formats.duration(value)


def _forget() -> None:
    session.put(WATCHED, "")
