"""What may be typed after `breakeven quality`: each option with its limits and its help."""

from pathlib import Path
from typing import Annotated

import typer

from core.errors import RunError
from core.probe.records.retrieval import TextsOfTarget
from core.runs.quality.quality_job import asking_so
from core.runs.starting.candidates import Candidate

PairsFile = Annotated[
    Path | None,
    typer.Argument(
        help="CSV or JSON lines: a query and its relevant text, or the id of its document, a row. "
        "Without one a small example that ships."
    ),
]
DocumentsFile = Annotated[
    Path | None, typer.Option(help="CSV or JSON lines: id and text of every document.")
]
Option = Annotated[
    str,
    typer.Option(
        help="Option that all others are compared with, such as openai/text-embedding-3-small."
    ),
]
Against = Annotated[
    list[str] | None, typer.Option(help="Option to compare with it; may be given several times.")
]
AtRank = Annotated[
    int, typer.Option("--k", min=1, max=1_000, help="Of the ranked documents so many count.")
]
Dims = Annotated[
    list[int] | None,
    typer.Option(
        min=1, max=65_536, help="Judge the first so many dimensions alone, too; repeat it."
    ),
]
Int8 = Annotated[bool, typer.Option("--int8", help="Judge vectors of one byte a dimension, too.")]
QueryPrefix = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID=TEXT",
        help="What an option's model wants before each query, as ID='query: '; repeat it.",
    ),
]
DocumentPrefix = Annotated[
    list[str] | None, typer.Option(metavar="ID=TEXT", help="The same before each document.")
]


def asking_of(
    candidates: list[Candidate],
    limits: list[int | None],
    query_prefixes: list[str] | None,
    document_prefixes: list[str] | None,
) -> list[TextsOfTarget]:
    """How each candidate wants its texts. Raises RunError for a prefix of nobody."""
    ids = [candidate.option_id for candidate in candidates]
    queries = _by_id("--query-prefix", query_prefixes or (), ids)
    documents = _by_id("--document-prefix", document_prefixes or (), ids)
    return [
        asking_so(limit, queries.get(name, ""), documents.get(name, ""))
        for name, limit in zip(ids, limits, strict=True)
    ]


def _by_id(flag: str, given: list[str] | tuple[()], ids: list[str]) -> dict[str, str]:
    prefixes = {}
    for entry in given:
        name = next((one for one in ids if entry.startswith(f"{one}=")), None)
        if name is None:
            raise RunError(
                f"{flag} {entry[:80]!r}: write ID=TEXT, where the ID is one of {', '.join(ids)}."
            )
        prefixes[name] = entry[len(name) + 1 :]
    return prefixes
