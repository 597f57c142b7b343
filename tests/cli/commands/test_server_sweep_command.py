"""`breakeven sweep --base-url`: what it says, what it stores, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli.probing.server_sweep_run import lines_of, why_no_fit
from core.cli.support import opened_runs
from core.measurement.server_found import ServerFound, ServerTimes
from core.settings import Settings
from tests.cli.terminal import breakeven
from tests.probe.findings.of_server.test_server_findings import PLAN, Truth, found_of
from tests.probe.support import plan
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

OPTION = "aws/g6.xlarge@BAAI/bge-m3"


def test_a_server_is_swept_and_stands_for_a_machine(
    tmp_path: Path, embedding_server: Callable[..., GroundTruthServer]
) -> None:
    """The report is JSON, the option is adopted, and `compare` counts with it."""
    delay = Delay(median_s=0.001, per_text_s=2e-4, per_token_s=1e-6, replicas=2)
    server = embedding_server(Config(delay=delay, dims=16))
    words = ("--base-url", server.base_url, "--model", "bge-m3", "--is", "aws/g6.xlarge")
    done = breakeven(tmp_path, "sweep", *words, "--batch", "8", "--tokens", "16", "--json")
    assert done.returncode == 0, done.stderr
    assert "Sends to http://127.0.0.1:" in done.stderr
    assert "All that comes out of the address counts for one." in " ".join(done.stderr.split())
    report = json.loads(done.stdout)
    assert report["option"] == OPTION
    assert report["found"]["most_texts"] == 8
    assert report["fit"]["engine"] == "server"
    compared = breakeven(tmp_path, "compare", "--option", OPTION, "--json")
    assert compared.returncode == 0, compared.stderr
    (row,) = json.loads(compared.stdout)["options"]
    assert row["grades"]["throughput"] == "measured"
    used = breakeven(tmp_path, "runs", "use", report["run_id"], "--is", "owned/rtx-4080")
    assert used.returncode == 0, used.stderr
    assert f"owned/rtx-4080@BAAI/bge-m3 is now judged by {report['run_id']}." in used.stdout
    with opened_runs(Settings(data_dir=tmp_path, database_url=None)) as runs:
        assert set(runs.adoptions()) == {OPTION, "owned/rtx-4080@BAAI/bge-m3"}


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--is", "openai/text-embedding-3-small"), "is paid by use"),
        (("--is", "aws/nothing"), "no machine called 'aws/nothing'"),
        (("--is", "aws/g6.xlarge"), "Say which model of the catalogue"),
        (("--machines", "0"), "--machines must be a whole number from 1 to 1,000, not 0"),
        (("--engine", "torch"), "leave them out beside --base-url"),
        (("--usd-per-mtok", "1"), "above the cap of $0.05 a run"),
        (("--wire", "morse"), "The format is one of"),
        (("--batch", "512"), "smaller sizes, fewer workers or fewer requests"),
    ],
)
def test_what_cannot_be_swept_is_refused_before_anything_is_sent(
    tmp_path: Path, flags: tuple[str, ...], words: str
) -> None:
    """Nobody listens at this address: it would be another sentence."""
    to = ("--base-url", "http://127.0.0.1:9/v1", "--model", "nobody-knows")
    refused = breakeven(tmp_path, "sweep", *to, *flags)
    assert refused.returncode != 0
    assert words in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "flags",
    [("--is", OPTION), ("--machines", "2"), ("--replicas", "2"), ("--free",), ("--query", "a=b")],
)
def test_a_servers_options_need_an_address(tmp_path: Path, flags: tuple[str, ...]) -> None:
    """Else this machine's engine would be swept, and called a server."""
    refused = breakeven(tmp_path, "sweep", *flags)
    assert refused.returncode != 0
    assert "give its address with --base-url" in " ".join(refused.stderr.split())


def test_a_sweep_without_a_fit_says_why_it_replaces_nothing() -> None:
    """Each reason by itself, and none of them is a number of ours."""
    times = ServerTimes(
        start_s=0.1, per_text_s=0.0, per_unit_s=None, unit="token", residual=0.0, worst=0.0
    )
    assert "too few sizes" in why_no_fit(None)
    assert "only one length" in why_no_fit(ServerFound(cells=(), times=times))
    by_letter = times.model_copy(update={"unit": "character", "per_unit_s": 1e-6})
    assert "nobody counts its tokens" in why_no_fit(ServerFound(cells=(), times=by_letter))
    assert "a rate limit" in why_no_fit(ServerFound(cells=(), limit="it allows 60 requests"))
    counted = times.model_copy(update={"per_unit_s": 1e-6})
    assert "no load" in why_no_fit(ServerFound(cells=(), times=counted))
    swept = plan("http://127.0.0.1:9/v1")
    said = lines_of("0" * 16, swept, ServerFound(cells=(), sentence="It took 3 texts."), None)
    assert said == ["test: run 0000000000000000", "It took 3 texts."]


def test_a_sweep_that_was_stopped_is_offered_for_no_machine() -> None:
    """It would be refused: what to do instead is said, though its numbers are all there."""
    found = found_of(Truth(0.01, 0.001, 1e-5).samples())
    *_, offered = lines_of("0" * 16, PLAN, found, None)
    assert offered == f"Use it for a machine: breakeven runs use {'0' * 16} --is MACHINE@MODEL"
    *_, instead = lines_of("0" * 16, PLAN, found, None, adoptable=False)
    assert "who stops a run has chosen the result. Start it again" in instead


def test_any_endpoint_that_is_probed_is_swept(
    tmp_path: Path, embedding_server: Callable[..., GroundTruthServer]
) -> None:
    """A pasted address is mended; header of the key and further fields go with each request."""
    delay = Delay(median_s=0.001, per_text_s=2e-4, per_token_s=1e-6, replicas=2)
    server = embedding_server(Config(delay=delay, dims=16))
    place = server.base_url.removeprefix("http://")
    flags = ("--key-env", "LAB_KEY", "--key-header", "api-key")
    done = breakeven(
        tmp_path,
        *("sweep", "--base-url", f"{place}/embeddings", "--model", "bge-m3", "--free"),
        *("--batch", "4", "--tokens", "16", "--json", *flags, "--body", "truncate=true"),
        variables={"LAB_KEY": "a-key-of-the-lab"},
    )
    assert done.returncode == 0, done.stderr
    assert "The address was mended: http:// was added" in done.stderr
    with opened_runs(Settings(data_dir=tmp_path, database_url=None)) as runs:
        (asked,) = runs.history().runs[0].plan.target.apis
    endpoint = asked.endpoint
    assert endpoint.key_header == "api-key"
    assert dict(endpoint.body) == {"truncate": True}
    assert str(endpoint.base_url) == server.base_url
