"""What a replica carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.month_capacity import duty_cycle, tokens_per_month, usable_tokens_per_s
from core.units import AVERAGE_MONTH, THIRTY_DAYS


def test_an_l4_carries_33_billion_tokens_a_month() -> None:
    """62,200 tokens/s at a 60 % ceiling and a 3x peak over 730 hours."""
    usable = usable_tokens_per_s(62_200, 0.6)
    assert tokens_per_month(usable, 3.0, AVERAGE_MONTH) == pytest.approx(32.69e9, rel=1e-3)


@given(st.floats(1, 1e6), st.floats(0.05, 1), st.floats(1, 50), st.integers(1, 100))
def test_the_duty_cycle_of_full_replicas_is_the_inverse_of_the_peak(
    nominal: float, ceiling: float, peak: float, replicas: int
) -> None:
    """Replicas sized for the peak, filled to the last token, work 1/peak of what they could."""
    usable = usable_tokens_per_s(nominal, ceiling)
    volume = replicas * tokens_per_month(usable, peak, THIRTY_DAYS)
    assert duty_cycle(volume, replicas, usable, THIRTY_DAYS) == pytest.approx(1 / peak, rel=1e-12)


@given(st.floats(1, 49), st.floats(0.05, 0.9))
def test_a_higher_peak_or_a_lower_ceiling_carries_less(peak: float, ceiling: float) -> None:
    """Capacity falls with the peak and rises with the ceiling."""
    base = tokens_per_month(usable_tokens_per_s(1e4, ceiling), peak, THIRTY_DAYS)
    assert tokens_per_month(usable_tokens_per_s(1e4, ceiling), peak + 1, THIRTY_DAYS) < base
    assert tokens_per_month(usable_tokens_per_s(1e4, ceiling + 0.1), peak, THIRTY_DAYS) > base


@pytest.mark.parametrize("ceiling", [0.0, -0.1, 1.01, float("nan")])
def test_a_ceiling_outside_its_domain_is_refused(ceiling: float) -> None:
    """Nothing works above its full throughput, or at none of it."""
    with pytest.raises(ModelInputError, match="utilisation ceiling"):
        usable_tokens_per_s(1e4, ceiling)
