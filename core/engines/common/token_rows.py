"""Texts as rows of token numbers, and rows as the padded table that a model reads.

Every engine that makes its own batches does it here: cutting, prompt and padding are the model's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.engines.common.engine_faults import refuse_unreadable
from core.errors import EngineError

Rows = list[list[int]]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextLayout:
    """How a model wants its texts."""

    pad_id: int
    pad_left: bool
    prompt: str
    """Put before every text, as the model's own configuration has it."""


def layout_of(model: Any) -> TextLayout:
    """The layout of a sentence-transformers model."""
    tokenizer = model.tokenizer
    name = getattr(model, "default_prompt_name", None)
    return TextLayout(
        pad_id=int(getattr(tokenizer, "pad_token_id", None) or 0),
        pad_left=getattr(tokenizer, "padding_side", "right") == "left",
        prompt=model.prompts.get(name, "") if name else "",
    )


def cut_at(tokenizer: Any, max_tokens: int) -> Any:
    """A tokenizer of the library tokenizers, set to cut at this many tokens and never to pad."""
    direction = (tokenizer.truncation or {}).get("direction", "right")
    tokenizer.enable_truncation(max_tokens, direction=direction)
    tokenizer.no_padding()
    return tokenizer


def rows_of(
    tokenizer: Any, texts: Sequence[str], prompt: str, places: Sequence[int] | None = None
) -> Rows:
    """Token numbers of each text.

    Raises EngineError for a text that has none, or is no text, with its number among all texts
    where ``places`` says which of them these are.
    """
    wanted = [prompt + text for text in texts] if prompt else list(texts)
    try:
        encodings = tokenizer.encode_batch_fast(wanted)
    except TypeError:
        refuse_unreadable(list(texts), places)
        raise
    rows = [encoding.ids for encoding in encodings]
    for i, row in enumerate(rows):
        if not row:
            number = (places[i] if places else i) + 1
            raise EngineError(f"Text {number} has no tokens for this model: it is empty.")
    return rows


def padded(
    rows: Rows, layout: TextLayout, texts: int | None = None, tokens: int | None = None
) -> Ints:
    """Token numbers and mask of a batch, shape (2, texts, tokens).

    As large as its rows where ``texts`` or ``tokens`` is not given. Rows beyond the given ones
    have one token that counts: a mean over none would be no number.
    """
    width = tokens or max(map(len, rows))
    table = np.zeros((2, texts or len(rows), width), np.int64)
    table[0] = layout.pad_id
    table[1, len(rows) :, 0] = 1
    for i, row in enumerate(rows):
        place = slice(width - len(row), None) if layout.pad_left else slice(len(row))
        table[0, i, place] = row
        table[1, i, place] = 1
    return table
