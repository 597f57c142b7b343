"""The charts of a sweep of a server."""

import plotly.graph_objects as go
import pytest

from core.measurement.estimate import Estimate
from core.measurement.server_found import ServerCell, ServerLoad
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.engine.server_batches import server_batches_figure
from dashboard.figures.engine.server_p95 import load_words, server_loads_figure


def cell(texts: int, tokens: float | None, compute_s: float | None = 0.02) -> ServerCell:
    """A size that was answered in 20 ms, where the fit says 21."""
    return ServerCell(
        texts=texts,
        tokens_asked=16,
        tokens=tokens,
        n=3,
        n_ok=0 if compute_s is None else 3,
        compute_s=compute_s,
        service_p50=Estimate(value_s=compute_s),
        fitted_s=0.021,
        refused=compute_s is None,
    )


def load(measured_s: float | None = 0.1, predicted_s: float | None = 0.12) -> ServerLoad:
    """Half of the most."""
    return ServerLoad(
        share=0.5,
        rate_per_s=20.0,
        n=72,
        n_ok=72,
        response_p50=Estimate(value_s=0.05),
        response_p95=Estimate(value_s=measured_s, low_s=0.09, high_s=0.2),
        predicted_p50_s=0.06,
        predicted_p95_s=predicted_s,
        kept=measured_s is not None,
    )


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_both_are_figures_that_plotly_accepts(colours: Palette) -> None:
    """In both schemes, validated, with and without a prediction of the machine."""
    cells = [cell(4, 64), cell(1, 16), cell(64, None, None)]
    go.Figure(server_batches_figure(cells, (0.01, None, None), colours))
    go.Figure(server_loads_figure([load(), load(None, None)], 0.5, colours))
    go.Figure(server_loads_figure([load()], None, colours))


def test_measured_fitted_and_predicted_stand_over_the_same_tokens() -> None:
    """In their order; what was refused has no time, and without a prediction none is drawn."""
    cells = [cell(4, 64), cell(1, 16), cell(64, None, None)]
    predicted, fitted, measured = server_batches_figure(cells, (0.01, 0.02, 0.3), LIGHT)["data"]
    assert measured["x"] == fitted["x"] == predicted["x"] == [16, 64]
    assert predicted["y"] == [0.02, 0.01]
    assert measured["text"] == ["1 x 16", "4 x 16"]
    names = [t["name"] for t in server_batches_figure(cells, (None, None, None), LIGHT)["data"]]
    assert names == ["fitted", "measured"]


def test_without_a_count_the_axis_is_of_texts() -> None:
    """No tokens are invented for it."""
    figure = server_batches_figure([cell(4, None), cell(1, None)], (None, None), LIGHT)
    assert figure["data"][-1]["x"] == [1, 4]
    assert figure["layout"]["xaxis"]["title"]["text"] == "texts in the request"


def test_a_load_in_words_says_how_far_the_prediction_is_off() -> None:
    """Or why there is nothing to hold it against."""
    plain = load_words(load()).replace("\xa0", " ")
    assert plain == "At 50 % (20/s): p95 predicted 120 ms, measured 100 ms, +20%."
    assert "failures reach into the p95" in load_words(load(None))
    assert "p95 measured" in load_words(load(predicted_s=None))
