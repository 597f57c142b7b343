"""How long an engine takes for a batch: warm, repeated until nothing quicker comes any more.

Every other repeat comes after a pause as long as the batch. An engine that has rested finds its
threads asleep and its data gone from the caches: on two cores a text of 128 tokens took 1.4 to 1.8
times as long after a pause, a batch of 16 no longer. At half of its capacity every other batch
comes after a rest.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.engines.local import Engine
from core.errors import EngineError

WARM_UPS: Final = 2
LEAST_REPEATS: Final = 5
MOST_REPEATS: Final = 25
SETTLED_REPEATS: Final = 4
"""So many repeats in a row without a new minimum (by 2 %) end a round."""
NEW_MINIMUM: Final = 0.98
ROUND_BUDGET_S: Final = 3.0
"""After this long a round has its least repeats and no more."""
ROUNDS: Final = 2
"""At different moments, so that what disturbed the one is seen beside the other."""
AGREED: Final = 1.05
"""Within this factor the minima of two rounds agree: the times are settled."""
LONGEST_PAUSE_S: Final = 0.25
WORD: Final = "hello "


@dataclass(frozen=True, slots=True)
class ShapeTiming:
    """Repeats of one batch shape, s each, in rounds."""

    texts: int
    tokens_per_text: int
    rounds: tuple[tuple[float, ...], ...]

    @property
    def seconds(self) -> tuple[float, ...]:
        """All repeats."""
        return tuple(second for one in self.rounds for second in one)

    @property
    def sustained(self) -> tuple[float, ...]:
        """Repeats that followed at once on the one before."""
        return tuple(second for one in self.rounds for second in one[::2])

    @property
    def settled(self) -> bool:
        """Whether the rounds found the same minimum."""
        minima = [min(one) for one in self.rounds if one]
        return bool(minima) and max(minima) <= AGREED * min(minima)

    def and_again(self, later: "ShapeTiming") -> "ShapeTiming":
        """With another round of the same shape."""
        return ShapeTiming(self.texts, self.tokens_per_text, self.rounds + later.rounds)


def shapes_for(max_tokens: int, device: str) -> tuple[tuple[int, int], ...]:
    """Six to nine batches (texts, tokens per text) that tell the times of a batch apart.

    On a GPU they reach further: a batch that fills a processor for seconds is over in
    milliseconds there. Lengths end at the model's limit.
    """
    cpu = ((1, 16), (1, 64), (1, 256), (4, 32), (8, 64), (16, 128), (32, 128))
    gpu = ((1, 16), (1, 512), (8, 64), (32, 32), (32, 128), (64, 256), (128, 128), (128, 512))
    wanted = cpu if device == "cpu" else gpu
    return tuple(dict.fromkeys((n, min(s, max_tokens)) for n, s in wanted))


def text_of(engine: Engine, tokens: int) -> str:
    """A text of this many tokens, or as near below as words allow. EngineError for too few."""
    low, high = 1, tokens
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _count(engine, middle) <= tokens else (low, middle - 1)
    if engine.count_tokens([WORD * low]) > tokens:
        raise EngineError(f"A text of {tokens} tokens cannot be made for {engine.info.model}.")
    return WORD * low


def _count(engine: Engine, words: int) -> int:
    return engine.count_tokens([WORD * words])


def time_shape(
    engine: Engine, texts: int, tokens_per_text: int, cancelled: Callable[[], bool]
) -> ShapeTiming:
    """One round of a batch of so many texts. EngineError; stops early where cancelled."""
    text = text_of(engine, tokens_per_text)
    batch = [text] * texts
    for _ in range(WARM_UPS):
        engine.embed(batch)
    seconds: list[float] = []
    since_minimum = 0
    began = time.perf_counter()
    while not _enough(seconds, since_minimum, began) and not cancelled():
        if len(seconds) % 2:
            time.sleep(min(seconds[-1], LONGEST_PAUSE_S))
        start = time.perf_counter()
        engine.embed(batch)
        took = time.perf_counter() - start
        since_minimum = 0 if not seconds or took < NEW_MINIMUM * min(seconds) else since_minimum + 1
        seconds.append(took)
    return ShapeTiming(texts, engine.count_tokens([text]), (tuple(seconds),))


def _enough(seconds: list[float], since_minimum: int, began: float) -> bool:
    if len(seconds) < LEAST_REPEATS:
        return False
    late = time.perf_counter() - began > ROUND_BUDGET_S
    return late or since_minimum >= SETTLED_REPEATS or len(seconds) >= MOST_REPEATS
