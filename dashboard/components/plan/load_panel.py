"""Import of the user's own load: a file of requests becomes volume, rhythm, peak and lengths."""

from typing import Final

import streamlit as st

from core.decide.load.request_import import LoadFound, with_load
from core.errors import BreakevenError
from dashboard import formats
from dashboard.components.shared import error_boxes
from dashboard.components.shared.scheme import colours
from dashboard.components.shared.toolbar import still_chart
from dashboard.figures.plan.load_hours import load_hours_figure
from dashboard.resources import deciding
from dashboard.state import session

MAX_MB: Final = 50


def show() -> None:
    """The file, what it says, and the button that takes it over."""
    with st.expander("Import your own load", icon=":material/upload_file:"):
        st.markdown(
            "A CSV or JSON export of requests from a gateway or a log: the time of each, and its "
            "tokens or characters. It is read here, in memory, and not kept."
        )
        file = st.file_uploader(
            "Requests", type=["csv", "tsv", "txt", "json", "jsonl", "ndjson", "log"],
            max_upload_size=MAX_MB, key="load/file", label_visibility="collapsed",
        )  # fmt: skip
        if file is None:
            return
        scenario = session.scenario()
        try:
            load = deciding.load_of(file.getvalue(), scenario.workload.characters_per_token)
        except BreakevenError as error:
            error_boxes.show(error)
            return
        _show(load)
        _, clamped = with_load(scenario, load)
        for sentence in clamped:
            st.warning(formats.plain(sentence), icon=":material/straighten:")
        st.button(
            "Use this load",
            type="primary",
            icon=":material/check:",
            on_click=session.change,
            args=(lambda current: with_load(current, load)[0],),
            key="load/take",
        )


def _show(load: LoadFound) -> None:
    left, middle, right, last = st.columns(4)
    left.metric("Requests per day", formats.count(load.requests_per_day))
    middle.metric("Tokens per request", formats.count(load.tokens_per_request))
    right.metric("Spread of lengths (CV)", formats.significant(load.length_cv))
    peak = "not seen" if load.peak_to_mean is None else formats.ratio(load.peak_to_mean)
    last.metric("Peak-to-mean ratio", peak)
    busiest = formats.ratio(load.busiest_hour_to_mean)
    sentences = [*load.said, f"The single busiest hour of the file has {busiest} the mean."]
    st.markdown("\n".join(f"- {formats.plain(sentence)}" for sentence in sentences))
    if load.hour_weights:
        figure = load_hours_figure(load.hour_weights, colours())
        still_chart(figure, "load/hours", "Load of each hour over the mean")
