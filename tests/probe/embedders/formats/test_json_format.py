"""A new wire format is one small file: the example of CONTRIBUTING, against a server of its own."""

import asyncio
import importlib.util
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.catalog.rows.offers import Endpoint
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.records.embedder import Answer, Fault
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings

CONTRIBUTING = Path(__file__).resolve().parents[4] / "CONTRIBUTING.md"


class TextEmbeddings(BaseHTTPRequestHandler):
    """Answers POST /embed with three numbers for each text, and anything else with 404."""

    def do_POST(self) -> None:
        """One answer; a text that says so is answered with an object."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, asked, self.headers["Authorization"]))  # type: ignore[attr-defined]
        vectors: Any = [[float(len(text)), 1.0, 0.0] for text in asked["inputs"]]
        body = json.dumps({} if asked["inputs"] == ["broken"] else vectors).encode()
        self.send_response(200 if self.path == "/embed" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """Such a server on this computer."""
    with HTTPServer(("127.0.0.1", 0), TextEmbeddings) as running:
        running.asked = []  # type: ignore[attr-defined]
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def example(tmp_path: Path) -> type[JsonFormat]:
    """The example, put into a file of its own and imported from there."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    file = tmp_path / "text_embeddings_inference.py"
    file.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type[JsonFormat] = module.TextEmbeddingsInference
    return found


def embedded(kind: type[JsonFormat], server: HTTPServer, texts: list[str]) -> Answer:
    """One request in this format."""
    endpoint = Endpoint.model_validate(
        {"wire": "openai_compatible", "base_url": f"http://127.0.0.1:{server.server_port}"}
    )
    target = ApiTarget(endpoint=endpoint, wire_model="m", allow_loopback=True)

    async def one() -> Answer:
        embedder = kind(target, SecretStr("sk-a-key-of-mine"))
        await embedder.open()
        try:
            return await embedder.embed(texts, timeout_s=5.0, timings=Timings())
        finally:
            await embedder.aclose()

    return asyncio.run(one())


def test_the_example_of_contributing_embeds(example: type[JsonFormat], server: HTTPServer) -> None:
    """Path, body and reader are all that it says; the key travels as everywhere."""
    answer = embedded(example, server, ["one", "three"])
    assert answer.vectors.tolist() == [[3.0, 1.0, 0.0], [5.0, 1.0, 0.0]]
    ((path, body, key),) = server.asked  # type: ignore[attr-defined]
    assert (path, key) == ("/embed", "Bearer sk-a-key-of-mine")
    assert body == {"inputs": ["one", "three"], "truncate": False}


def test_what_is_no_answer_in_it_is_named(example: type[JsonFormat], server: HTTPServer) -> None:
    """Its reader's fault reaches whoever asked, with what the headers said."""
    with pytest.raises(Fault) as fault:
        embedded(example, server, ["broken"])
    assert fault.value.outcome is Outcome.BAD_JSON
    assert fault.value.reported.http_status == 200


def test_the_example_is_short() -> None:
    """About twenty lines that do something."""
    text = CONTRIBUTING.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    body = code.split("class ", 1)[1]
    assert len([line for line in body.splitlines() if line.strip()]) <= 20
