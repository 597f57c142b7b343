"""What a person confirmed stays on this computer, and nothing that is damaged counts as a word."""

import json
from pathlib import Path

import pytest

from core.probe.records.probe_plan import HybridTarget
from core.runs.trust.confirmed import FILE, confirm_servers, confirmed_servers, servers_of
from tests.runs.support import api_plan, local_plan

SERVERS = ("tei:8080", "10.0.0.5:8080", "[fd12::1]:80", "gpu.corp.example:443")


def test_a_word_is_kept_and_another_is_added(tmp_path: Path) -> None:
    """In a folder that need not be there before; each server once."""
    folder = tmp_path / "data"
    assert confirmed_servers(folder) == frozenset()
    for server in SERVERS:
        confirm_servers(folder, [server])
    confirm_servers(folder, SERVERS)
    assert confirmed_servers(folder) == frozenset(SERVERS)
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_a_disk_that_cannot_be_written_keeps_nothing_and_stops_nobody(tmp_path: Path) -> None:
    """The word holds for this time; the next time is asked again."""
    (tmp_path / "data").write_text("a file where the folder should be")
    confirm_servers(tmp_path / "data", SERVERS)
    assert confirmed_servers(tmp_path / "data") == frozenset()


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b'{"tei:80": true}', b"[1, 2]", b"\xff", b'["http://", "a b:1"]', b"[" * 9],
)
def test_a_damaged_file_confirms_nothing(tmp_path: Path, damaged: bytes) -> None:
    """And is written anew by the next word."""
    (tmp_path / FILE).write_bytes(damaged)
    assert confirmed_servers(tmp_path) == frozenset()
    confirm_servers(tmp_path, ["tei:80"])
    assert confirmed_servers(tmp_path) == {"tei:80"}


def test_only_a_server_in_its_one_spelling_counts(tmp_path: Path) -> None:
    """A name without a port, or in another spelling, is nobody's word."""
    others = ["tei", "TEI:80", "10.1:80", "tei:80/v1", "http://tei:80", "me@tei:80", "tei:80"]
    (tmp_path / FILE).write_text(json.dumps(others))
    assert confirmed_servers(tmp_path) == {"tei:80"}


def test_the_servers_of_a_plan_are_those_of_no_provider() -> None:
    """Both sides of a hybrid; a provider's own server needs no word, and a model here none."""
    sides = {
        "base": api_plan("http://10.0.0.5:8080/v1").target,
        "burst": api_plan("https://api.openai.com/v1").target,
    }
    mixed = api_plan("http://x.example/v1", target=HybridTarget.model_validate(sides))
    assert servers_of(mixed) == ("10.0.0.5:8080",)
    assert servers_of(api_plan("https://api.openai.com:8443/v1")) == ("api.openai.com:8443",)
    assert servers_of(local_plan()) == ()
