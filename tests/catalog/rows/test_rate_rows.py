"""Which published rates may state what a pair does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.catalog.schema import RateKind, Throughput

ROW = {
    "model": "open/large",
    "server": "fast",
    "usable": True,
    "verdict": "plausible",
    "hardware": "a machine",
    "source": {
        "read": "2026-01-15",
        "kind": "judgement",
        "confidence": "low",
        "note": "invented",
    },
}


@given(
    st.sampled_from(RateKind),
    st.sampled_from(["gpu-l", None]),
    st.sampled_from([450.0, None]),
    st.sampled_from(["tokens_per_s", "texts_per_s"]),
)
def test_only_a_server_or_library_on_a_card_with_tokens_is_usable(
    what: RateKind, card: str | None, length: float | None, unit: str
) -> None:
    """Each missing part forbids it; the same row loads as one that is not used."""
    row = ROW | {"what": what, "card": card, "tokens_per_text": length, unit: 100.0}
    timed = what in {RateKind.SERVER, RateKind.LIBRARY}
    if timed and card and length and unit == "tokens_per_s":
        assert Throughput.model_validate(row).usable
        return
    with pytest.raises(ValidationError, match="usable"):
        Throughput.model_validate(row)
    assert not Throughput.model_validate(row | {"usable": False}).usable


@pytest.mark.parametrize(("precision", "bounded"), [("fp16", True), ("", True), ("int8", False)])
def test_a_rate_in_int8_has_no_share_of_the_fp16_peak(precision: str, *, bounded: bool) -> None:
    """It may lie above it."""
    row = ROW | {"what": "model_call", "usable": False, "tokens_per_s": 1.0, "precision": precision}
    assert Throughput.model_validate(row).of_half_precision is bounded
