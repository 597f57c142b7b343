"""Error translation, the libraries' exceptions as EngineError: what failed, when, and the mend."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from core.errors import EngineError

LESS: Final = "Send fewer texts in one request, close other programs, or choose the device cpu."
MEMORY_WORDS: Final = ("out of memory", "can't allocate memory", "failed to allocate", "bad_alloc")
"""How torch (as RuntimeError) and ONNX Runtime say that the memory is exhausted."""


@contextmanager
def in_sentences(doing: str) -> Iterator[None]:
    """Errors of the libraries as EngineError."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise EngineError(f"Out of memory while {doing}. {LESS}") from error
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise EngineError(f"Fault while {doing}: {first_line}") from error


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error of any of the libraries means exhausted memory."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in MEMORY_WORDS)


def refuse_unreadable(texts: list[str], places: Sequence[int] | None = None) -> None:
    """Raise EngineError for a text that has no UTF-8 form: tokenizers name neither text nor fault.

    Asked only after a failure, so that a good request does not pay for it. ``places`` says which
    of all texts these are.
    """
    for i, text in enumerate(texts):
        number = (places[i] if places else i) + 1
        if not isinstance(text, str):
            raise EngineError(f"Text {number} is {type(text).__name__}, not text.")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise EngineError(
                f"Text {number} holds half a character (a lone surrogate): it cannot be read. "
                "Decode the file it came from as what it is."
            ) from None
