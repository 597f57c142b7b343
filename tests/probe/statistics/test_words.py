"""Numbers in sentences."""

import pytest

from core.probe.statistics.words import per_second


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.0, "0"),
        (0.1234, "0.123"),
        (19.96, "20"),
        (999.4, "999"),
        (999.7, "1,000"),
        (2283.4, "2,283"),
    ],
)
def test_a_rate_is_never_a_power_of_ten(rate: float, words: str) -> None:
    """Whoever reads 2.28e+03 answers/s has to count."""
    assert per_second(rate) == words
