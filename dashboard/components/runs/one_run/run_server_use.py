"""Which machine of the catalogue a swept server is: said by the person, and taken back."""

import streamlit as st

from core.measurement.server_fit import server_fit
from core.measurement.server_found import ServerFound
from core.scenario import pair_id
from dashboard import formats
from dashboard.components.runs.one_run.run_use import tried
from dashboard.components.shared.server_option import option_fields
from dashboard.resources.cached import cached_catalogue
from dashboard.resources.history import RunState, RunView
from dashboard.resources.reach import servers


def choose_option(run: RunView, swept: ServerFound) -> str:
    """The choice and its buttons; the option that the figure compares with, "" for none."""
    used_for = servers.adopted_for(run.run_id)
    for option_id in used_for:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            name = formats.plain(cached_catalogue.option_label(option_id))
            st.markdown(f"**{name}** is measured by this sweep: you said so.", width="stretch")
            st.button(
                "Use the catalogue's rate instead",
                icon=":material/undo:",
                on_click=tried,
                args=(servers.release, option_id),
                key=f"latency/server/release/{option_id}",
            )
    if run.state is not RunState.DONE or server_fit(swept) is None:
        st.caption(formats.plain("It gives no machine of the catalogue a rate: " + _why_not(run)))
        return next(iter(used_for), "")
    machine, model_id = option_fields("latency/server")
    if not machine:
        return next(iter(used_for), "")
    option_id = pair_id(machine, model_id)
    if option_id not in used_for:
        st.button(
            "Use for this machine",
            type="primary",
            icon=":material/push_pin:",
            on_click=tried,
            args=(servers.use_for, run.run_id, machine, model_id),
            key="latency/server/use",
            help="What was measured takes the place of its published or predicted rate: curves, "
            "replicas and break-evens follow. For everybody who shares this store.",
        )
    return option_id


def _why_not(run: RunView) -> str:
    if run.live:
        return "it is not done yet."
    if run.state is RunState.CANCELLED:
        return (
            "it was cancelled, and who stops a run when it looks good, or bad, has chosen the "
            'result. Start it again by "Sweep a server", and leave it alone; if it took too long, '
            "with fewer texts in a request."
        )
    if run.state is not RunState.DONE:
        return (
            'it did not go through to its end. Start it again by "Sweep a server"; if its time was '
            'over, with more "Seconds at most".'
        )
    return "the time of a token, or how much it serves at once, was not found."
