"""What a hostile upload costs the process that reads it; all shapes: tests.reliability uploads."""

from pathlib import Path

import pytest

from tests.reliability.uploads import LOADS, RUNS, TIMES, cost_of

BYTES = 8_000_000
SHAPES = [
    ("load", "empty objects"),
    ("load", "a list in a list"),
    ("load", "a heading without end"),
    ("runs", "texts of empty objects"),
]


@pytest.mark.parametrize(("kind", "name"), SHAPES)
def test_an_upload_costs_at_most_five_times_its_size(kind: str, name: str, tmp_path: Path) -> None:
    """Peak memory of a process of its own; it is refused with a sentence."""
    cost = cost_of(kind, (LOADS if kind == "load" else RUNS)[name](BYTES), tmp_path)
    assert cost.times < TIMES
    assert 20 < len(cost.said) < 600
