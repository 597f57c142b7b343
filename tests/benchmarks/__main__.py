"""Runs the benchmarks: ``python -m tests.benchmarks [name ...]`` from the repository's root.

Every ``bench_<name>.py`` below this folder is one benchmark. Its ``main()`` prints what it measured
and returns its figures with their budgets; the exit status is 1 if one was missed. ``--save``
appends them to the history, ``history [FILE]`` shows it and draws it into an HTML file.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure
from tests.benchmarks.history import FILE, Line, read, rows, save, where_now
from tests.benchmarks.history_chart import write_chart
from tests.benchmarks.report import load, say, table

PREFIX = "bench_"
HISTORY = "history"
CHART = "benchmark_history.html"
COLUMNS = ("figure", "newest: median (range)", "budget", "", "medians", "commit", "load", "machine")


def names() -> list[str]:
    """Return the benchmarks there are."""
    return sorted(modules())


def modules() -> dict[str, str]:
    """Return each benchmark's module by the benchmark's name."""
    here = Path(__file__).parent
    return {
        path.stem.removeprefix(PREFIX): f"{__package__}.{path.parent.name}.{path.stem}"
        for path in here.glob(f"*/{PREFIX}*.py")
    }


def run(name: str) -> list[Line]:
    """Run one benchmark, print whether it kept its budgets; return its figures."""
    say(f"\n=== {name}: {load()}")
    began, where = time.perf_counter(), where_now()
    figures: Sequence[Figure] = importlib.import_module(modules()[name]).main()
    for figure in figures:
        say(figure.sentence())
    say(f"=== {name}: {time.perf_counter() - began:.0f} s, {load()}")
    return [Line(name, figure, where) for figure in figures]


def show_history(chart: Path, file: Path = FILE) -> int:
    """Print what was saved and draw it; return 1 where nothing was."""
    lines = read(file)
    if not lines:
        say(f"Nothing is saved in {file} yet: python -m tests.benchmarks --save")
        return 1
    table(f"{len(lines)} figures in {file}", COLUMNS, rows(lines))
    write_chart(lines, chart)
    say(f"Drawn into {chart}.")
    return 0


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all; return 1 if one missed a budget, 2 for an unknown name."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="benchmarks, or: history [FILE.html]")
    parser.add_argument("--save", action="store_true", help="append the figures to the history")
    asked = parser.parse_args(arguments)
    known = names()
    if asked.names[:1] == [HISTORY]:
        return show_history(Path([*asked.names, CHART][1]))
    if unknown := [name for name in asked.names if name not in known]:
        say(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    kept = True
    for name in asked.names or known:
        lines = run(name)
        kept = kept and all(line.figure.kept for line in lines)
        if asked.save:
            save(lines)
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
