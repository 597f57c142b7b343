r"""LiteLLM's proxy, a real one, in an environment of its own: it wants packages that ours does not.

``BREAKEVEN_TEST_LITELLM`` names its program; ``python -m tests.reliability servers`` makes the
environment and runs this file. By hand::

    python -m venv lit
    lit/bin/pip install "litellm[proxy]==1.108.7" "prisma==0.15.0"
    BREAKEVEN_TEST_LITELLM=lit/bin/litellm python -m pytest tests/probe/test_litellm.py
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.probe.records.sample import Outcome
from tests.probe.support import carry_out, plan, recognised
from tests.probe.wire.test_transport import free_port
from tests.reliability.own_servers import LITELLM, own_environment
from tests.servers.ground_truth import Config, GroundTruthServer
from tests.servers.network.started import wait_until_it_listens

KEY = "sk-of-the-proxy-1f9a"
MODEL = "bge-m3"
START_S = 120.0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The proxy in its own process, before a server of ours."""
    program = os.environ.get(LITELLM.variable, "")
    if not program:
        pytest.skip(f"needs {LITELLM.variable}: the program litellm of an environment of its own")
    folder, port = tmp_path_factory.mktemp("litellm"), free_port()
    with GroundTruthServer(Config(dims=16)) as behind:
        file = folder / "config.yaml"
        file.write_text(json.dumps(_config(behind.base_url)))  # JSON is YAML
        how = ("--config", str(file), "--host", "127.0.0.1", "--port", str(port))
        environment = own_environment(LITELLM_LOCAL_MODEL_COST_MAP="True", HOME=str(folder))
        command = [str(Path(program).resolve()), *how, "--telemetry", "False"]
        with subprocess.Popen(command, env=environment, cwd=folder) as process:
            try:
                wait_until_it_listens(port, process, START_S)
                yield f"127.0.0.1:{port}"
            finally:
                process.terminate()


def _config(base_url: str) -> dict[str, object]:
    """One model that embeds, one that chats, and a key."""

    def entry(name: str, mode: str) -> dict[str, object]:
        to = {"model": f"openai/{name}", "api_base": base_url, "api_key": "sk-behind"}
        info = {"mode": mode, "max_input_tokens": 8192}
        return {"model_name": name, "litellm_params": to, "model_info": info}

    return {
        "model_list": [entry(MODEL, "embedding"), entry("gpt", "chat")],
        "general_settings": {"master_key": KEY},
    }


def test_litellm_is_recognised_with_its_models_and_probed(authority: str) -> None:
    """By its liveliness; with its key it names what embeds and how long a text may be."""
    server = recognised(authority, START_S, KEY)
    assert server.server == "LiteLLM"
    assert server.speaks[0].base_url == f"http://{authority}/v1"
    assert [(model.name, model.max_tokens) for model in server.embedders] == [(MODEL, 8192)]
    assert any("this proxy and the server behind it" in note for note in server.notes)
    changes = {"wire_model": MODEL, "expected_dims": 16}
    asked = plan(server.speaks[0].base_url, requests=5, rate_per_s=5, target_changes=changes)
    done = carry_out(asked, key=KEY)
    assert set(done.outcomes()) == {Outcome.OK}


def test_without_its_key_litellm_is_recognised_and_says_what_it_wants(authority: str) -> None:
    """Who is there needs no key; its models do."""
    server = recognised(authority, START_S)
    assert server.server == "LiteLLM"
    assert not server.embedders
    assert "It lists its models to who has a key." in server.notes
