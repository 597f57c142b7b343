"""`breakeven load`: what a file of one's own use says, and a scenario that has it."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from core.cli.asking.typed_question import Asked, question_from
from core.cli.support import whole_catalog, write_text
from core.errors import LoadImportError
from core.settings import load_settings
from core.usage.choice import Wanted
from core.usage.columns import Columns
from core.usage.load_found import LoadFound, load_of_file
from core.usage.moments import DateOrder
from core.usage.reading import Reading
from core.usage.rows.usage_answers import Series
from core.usage.take_load import sentence_of, with_load


def load(
    file: Annotated[
        Path,
        typer.Argument(help="CSV, JSON, JSON lines, access log or Parquet, of any size."),
    ],
    *,
    scenario: Annotated[
        Path | None, typer.Option(help="The scenario that takes the load; else the default one.")
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(help="Write the scenario with the load there, for compare --scenario."),
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(help="Count the requests to this model; repeat it.")
    ] = None,
    call: Annotated[
        list[str] | None, typer.Option(help="Count the calls of this kind; repeat it.")
    ] = None,
    time: Annotated[str, typer.Option(help="Column with the time of a request.")] = "",
    requests: Annotated[str, typer.Option(help="Column that counts requests in a row.")] = "",
    tokens: Annotated[str, typer.Option(help="Column with the tokens that went in.")] = "",
    characters: Annotated[str, typer.Option(help="Column with characters.")] = "",
    dates: Annotated[
        DateOrder | None, typer.Option(help="Of dates as 03/04/2026, where the file leaves doubt.")
    ] = None,
    timezone: Annotated[
        str, typer.Option(help="Of times that name none, as Europe/Berlin.")
    ] = "UTC",
    series: Annotated[
        Series | None, typer.Option(help="What the numbers of a Prometheus series are.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say what a log or a usage export says of your load: volume, length, rhythm and peak."""
    by_hand = Columns(time=time, requests=requests, tokens=tokens, characters=characters)
    reading = Reading(by_hand, dates, _zone(timezone), series)
    question = question_from(scenario, Asked())
    catalog = whole_catalog(load_settings())
    with _progress(file) as passed:
        use = load_of_file(
            file,
            question.workload.characters_per_token,
            reading,
            Wanted(tuple(model or ()), tuple(call or ())),
            known_models=[card.id for card in catalog.models],
            passed=passed,
        )
    taken = with_load(question, use)
    if write is not None:
        write_text(write, taken.model_dump_json(indent=2) + "\n", new=True)
    if as_json:
        typer.echo(json.dumps(document_of(use), indent=2))
        return
    say = Console(highlight=False, markup=False, soft_wrap=True)
    for line in lines_of(use, write):
        say.print(line)


def document_of(use: LoadFound) -> dict[str, Any]:
    """What was found as plain values: s since 1970 UTC, days, tokens."""
    streams = {"streams": _names(use.streams), "left_out": _names(use.left_out)}
    return asdict(use) | streams | {"sentence": sentence_of(use)}


def lines_of(use: LoadFound, written: Path | None) -> list[str]:
    """The same in lines, and what to do next."""
    next_step = (
        "Nothing was taken yet: --write FILE makes a scenario of it."
        if written is None
        else f"Written to {written}. Next: breakeven compare --scenario {written}"
    )
    return [sentence_of(use), *(f"  {remark}" for remark in use.remarks), next_step]


def _names(streams: Sequence[Any]) -> list[dict[str, str]]:
    return [{"model": stream.model, "call": stream.call} for stream in streams]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise LoadImportError(
            f"{name[:40]!r} is no time zone. Name one as Europe/Berlin or America/New_York."
        ) from None


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, which is told how many bytes were read."""
    columns = (TextColumn("Reading"), BarColumn(), DownloadColumn())
    say = Console(stderr=True)
    size = file.stat().st_size if file.is_file() else 0
    with Progress(*columns, console=say, transient=True, disable=not say.is_terminal) as bar:
        task = bar.add_task("bytes", total=size)

        def passed(at: int) -> None:
            bar.update(task, completed=at)

        yield passed
