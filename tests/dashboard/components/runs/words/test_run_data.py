"""A run's samples for charts, tables and files."""

import io
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.records.sample import Outcome, Phase, Sample
from core.units import NS_PER_SECOND
from dashboard.components.runs.words import run_data
from dashboard.figures.runs.run_phases import PHASES
from dashboard.figures.runs.run_points import Group
from tests.dashboard.past_runs import answered, api_plan, failed, whole_run

PLAN = api_plan(requests=20)
RUN = whole_run(PLAN, failures=[5, 9])


def test_every_request_that_was_asked_is_one_point() -> None:
    """Failures are points, too; a request that was never sent is none."""
    unsent = Sample(99, Phase.MEASURED, Outcome.CANCELLED, 10**9)
    points = run_data.points([*RUN, unsent])
    groups = [point.group for point in points]
    assert len(points) == len(RUN)
    assert groups.count(Group.FAILED) == 2
    assert groups.count(Group.COLD) == 1
    assert groups.count(Group.WARM_UP) == PLAN.warm_up_requests
    assert all((point.response_s is None) == (point.group is Group.FAILED) for point in points)


def test_the_schedule_begins_with_the_first_measured_request() -> None:
    """Cold start and warm-up lie before zero, in their order."""
    points = run_data.points(RUN)
    assert [p.due_s < 0 for p in points] == [p.group in {Group.COLD, Group.WARM_UP} for p in points]
    assert min(p.due_s for p in points if p.due_s >= 0) == 0
    assert [p.due_s for p in points] == sorted(p.due_s for p in points)


def test_a_run_that_broke_off_while_cold_is_drawn_all_the_same() -> None:
    """Without a measured request the first of all is at zero; without any there is no point."""
    assert [point.due_s for point in run_data.points(RUN[:1])] == [0.0]
    assert run_data.points([]) == []
    assert run_data.times([]).asked == 0
    assert run_data.phase_medians([]) == ()


def test_an_endpoints_words_are_no_markup() -> None:
    """The browser shows a failure's detail as it was written."""
    (point,) = run_data.points(
        [failed(3, Phase.MEASURED, 0, Outcome.HTTP_ERROR, "<b>no</b> & <a>")]
    )
    assert "&lt;b&gt;no&lt;/b&gt; &amp; &lt;a&gt;" in point.text
    assert "<b>" not in point.text


def test_times_hold_answers_and_count_failures() -> None:
    """Only measured answers have a time; failures are in the count alone."""
    times = run_data.times(RUN)
    assert times.asked == PLAN.requests
    assert times.response_s.size == times.service_s.size == PLAN.requests - 2
    assert np.all(times.response_s >= times.service_s)


@given(st.lists(st.integers(0, 10**9), min_size=7, max_size=7))
def test_the_phases_of_a_request_add_up_to_its_service_time(moments: list[int]) -> None:
    """Whatever the moments, no time is counted twice or lost."""
    sent, dns, connected, tls, written, first, completed = sorted(moments)
    sample = Sample(
        0, Phase.MEASURED, Outcome.OK, sent, sent, dns, connected, tls, written, first, completed
    )
    phases = run_data.phases_s(sample)
    assert list(phases) == list(PHASES)
    assert math.isclose(sum(phases.values()), (completed - sent) / NS_PER_SECOND, abs_tol=1e-12)


def test_a_kept_connection_has_no_handshake() -> None:
    """What did not take place is absent, not zero; the rest still adds up."""
    sample = answered(1, Phase.MEASURED, 0, 20)
    phases = run_data.phases_s(sample)
    assert list(phases) == ["write", "first byte", "last byte"]
    assert sum(phases.values()) == pytest.approx(sample.service_s)


def test_first_connections_are_kept_apart() -> None:
    """The one request that opened a connection is no part of the others' medians."""
    kept, opened = run_data.phase_medians(RUN)
    assert (kept.label, kept.requests) == ("connection kept", PLAN.requests - 2 + 2)
    assert (opened.label, opened.requests) == ("connection opened", 1)
    assert kept.median_s[:3] == (None, None, None)
    assert None not in opened.median_s


def test_the_table_has_every_sample_and_names_its_outcome() -> None:
    """The text alternative leaves nothing of the charts out."""
    table = run_data.sample_table(RUN)
    assert len(table) == len(RUN)
    assert list(table["Outcome"]).count("timeout") == 2
    assert table["Response (ms)"].isna().sum() == 2


def test_the_file_gives_every_field_back() -> None:
    """What was stored can be read from the CSV, in full precision."""
    read = pd.read_csv(io.BytesIO(run_data.samples_csv(RUN)))
    assert len(read) == len(RUN)
    assert list(read["intended_ns"]) == [sample.intended_ns for sample in RUN]
    assert list(read["outcome"]) == [sample.outcome.value for sample in RUN]
    answers = [sample.response_s for sample in RUN if sample.ok]
    assert list(read["response_s"].dropna()) == pytest.approx(answers, rel=1e-12)


def test_a_run_without_samples_gives_an_empty_file() -> None:
    """No sample is no error."""
    assert run_data.samples_csv([]).strip() == b""


def test_the_parquet_file_holds_what_the_csv_holds_with_whole_numbers_whole() -> None:
    """A column with gaps stays one of integers."""
    read = pd.read_parquet(io.BytesIO(run_data.samples_parquet(RUN)))
    csv = pd.read_csv(io.BytesIO(run_data.samples_csv(RUN)))
    assert list(read.columns) == list(csv.columns)
    assert list(read["seq"]) == [s.seq for s in RUN]
    assert read["completed_ns"].dtype.kind == "i"
    first = next(s for s in RUN if s.ok)
    assert int(read["completed_ns"][first.seq]) == first.completed_ns
    assert len(pd.read_parquet(io.BytesIO(run_data.samples_parquet([])))) == 0
    assert run_data.sample_table([]).empty
