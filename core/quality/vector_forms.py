"""What is done to a model's vectors before they are compared: fewer dimensions, fewer bytes."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError
from core.measurement.beside.quality_found import VectorForm

Vectors = NDArray[np.float32]
"""One row a text."""
STEPS: Final = 255
"""Between the 256 values of a byte."""
FLOAT_BYTES: Final = 4


def form_fits(form: VectorForm, dims: int) -> bool:
    """Whether a form takes something from vectors of so many dimensions."""
    return form.int8 if form.dims is None else form.dims < dims


def bytes_per_vector(form: VectorForm, dims: int) -> int:
    """Bytes of one vector as an index keeps it, without its id: float32, or one a component."""
    kept = dims if form.dims is None else form.dims
    return kept * (1 if form.int8 else FLOAT_BYTES)


def formed(
    documents: NDArray[Any], queries: NDArray[Any], form: VectorForm
) -> tuple[Vectors, Vectors]:
    """Documents (n x d) and queries (m x d) in a form, at length 1. Raises ModelInputError.

    Dimensions are cut first and the rest brought to length 1 again, as models with Matryoshka
    vectors are used: https://arxiv.org/abs/2205.13147. For int8 each component is rounded to one of
    256 even steps between its least and its most among the documents, and queries to the same
    steps, clipped: scalar quantisation, as ``quantize_embeddings`` of sentence-transformers
    (https://sbert.net/docs/package_reference/util/quantization.html) and vector databases do it.
    What is compared is what the bytes stand for.
    """
    dims = documents.shape[1]
    if form.dims is not None and form.dims > dims:
        raise ModelInputError(f"Vectors of {dims} dimensions cannot be cut to {form.dims}.")
    both = _unit(documents[:, : form.dims]), _unit(queries[:, : form.dims])
    return _rounded(*both) if form.int8 else both


def _unit(vectors: NDArray[Any]) -> Vectors:
    rows = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    # What has no length is near to nothing: it stays as it is.
    return np.divide(rows, np.where(norms > 0, norms, 1), dtype=np.float32)


def _rounded(documents: Vectors, queries: Vectors) -> tuple[Vectors, Vectors]:
    low = documents.min(axis=0)
    step = (documents.max(axis=0) - low) / np.float32(STEPS)
    return _unit(_on_steps(documents, low, step)), _unit(_on_steps(queries, low, step))


def _on_steps(vectors: Vectors, low: Vectors, step: Vectors) -> Vectors:
    codes = np.rint((vectors - low) / np.where(step > 0, step, np.float32(1)))
    values: Vectors = np.clip(codes, 0, STEPS) * step + low
    return values
