"""Which column of an export is the time of a request, and which is its length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import LoadImportError

TIMES: Final = (
    "timestamp", "@timestamp", "time", "ts", "datetime", "date", "created_at", "createdat",
    "created", "start_time", "starttime", "request_time", "requested_at", "received_at",
)  # fmt: skip
TOKENS: Final = (
    "prompt_tokens", "input_tokens", "tokens_in", "usage.prompt_tokens", "usage.input_tokens",
    "total_tokens", "usage.total_tokens", "tokens", "token_count", "n_tokens", "num_tokens",
)  # fmt: skip
CHARACTERS: Final = (
    "characters", "chars", "n_chars", "char_count", "input_characters", "text_length",
    "input_length", "length", "len",
)  # fmt: skip

MAX_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are read."""

    time: str
    length: str
    in_tokens: bool
    """Whether the length is in tokens; else in characters."""


def find_columns(names: Sequence[str]) -> Columns:
    """The first known name of each kind, tokens before characters.

    Raises LoadImportError that names the columns there are.
    """
    by_plain = {_plain(name): name for name in reversed(names)}
    time = _first(by_plain, TIMES)
    tokens, characters = _first(by_plain, TOKENS), _first(by_plain, CHARACTERS)
    length = tokens or characters
    if time is None or length is None:
        missing, known = (
            ("the time of a request", "timestamp, time, created_at")
            if time is None
            else ("tokens or characters", "tokens, input_tokens, characters")
        )
        raise LoadImportError(
            f"No column with {missing} was found among {shown(names)}. Rename one of them: "
            f"{known} are understood."
        )
    return Columns(time, length, in_tokens=tokens is not None)


def shown(names: Sequence[str]) -> str:
    """Names for a sentence: short, few, and without control characters."""
    clean = ["".join(c for c in name[:30] if c.isprintable()) or "(no name)" for name in names]
    more = f" and {len(clean) - MAX_SHOWN} more" if len(clean) > MAX_SHOWN else ""
    return ", ".join(clean[:MAX_SHOWN]) + more if clean else "no columns"


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _first(by_plain: Mapping[str, str], wanted: Sequence[str]) -> str | None:
    return next((by_plain[name] for name in wanted if name in by_plain), None)
