"""Explanations, kept as markdown files beside the code."""

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent.parent / "texts"

FORMULAS: Final = (
    "method-volume",
    "method-api",
    "method-hosting",
    "method-capacity",
    "method-break-even",
    "method-latency",
    "method-spending",
)
"""The sections on how numbers come about, in the order of reading."""


def text(name: str) -> str:
    """The markdown of one text, by the name of its file without the suffix."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")
