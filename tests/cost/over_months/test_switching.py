"""The cheapest path through the months, against every path written out."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.over_months.switching import (
    Journey,
    Path,
    Stay,
    best_of_order,
    best_path,
    cost_by_first_change,
)
from core.errors import ModelInputError
from tests.oracles.paths import cost_of


def journey(seed: int, options: int, months: int, change_usd: float = 5.0) -> Journey:
    """Random months, leaving costs and costs of a change; some segments not possible."""
    random = np.random.default_rng(seed)
    run = random.uniform(1, 20, (options, months))
    total = np.concatenate([np.zeros((options, 1)), np.cumsum(run, axis=1)], axis=1)
    segments = total[:, np.newaxis, :] - total[:, :, np.newaxis]
    segments = segments + random.uniform(0, 3, segments.shape)
    segments[random.random(segments.shape) < 0.05] = math.inf
    first = total + random.uniform(0, 10, (options, 1))
    changes = random.uniform(0, 2 * change_usd, (options, options, months))
    return Journey(first, segments, changes)


def every_path(options: int, months: int, most_changes: int) -> list[tuple[Stay, ...]]:
    """All ways through the months with at most so many changes, neighbours different."""
    found = []
    for changes in range(min(most_changes, months - 1) + 1):
        for cuts in itertools.combinations(range(1, months), changes):
            edges = (0, *cuts, months)
            for row in itertools.product(range(options), repeat=changes + 1):
                if all(a != b for a, b in itertools.pairwise(row)):
                    stays = zip(row, itertools.pairwise(edges), strict=True)
                    found.append(tuple(Stay(o, first, end) for o, (first, end) in stays))
    return found


@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 5))
def test_no_path_is_cheaper_than_the_best_one(seed: int, options: int, months: int) -> None:
    """Against all paths of any number of changes on a small horizon."""
    found = best_path(journey(seed, options, months), most_changes=months)
    costs = [
        cost_of(journey(seed, options, months), p) for p in every_path(options, months, months)
    ]
    cheapest = min(costs)
    if math.isinf(cheapest):
        assert found is None
        return
    assert found is not None
    assert found.usd == pytest.approx(cheapest, rel=1e-9)
    assert cost_of(journey(seed, options, months), found.stays) == pytest.approx(found.usd)


@given(st.integers(0, 10_000))
def test_all_paths_of_two_changes_are_compared_even_if_one_does_not_pay(seed: int) -> None:
    """Two changes may pay where each alone does not: the search does not stop at one."""
    asked = journey(seed, 3, 6)
    costs = [cost_of(asked, stays) for stays in every_path(3, 6, 2)]
    found = best_path(asked)
    assert found is not None
    assert found.usd <= min(costs) * (1 + 1e-9)


@given(st.integers(0, 10_000), st.floats(0, 50))
def test_a_threshold_only_ever_takes_changes_away(seed: int, least: float) -> None:
    """Hysteresis: never more changes, never a cheaper path, and each change saves that much."""
    asked = journey(seed, 3, 6)
    free, held = best_path(asked), best_path(asked, least_saving_usd=least)
    assert free is not None
    assert held is not None
    assert len(held.stays) <= len(free.stays)
    assert held.usd >= free.usd * (1 - 1e-9)
    stays = best_path(asked, most_changes=0, least_saving_usd=1e9)
    if stays is not None and len(held.stays) > 1:
        saved = stays.usd - held.usd
        assert saved >= least * (len(held.stays) - 1) * (1 - 1e-9)


def test_it_is_not_left_for_cents() -> None:
    """Two options that take turns in being a cent cheaper: one stays."""
    run = np.array([[1.00, 1.01] * 3, [1.01, 1.00] * 3])
    total = np.concatenate([np.zeros((2, 1)), np.cumsum(run, axis=1)], axis=1)
    asked = Journey(total, total[:, None, :] - total[:, :, None], np.zeros((2, 2, 6)))
    free = best_path(asked, most_changes=5)
    held = best_path(asked, most_changes=5, least_saving_usd=0.05)
    assert free is not None
    assert held is not None
    assert len(free.stays) == 6
    assert len(held.stays) == 1


@pytest.mark.parametrize("usd", [0.0, 1e-12, 1.0, 1e12])
def test_nobody_moves_between_equals(usd: float) -> None:
    """A change that costs nothing and saves nothing is none."""
    total = np.cumsum(np.array([[0.0] + [usd] * 6] * 2), axis=1)
    asked = Journey(total, total[:, None, :] - total[:, :, None], np.zeros((2, 2, 6)))
    found = best_path(asked, most_changes=5)
    assert found is not None
    assert len(found.stays) == 1


@given(st.integers(0, 10_000), st.sampled_from([1e-12, 1e-6, 1e6]))
def test_the_path_does_not_depend_on_the_currency(seed: int, factor: float) -> None:
    """A billionth of every cost is a billionth of the best path's, by the same stays."""
    asked = journey(seed, 3, 6)
    other = Journey(factor * asked.first_segments, factor * asked.segments, factor * asked.changes)
    here, there = best_path(asked), best_path(other)
    assert here is not None
    assert there is not None
    assert there.stays == here.stays
    assert there.usd == pytest.approx(factor * here.usd)


@given(st.integers(0, 10_000))
def test_an_order_that_is_asked_for_is_kept(seed: int) -> None:
    """The cheapest among the paths whose stays are of the kinds asked for, in that order."""
    asked = journey(seed, 3, 5)
    order = [np.array([True, False, False]), np.array([False, True, True])]
    paths = [
        stays
        for stays in every_path(3, 5, 1)
        if len(stays) == 2 and stays[0].option == 0 and stays[1].option in (1, 2)
    ]
    cheapest = min(cost_of(asked, stays) for stays in paths)
    found = best_of_order(asked, order)
    assert found is not None
    assert found.usd == pytest.approx(cheapest)
    at_two = best_of_order(asked, order, [None, 2])
    if at_two is not None:
        assert at_two.stays[1].first == 2
        assert at_two.usd >= found.usd * (1 - 1e-12)


def test_where_some_month_is_out_of_reach_there_is_no_path() -> None:
    """Nobody can serve the second month."""
    segments = np.zeros((1, 3, 3))
    segments[:] = math.inf
    asked = Journey(np.array([[0.0, 1.0, math.inf]]), segments, np.zeros((1, 1, 2)))
    assert best_path(asked) is None
    assert best_of_order(asked, [np.array([True])]) is None


def test_one_month_leaves_nothing_to_change() -> None:
    """The shortest horizon: the cheapest option, no change."""
    asked = Journey(np.array([[0.0, 3.0], [0.0, 2.0]]), np.zeros((2, 2, 2)), np.zeros((2, 2, 1)))
    assert best_path(asked) == Path((Stay(1, 0, 1),), 2.0)


def test_tables_of_another_size_or_without_numbers_are_refused() -> None:
    """Months and options must agree; NaN is no cost."""
    with pytest.raises(ModelInputError, match="same options and months"):
        Journey(np.zeros((1, 3)), np.zeros((1, 2, 2)), np.zeros((1, 1, 2)))
    with pytest.raises(ModelInputError, match="same options and months"):
        Journey(np.zeros((1, 1)), np.zeros((1, 1, 1)), np.zeros((1, 1, 0)))
    with pytest.raises(ModelInputError, match="must be numbers"):
        Journey(np.full((1, 2), math.nan), np.zeros((1, 2, 2)), np.zeros((1, 1, 1)))


@given(st.integers(0, 10_000), st.integers(2, 3))
def test_the_cost_of_leaving_in_each_month_is_that_of_the_best_rest(seed: int, stays: int) -> None:
    """Month by month what the order costs with its first change held there."""
    asked = journey(seed, 3, 6)
    options = [0, 1, 2][:stays]
    order = [np.arange(3) == option for option in options]
    found = cost_by_first_change(asked, options)
    assert math.isinf(found[0])
    for month in range(1, 6):
        held = best_of_order(asked, order, [None, month])
        assert found[month] == pytest.approx(math.inf if held is None else held.usd)


def test_longer_paths_than_asked_for_are_tried_while_one_more_change_pays() -> None:
    """Where only four changes save anything, three are looked at unasked, and no fourth."""
    months = 5
    segments = np.full((2, months + 1, months + 1), 10.0)
    for first in range(months):
        segments[first % 2, first, first + 1] = 0.0
    asked = Journey(segments[:, 0].copy(), segments, np.zeros((2, 2, months)))
    by_default, all_tried = best_path(asked), best_path(asked, most_changes=3)
    assert by_default is not None
    assert all_tried is not None
    assert (len(by_default.stays), by_default.usd) == (1, 10.0)
    assert (len(all_tried.stays), all_tried.usd) == (5, 0.0)
    assert by_default == best_path(asked, most_changes=2)
