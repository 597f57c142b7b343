"""Whether anything like a pair of card and model was ever published."""

import pytest

from core.serving.batch.physics import ModelShape
from core.serving.law.batch_law import Machine
from core.serving.law.near_rows import NEAR_SIZE, why_far

CARD = Machine(dense_tflops=100.0, bandwidth_gb_s=500.0, vcpus=8.0)
PROCESSOR = Machine(dense_tflops=2.0, bandwidth_gb_s=None, vcpus=8.0)
BGE_LARGE = 303.8e6


@pytest.mark.parametrize(
    ("card", "parameters", "machine", "near"),
    [
        ("NVIDIA L4", 1e6, CARD, True),
        ("NVIDIA L40S", 1e6, CARD, False),
        ("NVIDIA H100 SXM 80 GB", 1e12, CARD, True),
        ("NVIDIA A100 SXM 80 GB", 1e12, CARD, False),
        ("Any card", BGE_LARGE * 1.4, CARD, True),
        ("Any card", BGE_LARGE * NEAR_SIZE * 1.1, CARD, False),
        ("Any processor", 21.7e6, PROCESSOR, True),
        ("Any card", 21.7e6, CARD, False),
    ],
)
def test_a_row_is_near_by_its_card_or_by_its_size(
    card: str, parameters: float, machine: Machine, near: bool
) -> None:
    """Whole words of the card's name; a factor of two; cards apart from processors."""
    why = why_far(card, ModelShape(parameters, 12, 384), machine)
    assert (why == "") is near
    assert near or card in why
