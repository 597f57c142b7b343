"""Colours of the figures in both schemes, told apart by colour-blind readers too.

Line colours keep a contrast of at least 3 to 1 against the page and stay apart for readers
without red or green cones; the dash of a line says its kind as a second cue. Tests compute both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.decide.result import OptionKind


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one scheme, as CSS hex."""

    page: str
    ink: str
    muted: str
    grid: str
    lines: tuple[str, ...]
    marker: str
    """The user's own volume, and whatever else is the user's."""
    limit: str
    """An objective or a limit."""

    def line(self, index: int) -> str:
        """Colour of the index-th option; they repeat after the last."""
        return self.lines[index % len(self.lines)]


LIGHT: Final = Palette(
    page="#ffffff",
    ink="#1c2733",
    muted="#5d6b79",
    grid="#e6eaee",
    lines=(
        "#0b5fa5",
        "#c2410c",
        "#0f8a6d",
        "#a8327e",
        "#8a6d00",
        "#5b3fb5",
        "#1a9bc4",
        "#7f1d1d",
        "#4d6b1e",
        "#d6457a",
        "#56616d",
    ),
    marker="#1c2733",
    limit="#b42318",
)

DARK: Final = Palette(
    page="#12171d",
    ink="#e4e9ee",
    muted="#9aa7b4",
    grid="#28313b",
    lines=(
        "#5aa9ee",
        "#f28b52",
        "#45c9a2",
        "#ee86c0",
        "#e0bf4f",
        "#a892f5",
        "#7fdcf5",
        "#e26a6a",
        "#a9cf6a",
        "#f7b3c9",
        "#b3bec9",
    ),
    marker="#e4e9ee",
    limit="#ff8a7a",
)

DASHES: Final[Mapping[OptionKind, str]] = MappingProxyType(
    {
        OptionKind.API: "solid",
        OptionKind.PER_SECOND: "longdash",
        OptionKind.RENTED: "dashdot",
        OptionKind.OWNED: "longdashdot",
        OptionKind.THIS_MACHINE: "dash",
    }
)
BEYOND_LIMIT: Final = "dot"
"""Dash of a stretch that the option cannot serve."""


def palette(*, dark: bool) -> Palette:
    """The palette of a scheme."""
    return DARK if dark else LIGHT
