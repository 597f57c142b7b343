"""The phases of a run: what is drawn is what was measured."""

import plotly.graph_objects as go
import pytest

from dashboard.components.runs.words import run_data
from dashboard.figures.base.palette import DARK, LIGHT, Palette
from dashboard.figures.runs.run_phases import PHASES, PhaseMedians, phases_figure
from tests.dashboard.past_runs import api_plan, whole_run

PLAN = api_plan(requests=80)
RUN = whole_run(PLAN, failures=[8, 9, 40])


@pytest.mark.parametrize("colours", [LIGHT, DARK])
@pytest.mark.parametrize("length", [1, 3, 4, len(RUN)])
def test_the_figure_is_valid_at_every_length_of_a_run(length: int, colours: Palette) -> None:
    """Plotly's own check finds no fault, in a run that has barely begun either."""
    samples = RUN[:length]
    go.Figure(phases_figure(run_data.phase_medians(samples), colours))


def test_the_bars_are_as_long_as_their_medians_together() -> None:
    """Each row's pieces add up to its total; a phase that took no time has no piece."""
    rows = run_data.phase_medians(RUN)
    figure = phases_figure(rows, LIGHT)
    for i, row in enumerate(rows):
        assert sum(trace["x"][i] for trace in figure["data"]) == pytest.approx(row.total_s * 1e3)
    without_handshake = phases_figure(rows[:1], LIGHT)
    assert [trace["name"] for trace in without_handshake["data"]] == list(PHASES[3:])


def test_a_narrow_piece_has_no_label_that_would_not_fit() -> None:
    """Its number is in the table and under the pointer."""
    row = PhaseMedians("kept", 9, (None, None, None, 0.001, 0.5, None))
    texts = {trace["name"]: trace["text"] for trace in phases_figure([row], LIGHT)["data"]}
    assert texts["write"] == [""]
    assert texts["first byte"] != [""]
