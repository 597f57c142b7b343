"""Hostile uploads, and what reading one costs a process: each read in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TIMES: Final = 5
"""An upload may cost its own size so many times, the upload itself included."""

ROW: Final = b'{"timestamp":"2026-03-02T00:00:00","tokens":100}'
HEAD: Final = b'{"format":"breakeven-runs","version":1,"exported_at":"2026-03-02T00:00:00Z","runs":'
SAMPLE: Final = b'{"seq":%d,"phase":"measured","outcome":"ok","intended_ns":1}'


def repeated(start: bytes, part: bytes, end: bytes, size: int, joint: bytes = b",") -> bytes:
    """A part as often as it fits, between a start and an end."""
    count = (size - len(start) - len(end)) // (len(part) + len(joint))
    return start + joint.join([part] * count) + end


Make = Callable[[int], bytes]

LOADS: Final[dict[str, Make]] = {
    "empty objects": lambda n: repeated(b"[", b"{}", b"]", n),
    "empty objects after a good one": lambda n: repeated(b"[" + ROW + b",", b"{}", b"]", n),
    "a list in a list": lambda n: repeated(b"[[", b"{}", b"]]", n),
    "wrapped empty objects": lambda n: repeated(b'{"data":[', b"{}", b"]}", n),
    "nested lists": lambda n: b"[" * n,
    "nested objects": lambda n: repeated(b"", b'{"a":', b"", n, b""),
    "one text": lambda n: b'["' + b"x" * n + b'"]',
    "one text of four-byte signs": lambda n: b'["' + "😀".encode() * (n // 4) + b'"]',
    "one text of escapes": lambda n: repeated(b'["', b"\\n", b'"]', n, b""),
    "one number": lambda n: b"[" + b"9" * n + b"]",
    "a million names": lambda n: repeated(b"{", b'"k1234567":1', b"}", n),
    "a million names in a row": lambda n: repeated(b"[{", b'"k1234567":1', b"}]", n),
    "good rows": lambda n: repeated(b"[", ROW, b"]", n),
    "good lines": lambda n: repeated(b"", ROW, b"\n", n, b"\n"),
    "lines of nothing": lambda n: ROW + b"\n" * n,
    "one endless line": lambda n: ROW + b"\n{" + b" " * n,
    "good CSV": lambda n: repeated(b"time,tokens\n", b"1772409600,100", b"\n", n, b"\n"),
    "a heading without end": lambda n: repeated(b"time,tokens,", b"ab", b"\n1\n", n),
    "a row of many short lines": lambda n: repeated(b"time,tokens\n", b'"\n"', b"\n", n),
    "a field without end": lambda n: b'time,tokens\n"' + b"x" * n,
    "rows of nothing": lambda n: repeated(b"time,tokens\n", b"1", b"", n, b"\n"),
    "blanks": lambda n: b" " * n,
    "zeros": bytes,
}
"""Shapes of an export of requests, by the number of bytes."""

RUNS: Final[dict[str, Make]] = {
    "empty runs": lambda n: repeated(HEAD + b"[", b"{}", b"]}", n),
    "runs of empty samples": lambda n: HEAD + repeated(b'[{"samples":[', b"{}", b"]}]}", n),
    "a plan of empty objects": lambda n: HEAD + repeated(b'[{"plan":{"x":[', b"{}", b"]}}]}", n),
    "texts of empty objects": lambda n: HEAD + repeated(b'[{"plan":{"texts":[', b"{}", b"]}}]}", n),
    "nested lists": lambda n: HEAD + b"[" * n,
    "a million names": lambda n: HEAD + repeated(b"[{", b'"k1234567":1', b"}]}", n),
    "one text": lambda n: HEAD + b'[{"run_id":"' + b"x" * n + b'"}]}',
    "one number": lambda n: HEAD + b'[{"run_id":' + b"9" * n + b"}]}",
    "it never ends": lambda n: HEAD + repeated(b'[{"samples":[', b"{}", b"", n),
}
"""Shapes of a file of runs."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading a file cost a process."""

    times: float
    """Peak memory above that of the process before it had the file, over the file's size."""
    seconds: float
    said: str
    """The sentence of the refusal, "" where the file was read."""


_READ: Final = """
import io, json, resource, sys, time
from pathlib import Path
from tests.harness.uploaded_load import import_load
from core.errors import BreakevenError
from core.runs.files.importing import import_runs
from core.settings import load_settings
from core.store.open import open_store

def peak_kb():
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])

store, kind = open_store(load_settings()), sys.argv[1]
small = b"time,tokens\\n" + b"1772409600,100\\n" * 30
for tried in (small, small):
    try:
        import_load(tried, 4.0)
    except BreakevenError:
        pass
before, began = peak_kb(), time.perf_counter()
data = Path(sys.argv[2]).read_bytes()
try:
    import_load(data, 4.0) if kind == "load" else import_runs(store, data, "the file")
    said = ""
except BreakevenError as error:
    said = str(error)
taken = time.perf_counter() - began
print(json.dumps([(peak_kb() - before) * 1024 / len(data), taken, said]))
"""


def cost_of(kind: str, data: bytes, folder: Path) -> Cost:
    """Read a file by the functions of the page or the command. ``kind``: load or runs."""
    file = folder / "upload"
    file.write_bytes(data)
    environment = {"BREAKEVEN_DATA_DIR": str(folder / "data"), "PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-W", "error", "-c", _READ, kind, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    file.unlink()
    if done.returncode:
        raise AssertionError(done.stderr[-2_000:])
    return Cost(*json.loads(done.stdout))


def hostile(size: int) -> Iterator[tuple[str, str, bytes]]:
    """Every shape of both kinds, at a size: kind, name, bytes."""
    for kind, shapes in (("load", LOADS), ("runs", RUNS)):
        for name, make in shapes.items():
            yield kind, name, make(size)
