"""Worth of knowing: closed forms to nine digits, samples within four standard errors of them."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import lognorm, norm

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.value_of_information import (
    Estimated,
    cells_of,
    chances_cheapest,
    evpi,
    evpi_of_states,
    evppi,
    evppi_of_states,
    joint_cells,
)
from core.errors import ModelInputError
from tests.oracles.closed_forms import (
    chance_lognormal_cheaper,
    evpi_of_lognormal_pair,
    evpi_of_normal,
)

N = 20_000
BLOCKS = 40


def within(found: Estimated, truth: float, errors: float = 4.0) -> bool:
    """Whether an estimate lies within so many of its standard errors of the truth."""
    return abs(found.value - truth) <= errors * found.standard_error


def draws(seed: int, count: int) -> Floats:
    """Even draws, one row an input."""
    return np.random.default_rng(seed).random((count, N))


def test_two_states_by_hand() -> None:
    """Insure for 4, or lose 10 with chance 0.3: knowing first saves 0.7 x 4 - ... exactly."""
    costs = np.array([[10.0, 0.0], [4.0, 4.0]])
    chances = np.array([0.3, 0.7])
    # Best blind: 3.0 uninsured. Knowing: insure in the bad state, 0.3 x 4 = 1.2.
    assert evpi_of_states(costs, chances) == pytest.approx(1.8, abs=1e-12)


def test_states_of_two_inputs_by_hand() -> None:
    """Two fair coins, cost 1 against their exclusive or: each alone is worth nothing."""
    states = np.array(list(itertools.product((0, 1), repeat=2)))
    xor = (states[:, 0] ^ states[:, 1]).astype(float)
    costs = np.stack([2 * xor, 2 * (1 - xor)])
    chances = np.full(4, 0.25)
    assert evpi_of_states(costs, chances) == pytest.approx(1.0, abs=1e-12)
    for column in (0, 1):
        assert evppi_of_states(costs, chances, states[:, column]) == pytest.approx(0.0, abs=1e-12)
    both = 2 * states[:, 0] + states[:, 1]
    assert evppi_of_states(costs, chances, both) == pytest.approx(1.0, abs=1e-12)


def test_a_pair_is_worth_what_neither_input_is_alone_in_samples_too() -> None:
    """The same with even draws: the sign of a product."""
    u = draws(3, 2)
    product = (u[0] - 0.5) * (u[1] - 0.5)
    costs = np.stack([product, -product])
    truth = 1 / 16  # E|x y| with x, y even on -1/2 to 1/2
    assert within(evpi(costs), truth)
    # Neither says anything of the sign.
    for row in u:
        single = evppi(costs, cells_of(row, BLOCKS), BLOCKS)
        assert abs(single.value) <= 4 * max(single.standard_error, 1e-12)
    side = 14
    pair = evppi(costs, joint_cells(cells_of(u[0], side), cells_of(u[1], side), side), side * side)
    assert within(pair, truth, 6)
    assert pair.is_something


@pytest.mark.parametrize("mean", [-2.0, 0.0, 0.4, 3.0])
@pytest.mark.parametrize("sd", [0.5, 1.0, 4.0])
def test_the_normal_form_is_its_integral(mean: float, sd: float) -> None:
    """E max(0, -D) where the mean is positive, by quadrature, to nine digits."""
    truth = quad(
        lambda d: max(0.0, -math.copysign(1, mean) * d) * norm.pdf(d, mean, sd),
        mean - 12 * sd,
        mean + 12 * sd,
        points=[0.0],
        epsabs=1e-13,
    )[0]
    assert evpi_of_normal(mean, sd) == pytest.approx(truth, abs=1e-9)


def test_the_normal_form_at_its_limits() -> None:
    """Nothing to learn without spread; sd/sqrt(2 pi) where it is even."""
    assert evpi_of_normal(3.0, 0.0) == 0
    assert evpi_of_normal(0.0, 2.0) == pytest.approx(2 / math.sqrt(2 * math.pi), abs=1e-12)


@pytest.mark.parametrize(("a", "s_a", "b", "s_b"), [(1, 0.3, 1.2, 0.5), (2, 0.8, 1, 0.1)])
def test_the_lognormal_pair_is_its_integral(a: float, s_a: float, b: float, s_b: float) -> None:
    """Chance and EVPI by quadrature over one of the two, to nine digits."""
    other = lognorm(s_b, scale=b)
    tail = quad(
        lambda z: other.sf(a * math.exp(s_a * z)) * norm.pdf(z), -12, 12, epsabs=1e-13, limit=500
    )[0]
    assert chance_lognormal_cheaper(a, s_a, b, s_b) == pytest.approx(tail, abs=1e-9)

    def least(z: float) -> float:
        x = a * math.exp(s_a * z)
        below = other.mean() * norm.cdf((math.log(x / b) - s_b**2) / s_b)
        return float((below + x * other.sf(x)) * norm.pdf(z))

    blind = min(a * math.exp(s_a**2 / 2), other.mean())
    truth = blind - quad(least, -12, 12, epsabs=1e-13, limit=500)[0]
    assert evpi_of_lognormal_pair(a, s_a, b, s_b) == pytest.approx(truth, abs=1e-9)


def test_the_lognormal_pair_without_spread_is_decided() -> None:
    """Certain costs leave nothing to learn; equal ones are a coin."""
    assert evpi_of_lognormal_pair(1, 0, 2, 0) == 0
    assert chance_lognormal_cheaper(1, 0, 2, 0) == 1
    assert chance_lognormal_cheaper(2, 0, 1, 0) == 0
    assert chance_lognormal_cheaper(1, 0, 1, 0) == 0.5


def test_samples_find_the_normal_form_and_the_worth_of_each_input() -> None:
    """D = mean + a x + b y: EVPI from the whole spread, EVPPI from that of one input."""
    x, y = norm.ppf(draws(1, 2))
    difference = 0.5 + 1.0 * x + 2.0 * y
    costs = np.stack([difference, np.zeros(N)])
    assert within(evpi(costs), evpi_of_normal(0.5, math.hypot(1, 2)))
    for column, sd in ((x, 1.0), (y, 2.0)):
        found = evppi(costs, cells_of(norm.cdf(column), BLOCKS), BLOCKS)
        assert within(found, evpi_of_normal(0.5, sd))
    nothing = evppi(costs, cells_of(draws(9, 1)[0], BLOCKS), BLOCKS)
    assert abs(nothing.value) <= 4 * max(nothing.standard_error, 1e-12)
    assert not nothing.is_something


def test_samples_find_the_lognormal_pair() -> None:
    """Chance and EVPI of two lognormal costs."""
    u = draws(5, 2)
    costs = np.stack([1.0 * np.exp(0.3 * norm.ppf(u[0])), 1.2 * np.exp(0.5 * norm.ppf(u[1]))])
    assert within(chances_cheapest(costs)[0], chance_lognormal_cheaper(1, 0.3, 1.2, 0.5))
    assert within(evpi(costs), evpi_of_lognormal_pair(1, 0.3, 1.2, 0.5))


@given(st.integers(0, 1000), st.integers(2, 5))
def test_knowing_a_part_is_never_worth_more_than_knowing_all(seed: int, decisions: int) -> None:
    """EVPPI <= EVPI, both >= 0, exactly, for random states."""
    random = np.random.default_rng(seed)
    costs, chances = random.random((decisions, 12)), random.dirichlet(np.ones(12))
    all_of_it = evpi_of_states(costs, chances)
    part = evppi_of_states(costs, chances, random.integers(0, 3, 12))
    assert 0 <= part <= all_of_it + 1e-12


def test_one_decision_leaves_nothing_to_learn() -> None:
    """Without a choice knowledge changes nothing."""
    costs = draws(2, 1)
    assert evpi(costs) == Estimated(0.0, 0.0)
    assert evppi(costs, cells_of(costs[0], BLOCKS), BLOCKS) == Estimated(0.0, 0.0)
    assert chances_cheapest(costs) == (Estimated(1.0, 0.0),)


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        (np.ones(3), "a row for each decision"),
        (np.ones((0, 3)), "a row for each decision"),
        (np.array([[1.0, math.nan]]), "finite"),
        (np.array([[1.0, math.inf]]), "leave out what cannot serve"),
    ],
)
def test_costs_that_cannot_be_compared_are_refused(costs: Floats, message: str) -> None:
    """Wrong shapes and numbers that are none."""
    with pytest.raises(ModelInputError, match=message):
        evpi(costs)


def test_chances_must_be_chances() -> None:
    """One a state, summing to one; cells one a sample."""
    with pytest.raises(ModelInputError, match="sum to 1"):
        evpi_of_states(np.ones((2, 2)), np.array([0.5, 0.6]))
    with pytest.raises(ModelInputError, match="its cell"):
        evppi(np.ones((2, 3)), np.zeros(2, dtype=np.intp), 1)


def test_a_cell_that_nobody_falls_into_changes_nothing() -> None:
    """Four cells, of which samples fill the lower two, are two cells."""
    random = np.random.default_rng(3)
    cells = (random.random(N) < 0.5).astype(np.intp)
    costs = np.stack([np.zeros(N), np.where(cells == 1, -1.0, 1.0)])
    assert evppi(costs, cells, 4) == evppi(costs, cells, 2)
    assert evppi(costs, cells, 2).value == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("value", "error", "is_something"),
    [
        (2.0, 1.0, False),
        (2.001, 1.0, True),
        (0.0, 0.0, False),
        (1e-9, 0.0, True),
        (-3.0, 1.0, False),
    ],
)
def test_only_beyond_two_of_its_errors_is_a_figure_something(
    value: float, error: float, is_something: bool
) -> None:
    """Exactly two of them are noise still, and nothing is nothing."""
    assert Estimated(value, error).is_something is is_something


def test_a_decision_that_is_never_the_cheapest_has_a_chance_of_nothing() -> None:
    """Each has its chance, the last one too; of equals the first is counted."""
    costs = np.array([[1.0, 5.0, 1.0, 1.0], [2.0, 2.0, 1.0, 2.0], [9.0, 9.0, 9.0, 9.0]])
    assert [chance.value for chance in chances_cheapest(costs)] == [0.75, 0.25, 0.0]
