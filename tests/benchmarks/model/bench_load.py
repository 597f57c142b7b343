"""Loading a catalogue ten times as large: parsed and checked, and from what was parsed before."""

import re
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from core.catalog.load import DATA, load_catalog
from core.catalog.table_files import Tables
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import load, ratios, say

TIMES: Final = 10
ROUNDS: Final = 5
MOST_COLD: Final = 5.0
MOST_CACHED: Final = 0.5
"""0.2 is not reached: see `main`."""

NAMED: Final = re.compile(r'^(id|model|seconds_model) = "([^"]*)"', re.MULTILINE)
FIRST_ID: Final = re.compile(r'^id = "([^"]*)"', re.MULTILINE)
ONE_OF_EACH: Final = ("assumptions.toml", "conflicts.toml", "currencies.toml", "cpus.toml")
"""What the product reads by name, and what copies refer to as it is."""


def main() -> list[Figure]:
    """Print the load against tomllib's reading of the same bytes.

    From the cache a load reads the tables as JSON and checks every row anew. The objects of the
    rows alone take 0.15 of tomllib's time where Python's pickle makes them, which runs the code
    of whoever wrote the file; made and checked by pydantic they take about twice that.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "catalog", Path(name) / "tables.json"
        write_many(folder)
        files = sorted(folder.rglob("*.toml"))
        tables = Tables(cache)
        rows = load_catalog(folder, tables)
        tables.keep()
        offers = sum(len(p.api_offers) + len(p.machines) for p in rows.providers)
        say(f"{len(rows.providers)} providers, {offers:,} offers, {len(rows.models):,} models")
        calls: tuple[Callable[[], object], ...] = (
            lambda: [tomllib.loads(path.read_text("utf-8")) for path in files],
            lambda: load_catalog(folder),
            lambda: load_catalog(folder, Tables(cache)),
        )
        rounds = [[_ms(call) for call in calls] for _ in range(ROUNDS)]
    reference, cold, cached = zip(*rounds, strict=True)
    say(load())
    what = f"load of {TIMES} times the rows, processor time against tomllib"
    return [
        Figure(what, ratios(list(cold), list(reference)), MOST_COLD),
        Figure(f"{what}, tables kept", ratios(list(cached), list(reference)), MOST_CACHED),
    ]


def write_many(folder: Path) -> None:
    """The catalogue that ships, every offer, card, model and rate ten times under other ids."""
    for path in sorted(DATA.rglob("*.toml")):
        text = path.read_text("utf-8")
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.parent != DATA:
            for number in range(TIMES):
                name = f"{path.stem}-{number}" if number else path.stem
                copy = FIRST_ID.sub(f'id = "{name}"', text, count=1)
                target.with_name(f"{name}.toml").write_text(copy, "utf-8")
            continue
        copies = 1 if path.name in ONE_OF_EACH else TIMES
        target.write_text("\n".join(_copies(text, copies)), "utf-8")


def _copies(text: str, number: int) -> Iterator[str]:
    for copy in range(number):
        mark = f"-{copy}" if copy else ""
        yield NAMED.sub(rf'\1 = "\2{mark}"', text)


def _ms(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1e3


if __name__ == "__main__":
    main()
