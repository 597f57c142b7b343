"""Stretches in common are found exactly, by looking at blocks first."""

from hypothesis import given
from hypothesis import strategies as st

from core.probe.refusal.common_runs import common_runs, merged

WORDS = st.text(alphabet="ab", max_size=60)


@given(message=WORDS, source=WORDS, least=st.integers(1, 12))
def test_every_common_stretch_is_found_and_no_other(message: str, source: str, least: int) -> None:
    """Against looking at each place."""
    all_places = {
        (i, i + least) for i in range(len(message) - least + 1) if message[i : i + least] in source
    }
    assert set(common_runs(message, source, least)) == all_places


def test_spans_that_touch_become_one() -> None:
    """In order, however they came."""
    assert merged([(5, 8), (0, 3), (3, 4), (7, 9)]) == [(0, 4), (5, 9)]
