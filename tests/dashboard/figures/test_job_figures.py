"""The chart of a one-off job: a point a way, its kind by colour and form, its state by filling."""

import math

import plotly.graph_objects as go
import pytest

from core.catalog.load import load_catalog
from core.decide.case import Case
from core.decide.job.job_way import JobAnswer
from core.decide.job.one_off_job import OneOffJob
from core.scenario import Hosting, Scenario, Workload
from dashboard.figures.base.palette import DARK, LIGHT
from dashboard.figures.job.job_ways_figure import LOOKS, drawn, job_ways_figure

OPTIONS = ("openai/text-embedding-3-small", "modal/h100", "aws/g6.xlarge", "owned/rtx-4090")


def answered(tokens: float = 10e9) -> JobAnswer:
    """Of four kinds, one of them late by batch."""
    load = Workload(corpus_tokens=tokens, backfill_days=14)
    scenario = Scenario(workload=load, hosting=Hosting(model="BAAI/bge-m3"))
    return OneOffJob(Case(scenario, load_catalog()), OPTIONS).answer


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_way_is_a_point_and_plotly_takes_it(colours: object) -> None:
    """Within both axes; what costs nothing stands at their foot."""
    answer = answered()
    figure = job_ways_figure(answer, colours)  # type: ignore[arg-type]
    go.Figure(figure)
    *kinds, star = figure["data"]
    assert sum(len(trace["x"]) for trace in kinds) == len(drawn(answer))
    low, high = figure["layout"]["yaxis"]["range"]
    for trace in kinds:
        assert all(low <= math.log10(y) <= high for y in trace["y"])
    assert answer.best is not None
    assert star["x"] == [answer.best.days]


def test_a_ring_is_late_or_not_known_yet() -> None:
    """OpenAI's batch queue takes 3,333 days for ten billion tokens."""
    answer = answered()
    forms = {
        trace["name"]: trace["marker"]["symbol"]
        for trace in job_ways_figure(answer, LIGHT)["data"][:-1]
    }
    assert forms["batch API"] == ["square-open"]
    assert forms["API"] == ["circle"]


def test_kinds_are_told_apart_by_form_and_by_colour() -> None:
    """No two share either."""
    assert len({form for _, form in LOOKS.values()}) == len(LOOKS)
    assert len({index for index, _ in LOOKS.values()}) == len(LOOKS)
