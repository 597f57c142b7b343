"""`breakeven load`: what a file says, in a terminal and as JSON, and a scenario of it."""

import json
from pathlib import Path

import pytest

from core.scenario import Scenario
from tests.cli.terminal import breakeven
from tests.usage.test_exports import litellm_daily_csv, minutes, spend_logs


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two days of embeddings among chat calls."""
    path = tmp_path / "log.csv"
    path.write_bytes(spend_logs(minutes(2_880, "aembedding", 100) + minutes(90, "acompletion", 9)))
    return path


def test_it_says_the_load_and_takes_nothing(log: Path, tmp_path: Path) -> None:
    """The sentence first, then what it rests on, then what to do."""
    done = breakeven(tmp_path, "load", str(log))
    assert done.returncode == 0, done.stderr
    first, *others = done.stdout.splitlines()
    assert first.startswith("This file says 1,440 requests/day x 100 tokens = 4,320,000 tokens")
    assert any("90 requests are no embedding and were left out" in line for line in others)
    assert "Nothing was taken yet" in others[-1]


def test_json_says_the_same(log: Path, tmp_path: Path) -> None:
    """Every field of what was found, and the streams."""
    document = json.loads(breakeven(tmp_path, "load", str(log), "--json").stdout)
    assert document["requests_per_day"] == pytest.approx(1_440)
    assert document["streams"] == [{"model": "m", "call": "aembedding"}]
    assert document["left_out"] == [{"model": "m", "call": "acompletion"}]
    assert "1,440 requests/day" in document["sentence"]
    chat = breakeven(tmp_path, "load", str(log), "--call", "acompletion", "--json")
    assert json.loads(chat.stdout)["requests"] == 90


def test_a_scenario_is_written_once_and_compare_takes_it(tmp_path: Path) -> None:
    """360 M tokens a month of 30 days; what the file does not say stays."""
    source, target = tmp_path / "usage.csv", tmp_path / "scenario.json"
    source.write_bytes(litellm_daily_csv())
    done = breakeven(tmp_path, "load", str(source), "--write", str(target))
    assert f"compare --scenario {target}" in done.stdout
    load = Scenario.model_validate_json(target.read_text()).workload
    assert (load.requests_per_day, load.tokens_per_request) == (24_000, 500)
    assert load.peak_to_mean == Scenario().workload.peak_to_mean
    asked = ("compare", "--scenario", str(target), "--option", "openai/text-embedding-3-small")
    answer = json.loads(breakeven(tmp_path, *asked, "--json").stdout)
    assert answer["tokens_per_month"] == pytest.approx(360e6, rel=0.02)
    again = breakeven(tmp_path, "load", str(source), "--write", str(target))
    assert again.returncode == 2
    assert "is there already" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "cannot be read: No such file"),
        (["usage.csv", "--timezone", "Mars/Olympus"], "is no time zone"),
        (["usage.csv", "--tokens", "nothing"], "no column 'nothing' for tokens"),
        (["usage.csv", "--model", "other"], "Nothing of the file is left"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong and what to do; the exit status says so, too."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "usage.csv").write_bytes(litellm_daily_csv())
    done = breakeven(tmp_path, "load", *arguments)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
