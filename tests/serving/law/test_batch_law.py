"""The law of batch times, from first principles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelInputError
from core.serving.batch.physics import ModelShape, flops_per_token
from core.serving.law.batch_law import Machine, ServerKind, law_batch_time
from core.serving.law.law_numbers import LAW

BASE = ModelShape(85.6e6, 12, 768)
A100 = Machine(312, 1_555, None)


def seconds(shape: ModelShape, machine: Machine, texts: int, tokens: float) -> float:
    """Time of a batch of a bare fused call."""
    return law_batch_time(shape, machine, ServerKind.FUSED, LAW).seconds(texts, tokens)


def test_a_batch_is_its_start_its_arithmetic_and_what_moves_through_memory() -> None:
    """32 texts of 128 tokens through BERT-base on an A100, each part by hand."""
    tokens = 32 * 128
    arithmetic = tokens * (2 * 85.6e6 + 4 * 128 * 768 * 12) / 312e12
    moved = tokens * LAW.traffic_bytes * 12 * 768 / 1_555e9
    start = LAW.kinds[ServerKind.FUSED].start_s
    expected = start + LAW.compute * arithmetic + moved
    assert seconds(BASE, A100, 32, 128) == pytest.approx(expected, rel=1e-9)


@given(st.integers(1, 512), st.floats(2, 8_192), st.floats(10, 3_000), st.floats(100, 9_000))
def test_no_bare_call_is_quicker_than_the_dense_peak(
    texts: int, tokens: float, peak: float, bandwidth: float
) -> None:
    """Whatever is embedded, its operations take at least their time at the peak."""
    least = texts * tokens * flops_per_token(BASE, tokens) / (peak * 1e12)
    assert seconds(BASE, Machine(peak, bandwidth, None), texts, tokens) > least


@given(st.floats(1, 64), st.floats(1.1, 4))
def test_more_processors_never_make_a_batch_slower(vcpus: float, factor: float) -> None:
    """And a host without a word on it bounds nothing by itself."""
    few, more, unsaid = (
        seconds(BASE, Machine(312, 1_555, count), 64, 64) for count in (vcpus, vcpus * factor, None)
    )
    assert unsaid <= more <= few


def test_plain_pytorch_launches_while_the_card_computes() -> None:
    """Up to about 1,000 tokens a batch takes the time of its launches, by its layers."""
    time = law_batch_time(BASE, A100, ServerKind.PYTORCH, LAW)
    assert time.seconds(1, 32) == time.seconds(8, 128) == time.floor_s
    assert 0.004 < time.floor_s < 0.007


def test_a_model_without_known_layers_has_two_operations_a_weight() -> None:
    """No attention, and what moves through memory as for an encoder of its size."""
    blind = ModelShape(85.6e6, None, None)
    assert flops_per_token(blind, 512) == 2 * 85.6e6
    assert blind.width == pytest.approx(12 * 768, rel=0.01)
    short, long = (seconds(blind, A100, 4_096 // n, n) for n in (64, 4_096))
    assert short == pytest.approx(long)


def test_a_mixture_computes_with_its_active_weights_and_reads_them_all() -> None:
    """A lone text waits for all experts; a full batch computes as the small model does."""
    mixture = ModelShape(113.4e6, 12, 768, params_stored=283.3e6)
    dense = ModelShape(113.4e6, 12, 768)
    assert flops_per_token(mixture, 64) == flops_per_token(dense, 64)
    of_mixture, of_dense = (
        law_batch_time(shape, A100, ServerKind.SERVER, LAW) for shape in (mixture, dense)
    )
    assert of_mixture.floor_s == pytest.approx(283.3e6 * 2 / 1_555e9)
    assert of_mixture.seconds(128, 128) == of_dense.seconds(128, 128)


def test_a_card_without_a_peak_is_refused() -> None:
    """Nothing can be predicted of it."""
    with pytest.raises(ModelInputError, match="peak"):
        law_batch_time(BASE, Machine(0, 1_555, 16), ServerKind.SERVER, LAW)
