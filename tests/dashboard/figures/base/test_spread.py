"""Labels that keep apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.base.spread import spread

POSITIONS = st.lists(st.floats(-5, 15), max_size=12)


@given(POSITIONS)
def test_labels_keep_their_order_their_distance_and_the_frame(positions: list[float]) -> None:
    """No label passes another, comes nearer than the gap, or leaves the chart."""
    placed = spread(positions, gap=0.5, low=0.0, high=10.0)
    order = sorted(range(len(positions)), key=positions.__getitem__)
    for one, other in pairwise(order):
        assert placed[other] - placed[one] >= 0.5 - 1e-9
    assert all(-1e-9 <= place <= 10 + 1e-9 for place in placed)


@given(st.lists(st.floats(0, 10), min_size=2, max_size=6, unique=True))
def test_labels_that_have_room_stay_where_they_are(positions: list[float]) -> None:
    """What is apart already is not moved."""
    gap = min(b - a for a, b in pairwise(sorted(positions)))
    assert spread(positions, gap, low=0.0, high=10.0) == pytest.approx(positions, abs=1e-9)


def test_too_many_labels_share_the_room_evenly() -> None:
    """Where the gap cannot be kept, the distances are equal."""
    placed = spread([5.0] * 5, gap=9.0, low=0.0, high=8.0)
    assert sorted(placed) == [0.0, 2.0, 4.0, 6.0, 8.0]
