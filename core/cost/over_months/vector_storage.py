"""Keeping and moving vectors: bytes, index, storage and egress."""

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from core.cost.curve.checks import not_negative, positive, whole
from core.cost.curve.piecewise import Floats
from core.units import BYTES_PER_GB, VectorType

BITS_PER_BYTE: Final = 8

BASE64_BYTES_PER_FLOAT32: Final = 16 / 3
"""Four bytes of a number, three bytes in four characters: how most APIs can be asked to answer."""


_BITS: Final = {
    VectorType.FLOAT32: 32,
    VectorType.FLOAT16: 16,
    VectorType.BFLOAT16: 16,
    VectorType.INT8: 8,
    VectorType.BINARY: 1,
}


def vector_bytes(dims: int, kept_as: VectorType = VectorType.FLOAT32) -> int:
    """Bytes of one vector, dims x bits/8, in whole bytes."""
    return ceil(whole("dimensions", dims, 1) * _BITS[kept_as] / BITS_PER_BYTE)


def stored_bytes(
    vectors: ArrayLike,
    dims: int,
    kept_as: VectorType = VectorType.FLOAT32,
    index_overhead: float = 0.0,
    metadata_bytes: float = 0.0,
) -> Floats:
    """Bytes of many vectors with their index and metadata, n (bytes x (1 + overhead) + metadata).

    ``index_overhead`` is what the index takes on top of the vectors, as a share of them;
    ``metadata_bytes`` are those kept beside each vector.
    """
    count = not_negative("vectors", np.asarray(vectors, dtype=np.float64))
    with_index = vector_bytes(dims, kept_as) * (1 + not_negative("index overhead", index_overhead))
    result: Floats = count * (with_index + not_negative("metadata in bytes", metadata_bytes))
    return result


def storage_usd_per_month(
    stored: ArrayLike, usd_per_gb_month: float, free_gb: float = 0.0, gb: float = BYTES_PER_GB
) -> Floats:
    """Storage by the GB a month beyond what is free; pass 2**30 where GiB are billed.

    ``stored`` in bytes (any shape).
    """
    not_negative("price of a GB a month", usd_per_gb_month)
    return usd_per_gb_month * _billed_gb(stored, free_gb, gb)


def egress_usd(
    sent: ArrayLike, usd_per_gb: float, free_gb: float = 0.0, gb: float = BYTES_PER_GB
) -> Floats:
    """Traffic out of a cloud by the GB beyond what is free; ``sent`` in bytes (any shape)."""
    not_negative("price of a GB of egress", usd_per_gb)
    return usd_per_gb * _billed_gb(sent, free_gb, gb)


def answer_bytes(
    vectors: ArrayLike, dims: int, bytes_per_value: float = BASE64_BYTES_PER_FLOAT32
) -> Floats:
    """Bytes on the wire for vectors that are answered, without headers (any shape)."""
    count = not_negative("vectors", np.asarray(vectors, dtype=np.float64))
    each = whole("dimensions", dims, 1) * positive("bytes of a value on the wire", bytes_per_value)
    result: Floats = count * each
    return result


def _billed_gb(amount_bytes: ArrayLike, free_gb: float, gb: float) -> Floats:
    amount = not_negative("bytes", np.asarray(amount_bytes, dtype=np.float64))
    free = not_negative("free GB", free_gb)
    result: Floats = np.maximum(0.0, amount / positive("bytes in a GB", gb) - free)
    return result
