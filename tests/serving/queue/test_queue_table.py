"""The shipped table against the exact solution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchCost
from core.serving.queue.batch_queue import solve
from core.serving.queue.queue_table import LoadCurve, QueueTable
from core.serving.queue.response_law import LEVELS, ResponseLaw
from core.serving.queue.tabulate import FILE, column, corners, places

PLACES = 200
COST = BatchCost(0.010, 0.002, 0.001)


def headline(law: ResponseLaw) -> tuple[float, ...]:
    """What is shown of a law."""
    return law.p50_s, law.p95_s, law.p99_s, law.mean_s


def test_random_places_between_the_nodes_agree_with_the_exact_solution(
    queue_table: QueueTable,
) -> None:
    """Of 200 places, 97 in 100 figures lie within 3 % and all within 6 %; the median within 0.3 %.

    Start, floor and load are drawn over the decades, caps from 1 to 256.
    """
    rng = np.random.default_rng(20)
    errors = []
    for _ in range(PLACES):
        largest = int(np.exp(rng.uniform(0, np.log(257))))
        start, floor = 10 ** rng.uniform(-1, 2.7), 10 ** rng.uniform(-0.5, 2)
        cost = BatchCost(start / 1_000, floor / 1_000, 0.001)
        load = rng.uniform(0, 0.985) if rng.random() < 0.7 else 0.985 * 10 ** rng.uniform(-3, 0)
        rate = load * cost.full_rate_per_s(largest)
        read = queue_table.curve(cost, largest).at(rate)
        exact = solve(rate, cost.of_sizes(largest))
        assert read is not None
        assert exact is not None
        assert read.notes == ()
        pairs = zip(headline(read.response), headline(exact.response), strict=True)
        errors += [abs(found / true - 1) for found, true in pairs]
    assert max(errors) < 0.06
    assert np.quantile(errors, 0.97) < 0.03
    assert np.median(errors) < 0.003


@pytest.fixture(params=[1, 5, 32, 200], ids="cap {}".format)
def curve(request: pytest.FixtureRequest, queue_table: QueueTable) -> LoadCurve:
    """One cost at several caps, on nodes and between them."""
    largest: int = request.param
    return queue_table.curve(COST, largest)


def test_nodes_are_what_was_solved(queue_table: QueueTable) -> None:
    """A column solved anew is the shipped one, within a step or two of rounding."""
    largest, knee, overhead = corners()[-200]
    index = (
        int(np.searchsorted(queue_table.batches, largest)),
        int(np.searchsorted(queue_table.knees, knee)),
        int(np.searchsorted(queue_table.overheads, overhead)),
    )
    solved = column(largest, knee, overhead).astype(int)
    assert np.abs(solved - queue_table.steps[index].astype(int)).max() <= 2
    assert queue_table.places == pytest.approx(places())


def test_no_load_is_the_time_of_one_text(curve: LoadCurve) -> None:
    """At rate 0 every percentile is T(1)."""
    answer = curve.at(0.0)
    assert answer is not None
    assert set(answer.response.quantiles_s) == {COST.seconds(1)}
    assert answer.response.mean_s == COST.seconds(1)
    assert answer.load == 0


def test_every_percentile_rises_with_the_load_and_with_the_level(curve: LoadCurve) -> None:
    """Monotone over 2,000 loads up to the brink, out of the table's range too."""
    loads = np.concatenate((np.linspace(0, 0.999, 1_999), [0.99999]))
    answers = [curve.at(load * curve.full_rate_per_s) for load in loads.tolist()]
    laws = [answer.response for answer in answers if answer is not None]
    assert len(laws) == len(loads)
    figures = np.array([[*law.quantiles_s, law.mean_s] for law in laws])
    assert (np.diff(figures, axis=0) >= -1e-12).all()
    assert (np.diff(figures[:, :-1], axis=1) >= -1e-12).all()


@given(
    st.integers(1, 256),
    st.floats(-4, 0).map(lambda e: 10.0**e),
    st.floats(0, 0.5),
    st.floats(0.0, 0.999),
)
def test_any_cost_has_an_answer(
    queue_table: QueueTable, largest: int, start: float, floor: float, load: float
) -> None:
    """Every cost lies on the axes: an answer between T(1) and the next level, no note of a cap."""
    cost = BatchCost(start, floor, 0.001)
    curve = queue_table.curve(cost, largest)
    answer = curve.at(load * curve.full_rate_per_s)
    assert answer is not None
    assert curve.notes == ()
    quantiles = answer.response.quantiles_s
    assert cost.seconds(1) * (1 - 1e-12) <= quantiles[0] <= quantiles[-1] < np.inf


def test_an_overloaded_queue_has_no_answer(curve: LoadCurve) -> None:
    """At a load of 1 and above: None."""
    assert curve.at(curve.full_rate_per_s) is None
    assert curve.at(2 * curve.full_rate_per_s) is None


def test_a_load_above_the_table_goes_on_and_says_so(curve: LoadCurve) -> None:
    """Beyond the last load the answer carries a note; inside it has none."""
    rate = 0.998 * curve.full_rate_per_s
    answer = curve.at(rate)
    assert answer is not None
    assert any("above the table" in note for note in answer.notes)
    inside = curve.at(0.95 * curve.full_rate_per_s)
    assert inside is not None
    assert inside.notes == ()


def test_beyond_the_table_single_texts_are_still_right(queue_table: QueueTable) -> None:
    """M/D/1 at a load of 0.999: within 3 % of the exact p95."""
    cost = BatchCost(0.0, 0.0, 1.0)
    answer, exact = queue_table.curve(cost, 1).at(0.999), solve(0.999, cost.of_sizes(1))
    assert answer is not None
    assert exact is not None
    assert answer.response.p95_s == pytest.approx(exact.response.p95_s, rel=0.03)


def test_a_cap_above_the_table_is_clamped_and_said(queue_table: QueueTable) -> None:
    """A cap of 1,000 is answered as 256, which carries no more, with a note."""
    clamped, last = queue_table.curve(COST, 1_000), queue_table.curve(COST, 256)
    assert "256" in clamped.notes[0]
    assert clamped.full_rate_per_s == last.full_rate_per_s
    answer = clamped.at(10.0)
    assert answer is not None
    assert answer.notes == clamped.notes


@given(st.sampled_from(LEVELS), st.floats(0, 4), st.sampled_from([1, 7, 64]))
def test_the_highest_rate_is_the_inverse_of_the_percentile(
    queue_table: QueueTable, level: float, times_alone: float, largest: int
) -> None:
    """At the highest rate the percentile is the limit, and a little above it exceeds it."""
    curve = queue_table.curve(COST, largest)
    limit_s = COST.seconds(1) * 10**times_alone
    rate = curve.highest_rate(level, limit_s)
    assert rate is not None
    assert 0 < rate < curve.full_rate_per_s
    at, above = curve.at(rate), curve.at(rate + (curve.full_rate_per_s - rate) * 1e-3)
    place = LEVELS.index(level)
    assert at is not None
    assert above is not None
    assert at.response.quantiles_s[place] == pytest.approx(limit_s, rel=1e-6)
    assert above.response.quantiles_s[place] > limit_s


def test_a_limit_below_one_text_has_no_rate(curve: LoadCurve) -> None:
    """Not even a lone text keeps it."""
    assert curve.highest_rate(0.95, 0.99 * COST.seconds(1)) is None


def test_nonsense_is_refused(queue_table: QueueTable) -> None:
    """Negative rates, unknown levels, caps of 0, and a file that lacks or mixes arrays."""
    curve = queue_table.curve(COST, 8)
    with pytest.raises(ModelInputError, match="rate"):
        curve.at(-1.0)
    with pytest.raises(ModelInputError, match="levels"):
        curve.highest_rate(0.9501, 1.0)
    with pytest.raises(ModelInputError, match="at least 1 text"):
        queue_table.curve(COST, 0)
    with np.load(FILE) as shipped:
        arrays = dict(shipped)
    with pytest.raises(ModelInputError, match="do not fit"):
        QueueTable.from_arrays(arrays | {"places": arrays["places"][:-1]})
    del arrays["steps"]
    with pytest.raises(ModelInputError, match="no array steps"):
        QueueTable.from_arrays(arrays)


def test_the_file_is_small() -> None:
    """It is installed with the package: less than a megabyte."""
    assert FILE.stat().st_size < 1_000_000
