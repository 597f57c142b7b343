"""docs/scheduled-probe.md: every command in it runs, and its tables are those of the code."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.cli.commands.probe_command import probe
from core.cli.probing.limits.limit_text import METRICS, UNITS
from core.cli.probing.probe_run import BROKEN_LIMIT
from tests.cli.terminal import Told, breakeven
from tests.servers.ground_truth import GroundTruthServer

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scheduled-probe.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
ADDRESS = "https://embeddings.example.com/v1"
QUICK = {"--requests 80 --rate 8": "--requests 20 --rate 50", "300ms": "300s"}
"""A night's run in a moment, on a machine that may be busy."""


def commands() -> Iterator[tuple[str, str]]:
    """Kind of block and command, as they stand in the document, each on one line."""
    for kind, block in re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            at = line.find("breakeven ")
            if at >= 0:
                yield kind, " ".join(line[at:].split())


def run(folder: Path, command: str, server: GroundTruthServer, earlier: str = "") -> Told:
    """A command against the test's server; what it prints goes where the shell would put it."""
    for written, meant in QUICK.items():
        command = command.replace(written, meant)
    command = command.replace(ADDRESS, server.base_url).replace("RUN_ID", earlier)
    whole, _, rest = command.partition(" || ")[0].partition(" > /tmp/")
    words = shlex.split(whole)
    file = ""
    if ">" in words:
        file = words[words.index(">") + 1]
        words = words[: words.index(">")]
    words = [str(folder / word) if word == "run.json" else word for word in words]
    told = breakeven(folder / "data", *words[1:])
    if file:
        (folder / file).write_text(told.stdout)
    assert rest == "" or rest.startswith("probe.txt")
    return told


@pytest.mark.parametrize("kind", ["cron", "yaml"])
def test_the_commands_of_cron_and_ci_are_the_first_one_s(kind: str) -> None:
    """The same flags, so that one run of them speaks for all."""
    flags = {
        frozenset(re.findall(r"--[a-z-]+", command))
        for k, command in commands()
        if k == kind and " probe " in command
    }
    first = next(command for _, command in commands())
    assert flags
    assert all(its <= set(re.findall(r"--[a-z-]+", first)) for its in flags)


def test_every_command_runs_as_it_stands(
    tmp_path: Path, embedding_server: Callable[..., GroundTruthServer]
) -> None:
    """In their order: a run, brought in again, and another against it."""
    server = embedding_server()
    first, brought, against = (command for kind, command in commands() if kind == "sh")
    told = run(tmp_path, first, server)
    assert told.returncode == 0, told.stderr
    summary = json.loads((tmp_path / "run.json").read_text())["summary"]
    assert summary["n_ok"] == 20
    for field in ("response_p95", "service_p50", "cold_start_s", "errors", "knee", "report"):
        assert f"`{field}`" in TEXT
        assert field in summary
    assert {"server", "first_byte_p50"} <= set(summary["report"])
    assert "was here already" in run(tmp_path, brought, server).stdout
    told = run(tmp_path, against.replace("20%", "2000%"), server, summary["run_id"])
    assert told.returncode == 0, told.stderr
    assert "passed slower > 2000%" in told.stdout
    (nightly,) = (command for kind, command in commands() if kind == "cron")
    assert run(tmp_path, nightly, server).returncode == 0


def test_the_tables_are_those_of_the_code() -> None:
    """Every metric has its row with its units; the exit statuses are those of `--help`."""
    rows = [line for line in TEXT.splitlines() if line.startswith("| `")]
    for name, metric in METRICS.items():
        (row,) = (row for row in rows if f"`{name}`" in row.split("|")[1])
        assert [unit.strip() for unit in row.split("|")[2].split(",")] == list(UNITS[metric.unit])
    told = " ".join((probe.__doc__ or "").split())
    assert "Exit status: 0 the run went through; 1 it did not; 2 nothing was sent" in told
    statuses = re.findall(r"^\| (\d[\d, ]*) \|", TEXT, flags=re.MULTILINE)
    assert statuses == ["0", "1", "2", str(BROKEN_LIMIT), "130, 143"]
