"""Which card a device is."""

import pytest

from core.catalog.device_card import card_of
from core.catalog.schema import Catalog


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        ("NVIDIA L4", "L4"),
        ("NVIDIA A100-SXM4-40GB", None),
        ("NVIDIA L40S", "L40S"),
        ("AMD EPYC 7B13", None),
        ("Tesla T4", "T4"),
        ("L4000 Graphics", None),
    ],
)
def test_a_device_is_the_card_whose_whole_name_it_has(
    device: str, expected: str | None, catalog: Catalog
) -> None:
    """An L40S is no L4, and a processor is no card."""
    card = card_of(device, catalog.cards)
    assert (None if card is None else card.name) == expected or (
        card is not None and expected is not None and expected in card.name
    )
