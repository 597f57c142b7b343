"""Published and predicted throughput."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.physics import ModelShape, flops_per_token, mfu
from core.serving.batch.published_rates import PublishedRate, nominal_throughput

LARGE = ModelShape(303.8e6, 24, 1_024)
SMALL = ModelShape(21.7e6, 12, 384)
BEST = PublishedRate("large", "l4", "TEI 0.6", 62_200, 450, LARGE, 121)
SLOW = replace(BEST, server="sentence-transformers", tokens_per_s=19_500)
RATES = (SLOW, BEST, replace(BEST, server="Infinity", tokens_per_s=58_800))


def test_the_best_published_server_counts_and_the_others_are_its_range() -> None:
    """Where the pair is published, the best row is the figure and the range is what was seen."""
    found = nominal_throughput("large", "l4", LARGE, 121, RATES)
    assert found is not None
    assert (found.tokens_per_s, found.basis) == (62_200, "published")
    assert (found.low_tokens_per_s, found.high_tokens_per_s) == (19_500, 62_200)
    assert found.reference is BEST
    assert "19,500" in found.explanation


def test_one_published_row_has_no_range() -> None:
    """A single figure has no spread to show."""
    found = nominal_throughput("large", "l4", LARGE, 121, (BEST,))
    assert found is not None
    assert (found.low_tokens_per_s, found.high_tokens_per_s) == (None, None)


def test_the_same_model_on_another_card_goes_by_the_peaks() -> None:
    """62,200 tokens/s on an L4's 121 TFLOP/s predict 50,120 on an RTX 4080's 97.5."""
    found = nominal_throughput("large", "rtx-4080", LARGE, 97.5, RATES)
    assert found is not None
    assert found.basis == "predicted"
    assert found.tokens_per_s == pytest.approx(62_200 * 97.5 / 121, rel=1e-12)
    assert found.explanation.startswith("Predicted")
    assert "19,500 to 62,200" in found.explanation


@given(st.floats(20, 2_000), st.sampled_from([LARGE, SMALL]))
def test_a_prediction_keeps_the_share_of_the_peak(dense_tflops: float, shape: ModelShape) -> None:
    """What is carried over has the MFU of the row it comes from."""
    found = nominal_throughput("other", "card", shape, dense_tflops, RATES)
    assert found is not None
    ours = mfu(found.tokens_per_s, flops_per_token(shape, 450), dense_tflops)
    assert ours == pytest.approx(mfu(62_200, flops_per_token(LARGE, 450), 121), rel=1e-9)


def test_the_range_of_a_prediction_is_the_spread_of_servers() -> None:
    """The choice of a server alone is worth 3.2 times: so wide is the range."""
    found = nominal_throughput("small", "l4", SMALL, 121, RATES)
    assert found is not None
    assert found.low_tokens_per_s is not None
    assert found.high_tokens_per_s == found.tokens_per_s
    assert found.tokens_per_s / found.low_tokens_per_s == pytest.approx(62_200 / 19_500)


def test_the_nearest_row_predicts() -> None:
    """The same model on another card goes before another model on the same card."""
    elsewhere = PublishedRate("small", "a100", "TEI", 900_000, 450, SMALL, 312)
    found = nominal_throughput("small", "l4", SMALL, 121, (*RATES, elsewhere))
    assert found is not None
    assert found.reference is elsewhere


def test_an_unknown_shape_predicts_nothing() -> None:
    """Without the work of a token, or a row to go by, there is no figure."""
    assert nominal_throughput("other", "l4", None, 121, RATES) is None
    assert nominal_throughput("other", "l4", SMALL, 121, ()) is None
    assert nominal_throughput("other", "l4", SMALL, 121, (replace(BEST, shape=None),)) is None


def test_a_published_impossibility_is_refused() -> None:
    """A usable row above the card's peak is an error in the catalogue, not a fast card."""
    impossible = replace(BEST, tokens_per_s=4_352_000)
    with pytest.raises(ModelInputError, match="impossible"):
        nominal_throughput("large", "l4", LARGE, 121, (impossible,))


def test_a_doubtful_rate_is_used_with_its_doubt() -> None:
    """Between 60 % and 100 % of the peak the figure carries a warning, on to predictions too."""
    doubtful = replace(BEST, tokens_per_s=140_000)
    for card, tflops in (("l4", 121.0), ("rtx-4080", 97.5)):
        found = nominal_throughput("large", card, LARGE, tflops, (doubtful,))
        assert found is not None
        assert "doubt" in found.warning
