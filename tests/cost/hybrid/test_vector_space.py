"""Which vectors may stand in one index."""

from dataclasses import replace
from typing import Any

import pytest

from core.cost.hybrid.vector_space import VectorSource, why_not_mixed
from core.errors import ModelInputError
from tests.oracles.hybrid.hybrid_by_trying import check_mixable

HOSTED = VectorSource("BAAI/bge-m3", "5617a9f", "cls", True, "fp16", 1024)


def test_the_same_weights_mix() -> None:
    """Also where the other side says less about itself."""
    assert why_not_mixed(HOSTED, HOSTED) == ""
    assert why_not_mixed(HOSTED, VectorSource("BAAI/bge-m3")) == ""


def test_different_weights_do_not_mix() -> None:
    """The reason names both."""
    reason = why_not_mixed(HOSTED, VectorSource("text-embedding-3-small", dims=1024))
    assert "BAAI/bge-m3 and text-embedding-3-small do not mix" in reason
    with pytest.raises(ModelInputError, match=r"^No hybrid: vectors of .* different weights"):
        check_mixable(HOSTED, VectorSource("text-embedding-3-small"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"revision": "abc"}, "revision is 5617a9f on one side and abc on the other"),
        ({"pooling": "mean"}, "pooling is cls on one side and mean"),
        ({"normalised": False}, "normalisation is True on one side and False"),
        ({"precision": "int8"}, "precision is fp16 on one side and int8"),
        ({"dims": 512}, "the number of dimensions is 1024 on one side and 512"),
    ],
)
def test_what_differs_is_named(change: dict[str, Any], said: str) -> None:
    """Same weights used in another way give other vectors, whichever side is asked first."""
    other = replace(HOSTED, **change)
    assert said in why_not_mixed(HOSTED, other)
    assert why_not_mixed(other, HOSTED) != ""


def test_a_declared_shared_space_mixes_models() -> None:
    """Different weights, one space: only length and norm must agree."""
    large = VectorSource("family-large", "1", "mean", True, "fp16", 1024, "family")
    small = VectorSource("family-nano", "2", "cls", True, "int8", 1024, "family")
    assert why_not_mixed(large, small) == ""
    assert "dimensions" in why_not_mixed(large, replace(small, dims=256))
    assert "no shared vector space" in why_not_mixed(large, replace(small, shared_space=None))
    assert "no shared vector space" in why_not_mixed(large, replace(small, shared_space="other"))
