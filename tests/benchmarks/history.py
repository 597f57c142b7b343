"""What the benchmarks found over time: one line of JSON a figure, read as a table and a chart.

``python -m tests.benchmarks --save`` appends to the file, ``python -m tests.benchmarks history``
reads it. A figure is only comparable with those of the same processor under a like load, so each
line says both, and the commit it was measured at.
"""

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from core.engines.devices.device import cpu_name
from tests.benchmarks.figure import Figure, digits
from tests.benchmarks.report import Spread

FILE = Path(__file__).with_name("history.jsonl")


@dataclass(frozen=True, slots=True)
class Where:
    """When, on what and of which code something was measured."""

    at: str
    """UTC, ISO 8601, to the second."""
    commit: str | None
    """Short hash, with a + where files had changed since; None outside a git checkout."""
    processor: str
    cores: int | None
    load: float | None
    """Load average of the last minute; None where the system keeps none."""
    python: str

    @property
    def machine(self) -> str:
        """The processor and its cores, in words."""
        return f"{self.processor}, {self.cores or '?'} cores"


@dataclass(frozen=True, slots=True)
class Line:
    """One saved figure of one benchmark."""

    benchmark: str
    figure: Figure
    where: Where


def where_now() -> Where:
    """This machine now, and the code that is checked out."""
    return Where(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=commit_of(FILE.parent),
        processor=cpu_name(),
        cores=os.cpu_count(),
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        python=platform.python_version(),
    )


def save(lines: Iterable[Line], file: Path = FILE) -> None:
    """Append to the history, a line each."""
    with file.open("ab") as out:
        for line in lines:
            figure = asdict(line.figure)
            runs = {name: float(f"{value:.6g}") for name, value in figure.pop("runs").items()}
            document = {"benchmark": line.benchmark} | figure | runs | asdict(line.where)
            out.write(orjson.dumps(document) + b"\n")


def read(file: Path = FILE) -> list[Line]:
    """All that was saved, oldest first; nothing where there is no file.

    Raises ValueError, which names the line, for one that is no figure.
    """
    if not file.exists():
        return []
    lines = []
    for number, text in enumerate(file.read_bytes().splitlines(), 1):
        try:
            lines.append(_line(orjson.loads(text)))
        except (KeyError, TypeError, orjson.JSONDecodeError):
            raise ValueError(f"{file}, line {number}, is no figure of a benchmark.") from None
    return lines


def rows(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """One row a figure on a machine: its newest value, its budget and how it was before."""
    groups: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        key = (line.benchmark, line.figure.what, line.where.machine)
        groups.setdefault(key, []).append(line)
    return [_row(group) for _, group in sorted(groups.items())]


def _row(group: Sequence[Line]) -> tuple[str, ...]:
    last = group[-1]
    figure, where = last.figure, last.where
    before = Spread.of([line.figure.runs.median for line in group])
    return (
        f"{last.benchmark}: {figure.what}",
        figure.measured(),
        f"{'≥' if figure.at_least else '≤'} {digits(figure.budget)}",
        "kept" if figure.kept else "MISSED",
        f"{digits(before.low)} to {digits(before.high)} of {len(group)}",
        where.commit or "?",
        "?" if where.load is None else f"{where.load:g}",
        where.machine,
    )


def _line(document: dict[str, object]) -> Line:
    values = dict(document)
    benchmark = values.pop("benchmark")
    where = Where(**{name: values.pop(name) for name in Where.__dataclass_fields__})  # type: ignore[arg-type]
    runs = Spread(**{name: values.pop(name) for name in Spread.__dataclass_fields__})  # type: ignore[arg-type]
    return Line(str(benchmark), Figure(runs=runs, **values), where)  # type: ignore[arg-type]


def commit_of(folder: Path) -> str | None:
    """The commit that a folder's code is of; None where git does not know it."""
    try:
        head = _git(folder, "rev-parse", "--short=9", "HEAD")
        others = (":/", f":(exclude){FILE.name}")  # a save changes the history itself
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", *others)
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{head}{'+' if changed else ''}"


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 -- the git of whoever develops here
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
