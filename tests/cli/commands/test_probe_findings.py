"""What `breakeven probe` says it found, against servers whose truth is known."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cli.probing.probe_run import BROKEN_LIMIT
from tests.cli.terminal import Told, breakeven, environment
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]


def probe(folder: Path, server: GroundTruthServer, *how: str) -> Told:
    """Of a server on this computer."""
    return breakeven(folder, "probe", "--base-url", server.base_url, "--model", "m", *how)


def document(told: Told) -> dict[str, Any]:
    """What a program reads."""
    assert told.returncode in {0, BROKEN_LIMIT}, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def number(pattern: str, text: str) -> float:
    """The only number at a place of the lines."""
    (found,) = re.findall(pattern, text)
    return float(found)


def assert_numbers_came(said: str) -> None:
    """Where no line can be drawn again, as in CI: the first call, then the first percentiles."""
    lines = said.splitlines()
    assert lines[0].startswith("Probing ")
    assert re.fullmatch(r"so far, \d+ of 44 requests: .*(first call|p50) .*", lines[1])
    (measured,) = (line for line in lines if re.match(r"so far, \d+ of 44 requests: p50 ", line))
    assert int(measured.split()[2]) < 44
    assert ", p95 " in measured
    assert ", p99 " in measured


def test_an_open_loop_says_all_that_it_measured(tmp_path: Path, embedding_server: Serve) -> None:
    """Percentiles with intervals, first byte, whose time it was, the rate, and with failures too.

    Both limits are held against it, and the status is that of the broken one.
    """
    server = embedding_server(Config(delay=Delay(median_s=0.02), faults={20: "500"}))
    how = ("--requests", "40", "--rate", "40", "--slo", "5")
    limits = ("--fail-if", "p50>10s", "--fail-if", "errors > 0.1%")
    told = probe(tmp_path, server, *how, *limits)
    assert told.returncode == BROKEN_LIMIT
    assert_numbers_came(told.stderr)
    out = told.stdout
    for name in ("response p50", "response p95", "response p99", "service  p50", "first byte p95"):
        assert f"  {name} " in out
    assert number(r"response p50 ([\d.]+) ms \(95 %: [\d.]+ to [\d.]+\)", out) >= 20
    assert "response p99 infinite: failures reach into it" in out
    assert 20 <= number(r"by the server's own word ([\d.]+) ms, the rest", out) < 25
    assert "of the answers alone, failures left out: p50 " in out
    assert number(r"answered 39, failed 1: ([\d.]+) answers/s", out) <= 40
    assert "/s within the objective" in out
    assert re.search(r"  first call [\d.]+ ms, apart", out)
    assert "  passed p50 > 10s: " in out
    assert "  FAILED errors > 0.1%: 2.5 % (95 %: 0.063 % to 13 %); too few requests to say" in out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_terminal_shows_the_percentiles_so_far_in_its_line(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """Drawn again and again, and gone at the end."""
    server = embedding_server(Config(delay=Delay(median_s=0.01)))
    ours, theirs = os.openpty()
    arguments = ("--base-url", server.base_url, "--model", "m", "--requests", "20", "--rate", "20")
    with subprocess.Popen(
        [sys.executable, "-m", "core.cli", "probe", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=environment(tmp_path) | {"TERM": "xterm"},
    ) as process:
        os.close(theirs)
        drawn = b""
        while piece := _read(ours):
            drawn += piece
        assert process.wait(60) == 0
    os.close(ours)
    plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", drawn)
    assert re.search(rb"\d+/24 p50 \S+ ms", plain)
    assert b"so far," not in plain


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # the other end is closed
        return b""


def test_a_ramp_says_its_steps_its_knee_and_what_limited_it(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """One replica of 50 ms answers 20 a second: 10 is within the objective, 80 falls behind."""
    server = embedding_server(Config(delay=Delay(median_s=0.05, replicas=1)))
    how = ("--ramp", "5:80:+75", "--step-s", "1", "--slo", "1", "--arrivals", "constant")
    told = probe(tmp_path, server, *how, "--fail-if", "capacity < 60/s", "--json")
    assert told.returncode == BROKEN_LIMIT
    found = document(told)
    summary, (check,) = found["summary"], found["checks"]
    assert summary["knee"]["rate_per_s"] == 5
    load = summary["report"]["load"]
    assert load["limited_by"] == "server"
    assert load["capacity_per_s"] == pytest.approx(20, rel=0.2)
    assert (check["metric"], check["failed"], check["unit"]) == ("capacity", True, "1/s")
    assert check["value"] == load["capacity_per_s"]
    assert "FAILED capacity < 60/s" in told.stderr
    (plan,) = (run["plan"] for run in found["runs"])
    assert plan["schedule"]["rates_per_s"] == [5, 80]
    assert plan["slo_s"] == 1


def test_a_sweep_of_batches_says_its_fit(tmp_path: Path, embedding_server: Serve) -> None:
    """Each size with its interval, what is fixed and what grows, and the rate at the best size."""
    server = embedding_server(Config(delay=Delay(median_s=0.02, per_text_s=0.005)))
    told = probe(tmp_path, server, "--batches", "1,4,8", "--characters", "60", "--repeats", "3")
    assert told.returncode == 0, told.stderr
    assert number(r"fit: time of a request = ([\d.]+) ms \+ [\d.]+ ms x texts", told.stdout) >= 18
    assert "  8 texts of 60 characters: " in told.stdout
    assert "tokens/s at " in told.stdout
    assert "response p50" not in told.stdout  # a mixture of sizes has none


def test_a_later_run_is_held_against_an_earlier_one(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """Text by text: twice as slow is seen, is a limit's to break, and is said with its interval.

    What `--json` printed goes on being a file of runs.
    """
    quick = embedding_server(Config(delay=Delay(median_s=0.03)))
    slow = embedding_server(Config(delay=Delay(median_s=0.09)))
    how = ("--requests", "12", "--rate", "20", "--json")
    first = document(probe(tmp_path / "a", quick, *how))
    (earlier,) = (run["run_id"] for run in first["runs"])
    assert "compared" not in first
    file = tmp_path / "earlier.json"
    file.write_text(json.dumps(first))
    assert breakeven(tmp_path / "b", "runs", "import", str(file)).returncode == 0
    limit = ("--fail-if", "slower > 50%")
    told = probe(tmp_path / "b", slow, *how, "--compare-with", earlier, *limit)
    assert told.returncode == BROKEN_LIMIT
    second = document(told)
    compared = second["compared"]
    assert compared["verdict"] == "a"
    assert compared["ratio_low"] < compared["ratio"] < compared["ratio_high"]
    assert f"the run {earlier} of " in compared["sentence"]
    assert "is faster than this run" in told.stderr
    (later,) = (run["run_id"] for run in second["runs"])
    again = breakeven(tmp_path / "b", "runs", "compare", earlier, later, "--json")
    assert json.loads(again.stdout)["ratio"] == compared["ratio"]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (("--compare-with", "0123456789abcdef"), "There is no run 0123456789abcdef"),
        (("--fail-if", "p95 > 300"), "write p95 in us or ms or s or min"),
        (("--fail-if", "capacity < 1/s"), "ramp do"),
        (("--ramp", "1:2:2x", "--fail-if", "p95 > 1s"), "does not measure p95"),
        (("--fail-if", "goodput < 1/s"), "needs --slo"),
        (("--fail-if", "slower > 1%"), "needs --compare-with"),
    ],
)
def test_what_could_not_be_judged_is_refused_before_anything_is_sent(
    tmp_path: Path, embedding_server: Serve, how: tuple[str, ...], words: str
) -> None:
    """With the exit status of what cannot be run."""
    server = embedding_server()
    told = probe(tmp_path, server, *how)
    assert told.returncode == 2
    assert words in told.stderr
    assert server.truths == []


def test_a_run_that_did_not_go_through_breaks_no_limit(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """Its own status says so: a limit would be judged on nothing."""
    server = embedding_server(Config(api_key="k"))
    told = probe(tmp_path, server, "--fail-if", "errors > 1%")
    assert told.returncode == 1
    assert "errors" not in told.stdout + told.stderr
