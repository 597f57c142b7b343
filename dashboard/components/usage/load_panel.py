"""Import of one's own use: a file says a load, and a person takes it, or takes it back."""

from collections.abc import Iterable
from datetime import UTC, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import streamlit as st

from core.errors import BreakevenError
from core.scenario import Scenario, Workload
from core.usage.choice import Wanted
from core.usage.load_found import LoadFound
from core.usage.moments import DateOrder
from core.usage.reading import Reading
from core.usage.rows.usage_answers import Series
from core.usage.sums import Stream
from core.usage.take_load import sentence_of, with_load
from dashboard import formats
from dashboard.components.shared import error_boxes
from dashboard.components.shared.scheme import colours
from dashboard.components.shared.toolbar import still_chart
from dashboard.figures.plan.load_hours import load_hours_figure
from dashboard.resources import deciding
from dashboard.state import session

MAX_MB: Final = 50
TYPES: Final = ("csv", "tsv", "txt", "json", "jsonl", "ndjson", "log", "parquet")
_FORMER: Final = "load/former"
"""The load that the question had before a file was taken."""
_NO_ZONE: Final = "UTC"


def load_panel() -> None:
    """The file, what it says, and the buttons that take it over and back."""
    with st.expander("Import your own load", icon=":material/upload_file:"):
        st.markdown(
            "A log, or a usage export of LiteLLM, OpenAI, Azure, CloudWatch, Langfuse, Helicone or "
            "Prometheus: CSV, JSON or Parquet. It is read here, in memory, and not kept. A larger "
            "one is read by `breakeven load FILE`."
        )
        file = st.file_uploader(
            "Requests",
            type=list(TYPES),
            max_upload_size=MAX_MB,
            key="load/file",
            label_visibility="collapsed",
        )
        if file is None:
            _undo()
        else:
            _read(file.getvalue(), session.scenario())


def _read(content: bytes, scenario: Scenario) -> None:
    asked = st.container()
    try:
        use = deciding.use_of(content, _how(asked))
        wanted = _which(asked, use.streams)
        load = deciding.load_of(use, scenario.workload.characters_per_token, wanted)
    except BreakevenError as error:
        error_boxes.show(error)
        return
    st.markdown(f"**{formats.plain(sentence_of(load))} Use it?**")
    with error_boxes.shown("This load cannot be taken."):
        with_load(scenario, load)
        st.button(
            "Use this load",
            type="primary",
            icon=":material/check:",
            on_click=_take,
            args=(load,),
            key="load/take",
        )
    _undo()
    _show(load)


def _how(place: st.delta_generator.DeltaGenerator) -> Reading:
    """What a person says of the file, where it does not say it itself."""
    fold = place.popover("How it is read", icon=":material/tune:")
    order = fold.selectbox(
        "Dates such as 03/04/2026",
        options=[None, *DateOrder],
        format_func=lambda one: "as the file shows" if one is None else one.value,
        key="load/order",
    )
    zone = fold.selectbox(
        "Time zone of times without one",
        options=_zones(),
        key="load/zone",
    )
    series = fold.selectbox(
        "Numbers of a Prometheus series",
        options=[None, *Series],
        format_func=lambda one: "as the file shows" if one is None else one.value,
        key="load/series",
    )
    return Reading(order=order, zone=_zone(zone), series=series)


@cache
def _zones() -> list[str]:
    """Every zone, UTC first: read from the disk once."""
    return [_NO_ZONE, *sorted(available_timezones() - {_NO_ZONE})]


def _zone(name: str) -> tzinfo:
    return UTC if name == _NO_ZONE else ZoneInfo(name)


def _which(place: st.delta_generator.DeltaGenerator, streams: Iterable[Stream]) -> Wanted:
    """Models and calls to count; none chosen: by their names."""
    left, right = place.columns(2)
    named = [(stream.model, stream.call) for stream in streams]
    models = sorted({model for model, _ in named if model})
    calls = sorted({call for _, call in named if call})
    chosen_models, chosen_calls = [], []
    if len(models) > 1:
        chosen_models = left.multiselect(
            "Models to count", models, key="load/models", placeholder="those that embed"
        )
    if len(calls) > 1:
        chosen_calls = right.multiselect(
            "Calls to count", calls, key="load/calls", placeholder="those that embed"
        )
    return Wanted(tuple(chosen_models), tuple(chosen_calls))


def _take(load: LoadFound) -> None:
    before = session.scenario().workload
    session.change(lambda current: with_load(current, load))
    st.session_state[_FORMER] = before


def _undo() -> None:
    """The button that brings the former load back, while there is one."""
    former: Workload | None = st.session_state.get(_FORMER)
    if former is None or former == session.scenario().workload:
        return
    st.button("Take it back", icon=":material/undo:", on_click=_take_back, key="load/undo")


def _take_back() -> None:
    former: Workload = st.session_state.pop(_FORMER)
    session.change(lambda current: current.model_copy(update={"workload": former}))


def _show(load: LoadFound) -> None:
    left, middle, right, last = st.columns(4)
    left.metric("Requests per day", formats.count(load.requests_per_day))
    tokens, spread = load.tokens_per_request, load.length_cv
    middle.metric("Tokens per request", "not in it" if tokens is None else formats.count(tokens))
    right.metric(
        "Spread of lengths (CV)", "not in it" if spread is None else formats.significant(spread)
    )
    peak = "not seen" if load.peak_to_mean is None else formats.ratio(load.peak_to_mean)
    last.metric("Peak-to-mean ratio", peak)
    sentences = [*load.remarks]
    if load.busiest_hour_to_mean is not None:
        busiest = formats.ratio(load.busiest_hour_to_mean)
        sentences.append(f"The single busiest hour of the file has {busiest} the mean.")
    st.markdown("\n".join(f"- {formats.plain(sentence)}" for sentence in sentences))
    if load.hour_weights:
        figure = load_hours_figure(load.hour_weights, colours())
        still_chart(figure, "load/hours", "Load of each hour over the mean")
