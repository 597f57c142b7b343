"""Batches of texts of like length."""

from hypothesis import given
from hypothesis import strategies as st

from core.engines.common.batch_groups import length_sorted

LENGTHS = st.lists(st.integers(1, 300), min_size=1, max_size=60)


@given(LENGTHS, st.integers(1, 2_000), st.integers(1, 40))
def test_every_text_is_in_one_batch_within_the_limits(
    lengths: list[int], most_tokens: int, most_texts: int
) -> None:
    """No batch is padded beyond its tokens, but for one text that is longer by itself."""
    batches = list(length_sorted(lengths, most_tokens, most_texts))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert 1 <= len(batch) <= most_texts
        padded = len(batch) * max(lengths[index] for index in batch)
        assert len(batch) == 1 or padded <= most_tokens


def test_texts_of_like_length_share_a_batch() -> None:
    """Nothing is padded where the lengths allow it."""
    assert list(length_sorted([2, 9, 2, 9], 18, 8)) == [[1, 3], [0, 2]]
    assert list(length_sorted([], 18, 8)) == []
