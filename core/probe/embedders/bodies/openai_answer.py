"""The body of an embeddings answer in OpenAI's form: bytes to vectors."""

import binascii
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.probe.embedders.bodies.answer_body import (
    Vectors,
    json_object,
    number_vector,
    refuse_error,
    stacked,
    whole_number,
)
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome


def read_answer(body: bytes, reported: Reported) -> Answer:
    """Take the body of an embeddings answer apart. Raises Fault."""
    return answer_of_object(json_object(body), reported)


def answer_of_object(document: dict[str, Any], reported: Reported) -> Answer:
    """Take an embeddings object apart. Raises Fault."""
    data = document.get("data")
    if not isinstance(data, list):
        refuse_error(document)
        raise Fault(Outcome.BAD_JSON, "the JSON has no list 'data'")
    tokens = _tokens(document.get("usage"))
    model = document.get("model")
    try:
        vectors = [_vector(item) for item in data]
        return Answer(
            vectors=stacked(vectors),
            positions=tuple(_position(item, i) for i, item in enumerate(data)),
            tokens_billed=tokens,
            model=model if isinstance(model, str) else None,
            reported=reported,
        )
    except Fault as fault:
        raise Fault(fault.outcome, fault.detail, tokens_billed=tokens) from None


def _vector(item: Any) -> Vectors:
    """One vector, from base64 of little-endian float32 or from a list of numbers."""
    value = item.get("embedding") if isinstance(item, dict) else None
    return _from_base64(value) if isinstance(value, str) else number_vector(value)


def _from_base64(text: str) -> NDArray[np.float32]:
    try:
        packed = binascii.a2b_base64(text, strict_mode=True)
        return np.frombuffer(packed, dtype="<f4").astype(np.float32, copy=False)
    except ValueError:  # binascii.Error is one
        raise Fault(Outcome.MISSING_VECTOR, "a vector that is no base64 of float32") from None


def _position(item: dict[str, Any], place: int) -> int:
    """The index an entry states; its place in the list where it states none."""
    index = item.get("index", place)
    return index if isinstance(index, int) else -1


def _tokens(usage: Any) -> int | None:
    """Tokens billed, where they are stated as a whole number."""
    if not isinstance(usage, dict):
        return None
    stated = (whole_number(usage.get(name)) for name in ("total_tokens", "prompt_tokens"))
    return next((tokens for tokens in stated if tokens is not None), None)
