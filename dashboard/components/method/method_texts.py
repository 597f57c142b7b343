"""Explanations, kept as markdown files in ``dashboard/texts``."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent.parent.parent / "texts"
PREFIX: Final = "method-"
CODE: Final = "In the code:"
"""How the last paragraph of a section begins: the functions that compute it."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Sections that belong together."""

    title: str
    sections: tuple[str, ...]
    """Names of their texts, in the order of reading."""


CHAPTERS: Final = (
    Chapter("What arrives", ("method-volume", "method-lengths", "method-hours", "method-import")),
    Chapter(
        "What it costs",
        (
            "method-api",
            "method-per-second",
            "method-hosting",
            "method-fleet",
            "method-mine",
            "method-storage",
            "method-hybrid",
            "method-corpus",
            "method-job",
        ),
    ),
    Chapter(
        "What a GPU can do",
        (
            "method-work",
            "method-batch",
            "method-size",
            "method-queue",
            "method-capacity",
            "method-waiting",
        ),
    ),
    Chapter(
        "Which is cheaper",
        (
            "method-answer",
            "method-break-even",
            "method-worth",
            "method-moves",
            "method-streams",
            "method-uncertainty",
        ),
    ),
    Chapter(
        "What is measured",
        (
            "method-latency",
            "method-comparing",
            "method-sweeps",
            "method-engine",
            "method-quality",
            "method-spending",
        ),
    ),
)

FORMULAS: Final = tuple(name for chapter in CHAPTERS for name in chapter.sections)
"""The sections on how numbers come about, in the order of reading."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: a heading, a body, and the functions that compute what it says."""

    title: str
    anchor: str
    """What stands behind the # of its address."""
    body: str
    functions: tuple[str, ...]
    """Dotted names."""


def text(name: str) -> str:
    """The markdown of one text, by the name of its file without the suffix."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def section(name: str) -> Section:
    """The parts of a text that begins with a heading and may end with the names of functions."""
    heading, _, rest = text(name).partition("\n")
    body, _, named = rest.partition(f"\n{CODE}")
    return Section(
        title=heading.lstrip("# "),
        anchor=name.removeprefix(PREFIX),
        body=body.strip(),
        functions=tuple(re.findall(r"`([\w.]+)`", named)),
    )
