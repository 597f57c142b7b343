"""An address that is typed in a terminal is meant; one that stands in a file is confirmed once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli.probing.confirming import servers_meant
from core.errors import RunError
from core.runs.trust.confirmed import FILE, confirm_servers
from tests.catalog.own.own_texts import MINE, write
from tests.cli.terminal import Told, breakeven
from tests.runs.support import api_plan
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]
MINE_AT = "https://api.mine.example"
SMALL = ("--requests", "3", "--rate", "100", "--free")


def told(done: Told) -> str:
    """What it said, in one line."""
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


@pytest.fixture
def server(private_address: str, embedding_server: Serve) -> GroundTruthServer:
    """A server that listens at a private address alone."""
    return embedding_server(Config(address=private_address))


def test_a_private_address_that_is_typed_is_probed(
    tmp_path: Path, server: GroundTruthServer
) -> None:
    """Without a setting, by plain http; what is typed needs no confirmation, and leaves none."""
    done = breakeven(tmp_path, "probe", "--base-url", server.base_url, "--model", "m", *SMALL)
    assert done.returncode == 0, done.stderr
    assert server.truths
    assert not (tmp_path / FILE).exists()


def test_an_option_of_ones_own_folder_is_confirmed_once(
    tmp_path: Path, server: GroundTruthServer
) -> None:
    """Its address stands in a file. The word stays beside the database: it is in no export."""
    authority = server.origin.removeprefix("http://")
    write(tmp_path, "catalog/api/mine.toml", MINE.replace(MINE_AT, server.origin))
    option = ("probe", "--option", "mine/small", *SMALL)
    done = breakeven(tmp_path, *option)
    assert done.returncode == 2
    assert f"type --to {authority} once" in told(done)
    assert not server.truths
    done = breakeven(tmp_path, *option, f"--to={authority}", "--json")
    assert done.returncode == 0, done.stderr
    assert server.truths
    assert json.loads((tmp_path / FILE).read_text()) == [authority]
    (run,) = json.loads(done.stdout)["runs"]
    assert run["plan"]["target"]["allow_loopback"] is False
    assert "confirmed" not in done.stdout


def test_a_plan_is_confirmed_by_to_and_not_by_itself(
    tmp_path: Path, embedding_server: Serve
) -> None:
    """It claims to mean this computer; once its server was typed it is asked no more."""
    server = embedding_server()
    file = tmp_path / "plan.json"
    file.write_text(api_plan(server.base_url, requests=3, warm_up_requests=0).model_dump_json())
    plan = ("probe", "--plan", str(file), "--free")
    done = breakeven(tmp_path / "here", *plan)
    assert done.returncode == 2
    assert f"type --to 127.0.0.1:{server.port}" in told(done)
    confirm_servers(tmp_path / "here", [f"127.0.0.1:{server.port}"])
    assert breakeven(tmp_path / "here", *plan).returncode == 0
    assert breakeven(tmp_path / "elsewhere", *plan).returncode == 2


def test_the_setting_allows_an_address_of_a_file_and_does_not_confirm_it(tmp_path: Path) -> None:
    """What may be called is the owner's to say; what is meant, the person's."""
    file = tmp_path / "plan.json"
    file.write_text(api_plan("http://10.0.0.5:8080/v1", requests=1).model_dump_json())
    allowed = {"BREAKEVEN_ALLOW_NETWORKS": "10.0.0.0/8"}
    done = breakeven(tmp_path, "probe", "--plan", str(file), "--free", variables=allowed)
    assert done.returncode == 2
    assert "type --to 10.0.0.5:8080" in told(done)


def test_every_server_of_a_plan_is_meant_or_none_is(tmp_path: Path) -> None:
    """The typed address, a confirmed one, and no neighbour of either."""
    plan = api_plan("http://tei:8080/v1")
    assert servers_meant(plan, tmp_path, (), "http://TEI:8080/v1") == ("tei:8080",)
    for to, base_url in (((), ""), (("tei:80",), ""), ((), "http://tei:8081"), (("tei",), "")):
        with pytest.raises(RunError, match="type --to tei:8080 once"):
            servers_meant(plan, tmp_path, to, base_url)
    confirm_servers(tmp_path, ["tei:8080"])
    assert servers_meant(plan, tmp_path, (), "") == ("tei:8080",)


def test_a_server_that_nothing_goes_to_is_told(tmp_path: Path) -> None:
    """A wrong port would be confirmed for nothing."""
    write(tmp_path, "catalog/api/mine.toml", MINE)
    done = breakeven(tmp_path, "probe", "--option", "mine/small", "--to", "tei:80", "--free")
    assert done.returncode == 2
    assert "--to tei:80: nothing is sent there" in told(done)
    assert not (tmp_path / FILE).exists()
