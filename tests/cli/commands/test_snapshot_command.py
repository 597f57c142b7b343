"""`breakeven snapshot`: the question of one data folder answered in another."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import breakeven


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A data folder with a server and a machine of one's own."""
    folder = tmp_path / "here"
    api = ("options", "add", "api", "Lab", "--model", "bge-m3", "--usd", "0.004")
    assert breakeven(folder, *api, "--base-url", "https://gpu.example:8443/v1").returncode == 0
    machine = ("options", "add", "machine", "Rack", "--card", "l4", "--bought", "5000")
    assert breakeven(folder, *machine, "--count", "2").returncode == 0
    return folder


OPTIONS = ("--option", "lab/bge-m3", "--option", "rack/l4", "--option", "cloudflare/bge-m3")


def test_the_answer_elsewhere_is_the_answer_here(here: Path, tmp_path: Path) -> None:
    """By the text and by the file; nothing is written there unless it is asked for."""
    there, file = tmp_path / "there", tmp_path / "question.txt"
    asked = (*OPTIONS, "--set", "workload.requests_per_day=250000")
    text = breakeven(here, "snapshot", "export", "--link", *asked).stdout.strip()
    assert breakeven(here, "snapshot", "export", str(file), *asked).returncode == 0
    answer = breakeven(here, "compare", "--json", *asked)
    document = json.loads(answer.stdout)
    for hint in [name for name in document if name.startswith("cheaper_")]:
        document.pop(hint)
    for source in (text, str(file)):
        done = breakeven(there, "snapshot", "import", source)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == document
    assert not list(there.rglob("*.toml"))


def test_its_options_are_kept_once_their_address_is_typed(here: Path, tmp_path: Path) -> None:
    """Then its scenario is one like any other."""
    there, scenario = tmp_path / "there", tmp_path / "scenario.json"
    text = breakeven(here, "snapshot", "export", *OPTIONS).stdout.strip()
    keep = ("snapshot", "import", text, "--keep-options")
    refused = breakeven(there, *keep)
    assert refused.returncode == 2
    assert "--to gpu.example:8443" in refused.stderr.replace("\n", " ")
    taken = breakeven(there, *keep, "--to", "gpu.example:8443", "--scenario", str(scenario))
    assert taken.returncode == 0, taken.stderr
    own = json.loads(breakeven(there, "compare", "--json", "--scenario", str(scenario)).stdout)
    assert own["options"] == json.loads(taken.stdout)["options"]


@pytest.mark.parametrize(
    ("source", "said"),
    [("bq1.AAAA", "is damaged"), ("nowhere.txt", "cannot be read"), ("bq9.AAAA", "form 9")],
)
def test_what_is_no_question_is_refused(tmp_path: Path, source: str, said: str) -> None:
    """In a sentence."""
    done = breakeven(tmp_path, "snapshot", "import", source)
    assert done.returncode == 2
    assert said in done.stderr.replace("\n", " ")
