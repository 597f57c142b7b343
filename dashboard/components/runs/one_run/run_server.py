"""A sweep of a server in full: what was found, predicted beside measured, which option it is."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from core.measurement.server_found import ServerFound
from dashboard import formats
from dashboard.components.runs.one_run.run_server_use import choose_option
from dashboard.components.shared.chart import chart
from dashboard.components.shared.scheme import colours
from dashboard.figures.engine.server_batches import server_batches_figure
from dashboard.figures.engine.server_p95 import load_words, server_loads_figure
from dashboard.resources.history import RunView
from dashboard.resources.reach import servers
from dashboard.state import session


def show_server(run: RunView) -> None:
    """All that a sweep of a server found; nothing for other runs. Raises StoreError."""
    report = None if run.summary is None else run.summary.report
    swept = None if report is None else report.server_sweep
    if swept is None:
        return
    st.markdown(formats.plain(swept.sentence))
    option_id = choose_option(run, swept)
    if any(cell.compute_s is not None for cell in swept.cells):
        _batches(swept, option_id)
    if swept.loads:
        _loads(swept)
    st.download_button(
        "Sweep as JSON",
        data=swept.model_dump_json(indent=2),
        file_name=f"breakeven-server-{run.run_id}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="latency/server/json",
    )


def _batches(swept: ServerFound, option_id: str) -> None:
    predicted: Sequence[float | None] = [None] * len(swept.cells)
    if option_id:
        predicted = servers.predicted_s(option_id, swept.cells, session.scenario())
    words = batch_words(swept, predicted)
    chart(
        "Time of a request at the server",
        server_batches_figure(swept.cells, predicted, colours()),
        "latency/server/batches",
        words,
        partial(cells_table, swept, predicted),
        "Without the way there and back. Hollow diamonds are what the catalogue publishes or "
        "predicts for the machine that you say it is, on one card.",
    )
    st.caption(formats.plain(words))


def _loads(swept: ServerFound) -> None:
    words = " ".join(load_words(load) for load in swept.loads)
    chart(
        "p95 under load, predicted and measured",
        server_loads_figure(swept.loads, swept.slo_p95_s, colours()),
        "latency/server/loads",
        words,
        partial(loads_table, swept),
        "Predicted by as many workers as were seen, on the very arrivals of the run.",
    )
    st.caption(formats.plain(words))


def batch_words(swept: ServerFound, predicted_s: Sequence[float | None]) -> str:
    """The batches in words: how many, how well fitted, how far from the prediction."""
    answered = [cell for cell in swept.cells if cell.n_ok]
    text = f"{len(answered)} sizes and lengths were answered"
    if (times := swept.times) is not None:
        text += f"; the worst lies {formats.percent(times.worst)} off the fit"
    ratios = [
        cell.compute_s / guess
        for cell, guess in zip(swept.cells, predicted_s, strict=True)
        if guess and cell.compute_s
    ]
    if not ratios:
        return f"{text}."
    return (
        f"{text}. They took {min(ratios):.2g} to {max(ratios):.2g} times what was predicted for "
        "the machine."
    )


def cells_table(swept: ServerFound, predicted_s: Sequence[float | None]) -> pd.DataFrame:
    """One row a size and length."""
    return pd.DataFrame(
        {
            "texts": cell.texts,
            "tokens_asked": cell.tokens_asked,
            "tokens": cell.tokens,
            "answered": f"{cell.n_ok} of {cell.n}",
            "refused_for_size": cell.refused,
            "server_ms": formats.milliseconds(cell.compute_s),
            "with_network_ms": formats.milliseconds(cell.service_p50.value_s),
            "fitted_ms": formats.milliseconds(cell.fitted_s),
            "predicted_ms": formats.milliseconds(guess),
        }
        for cell, guess in zip(swept.cells, predicted_s, strict=True)
    )


def loads_table(swept: ServerFound) -> pd.DataFrame:
    """One row an open loop."""
    return pd.DataFrame(
        {
            "share_of_most": load.share,
            "requests_per_s": round(load.rate_per_s, 3),
            "texts_per_request": swept.texts,
            "answered": f"{load.n_ok} of {load.n}",
            "p50_predicted_ms": formats.milliseconds(load.predicted_p50_s),
            "p50_measured_ms": formats.milliseconds(load.response_p50.value_s),
            "p95_predicted_ms": formats.milliseconds(load.predicted_p95_s),
            "p95_measured_ms": formats.milliseconds(load.response_p95.value_s),
            "kept": load.kept,
        }
        for load in swept.loads
    )
