"""What `breakeven --help` costs: processor time beside that of its own libraries."""

import os
import resource
import subprocess
import sys

from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, table
from tests.benchmarks.server import ROOT

ROUNDS = 5
RATIO_LIMIT = 2.0
SIDES = {
    "its libraries": ("-c", "import typer.main, rich.console"),
    "breakeven --help": ("-m", "core.cli", "--help"),
}


def main() -> list[Figure]:
    """Measure both sides in turn; return their ratio beside its budget."""
    seconds: dict[str, list[float]] = {side: [] for side in SIDES}
    for _ in range(ROUNDS):
        for side, arguments in SIDES.items():
            seconds[side].append(_processor_s(arguments))
    rows = [(side, Spread.of(runs).text(1e3)) for side, runs in seconds.items()]
    table(f"Processor time of a process, median (range); {load()}", ("what", "ms"), rows)
    reference, ours = SIDES
    ratio = ratios(seconds[ours], seconds[reference])
    return [Figure("breakeven --help, against its libraries", ratio, RATIO_LIMIT)]


def _processor_s(arguments: tuple[str, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
