"""A cost less what is given each month."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.by_replica.credit import less_credit
from core.cost.curve.piecewise import Piecewise, Stair, affine

volumes = st.floats(0.0, 1e6)


@st.composite
def rising(draw: st.DrawFn) -> Piecewise:
    """Costs that never fall: a line, or stairs of two sizes under a rising line."""
    line = affine(draw(st.floats(0, 10)), draw(st.floats(0.001, 1)))
    sizes = draw(st.lists(st.floats(10, 1e5), max_size=2))
    stairs = tuple(Stair(size, draw(st.floats(0, 100))) for size in sizes)
    return Piecewise(line.upper_tokens, line.usd_fixed, line.usd_per_token, stairs)


@given(rising(), st.floats(0.01, 5_000), st.lists(volumes, min_size=1, max_size=20))
def test_it_is_the_cost_less_the_credit_and_never_below_nothing(
    cost: Piecewise, credit: float, tokens: list[float]
) -> None:
    """At every volume, beside steps as well as between them."""
    at = np.array(tokens)
    expected = np.maximum(0.0, cost.at(at) - credit)
    # At the very volume that uses it up, a step may count on either side of it.
    near = np.maximum(0.0, cost.at(at * (1 + 1e-9)) - credit) - expected > 1e-3
    found = less_credit(cost, credit).at(at)
    assert found[~near] == pytest.approx(expected[~near], abs=1e-6, rel=1e-6)


def test_nothing_given_changes_nothing() -> None:
    """The same cost, to the last digit."""
    at = np.array([0.0, 1.0, 1e6])
    assert less_credit(affine(5.0, 0.1), 0.0).at(at).tolist() == affine(5.0, 0.1).at(at).tolist()
