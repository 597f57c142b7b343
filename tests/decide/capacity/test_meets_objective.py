"""The latency objective against what was measured."""

import pytest

from core.decide.capacity.meets_objective import meets_objective
from tests.decide.conftest import Measure


@pytest.mark.parametrize(
    ("p95_s", "low_s", "high_s", "expected"),
    [
        (0.10, 0.08, 0.12, True),
        (0.10, 0.08, 0.50, True),
        (0.90, 0.70, 1.20, False),
        (0.40, 0.30, 0.60, None),
        (0.60, 0.40, 0.90, None),
        (0.10, 0.08, None, None),
        (0.90, 0.70, None, False),
        (0.10, None, None, None),
        (None, 0.70, None, False),
        (None, 0.30, None, None),
        (None, None, None, None),
    ],
)
def test_the_whole_interval_must_lie_on_one_side(
    measure: Measure,
    p95_s: float | None,
    low_s: float | None,
    high_s: float | None,
    *,
    expected: bool | None,
) -> None:
    """Straddling the objective, or open towards it, the question stays open."""
    met, why = meets_objective(measure("alpha/flat", p95_s, low_s, high_s, n_failed=9), 0.5)
    assert met is expected
    assert why


def test_nothing_measured_is_not_known() -> None:
    """Unknown stays unknown."""
    met, why = meets_objective(None, 0.5)
    assert met is None
    assert "Nothing measured" in why


def test_failures_decide_where_a_twentieth_fails_for_certain(measure: Measure) -> None:
    """12 of 100 are at least 6 %, and the p95 is no answer; 9 are too few to say."""
    for n_failed, expected in ((12, False), (9, None)):
        met, why = meets_objective(measure("alpha/flat", None, None, None, n_failed=n_failed), 0.5)
        assert met is expected
        assert ("too few requests to say: 55 more" in why) is (expected is None)


def test_failures_in_the_percentile_are_said(measure: Measure) -> None:
    """The sentence counts them."""
    _, why = meets_objective(measure("alpha/flat", None, None, None, n_failed=12), 0.5)
    assert "12 failed" in why
