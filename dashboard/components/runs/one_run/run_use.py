"""Which run measures an option: said for the run shown, and changed with one click."""

import streamlit as st

from core.errors import BreakevenError
from core.measurement.latency import Subject
from dashboard import formats
from dashboard.components.runs.words import run_text
from dashboard.components.runs.words.run_schedule import is_sweep, of_server
from dashboard.components.shared import error_boxes
from dashboard.resources import history
from dashboard.resources.history import RunState, RunView, Use


def show_use(run: RunView) -> None:
    """For each target of a finished run: whether its latencies are in use, and the button."""
    if run.state is not RunState.DONE or run.summary is None or of_server(run) or is_sweep(run):
        return
    for target, subject in enumerate(run.plan.subjects):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _one(run, target, subject)


def _one(run: RunView, target: int, subject: Subject) -> None:
    use = history.use_of(run.run_id, subject.option_id)
    st.markdown(use_text(subject.label, use, run_text.imported_text(run)), width="stretch")
    if use is Use.ADOPTED:
        st.button(
            "Use the newest run instead",
            icon=":material/undo:",
            on_click=tried,
            args=(history.release, subject.option_id),
            key=f"latency/release/{target}",
        )
    else:
        st.button(
            "Use these latencies in the scenario"
            if run.imported_from is None
            else "Use this imported run in the scenario",
            icon=":material/push_pin:",
            on_click=tried,
            args=(history.adopt, run.run_id, target),
            key=f"latency/adopt/{target}",
            help="Until you choose another run, also for runs to come, and for everybody who "
            "shares this store.",
        )


def use_text(label: str, use: Use, imported: str = "") -> str:
    """What the decision knows of an option: in a sentence, or two of an imported run.

    ``imported``: where the run came from, "" for one that was made here.
    """
    name = formats.plain(label)
    if imported:
        return f"This run was {formats.plain(imported)}. {_use_of_imported(name, use)}"
    match use:
        case Use.ADOPTED:
            return f"**{name}** is judged by this run: you chose it."
        case Use.NEWEST:
            return f"**{name}** is judged by this run: it is its newest open loop."
        case Use.NOT_USED:
            return f"**{name}** is not judged by this run."


def _use_of_imported(name: str, use: Use) -> str:
    if use is Use.ADOPTED:
        return f"**{name}** is judged by it: you chose it."
    return f"**{name}** is not judged by it until you choose it."


def tried(action: "history.Action", *args: object) -> None:
    """Do what a button asks for; an error of ours is said in a corner of the page."""
    try:
        action(*args)
    except BreakevenError as error:
        st.toast(error_boxes.sentence_of(error), icon=":material/error:")
