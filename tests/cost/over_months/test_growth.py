"""Growing volumes, their sum and the corpus they leave."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.cost.over_months.growth import corpus_tokens, growth_sum, growth_volumes
from core.errors import ModelInputError
from tests.oracles.corpus import reembedding_tokens

volumes = st.floats(0.0, 1e15)
growths = st.floats(-0.5, 1.0)
months_ahead = st.integers(0, 120)


@given(volumes, growths, months_ahead)
@example(0.5, 5e-324, 1)
def test_the_sum_is_the_sum_of_the_months(volume: float, growth: float, months: int) -> None:
    """V ((1 + g)^n - 1)/g is what the months add up to, also near g = 0."""
    series = growth_volumes(volume, growth, months)
    assert len(series) == months
    assert growth_sum(volume, growth, months) == pytest.approx(math.fsum(series), rel=1e-9)


@given(volumes, growths, st.integers(2, 120))
def test_each_month_grows_from_the_one_before(volume: float, growth: float, months: int) -> None:
    """Month 1 is the ungrown volume."""
    series = growth_volumes(volume, growth, months)
    assert series[0] == volume
    assert series[1:] == pytest.approx(series[:-1] * (1 + growth), rel=1e-9)


@given(volumes, months_ahead, st.sampled_from([1e-15, -1e-15, 1e-12, 1e-9]))
def test_a_vanishing_growth_comes_down_to_none(volume: float, months: int, growth: float) -> None:
    """The limit at g = 0 is V n, and it is reached without losing digits."""
    assert growth_sum(volume, 0.0, months) == volume * months
    near = growth_sum(volume, growth, months)
    # To first order the sum is V n (1 + g (n - 1)/2).
    assert near == pytest.approx(volume * months * (1 + growth * (months - 1) / 2), rel=1e-12)


def test_a_corpus_is_its_start_and_what_came() -> None:
    """10 at the start, then 1, 2, 4 in a doubling quarter."""
    assert corpus_tokens(10, 1, 1.0, 3) == pytest.approx(17)
    assert corpus_tokens(10, 1, 1.0, 0) == 10


def test_each_change_of_model_embeds_all_there_is() -> None:
    """At the start 10, after three months 17: two changes embed 27."""
    assert reembedding_tokens(10, 1, 1.0, [0, 3]) == pytest.approx(27)
    assert reembedding_tokens(10, 1, 1.0, []) == 0


@pytest.mark.parametrize(
    ("volume", "growth", "months", "field"),
    [
        (-1.0, 0.0, 12, "volume of the first month"),
        (math.nan, 0.0, 12, "volume of the first month"),
        (1.0, -1.0, 12, "growth a month must be above -1"),
        (1.0, math.inf, 12, "growth a month"),
        (1.0, 0.1, -1, "months must be a whole number"),
        (1.0, 1.0, 1_000, "passes all bounds"),
    ],
)
def test_impossible_growth_is_refused(
    volume: float, growth: float, months: int, field: str
) -> None:
    """Both forms refuse alike, and name the field."""
    with pytest.raises(ModelInputError, match=field):
        growth_sum(volume, growth, months)
    with pytest.raises(ModelInputError, match=field):
        growth_volumes(volume, growth, months)


def test_a_negative_corpus_is_refused() -> None:
    """Documents cannot be owed."""
    with pytest.raises(ModelInputError, match="tokens of the corpus at the start"):
        corpus_tokens(-1, 1, 0.0, 1)


@pytest.mark.parametrize("exponent", [299.0, 300.0])
def test_growth_up_to_the_most_that_is_counted_is_counted(exponent: float) -> None:
    """By e^300 in all, and no more: in one month of the sum, in the second of the row."""
    growth = math.expm1(exponent)
    assert growth_volumes(1.0, growth, 2)[-1] == pytest.approx(math.exp(exponent))
    assert growth_sum(1.0, growth, 1) == pytest.approx(1.0)
    beyond = math.expm1(300.1)
    with pytest.raises(ModelInputError, match="passes all bounds"):
        growth_volumes(1.0, beyond, 2)
    with pytest.raises(ModelInputError, match="passes all bounds"):
        growth_sum(1.0, beyond, 1)
