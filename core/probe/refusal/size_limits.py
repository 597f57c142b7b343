"""A refusal for the size of a request, and the limit that it states.

The words are those of servers that are in use: TEI "batch size 64 > maximum allowed batch size
32", OpenAI "array too long. Expected an array with maximum length 2048", Azure "The max number of
inputs is 16", Gemini "at most 100 requests can be in one batch", Cohere "at most 96 texts",
pydantic "List should have at most 2048 items"; of tokens TEI "must have less than 512 tokens",
OpenAI and vLLM "maximum context length is 8192 tokens", llama.cpp "input is too large to process",
Ollama "the input length exceeds the context length".
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["texts", "tokens", "size"]

_STATUSES: Final = frozenset({400, 413, 422, 500})
"""500 is llama.cpp's; it counts with its words alone."""
_N: Final = r"(\d[\d,]{0,11})"
_TEXTS: Final = (
    rf"max(?:imum)?\s+(?:allowed\s+)?(?:client\s+)?batch[ _]size\D{{0,20}}{_N}",
    rf"batch[ _]size(?:\s+limit)?\s+(?:is|of|must be at most|exceeds|limited to)\D{{0,20}}{_N}",
    rf"array too long\b.{{0,60}}?maximum length\s+{_N}",
    rf"max(?:imum)?\.?\s+number of (?:inputs|texts|documents|items)\D{{0,20}}{_N}",
    rf"at most\s+{_N}\s+(?:texts|inputs|items|requests|documents|strings|elements)",
    rf"(?:number of (?:texts|inputs)|texts|inputs)\D{{0,30}}at most\s+{_N}",
    r"too many (?:inputs|texts|documents|items)|batch (?:size )?(?:is )?too large|array too long",
)
_TOKENS: Final = (
    rf"(?:less than|at most|maximum of|exceed(?:s|ed)?(?: the)?(?: limit of)?)\s+{_N}\s+tokens",
    rf"max(?:imum)?\s+(?:context|sequence|input)\s+length\D{{0,30}}{_N}",
    rf"too (?:long|large)\b.{{0,40}}?{_N}\s+tokens",
    rf"(?:context|token)s?\s+(?:length|limit|window)\D{{0,20}}{_N}",
    r"maximum context length|exceeds? the (?:maximum )?(?:context|sequence|input) (?:length|size)",
    r"input (?:length )?(?:\(\d+ tokens\) )?is too (?:long|large)|too many tokens",
    r"inputs? (?:length )?exceeds",
)
_WORDS: Final[tuple[tuple[Kind, tuple[str, ...]], ...]] = (("texts", _TEXTS), ("tokens", _TOKENS))
_READ: Final = tuple(
    (kind, re.compile(form, re.IGNORECASE)) for kind, forms in _WORDS for form in forms
)


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """What a request had too many of."""

    kind: Kind
    most: int | None
    """How many are taken; None where the server does not say."""


def size_limit(status: int | None, sentence: str) -> SizeLimit | None:
    """The limit that a refusal names; None where it is no refusal for its size."""
    if status not in _STATUSES:
        return None
    for kind, words in _READ:
        if match := words.search(sentence):
            number = match[1] if match.groups() else None
            return SizeLimit(kind, None if number is None else int(number.replace(",", "")))
    return SizeLimit("size", None) if status == 413 else None
