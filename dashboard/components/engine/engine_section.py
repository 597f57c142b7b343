"""The local engine on the page Latency: measure this machine, and what was found."""

import pandas as pd
import streamlit as st

from core.scenario import THIS_MACHINE, Scenario
from dashboard import formats
from dashboard.components.engine import engine_tables, engine_text
from dashboard.components.engine.engine_form import sweep_form
from dashboard.components.shared import error_boxes
from dashboard.components.shared.chart import chart, shown_table
from dashboard.components.shared.scheme import colours
from dashboard.figures.engine.engine_batches import batches_figure
from dashboard.figures.engine.engine_checks import checks_figure
from dashboard.resources import engine
from dashboard.resources.cached import cached_store
from dashboard.resources.cached.cached_store import RunView
from dashboard.resources.engine import SweepReport
from dashboard.state import session
from dashboard.state.link import MAX_OPTIONS


def engine_section() -> None:
    """Everything about the engine of this machine; one call is all that a page needs."""
    runs, _ = cached_store.runs_or_reason()
    if runs is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.header("This machine's engine", width="stretch")
        sweep_form(session.scenario())
    with error_boxes.shown():
        newest = engine.newest()
        if newest is None:
            st.markdown(
                "Not measured yet. A sweep takes about a minute: it times batches of different "
                "sizes, fits them, measures this machine's peak, and holds the predicted latency "
                "under load against a real run."
            )
        else:
            _show(*newest)


def _show(run: RunView, report: SweepReport) -> None:
    _headline(run, report)
    left, right = st.columns(2, gap="medium")
    with left:
        chart(
            "Time of a batch, measured and fitted",
            batches_figure(report.points, colours()),
            "engine/batches",
            engine_text.fit_sentence(report),
            lambda: engine_tables.points_table(report),
        )
        st.caption(formats.plain(engine_text.fit_sentence(report)))
    with right:
        sentences = [engine_text.check_sentence(check) for check in report.checks]
        chart(
            "Latency under load, predicted and measured",
            checks_figure(report.checks, report.capacity.slo_p95_s, colours()),
            "engine/checks",
            " ".join(sentences),
            lambda: engine_tables.checks_table(report),
        )
        for sentence in sentences:
            st.caption(formats.plain(sentence))
    _in_the_model()
    _predicted(run)


def _in_the_model() -> None:
    """What the comparison takes from the sweep, beside what it replaced; and the way in."""
    scenario = session.scenario()
    rows = engine.replaced(scenario)
    if not rows:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader("What it replaces in the model", width="stretch")
        _compare_button(scenario)
    shown_table(
        pd.DataFrame(
            {"Figure": row.what, "Before": row.before, "Measured here": row.now} for row in rows
        ),
        "engine/replaced",
        "What the sweep replaces in the model",
        {},
    )
    st.caption(
        "It holds for the option *This machine* alone: no other option, and no card of the "
        "catalogue, changes."
    )


def _compare_button(scenario: Scenario) -> None:
    """One click takes this machine into the comparison, another out of it."""
    compared = THIS_MACHINE in scenario.options
    full = not compared and len(scenario.options) >= MAX_OPTIONS
    st.button(
        "Leave this machine out" if compared else "Compare this machine",
        icon=":material/remove:" if compared else ":material/add_chart:",
        type="secondary" if compared else "primary",
        key="engine/compare",
        disabled=full,
        help=f"At most {MAX_OPTIONS} options are compared: remove one first."
        if full
        else "Curves, replicas, duty cycle and verdict follow. Its price for an hour is yours to "
        "say, on the page Compare.",
        on_click=session.change,
        args=(_with_this_machine if not compared else _without_this_machine,),
    )


def _with_this_machine(scenario: Scenario) -> Scenario:
    options = dict.fromkeys((*scenario.options, THIS_MACHINE))
    return scenario.model_copy(update={"options": tuple(options)[:MAX_OPTIONS]})


def _without_this_machine(scenario: Scenario) -> Scenario:
    options = tuple(option for option in scenario.options if option != THIS_MACHINE)
    return scenario.model_copy(update={"options": options})


def _headline(run: RunView, report: SweepReport) -> None:
    with st.container(horizontal=True, gap="small"):
        for label, value, help_ in engine_text.figures(report):
            st.metric(label, value, help=formats.plain(help_), border=True)
    st.markdown(formats.plain(f"{report.verdict} {report.energy}"))
    for note in report.notes:
        st.warning(formats.plain(note), icon=":material/warning:")
    st.download_button(
        "Sweep as JSON",
        data=report.model_dump_json(indent=2),
        file_name=f"breakeven-sweep-{run.run_id}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="engine/json",
    )
    with st.expander("On what it was measured", icon=":material/memory:"):
        shown_table(
            engine_tables.environment_table(run, report),
            "engine/environment",
            "Engine, device, versions and load of the sweep",
            {},
        )


def _predicted(run: RunView) -> None:
    rows = engine.predicted(run.plan.subject.model, session.scenario())
    if not rows:
        return
    with st.expander("Predicted for the catalogue's cards", icon=":material/call_split:"):
        st.markdown(
            "**Predicted, not measured**: this model on a server of the middle, by the law of size "
            "that the page Method states, or published for the pair. Nothing of this machine is in "
            "it. 8 of 10 are within the range."
        )
        table = pd.DataFrame(
            {
                "Card": row.card,
                "Tokens/s": round(row.tokens_per_s),
                "at least": round(row.low_tokens_per_s),
                "at most": round(row.high_tokens_per_s),
                "Basis": row.basis,
            }
            for row in rows
        )
        shown_table(table, "engine/predicted", "Predicted rates of cards", {})
