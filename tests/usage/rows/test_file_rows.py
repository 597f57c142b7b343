"""JSON of any size is read in pieces: what it says, and what it costs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.usage.moments import number_of
from core.usage.rows.file_rows import rows_of

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.just("\ud800")
)


def plain(value: object) -> object:
    """What is compared: of a number its size, for no more is asked of it."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return number_of(value) if is_number else value


@given(st.lists(st.dictionaries(st.text("abc", min_size=1), SCALARS, min_size=1), min_size=2))
def test_a_line_says_what_pythons_own_reader_says(rows: list[dict[str, Any]]) -> None:
    """Numbers of any length, and texts that are half a sign, as lines and as a list."""
    lines = [json.dumps(row) for row in rows]
    for text in ("\n".join(lines), "[" + ",".join(lines) + "]"):
        read = [{name: plain(v) for name, v in row.items()} for row in rows_of(text.encode()).rows]
        assert read == [{name: plain(v) for name, v in row.items()} for row in rows]


COST = """
import sys
from pathlib import Path
from core.usage.load_found import load_of_file

def now_kb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4

before, peak, told = now_kb(), 0, []
def passed(at):
    global peak
    peak = max(peak, now_kb())
    told.append(at)
found = load_of_file(Path(sys.argv[1]), 4.0, passed=passed)
print(int(found.requests), peak - before, len(told))
"""
MEGABYTES = 64
MOST_KB = 45_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc, as Linux has it")
@pytest.mark.parametrize(
    ("start", "joint", "end"),
    [("[", ",\n", "]"), ('{"data": [', ",", "]}"), ("", "\n", "\n")],
    ids=["a list", "a list in an object", "lines"],
)
def test_a_large_file_is_not_held_in_memory(
    start: str, joint: str, end: str, tmp_path: Path
) -> None:
    """What was read is let go of, its texts too, and it is told how far it was read."""
    file, count = tmp_path / "use.json", MEGABYTES * 100
    row = '{"timestamp":"2026-03-%02dT%02d:00:00","tokens":100,"text":"' + "x" * 10_000 + '"}'
    with file.open("w") as out:
        parts = (row % (1 + number % 28, number % 24) for number in range(count))
        out.write(start + joint.join(parts) + end)
    command = [sys.executable, "-c", COST, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    requests, cost_kb, told = map(int, done.stdout.split())
    assert requests == count
    assert cost_kb < MOST_KB
    assert told > MEGABYTES
