"""Bytes of vectors and what they cost."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.over_months.vector_storage import (
    answer_bytes,
    egress_usd,
    storage_usd_per_month,
    stored_bytes,
    vector_bytes,
)
from core.errors import ModelInputError
from core.units import BYTES_PER_GB, VectorType
from tests.oracles.corpus import BYTES_PER_GIB


def test_a_hundred_million_long_vectors_are_over_a_terabyte() -> None:
    """100 M of 3,072 dimensions in float32 are 1,229 GB, not 11."""
    assert float(stored_bytes(100e6, 3_072)) / BYTES_PER_GB == pytest.approx(1_228.8)


@pytest.mark.parametrize(
    ("kept_as", "expected"),
    [("float32", 4_096), ("float16", 2_048), ("bfloat16", 2_048), ("int8", 1_024), ("binary", 128)],
)
def test_each_type_has_its_width(kept_as: str, expected: int) -> None:
    """1,024 dimensions."""
    assert vector_bytes(1_024, VectorType(kept_as)) == expected


def test_bits_fill_whole_bytes() -> None:
    """Nine bits need two bytes."""
    assert vector_bytes(9, VectorType.BINARY) == 2


@given(st.integers(1, 10_000), st.sampled_from(VectorType), st.sampled_from(VectorType))
def test_numpy_keeps_as_many_bytes(dims: int, one: VectorType, other: VectorType) -> None:
    """Where numpy has the type, its arrays are as large; fewer bits never take more bytes."""
    for kept_as in (VectorType.FLOAT32, VectorType.FLOAT16, VectorType.INT8):
        assert vector_bytes(dims, kept_as) == np.zeros(dims, dtype=kept_as.value).nbytes
    assert vector_bytes(dims, VectorType.BINARY) == np.packbits(np.zeros(dims, bool)).nbytes


def test_index_and_metadata_come_on_top() -> None:
    """The index in proportion to the vectors, metadata by the vector."""
    plain = stored_bytes(np.array([0.0, 1e6]), 100)
    assert plain.tolist() == [0, 400e6]
    assert stored_bytes(1e6, 100, index_overhead=0.5, metadata_bytes=64) == 600e6 + 64e6


def test_storage_and_egress_beyond_what_is_free() -> None:
    """By the GB, decimal unless told otherwise."""
    assert float(storage_usd_per_month(50e9, 0.1)) == pytest.approx(5.0)
    assert float(storage_usd_per_month(50e9, 0.1, free_gb=40)) == pytest.approx(1.0)
    assert float(storage_usd_per_month(50e9, 0.1, free_gb=60)) == 0
    gib = storage_usd_per_month(2.0**30 * 50, 0.1, gb=BYTES_PER_GIB)
    assert float(gib) == pytest.approx(5.0)
    assert egress_usd(np.array([0.0, 200e9]), 0.09, free_gb=100).tolist() == [0, pytest.approx(9)]


def test_answers_in_base64() -> None:
    """Three bytes in four characters: 1,536 float32 numbers are 8,192 bytes."""
    assert float(answer_bytes(1, 1_536)) == pytest.approx(8_192)


def test_impossible_amounts_are_refused() -> None:
    """Each error names its field."""
    with pytest.raises(ModelInputError, match="dimensions must be a whole number of at least 1"):
        vector_bytes(0)
    with pytest.raises(ModelInputError, match="vectors must be at least 0"):
        stored_bytes(-1, 10)
    with pytest.raises(ModelInputError, match="index overhead"):
        stored_bytes(1, 10, index_overhead=math.nan)
    with pytest.raises(ModelInputError, match="price of a GB a month"):
        storage_usd_per_month(1, -1.0)
    with pytest.raises(ModelInputError, match="bytes in a GB"):
        storage_usd_per_month(1, 1.0, gb=0.0)
    with pytest.raises(ModelInputError, match="free GB"):
        egress_usd(1, 1.0, free_gb=-1)
    with pytest.raises(ModelInputError, match="bytes of a value on the wire"):
        answer_bytes(1, 10, 0.0)
