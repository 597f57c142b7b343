"""Runs the benchmarks: ``python -m tests.benchmarks [name ...]`` from the repository's root.

Every ``bench_<name>.py`` below this folder is one benchmark. Its ``main()`` prints what it
measured and returns False if a budget was missed; the exit status is then 1.
"""

import importlib
import sys
import time
from pathlib import Path

from tests.benchmarks.report import load, say

PREFIX = "bench_"


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


def run(name: str) -> bool:
    """Run one benchmark; return whether it kept its budgets."""
    say(f"\n=== {name}: {load()}")
    began = time.perf_counter()
    kept = importlib.import_module(modules()[name]).main() is not False
    say(f"=== {name}: {time.perf_counter() - began:.0f} s, {load()}")
    return kept


def main(wanted: list[str]) -> int:
    """Run the named benchmarks, or all; return 1 if one missed a budget, 2 for an unknown name."""
    known = names()
    if unknown := [name for name in wanted if name not in known]:
        say(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(known)}.")
        return 2
    kept = [run(name) for name in wanted or known]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
