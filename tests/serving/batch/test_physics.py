"""Work per token and the physical limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.physics import (
    ModelShape,
    checked_mfu,
    flops_per_token,
    mfu,
    utilisation_verdict,
)

BERT_BASE = ModelShape(85_054_464, 12, 768)
BGE_LARGE = ModelShape(303.8e6, 24, 1_024)


def test_attention_is_a_sixth_of_length_over_width() -> None:
    """With feed-forward layers of 4 d, attention adds s/(6d) to the rest: 1/9 at BERT's 512."""
    weights = 12 * (4 * 768**2 + 8 * 768**2)
    shape = ModelShape(weights, 12, 768)
    rest = flops_per_token(shape, 0.0)
    assert (flops_per_token(shape, 512) - rest) / rest == pytest.approx(512 / (6 * 768), rel=1e-12)
    assert abs(512 / (6 * 768) - 1 / 9) < 1e-15


@given(st.floats(1, 8_192), st.floats(1.01, 4))
def test_longer_texts_and_larger_models_take_more_work(length: float, factor: float) -> None:
    """Work per token rises with the text's length and with the weights."""
    base = flops_per_token(BERT_BASE, length)
    assert flops_per_token(BERT_BASE, length * factor) > base
    assert flops_per_token(BGE_LARGE, length) > base


def test_a_published_rate_implies_its_share_of_the_peak() -> None:
    """62,200 tokens/s of bge-large on an L4 is a third of the card's dense peak with attention."""
    without_attention = mfu(62_200, flops_per_token(BGE_LARGE, 0), 121)
    assert without_attention == pytest.approx(0.312, abs=5e-4)
    implied, warning = checked_mfu(62_200, flops_per_token(BGE_LARGE, 450), 121)
    assert implied == pytest.approx(0.335, abs=5e-4)
    assert warning == ""


def test_more_than_the_peak_is_refused() -> None:
    """8,500 texts a second of 512 tokens on an RTX 4090 are sixteen times its peak."""
    with pytest.raises(ModelInputError, match="impossible"):
        checked_mfu(8_500 * 512, flops_per_token(BGE_LARGE, 512), 165)


@pytest.mark.parametrize(("share", "warned"), [(0.59, False), (0.61, True), (0.999, True)])
def test_more_than_sixty_per_cent_deserves_doubt(share: float, *, warned: bool) -> None:
    """Above 60 % of the dense peak the figure stands, with a warning."""
    flops = flops_per_token(BGE_LARGE, 512)
    implied, warning = checked_mfu(share * 121e12 / flops, flops, 121)
    assert implied == pytest.approx(share)
    assert bool(warning) is warned


@pytest.mark.parametrize(
    ("share", "kind", "said"),
    [
        (1.2, "impossible", "Check the clock"),
        (0.31, "good", "31% of 121 TFLOP/s (MFU): a good server."),
        (0.15, "fair", "Larger batches"),
        (0.04, "bound", "bound by launches, the tokenizer or memory; try larger batches"),
        (0.0, "bound", "0%"),
    ],
)
def test_a_share_of_the_peak_is_judged(share: float, kind: str, said: str) -> None:
    """Impossible, good, fair, or bound by something else, with what to try."""
    verdict = utilisation_verdict(share, 121.0, on_cpu=False)
    assert verdict.kind == kind
    assert said in verdict.sentence


def test_advice_for_a_processor_is_another() -> None:
    """Nobody is told to try bf16 where it is slower."""
    assert "fp16" not in utilisation_verdict(0.01, 0.1, on_cpu=True).sentence
    with pytest.raises(ModelInputError):
        utilisation_verdict(float("nan"), 1.0, on_cpu=True)
