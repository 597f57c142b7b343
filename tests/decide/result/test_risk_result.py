"""What an input is said to do to the answer."""

import pytest

from core.cost.many_scenarios.laws import known
from core.decide.result.belief import Belief
from core.decide.result.risk_result import Estimated, InputWorth


@pytest.mark.parametrize(
    ("low_usd", "high_usd", "flips"),
    [
        (5.0, 9.0, False),
        (0.0, 9.0, False),
        (0.5, 0.5, False),
        (-0.01, 9.0, True),
        (9.0, -1.0, True),
    ],
)
def test_an_input_flips_the_answer_where_another_is_cheaper_at_an_end(
    low_usd: float, high_usd: float, flips: bool
) -> None:
    """At either of its ends; where both cost the same nobody is cheaper."""
    belief, nothing = Belief("x", "X", "USD", known(1.0), "."), Estimated(0.0, 0.0)
    assert InputWorth(belief, 0.5, 2.0, low_usd, high_usd, nothing, nothing).flips is flips
