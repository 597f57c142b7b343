"""`breakeven probe` and `breakeven runs`: the same runs as the page's, from a terminal."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from core.cli.probing.spending import Terms, accesses
from core.errors import RunError
from core.probe.records.probe_plan import ApiTarget
from core.runs.places.folders import models_folder
from core.runs.spending.worst_case import FREE
from tests.cli.terminal import Told, breakeven, environment
from tests.runs.support import api_plan, slow_plan
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]
KEY = "sk-a-key-of-the-command-line"


def probe(folder: Path, url: str, *more: str, **rest: Any) -> Told:
    """A small, fast probe of an address."""
    small = ("--requests", "20", "--rate", "100")
    return breakeven(folder, "probe", "--base-url", url, "--model", "m", *small, *more, **rest)


def sent_to(*servers: GroundTruthServer) -> tuple[str, ...]:
    """What a person types who means these servers of the plan."""
    return ("--free", *(f"--to={server.origin}" for server in servers))


def test_a_measurement_made_on_one_machine_is_brought_to_another(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """Probe there, import here: the same run, once, with where it was made."""
    server = embedding_server(Config(api_key=KEY))
    there, here = tmp_path / "there", tmp_path / "here"
    variables = {
        "MY_KEY": KEY,
        "BREAKEVEN_PLACE": "production",
        "BREAKEVEN_REGION": "eu-1",
        "BREAKEVEN_HOST_LABEL": "web 3",
    }
    made = probe(there, server.base_url, "--key-env", "MY_KEY", "--json", variables=variables)
    assert made.returncode == 0, made.stderr
    assert KEY not in made.stdout + made.stderr
    (run,) = json.loads(made.stdout)["runs"]
    assert len(run["samples"]) == 24 == len(server.truths)
    file = tmp_path / "run.json"
    file.write_text(made.stdout)
    first = breakeven(here, "runs", "import", str(file))
    assert first.stdout == f"{run['run_id']} imported\n"
    again = breakeven(here, "runs", "import", "-", text=made.stdout)
    assert "was here already" in again.stdout
    (listed,) = json.loads(breakeven(here, "runs", "list", "--json").stdout)
    assert listed["run_id"] == run["run_id"]
    assert listed["imported_from"] == "web 3, production, eu-1"
    assert listed["response_p50_s"] > 0
    exported = breakeven(here, "runs", "export", run["run_id"])
    assert json.loads(exported.stdout)["runs"] == [run]
    table = breakeven(here, "runs", "list").stdout
    assert "web 3, production, eu-1" in table


def test_a_probe_is_told_in_lines(tmp_path: Path, embedding_server: Serve) -> None:
    """Percentiles with their intervals, what was billed and from where; progress elsewhere."""
    server = embedding_server()
    typed = ("--usd-per-mtok", "0.02", "--client", "openai_sdk", "--seed", "77")
    done = probe(tmp_path, server.base_url, *typed)
    assert done.returncode == 0, done.stderr
    assert "  seed 77\n" in done.stdout
    assert "response p50" in done.stdout
    assert "(95 %:" in done.stdout
    assert "billed $0.0000" in done.stdout
    assert "direct" in done.stdout
    assert "24 requests, at most $" in done.stderr


def gaps_ns(told: Told) -> list[int]:
    """Between the due times of a run's measured requests."""
    (run,) = json.loads(told.stdout)["runs"]
    due = sorted(s["intended_ns"] for s in run["samples"] if s["phase"] == "measured")
    return [b - a for a, b in pairwise(due)]


def test_a_ramp_says_the_same_in_lines_and_in_its_file(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """One sentence: what came out, what of it was good, and what limits it."""
    server = embedding_server(Config(delay=Delay(median_s=0.05, replicas=1)))
    ramp = {"kind": "ramp", "rates_per_s": [5, 60], "step_s": 0.5}
    plan = api_plan(server.base_url, schedule=ramp, slo_s=1.0)
    file = tmp_path / "plan.json"
    file.write_text(plan.model_dump_json())
    done = breakeven(tmp_path / "data", "probe", "--plan", str(file), *sent_to(server))
    assert done.returncode == 0, done.stderr
    (run_id,) = re.findall(r"run ([0-9a-f]{16})", done.stdout)
    exported = json.loads(breakeven(tmp_path / "data", "runs", "export", run_id).stdout)
    (sentence,) = exported["runs"][0]["found"]
    assert sentence.startswith("Capacity seen: ")
    assert f"  {sentence}\n" in done.stdout


def test_arrivals_are_drawn_for_each_run_and_repeated_by_their_seed(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """Two runs have their own; the seed in a run's plan brings its own back."""
    url = embedding_server().base_url
    one, other = (probe(tmp_path, url, "--json") for _ in range(2))
    assert gaps_ns(one) != gaps_ns(other)
    seed = json.loads(one.stdout)["runs"][0]["plan"]["seed"]
    again = probe(tmp_path, url, "--seed", str(seed), "--json")
    assert gaps_ns(again) == gaps_ns(one)


def test_a_comparison_is_told_in_lines(tmp_path: Path, embedding_server: Serve) -> None:
    """Both targets with their latencies, who is quicker, and what a search would find."""
    texts = tuple(f"text number {number}" for number in range(30))
    one, other = embedding_server(), embedding_server(Config(delay=Delay(median_s=0.02)))
    rival = api_plan(other.base_url, option_id="endpoint/other/m")
    subject = rival.subject.model_copy(update={"label": "another server"})
    plan = api_plan(
        one.base_url,
        texts=texts,
        schedule={"kind": "paired", "pairs": 20, "rate_per_s": 50.0},
        rivals=[{"subject": subject, "target": rival.target}],
        neighbours_k=5,
    )
    file = tmp_path / "plan.json"
    file.write_text(plan.model_dump_json())
    done = breakeven(tmp_path / "data", "probe", "--plan", str(file), *sent_to(one, other))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("response p95") == 2
    assert "another server:" in done.stdout
    assert "another server" in done.stdout.partition("Of the 5 nearest texts")[2]
    assert re.search(r"(faster|slower|quicker|pairs)", done.stdout)


@pytest.mark.local_model
def test_an_endpoint_is_compared_with_this_machine(
    tmp_path: Path, embedding_server: Serve, exported_model: Path
) -> None:
    """By options alone: the same texts to both, at the same times, and their neighbours."""
    shutil.copytree(exported_model, models_folder(tmp_path), copy_function=os.link)
    server = embedding_server()
    more = ("--against", "this-machine", "--neighbours", "3")
    done = probe(tmp_path, server.base_url, *more)
    assert done.returncode == 0, done.stderr
    assert "This machine:" in done.stdout
    assert "Of the 3 nearest texts" in done.stdout


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("401", "refused the key"),
        ("500", "no load was sent. What came back: 4 server error (status 500"),
    ],
)
def test_a_run_without_an_answer_is_one_sentence_and_no_table(
    tmp_path: Path, embedding_server: Serve, fault: str, words: str
) -> None:
    """The last line says why, with the exit status of a failure; percentiles of nothing do not."""
    done = probe(tmp_path, embedding_server().fault_url(fault))
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr.splitlines()[-1]
    assert len(done.stderr.splitlines()) == 2


def test_a_run_without_an_answer_is_valid_json_all_the_same(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """For a program: the run, its state and its sentence."""
    done = probe(tmp_path, embedding_server().fault_url("401"), "--json")
    assert done.returncode == 1
    (run,) = json.loads(done.stdout)["runs"]
    assert run["state"] == "failed"
    assert "refused the key" in run["error"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--base-url", "https://evil.example/v1", "--model", "m"], "Without a price"),
        (["--base-url", "no address at all", "--model", "m"], "Type the base address"),
        (
            ["--base-url", "https://169.254.0.1/v1", "--model", "m", "--free", "--timeout", "2"],
            "169.254.0.1 is in 169.254.0.0/16, addresses of the local link (RFC 3927)",
        ),
        (["--base-url", "https://x.example/v1", "--model", "m", "--wire", "morse"], "one of"),
        (["--option", "openai/no-such"], "no API option"),
        (["--option", "openai/text-embedding-3-small"], "OPENAI_API_KEY"),
        (["--rate", "0"], "--rate must be a number from 0.0001 to 10,000, not 0."),
        (["--rate", "0.0001"], "may take"),
        (["--neighbours", "5"], "between the targets of a comparison"),
        (["--against", "openai/no-such"], "no API option"),
        (["--against", "openai/text-embedding-3-small"], "OPENAI_API_KEY"),
        (["--texts", "/no/such/file"], "cannot be read"),
        (["--plan", "/no/such/file"], "cannot be read"),
        (["--plan", "/no/such/file", "--against", "this-machine"], "--plan says whom to ask"),
        (["--plan", "/no/such/file", "--to", "http://"], "Type HOST:PORT"),
        (["--to", "localhost:80"], "give --plan FILE"),
        (["--allow-custom-code"], "give --plan FILE"),
        (["--key-env", "MINE"], "Say to which server the key in MINE goes: HOST:PORT=MINE"),
        (
            ["--base-url", "http://localhost:8080", "--model", "m", "--key-env", "other:1=MINE"],
            "nothing is sent to other:1",
        ),
        (
            ["--base-url", "http://localhost:8080", "--model", "m", "--key-env", "MINE"],
            "set MINE and start again",
        ),
        (
            ["--base-url", "http://x.example", "--model", "m", "--free", "--usd-per-mtok", "1"],
            "Give a price or --free",
        ),
        (
            ["--base-url", "https://x.example/v1", "--model", "m", "--usd-per-mtok", "9999"],
            "above the cap",
        ),
        (
            ["--base-url", "http://100.100.100.200/v1", "--model", "m", "--usd-per-mtok", "0.1"],
            "100.100.100.200 is an address by which a cloud talks to its machines",
        ),
    ],
)
def test_what_cannot_be_probed_is_a_sentence(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    """No traceback, nothing sent, exit status 2 or a failed run's 1."""
    done = breakeven(tmp_path, "probe", *arguments)
    assert done.returncode in {1, 2}
    told = " ".join(done.stderr.split())
    assert words in told
    assert "Traceback" not in told


def test_a_plan_from_a_file_is_carried_out(tmp_path: Path, embedding_server: Serve) -> None:
    """Any schedule that the page offers; a file that is none is told with its place."""
    server = embedding_server()
    plan = slow_plan(server.base_url, requests=10, rate_per_s=100.0)
    file = tmp_path / "plan.json"
    file.write_text(plan.model_dump_json())
    typed = sent_to(server)
    done = breakeven(tmp_path / "data", "probe", "--plan", str(file), *typed, "--json")
    assert done.returncode == 0, done.stderr
    assert len(server.truths) == plan.planned
    assert f"Sends to {server.origin}." in " ".join(done.stderr.split())
    file.write_text(done.stdout)
    again = breakeven(tmp_path / "data", "probe", "--plan", str(file), *typed)
    assert again.returncode == 0, again.stderr
    assert len(server.truths) == 2 * plan.planned
    file.write_text('{"subject": 1}')
    bad = breakeven(tmp_path / "data", "probe", "--plan", str(file))
    assert bad.returncode == 2
    assert "holds no plan" in bad.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no interrupt to one process")
def test_an_interrupt_cancels_the_run_and_keeps_what_was_measured(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """Ctrl-C ends the command with the run's state; the worker is gone with it."""
    server = embedding_server()
    file = tmp_path / "plan.json"
    file.write_text(slow_plan(server.base_url).model_dump_json())
    # A process inherits what its parent ignores, as tests started in the background of a shell do.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [sys.executable, "-m", "core.cli", "probe", "--plan", str(file), *sent_to(server)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(tmp_path / "data"),
    ) as process:
        signal.signal(signal.SIGINT, before)
        try:
            deadline = time.monotonic() + 60
            while len(server.truths) < 5:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 128 + signal.SIGINT
    assert "cancelled" in err
    assert "answered" in out
    (listed,) = json.loads(breakeven(tmp_path / "data", "runs", "list", "--json").stdout)
    assert listed["state"] == "cancelled"
    assert listed["done"] >= 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "no-such-run"], "There is no run"),
        (["import", "/no/such/file"], "cannot be read"),
        (["import", "-"], "cut off or damaged"),
        (["export", "x", "--output", "/no/such/folder/f"], "There is no run"),
    ],
)
def test_what_cannot_be_moved_is_a_sentence(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    """No traceback."""
    done = breakeven(tmp_path, "runs", *arguments)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("host", "free"), [("localhost.", True), ("api.example.com", False)])
def test_only_a_server_on_this_computer_is_free_without_a_word(
    host: str,
    free: bool,
) -> None:
    """A plan that says so of a host far away does not get past the spending cap."""
    plan = api_plan(f"https://{host}:8443/v1")
    assert isinstance(plan.target, ApiTarget)
    assert plan.target.allow_loopback
    if free:
        assert [one.rate for one in accesses(plan, Terms())] == [FREE]
        return
    with pytest.raises(RunError, match="no spending cap can hold"):
        accesses(plan, Terms())
