"""The largest batch that fits into memory, by doubling, without an out-of-memory kill."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.engines.local import Engine
from core.engines.measuring.timing import text_of
from core.errors import EngineError

MOST_TEXTS: Final = 1_024
PATIENCE_S: Final = 3.0
"""A batch that takes longer is not doubled: no server would run it."""
FREE_SHARE: Final = 0.5
"""Of the free memory that a batch on a CPU may be expected to take."""
FLOATS_PER_TOKEN_AND_HIDDEN: Final = 24
"""Numbers that one layer holds at once for a token, in hidden sizes, counted with room to spare:
attention's four, the feed-forward layer's two of four times the size, copies."""
BYTES_PER_FLOAT: Final = 4
HEADS: Final = 16


@dataclass(frozen=True, slots=True)
class LargestBatch:
    """What ran in one pass, and why the search ended."""

    texts: int
    tokens_per_text: int
    reason: str


def largest_batch(engine: Engine, cancelled: Callable[[], bool]) -> LargestBatch:
    """Double a batch of full-length texts until memory, time or number of texts is at its limit.

    Where memory is exhausted, half of the last try is what fits. Raises EngineError where not even
    one text does.
    """
    text = text_of(engine, engine.info.max_tokens)
    tokens = engine.count_tokens([text])
    engine.embed_in_one_batch([text])
    fits, reason = 1, ""
    while not reason and not cancelled():
        tried = 2 * fits
        reason = _stop(engine, tried, tokens) or _try(engine, text, tried)
        if not reason.startswith(("out of memory", "the memory")):
            fits = tried if not reason or reason.startswith("a batch") else fits
    return LargestBatch(fits, tokens, reason or "cancelled")


def _try(engine: Engine, text: str, texts: int) -> str:
    began = time.perf_counter()
    try:
        engine.embed_in_one_batch([text] * texts)
    except EngineError as error:
        if "Out of memory" not in str(error):
            raise
        return f"out of memory with {texts} texts: half of it fits"
    took_s = time.perf_counter() - began
    return f"a batch already takes {took_s:.1f} s" if took_s > PATIENCE_S else ""


def _stop(engine: Engine, texts: int, tokens: int) -> str:
    if texts > MOST_TEXTS:
        return f"{MOST_TEXTS} texts are as many as are tried"
    free = free_bytes() if engine.info.device == "cpu" else None
    needed = needed_bytes(texts, tokens, engine.info.hidden or 1_024)
    if free is not None and needed > FREE_SHARE * free:
        return f"the memory: {texts} texts may need {needed / 1e9:.1f} of {free / 1e9:.1f} GB free"
    return ""


def needed_bytes(texts: int, tokens: int, hidden: int) -> float:
    """What a pass may hold at once: the widest layer's numbers and the scores of attention."""
    layer = texts * tokens * hidden * FLOATS_PER_TOKEN_AND_HIDDEN
    scores = texts * HEADS * tokens * tokens * 2
    return float(BYTES_PER_FLOAT * (layer + scores))


def free_bytes() -> int | None:
    """Memory that a program can have now; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1_024
    return None
