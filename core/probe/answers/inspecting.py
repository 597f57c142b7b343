"""Asks what ordinary requests cannot show: cut texts, cached answers, differing encodings.

Each question is a request made for the purpose, paid for like any other. A refusal is an answer
here: an endpoint that says that a text is too long is right to.
"""

import secrets
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.measurement.beside.inspection import Inspection
from core.probe.answers.asking import Asker, Told
from core.probe.records.budget import Budget
from core.probe.records.embedder import Embedder

LENGTHS: Final = (2_000, 8_000, 32_000)
"""Characters of the texts whose end may be cut off: about 500, 2,000 and 8,000 tokens."""
ENDS: Final = (" The last word is zebra.", " Nothing was agreed upon in Lisbon.")
SAME_VECTOR: Final = 1.0 - 1e-6
"""Two texts of different ends have vectors this close only where neither end was read."""
STEADY: Final = 0.9999
PAIRS: Final = 5
"""Fresh and repeated texts; that all repeats are quicker by chance has odds of 1 in 252."""
CACHED_RATIO: Final = 0.7
MOST_ENCODING_DIFFERENCE: Final = 1e-4

_SENTENCE: Final = "The committee met on Tuesday to discuss the budget of the coming year. "


def inspection_texts() -> tuple[tuple[str, ...], ...]:
    """The texts of every request, in their order: what an inspection costs is known before."""
    repeated = _unique()
    fresh = [(_unique(),) for _ in range(PAIRS)]
    pairs = [texts for one in fresh for texts in (one, (repeated,))]
    return (
        (repeated,),
        (repeated,),
        *((_long(length, ENDS[0]), _long(length, ENDS[1])) for length in LENGTHS),
        *pairs,
        (repeated,),
    )


def _unique() -> str:
    """A text that nobody has sent before."""
    return f"Order {secrets.token_hex(8)} has not arrived yet, and I would like to know why."


def _long(length: int, end: str) -> str:
    start = (_SENTENCE * (length // len(_SENTENCE) + 1))[: length - len(end)]
    return start + end


async def inspect(
    embedder: Embedder,
    budget: Budget,
    *,
    timeout_s: float,
    cancelled: Callable[[], bool] = lambda: False,
    other_encoding: Embedder | None = None,
) -> Inspection:
    """Ask everything that the budget allows. ``other_encoding``: the same, in JSON numbers.

    ``cancelled`` is asked before each request.

    Raises EgressError where the address turns out to be forbidden.
    """
    asker = Asker(embedder, budget, timeout_s, cancelled)
    first, second, *rest = inspection_texts()
    longs, pairs, last = rest[: len(LENGTHS)], rest[len(LENGTHS) : -1], rest[-1]
    fields: dict[str, Any] = {}
    before = await asker.ask(first)
    fields |= _repeated(before, await asker.ask(second))
    for length, texts in zip(LENGTHS, longs, strict=True):
        fields |= _read_to_the_end(length, await asker.ask(texts))
        if fields.get("truncation") in {"silent", "refused"}:
            break
    fields |= _caching([await asker.ask(texts) for texts in pairs])
    if other_encoding is not None:
        other = Asker(other_encoding, budget, timeout_s, cancelled)
        fields |= _encodings(before, await other.ask(last))
    return Inspection(**fields, sentences=tuple(_sentences(fields)))


def _cosine(a: NDArray[Any], b: NDArray[Any]) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _repeated(first: Told, second: Told) -> dict[str, Any]:
    if first.vectors is None or second.vectors is None:
        return {}
    return {"repeat_cosine": _cosine(first.vectors[0], second.vectors[0])}


def _read_to_the_end(length: int, reply: Told) -> dict[str, Any]:
    """Whether two texts that differ in their ends alone have vectors that differ."""
    if reply.refused:
        return {"truncation": "refused", "truncation_characters": length}
    if reply.vectors is None:
        return {}
    if _cosine(reply.vectors[0], reply.vectors[1]) >= SAME_VECTOR:
        return {"truncation": "silent", "truncation_characters": length}
    return {"reads_characters": length, "truncation": "none_seen"}


def _caching(pairs: Sequence[Told]) -> dict[str, Any]:
    """Fresh and repeated texts by turns, so that drift meets both alike."""
    fresh = [reply.service_s for reply in pairs[::2]]
    repeated = [reply.service_s for reply in pairs[1::2]]
    if None in fresh or None in repeated:
        return {}
    new, old = [s for s in fresh if s is not None], [s for s in repeated if s is not None]
    clearly = median(old) < CACHED_RATIO * median(new)
    return {
        "fresh_p50_s": median(new),
        "repeated_p50_s": median(old),
        "cached": clearly and max(old) < min(new),
    }


def _encodings(base64: Told, numbers: Told) -> dict[str, Any]:
    if base64.vectors is None or numbers.vectors is None:
        return {}
    if base64.vectors.shape != numbers.vectors.shape:
        return {"encoding_difference": float("inf")}
    return {"encoding_difference": float(np.max(np.abs(base64.vectors - numbers.vectors)))}


def _sentences(fields: dict[str, Any]) -> list[str]:
    """What a reader must know, in the order of its weight."""
    sentences = []
    length = fields.get("truncation_characters", 0)
    if fields.get("truncation") == "silent":
        sentences.append(
            f"Texts are cut off without a word: of {length:,} characters the end was not read. "
            "Split your texts, or ask what the limit is."
        )
    if fields.get("truncation") == "refused":
        sentences.append(
            f"A text of {length:,} characters is refused, as it should be if too long."
        )
    if fields.get("cached"):
        new, old = fields["fresh_p50_s"] * 1e3, fields["repeated_p50_s"] * 1e3
        sentences.append(
            f"Answers are cached: a text that was sent before took {old:.1f} ms, a new one "
            f"{new:.1f} ms. The probe's own texts are new, but for one request in sixteen."
        )
    cosine = fields.get("repeat_cosine")
    if cosine is not None and cosine < STEADY:
        sentences.append(
            f"The same text gave another vector the second time (cosine {cosine:.5f})."
        )
    difference = fields.get("encoding_difference")
    if difference is not None and difference > MOST_ENCODING_DIFFERENCE:
        sentences.append(
            f"Base64 and JSON numbers differ by up to {difference:.1e} in a component."
        )
    return sentences
