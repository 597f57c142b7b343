"""Reading a log of single requests against pandas on the same file, and the memory of a large one.

What is read is what `breakeven load` reads: every row's time, length, model and call, by hour. The
references parse the same bytes in pieces, and do nothing with them.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, say

ROUNDS: Final = 5
LEAST_CSV: Final = 0.5
LEAST_LINES: Final = 0.33
MOST_MB: Final = 300.0
ROWS: Final = 200_000
CSV_TIMES, LARGE_TIMES, JSON_TIMES = 24, 90, 2
"""How often these rows are written: 280 MB and 1 GB of CSV, 60 MB of JSON lines."""
NAMES: Final = ("timestamp", "model", "call_type", "prompt_tokens", "cache_hit", "status")

OURS: Final = """
import pyarrow.compute, pyarrow.csv, sys, time
from pathlib import Path
from core.usage.load_found import load_of_file
began = time.process_time()
load_of_file(Path(sys.argv[1]), 4.0)
print(time.process_time() - began)
"""
THEIRS: Final = """
import sys, time
import pandas as pd
read = pd.read_csv if sys.argv[1].endswith(".csv") else pd.read_json
more = {} if read is pd.read_csv else {"lines": True}
began = time.process_time()
with read(sys.argv[1], chunksize=100_000, **more) as pieces:
    for _ in pieces:
        pass
print(time.process_time() - began)
"""
MEMORY: Final = """
import sys
from pathlib import Path
from core.cli.commands import load_command
from core.usage.load_found import load_of_file

def now_kb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4

idle, peak = now_kb(), 0
def passed(at):
    global peak
    peak = max(peak, now_kb())
load_of_file(Path(sys.argv[1]), 4.0, passed=passed)
print((peak - idle) / 1e3)
"""


def rows() -> Iterator[tuple[str, str, str, int, str, str]]:
    """Requests every seven seconds, of three models and two calls."""
    rng, start = random.Random(1), datetime(2026, 3, 2, tzinfo=UTC)
    for number in range(ROWS):
        at = start + timedelta(seconds=7 * number + rng.random())
        call = rng.choice(("aembedding", "acompletion"))
        yield at.isoformat(), rng.choice("abc"), call, rng.randint(1, 900), "False", ""


def write_csv(path: Path, times: int) -> None:
    """The rows so many times under one heading."""
    body = "".join(",".join(map(str, row)) + "\n" for row in rows())
    with path.open("w") as out:
        out.write(",".join(NAMES) + "\n")
        for _ in range(times):
            out.write(body)


def write_lines(path: Path, times: int) -> None:
    """The same as objects, one a line."""
    body = "".join(json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in rows())
    path.write_text(body * times)


def told_by(program: str, path: Path) -> float:
    """The number that a new process prints, which reads the file.

    What a process has read before changes how quickly it gets memory: pandas is then twice as
    quick, or half.
    """
    command = [sys.executable, "-c", program, str(path)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def speed(path: Path) -> Spread:
    """Processor time of pandas over that of our reading: 0.5 is twice its time."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(told_by(THEIRS, path))
        ours.append(told_by(OURS, path))
    say(
        f"{path.name}, {path.stat().st_size / 1e6:,.0f} MB: {Spread.of(ours).text(digits=2)} s, "
        f"pandas {Spread.of(theirs).text(digits=2)} s; {load()}"
    )
    return ratios(theirs, ours)


def main() -> list[Figure]:
    """Measure both sides by turns; the memory where /proc says it."""
    with tempfile.TemporaryDirectory() as folder:
        table, lines = Path(folder) / "use.csv", Path(folder) / "use.jsonl"
        write_csv(table, CSV_TIMES)
        write_lines(lines, JSON_TIMES)
        figures = [
            Figure("CSV, speed over pandas.read_csv", speed(table), LEAST_CSV, at_least=True),
            Figure("JSON lines, speed over pandas", speed(lines), LEAST_LINES, at_least=True),
        ]
        if Path("/proc/self/statm").exists():
            write_csv(table, LARGE_TIMES)
            spent = Spread.of([told_by(MEMORY, table) for _ in range(ROUNDS)])
            what = f"{table.stat().st_size / 1e9:.1f} GB of CSV, memory above the idle process"
            figures.append(Figure(what, spent, MOST_MB, unit="MB"))
    return figures


if __name__ == "__main__":
    main()
