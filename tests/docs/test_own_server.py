"""docs/own-server.md: its commands in their order, from an address to a break-even that moved."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from core.scenario import Scenario
from tests.cli.terminal import Told, breakeven
from tests.runs.sweep.test_server_sweep import by_hand
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess
from tests.servers.standins.serving import INFO

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "own-server.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, flags=re.DOTALL)
COMMANDS = [block.strip() for kind, block in BLOCKS if kind == "sh"]
SHOWN = [block for kind, block in BLOCKS if kind == "text"]
(QUESTION,) = (block for kind, block in BLOCKS if kind == "json")
AUTHORITY = "localhost:8080"
QUICK = {"--free": "--free --requests 20 --rate 50", "--batch 16": "--batch 4 --tokens 32"}
"""Half a minute in a few seconds: smaller requests, and so more of them in a second."""

MODEL, MACHINE = "BAAI/bge-small-en-v1.5", "office-box/l4"
WORKERS, TEXTS = 2, 4
DELAY = Delay(median_s=0.004, per_text_s=0.0005, per_token_s=3.8e-5, replicas=WORKERS)
ABOUT = INFO | {"model_id": MODEL, "max_input_length": 512}

pytestmark = pytest.mark.alone


def true_tokens_per_s(tokens: float) -> float:
    """What the server carries of texts of so many tokens: as many requests as it has workers."""
    request_s = DELAY.median_s + DELAY.per_text_s * TEXTS + DELAY.per_token_s * TEXTS * tokens
    return WORKERS * TEXTS * tokens / request_s


def run(folder: Path, command: str, server: GroundTruthProcess) -> Told:
    """A command of the document against the stand-in."""
    for written, meant in QUICK.items():
        command = command.replace(written, meant)
    command = command.replace(AUTHORITY, server.origin.removeprefix("http://"))
    words = [str(folder / w) if w == "question.json" else w for w in shlex.split(command)]
    told = breakeven(folder / "data", *words[1:])
    assert told.returncode == 0, told.stderr
    return told


def swept(folder: Path, command: str, server: GroundTruthProcess) -> Told:
    """The sweep, asked for again where other programs hid how much the server serves at once."""
    for _ in range(4):
        told = run(folder, command, server)
        found = re.search(r"It served ([\d.]+) requests at a time", told.stdout)
        if found and float(found[1]) == pytest.approx(WORKERS, rel=0.1):
            break
    return told


def words_of(text: str) -> str:
    """Without line ends."""
    return " ".join(text.split())


def first_volume(told: Told) -> float:
    """The first volume of the break-even that stands below a table, tokens a month."""
    found = re.search(r"breaks even with OpenAI 3-small at ([\d,]+) tokens", words_of(told.stdout))
    assert found, told.stdout
    return float(found[1].replace(",", ""))


def test_the_walk_leads_from_an_address_to_a_break_even_that_moved(
    tmp_path: Path, server_process: Callable[..., GroundTruthProcess]
) -> None:
    """Recognised, probed, given a price, swept; then by hand from the stand-in's known speed."""
    server = server_process(Config(delay=DELAY, dims=384, most_texts=32, pages={"/info": ABOUT}))
    (tmp_path / "question.json").write_text(QUESTION)
    recognise, probe, add, compare, sweep, again = COMMANDS
    assert again == compare

    told = run(tmp_path, recognise, server)
    here = server.origin.removeprefix("http://")
    assert told.stdout.startswith(SHOWN[0].replace(AUTHORITY, here))
    assert MODEL in told.stdout

    told = run(tmp_path, probe, server)
    assert f"Taking {MODEL} at {server.base_url}." in words_of(told.stderr)
    assert f"{MODEL} at {here}: done, run" in told.stdout
    assert "answered 20, failed 0" in told.stdout

    told = run(tmp_path, add, server)
    assert f"breakeven compare --option {MACHINE}@{MODEL}" in told.stdout
    before = run(tmp_path, compare, server)
    assert "» Yours: Office box" in before.stdout

    told = swept(tmp_path, sweep, server)
    assert "4 ms + 500 us a text + 38 us a token" in told.stdout
    assert f"{MACHINE}@{MODEL} is now measured by it" in told.stdout
    after = run(tmp_path, again, server)
    assert "» OpenAI 3-small" in after.stdout

    asked = Scenario.model_validate(json.loads(QUESTION))
    truth = true_tokens_per_s(asked.workload.tokens_per_request)
    expected = by_hand(asked, 0.40, 0.02, truth)
    assert first_volume(after) == pytest.approx(expected, rel=1e-6)
    assert first_volume(before) < expected / 1.1
    # The document shows these very numbers.
    for shown, told in ((SHOWN[2], before), (SHOWN[4], after)):
        sentence = words_of(shown).partition("Yours: Office box with bge-small-en-v1.5 breaks")[2]
        assert sentence
        assert sentence in words_of(told.stdout)
