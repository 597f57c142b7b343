"""Colours of the figures in both schemes, told apart by colour-blind readers too.

Line colours were searched for: at least 3 to 1 of contrast with the page, and the nearest two as
far apart as can be in normal vision, without red cones (protanopia) and without green ones
(deuteranopia). Tests compute both. The dash of a line says its kind as a second cue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.decide.result.option import OptionKind


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
        "#859a33",
        "#96286a",
        "#4f93dc",
        "#492b0f",
        "#7550eb",
        "#926a56",
        "#4c5a09",
        "#c86c9d",
        "#2b1a9a",
        "#511057",
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
        "#f9a726",
        "#c72c53",
        "#48cba1",
        "#eee924",
        "#336cfa",
        "#a43fae",
        "#b18406",
        "#c3cbf6",
        "#9f80a1",
        "#aaf6c6",
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
        OptionKind.HYBRID: "12px,3px,3px,3px,3px,3px",
        OptionKind.THIS_MACHINE: "dash",
    }
)
BEYOND_LIMIT: Final = "dot"
"""Dash of a stretch that the option cannot serve."""


def palette(*, dark: bool) -> Palette:
    """The palette of a scheme."""
    return DARK if dark else LIGHT
