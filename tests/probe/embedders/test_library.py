"""embed(texts) -> array, for a program: any provider, the local model, a hybrid, one line apart."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import EgressError, ModelInputError, RunError
from core.probe.embedders import library
from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from tests.probe.embedders.support import FORMATS, Format
from tests.servers.delays import Delay
from tests.servers.embeddings import vector_of
from tests.servers.formats.replicate import KEY as REPLICATE_KEY
from tests.servers.formats.replicate import VERSION, ReplicateServer
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
README = Path(__file__).resolve().parents[3] / "README.md"
TEXTS = [f"text {i}" for i in range(5)]


class SameVectors:
    """An engine with the vectors of the ground-truth server."""

    def embed(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """As the server draws them."""
        return np.stack([vector_of(text, 384) for text in texts])


def right(vectors: NDArray[np.float32], texts: Sequence[str] = TEXTS) -> bool:
    """Whether these are the vectors of the texts, in their order."""
    expected = np.stack([vector_of(text, vectors.shape[1]) for text in texts])
    return vectors.dtype == np.float32 and np.allclose(vectors, expected, atol=1e-6)


def test_openai_compatible_and_its_sdk(embedding_server: Start) -> None:
    """Batches are cut and put together again; the client is a word."""
    server = embedding_server(Config(api_key="k"))
    for client in ("probe", "openai_sdk"):
        with library.api(
            server.base_url, "m", key="k", batch=2, allow_loopback=True, client=client
        ) as embed:
            assert right(embed(TEXTS))
            assert embed([]).shape[0] == 0
    assert [truth.texts for truth in server.truths] == [2, 2, 1] * 2


@pytest.mark.parametrize("a_format", FORMATS, ids=[a_format.wire.value for a_format in FORMATS])
def test_every_format_by_its_name(embedding_server: Start, a_format: Format) -> None:
    """The same call for each provider."""
    url = embedding_server().dialect_url(a_format.dialect)
    with library.api(url, "m", wire=a_format.wire.value, allow_loopback=True) as embed:
        assert right(embed(TEXTS))


def test_replicate_by_its_name() -> None:
    """With the version in the model's name."""
    with (
        ReplicateServer() as server,
        library.api(
            server.base_url,
            f"nateraw/bge-large-en-v1.5:{VERSION}",
            key=REPLICATE_KEY,
            wire="replicate",
            allow_loopback=True,
        ) as embed,
    ):
        assert right(embed(TEXTS))


def test_local_and_hybrid(embedding_server: Start) -> None:
    """The base serves until it is busy; what spills has the same vectors."""
    server = embedding_server()
    base = library.local(SameVectors())
    burst = library.api(server.base_url, "m", allow_loopback=True)
    with library.hybrid(base, burst) as embed:
        assert right(embed(TEXTS))
    with pytest.raises(RunError, match="dimensions"):
        library.hybrid(
            library.local(SameVectors()),
            library.api(embedding_server(Config(dims=8)).base_url, "m", allow_loopback=True),
        )


def test_threads_share_it(embedding_server: Start) -> None:
    """Eight at once are on their way together and get their own vectors."""
    server = embedding_server(Config(delay=Delay(median_s=0.05)))
    with (
        library.api(server.base_url, "m", allow_loopback=True) as embed,
        ThreadPoolExecutor(8) as pool,
    ):
        for text, vectors in zip(TEXTS, pool.map(lambda text: embed([text]), TEXTS), strict=True):
            assert right(vectors, [text])
    assert server.connections > 1


def test_what_is_no_answer_is_raised(embedding_server: Start) -> None:
    """A program never gets broken vectors for good ones."""
    for name, outcome in (("nan", Outcome.NOT_FINITE), ("fewer", Outcome.WRONG_COUNT)):
        url = embedding_server().fault_url(name)
        with library.api(url, "m", allow_loopback=True) as embed, pytest.raises(Fault) as found:
            embed(TEXTS)
        assert found.value.outcome is outcome


def test_bad_calls_are_refused() -> None:
    """One text for a list of texts, an address inside, a batch of nothing."""
    with pytest.raises(EgressError):
        library.api("http://10.0.0.1/v1", "m")
    with pytest.raises(ModelInputError, match="batch"):
        library.local(SameVectors(), batch=0)
    with library.local(SameVectors()) as embed, pytest.raises(ModelInputError, match="list"):
        embed("one text")


def test_the_snippet_of_the_readme_runs(
    embedding_server: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its very lines, with the address of a server on this computer."""
    (snippet,) = re.findall(
        r"```python\n(import os\n\nfrom core\.probe\.embedders\.library import api\n.*?)```",
        README.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert len([line for line in snippet.splitlines() if line]) == 5
    server = embedding_server(Config(api_key="sk-test"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    here = snippet.replace('"https://api.openai.com/v1"', repr(server.base_url))
    here = here.replace("key=", "allow_loopback=True, key=")
    names: dict[str, object] = {}
    exec(here, names)  # noqa: S102 - the point of this test
    vectors = names["vectors"]
    assert isinstance(vectors, np.ndarray)
    assert right(vectors, ["one text", "another"])
    assert server.truths[0].model == "text-embedding-3-small"
