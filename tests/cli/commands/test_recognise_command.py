"""`breakeven recognise`, and `breakeven probe --base-url` alone: what is there, what is taken."""

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from core.cli.probing.taken_server import Taken, target_taken
from core.probe.recognise.recognised import OPENAI
from core.settings import Settings
from tests.cli.terminal import Told, breakeven
from tests.servers.standins import desktop, gateways, serving
from tests.servers.standins.standin import StandIn

KEY = "sk-a-key-of-the-command-line"
SMALL = ("--requests", "12", "--rate", "200")


def probe(folder: Path, url: str, *more: str, **variables: str) -> Told:
    """A probe of an address."""
    return breakeven(folder, "probe", "--base-url", url, *SMALL, *more, variables=variables)


def test_a_server_is_told_in_lines_and_as_json(tmp_path: Path) -> None:
    """Name, by what, what was mended, address, limits and models; the same in JSON."""
    with serving.tei() as standin:
        lines = breakeven(tmp_path, "recognise", f"{standin.authority}/v1/embeddings")
        document = breakeven(tmp_path, "recognise", standin.origin, "--json")
    assert lines.returncode == 0, lines.stderr
    first, mends, address, also, *limits = lines.stdout.splitlines()[:6]
    assert (
        first == "Text Embeddings Inference 1.8.0, by GET /info: model_id and max_client_batch_size"
    )
    assert mends.startswith("  mended: http:// was added; /embeddings was taken off")
    assert address == f"  base address {standin.origin}/v1 (openai_compatible)"
    assert also == f"  also {standin.origin} (tei)"
    assert limits == ["  32 texts a request at most", "  16,384 tokens a batch at most"]
    assert re.search(r"BAAI/bge-m3 +│ yes +│ 8,192 +│ – +│ float16 +│ 5617a9f61b02", lines.stdout)
    assert json.loads(document.stdout)["models"][0]["max_tokens"] == 8192


def test_a_key_is_read_from_its_variable_and_never_shown(tmp_path: Path) -> None:
    """For this server alone; without it the server's refusal says what to do."""
    with gateways.litellm(KEY) as standin:
        named = f"{standin.authority}=MY_KEY"
        for typed in ("MY_KEY", named):
            done = breakeven(
                tmp_path, "recognise", standin.origin, "--key-env", typed, variables={"MY_KEY": KEY}
            )
            assert "│ bge-m3 │ yes" in done.stdout
            assert KEY not in done.stdout + done.stderr
        other = breakeven(
            tmp_path,
            *("recognise", standin.origin, "--key-env", "other:1=MY_KEY"),
            variables={"MY_KEY": KEY},
        )
        assert "It lists its models to who has a key." in other.stdout
        for typed, says in ((KEY, "never the key itself"), ("NO_SUCH", "set NO_SUCH")):
            refused = breakeven(tmp_path, "recognise", standin.origin, "--key-env", typed)
            assert refused.returncode == 2
            assert says in refused.stderr
            assert KEY not in refused.stderr


def test_an_address_alone_is_recognised_mended_and_probed_with_the_servers_own_counters(
    tmp_path: Path,
) -> None:
    """It says what it took; what the counters say is kept with the run, exported and imported."""
    with serving.tei() as standin:
        done = probe(tmp_path / "a", standin.authority, "--json")
        assert done.returncode == 0, done.stderr
        paths = standin.paths
    say = done.stderr.replace("\n", " ")
    assert "mended: http:// was added; /v1 was added." in say
    assert "Recognised Text Embeddings Inference 1.8.0" in say
    assert f"Taking BAAI/bge-m3 at {standin.origin}/v1." in say
    (run,) = json.loads(done.stdout)["runs"]
    assert run["plan"]["target"]["wire_model"] == "BAAI/bge-m3"
    metrics = run["server_metrics"]
    assert metrics["requests"] == len(run["samples"])
    assert metrics["batch_texts"] == pytest.approx(4)
    assert metrics["sentences"][0] == "The server's mean batch was 4.0 texts."
    first, last = paths.index("/metrics"), len(paths) - 1 - paths[::-1].index("/metrics")
    asked = [at for at, path in enumerate(paths) if path == "/v1/embeddings"]
    assert first < min(asked) < max(asked) < last
    assert paths.count("/metrics") == 2
    file = tmp_path / "run.json"
    file.write_text(done.stdout)
    assert breakeven(tmp_path / "b", "runs", "import", str(file)).returncode == 0
    again = breakeven(tmp_path / "b", "runs", "export", run["run_id"])
    assert json.loads(again.stdout)["runs"] == [run]


def test_a_server_without_counters_is_probed_all_the_same(tmp_path: Path) -> None:
    """A named model asks nobody what is there, and the address is mended still."""
    with StandIn({}) as standin:
        done = probe(tmp_path, f"{standin.authority}/v1/embeddings", "--model", "m")
        assert done.returncode == 0, done.stderr
        assert "http:// was added; /embeddings was taken off" in done.stderr.replace("\n", " ")
        assert set(standin.paths) == {"/metrics", "/v1/metrics", "/v1/embeddings"}
    assert "server:" not in done.stdout


def test_azure_is_taken_with_what_its_requests_need(tmp_path: Path) -> None:
    """Its deployment, the header of its key and the version of its interface; nobody is asked."""
    pasted = "https://x.openai.azure.com/openai/deployments/d/embeddings?api-version=2024-10-21"
    say = Console(file=io.StringIO())
    taken = target_taken(Taken(pasted, "", OPENAI), Settings(data_dir=tmp_path), (), say)
    assert taken.base_url == "https://x.openai.azure.com/openai/deployments/d"
    assert taken.model == "d"
    assert taken.more == {"key_header": "api-key", "query": {"api-version": "2024-10-21"}}


def test_of_several_models_none_is_taken(tmp_path: Path) -> None:
    """They are named, and so is the flag; a model that only chats is not among them."""
    with desktop.ollama("one-embed", "two-embed", "llama3.2") as standin:
        done = probe(tmp_path, standin.origin)
        assert done.returncode == 2
        assert "2 models that may embed: one-embed, two-embed." in done.stderr.replace("\n", " ")
        assert "--model NAME" in done.stderr
        assert standin.embedded == 0
    with desktop.ollama("llama3.2") as standin:
        done = probe(tmp_path, standin.origin)
        assert "names no model that embeds" in done.stderr


def test_a_typed_header_has_the_key_when_the_server_is_asked_what_it_is(tmp_path: Path) -> None:
    """As it has it later: a server that reads no bearer would not say its model."""
    with serving.tei() as standin:
        standin.key, standin.key_header = KEY, "x-lab-key"
        flags = ("--key-env", "MY_KEY", "--key-header", "x-lab-key", "--free")
        probe(tmp_path, standin.origin, *flags, MY_KEY=KEY)
        asked = [one for one in standin.asked if one.path == "/info"]
    assert asked
    assert all(one.headers.get("x-lab-key") == KEY for one in asked)
    assert not any("authorization" in one.headers for one in asked)
