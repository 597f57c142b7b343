"""Somebody else's list of prices, by our providers and the API's own model names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core.catalog.schema import PriceUnit

_EMBEDDING_WORDS: Final = ("embed", "bge-", "-e5-", "gte-")
_OTHER_WORDS: Final = ("rerank",)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a list says of one model."""

    model: str
    """As the list calls it."""
    usd: Mapping[PriceUnit, Decimal]
    """By billed unit; empty where no price is known: 0 is none."""
    batch_usd: Decimal | None = None
    """Of the unit usd_per_mtok, through the batch interface."""


@dataclass(frozen=True, slots=True)
class Lacked:
    """An embedding model of a list that the catalogue does not have."""

    provider: str
    """Our id where we know the provider, else the list's."""
    model: str
    usd: Mapping[PriceUnit, Decimal]


@dataclass(frozen=True, slots=True)
class PriceList:
    """One list, already looked through for a catalogue."""

    name: str
    """With its version: "genai-prices 0.2.3"."""
    package: str
    version: str
    """Of the package; "" of a file."""
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    """By option id: of every API offer that the list has, too."""
    lacked: tuple[Lacked, ...] = ()


def is_embedding(*texts: str | None) -> bool:
    """Whether names and descriptions speak of a model that makes vectors of texts."""
    words = " ".join(text.lower() for text in texts if text)
    known = any(word in words for word in _EMBEDDING_WORDS)
    return known and not any(word in words for word in _OTHER_WORDS)
