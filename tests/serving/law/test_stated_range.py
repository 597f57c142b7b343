"""The stated range is honest about how few groups it rests on."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from core.errors import ModelInputError
from core.serving.law.batch_law import ServerKind
from core.serving.law.law_numbers import GROUPS
from core.serving.law.measured_batches import MeasuredBatch, measured_batches
from core.serving.law.stated_range import (
    PAIR_LEFT_OUT,
    RANGE_SHARE,
    SERVERS,
    Known,
    range_factor,
    server_factor,
    stated,
)
from tests.benchmarks.model.bench_law import chip, errors_of_servers, left_out_of, pair
from tests.oracles.law_fit import left_out, within_range

ROWS = measured_batches()


@pytest.fixture(scope="module")
def without_pair() -> dict[MeasuredBatch, float]:
    """Error of each row under the law that did not see its card with its model."""
    return left_out(ROWS, pair)


@given(st.floats(0.01, 2), st.integers(2, 200))
def test_a_range_is_students_t_of_its_groups(spread: float, groups: int) -> None:
    """8 of 10 of the t law of one degree of freedom less lie within; more groups narrow it."""
    factor = range_factor(spread, groups)
    law = t(groups - 1, scale=spread)
    within = law.cdf(math.log(factor)) - law.cdf(-math.log(factor))
    assert within == pytest.approx(RANGE_SHARE)
    assert range_factor(spread, groups + 1) < factor


def test_one_group_has_no_range() -> None:
    """Nothing is left to judge it by."""
    with pytest.raises(ModelInputError, match="2 groups"):
        range_factor(0.3, 1)


def test_the_less_is_known_the_wider_the_range() -> None:
    """Never narrower for a card that no server was published on."""
    known, card, neither = (server_factor(known) for known in Known)
    assert 1 < known <= card <= neither
    assert neither >= max(SERVERS[Known.NEITHER].factor, SERVERS[Known.CARD].factor)


def test_what_ships_is_what_the_rows_left_out_show(
    without_pair: dict[MeasuredBatch, float],
) -> None:
    """Spread, groups and coverage of every class: those of servers, and of the other kinds."""
    found = errors_of_servers(ROWS, without_pair, left_out(ROWS, chip))
    shipped = [(SERVERS[known], found[known]) for known in Known]
    for title, errors in PAIR_LEFT_OUT.items():
        own = {row: log for row, log in without_pair.items() if row.kind in GROUPS[title]}
        shipped.append((errors, left_out_of(own, pair, errors.factor)))
    for said, is_now in shipped:
        assert said.log_spread == pytest.approx(is_now.log_spread, abs=0.005)
        assert (said.groups, said.rows, said.within) == (is_now.groups, is_now.rows, is_now.within)


def test_of_all_pairs_left_out_8_of_10_lie_within(
    without_pair: dict[MeasuredBatch, float],
) -> None:
    """Each by a range that its own errors had no part in."""
    assert 0.70 <= within_range(without_pair, pair) <= 0.95


@pytest.mark.parametrize("known", Known)
def test_a_processor_has_the_range_of_processors(known: Known) -> None:
    """Servers on cards say nothing of it, whatever is known of them."""
    errors = PAIR_LEFT_OUT["processors"]
    assert stated(ServerKind.CPU_FP32, known) == (errors.factor, "18 pairs")
