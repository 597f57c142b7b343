"""People's time around an API: a line that no price of the provider moves."""

import numpy as np

from core.cost.by_use.api_labour import api_labour_lines, labour_moved
from core.cost.curve.breakdown import CostLine


def test_labour_is_a_line_where_it_is_stated() -> None:
    """Nothing by default; else what is stated."""
    assert api_labour_lines(0.0) == ()
    (line,) = api_labour_lines(400.0)
    assert (line.label, line.usd_per_month) == ("Labour", 400.0)


def test_only_that_line_moves_with_its_factor() -> None:
    """L (f - 1) of the labour; storage beside it stays."""
    lines = (CostLine("Vector storage", 50.0, "kept"), *api_labour_lines(400.0))
    assert np.array_equal(labour_moved(lines, np.array([1.0, 1.5])), [0.0, 200.0])
    assert labour_moved(lines[:1], np.array([2.0])) == 0.0
