"""Each server is told by its documented answers, with what it says of itself and nothing else."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RunError
from core.probe.addresses.reach import INTERNET
from core.probe.recognise.answer_fields import Answered
from core.probe.recognise.cloud_and_gateway_readers import read_azure
from core.probe.recognise.mended_address import mended
from core.probe.recognise.recognise_server import (
    MOST_ASKED,
    next_questions,
    read,
    recognise,
)
from core.probe.recognise.recognised import Recognised, ServedModel
from core.probe.wire.route import Route
from tests.servers.standins import desktop, gateways, serving
from tests.servers.standins.standin import StandIn

Make = Callable[[], StandIn]
HERE = Route(reach=INTERNET.with_this_computer(meant=True))


def asked(standin: StandIn, typed: str = "") -> Recognised:
    """What is recognised at a stand-in."""
    address = mended(typed or standin.origin, version=False)
    return asyncio.run(recognise(address, route=HERE))


KNOWN: dict[str, tuple[Make, str, str | None, str, list[ServedModel]]] = {
    "TEI": (
        serving.tei,
        "Text Embeddings Inference",
        "1.8.0",
        "/v1",
        [
            ServedModel(
                name="BAAI/bge-m3",
                embeds=True,
                max_tokens=8192,
                dtype="float16",
                revision=serving.SHA,
            )
        ],
    ),
    "vLLM": (
        serving.vllm,
        "vLLM",
        "0.12.0",
        "/v1",
        [ServedModel(name="Qwen/Qwen3-Embedding-0.6B", max_tokens=32768)],
    ),
    "Infinity": (
        serving.infinity,
        "Infinity",
        None,
        "",
        [ServedModel(name="BAAI/bge-small-en-v1.5", embeds=True)],
    ),
    "Infinity with a prefix": (
        lambda: serving.infinity("/v1"),
        "Infinity",
        None,
        "/v1",
        [ServedModel(name="BAAI/bge-small-en-v1.5", embeds=True)],
    ),
    "NIM": (
        serving.nim,
        "NVIDIA NIM",
        "1.6.0",
        "/v1",
        [ServedModel(name="nvidia/nv-embedqa-e5-v5")],
    ),
    "OpenVINO": (
        serving.openvino,
        "OpenVINO Model Server",
        None,
        "/v3",
        [ServedModel(name="gte-large")],
    ),
    "Ollama": (
        desktop.ollama,
        "Ollama",
        "0.12.6",
        "/v1",
        [
            ServedModel(
                name=desktop.NOMIC,
                embeds=True,
                max_tokens=2048,
                dimensions=768,
                dtype="F16",
                revision=desktop.DIGEST,
            )
        ],
    ),
    "llama.cpp": (
        desktop.llama_cpp,
        "llama.cpp",
        "b8681-Debian",
        "/v1",
        [ServedModel(name="nomic.gguf", max_tokens=1024, dimensions=768)],
    ),
    "LM Studio": (
        desktop.lm_studio,
        "LM Studio",
        None,
        "/v1",
        [
            ServedModel(
                name="text-embedding-nomic-embed-text-v1.5",
                embeds=True,
                max_tokens=2048,
                dtype="Q4_0",
            )
        ],
    ),
    "LiteLLM": (
        gateways.litellm,
        "LiteLLM",
        "1.83.7",
        "/v1",
        [ServedModel(name="bge-m3", embeds=True, max_tokens=8192)],
    ),
    "LocalAI": (
        gateways.localai,
        "LocalAI",
        "2.26.0 (a1b2c3d4)",
        "/v1",
        [ServedModel(name="bert-embeddings")],
    ),
    "somebody": (
        lambda: gateways.plain("one", "two"),
        "OpenAI-compatible server",
        None,
        "/v1",
        [ServedModel(name="one"), ServedModel(name="two")],
    ),
}


@pytest.mark.parametrize(
    ("make", "name", "version", "path", "models"), KNOWN.values(), ids=list(KNOWN)
)
def test_a_server_is_told_by_its_documented_answers(
    make: Make, name: str, version: str | None, path: str, models: list[ServedModel]
) -> None:
    """Name, version, by what, base address, the models that embed; few questions, and no key."""
    with make() as standin:
        server = asked(standin)
        assert (server.server, server.version) == (name, version)
        assert server.by_what.startswith("GET /")
        assert server.speaks[0].wire == "openai_compatible"
        assert server.speaks[0].base_url == standin.origin + path
        assert list(server.embedders) == models
        assert len(standin.asked) <= MOST_ASKED
        assert len(set(standin.paths)) == len(standin.paths)
        assert not any("authorization" in one.headers for one in standin.asked)


def test_the_limits_of_a_server_are_its_own_and_what_it_does_not_say_is_not_known() -> None:
    """TEI says its batches; none of the others does."""
    with serving.tei() as standin:
        server = asked(standin)
    assert server.max_texts_per_request == 32
    assert server.max_tokens_per_batch == 16384
    with desktop.llama_cpp() as standin:
        server = asked(standin)
    assert server.max_texts_per_request is None
    assert server.max_tokens_per_batch is None
    assert "--ubatch-size" in " ".join(server.notes)


@pytest.mark.parametrize(
    ("make", "path", "wire"),
    [(serving.tei, "/embed", "tei"), (desktop.ollama, "/api/embed", "ollama")],
)
def test_the_format_whose_path_was_pasted_is_proposed(make: Make, path: str, wire: str) -> None:
    """At the root; OpenAI's interface is the other one. The mend is said."""
    with make() as standin:
        server = asked(standin, f"{standin.authority}{path}")
        assert [(one.wire, one.base_url) for one in server.speaks] == [
            (wire, standin.origin),
            ("openai_compatible", f"{standin.origin}/v1"),
        ]
    assert server.what_was_mended == (
        "http:// was added",
        f"{path} was taken off: a request adds it",
    )


def test_the_path_that_was_missing_is_said() -> None:
    """A missing version is added, a wrong one is changed."""
    with serving.openvino() as standin:
        assert asked(standin).what_was_mended == ("/v3 was added",)
        server = asked(standin, f"{standin.origin}/v1")
        assert server.what_was_mended == (f"the base address is {standin.origin}/v3",)


def test_azure_is_told_by_its_host_and_nothing_is_asked() -> None:
    """Both paths: with a deployment and the version of the interface, and without."""
    pasted = (
        "https://x.openai.azure.com/openai/deployments/my%20model/embeddings?api-version=2024-10-21"
    )
    old = read_azure(mended(pasted, version=False))
    assert old is not None
    assert old.models == (ServedModel(name="my model"),)
    assert old.query == (("api-version", "2024-10-21"),)
    assert old.speaks[0].base_url.endswith("/openai/deployments/my%20model")
    new = asyncio.run(recognise(mended("https://x.openai.azure.com", version=False)))
    assert new.speaks[0].base_url == "https://x.openai.azure.com/openai/v1"
    assert new.what_was_mended == ("/openai/v1 was added",)
    assert {old.key_header, new.key_header} == {"api-key"}
    missing = read_azure(mended(pasted.partition("?")[0], version=False))
    assert missing is not None
    assert "api-version" in missing.notes[-1]
    assert read_azure(mended("https://openai.azure.com.evil.example/v1")) is None


def test_a_server_that_wants_a_key_says_so() -> None:
    """LiteLLM is told without one, its models are not; another server is not told at all."""
    with gateways.litellm("sk-right") as standin:
        server = asked(standin)
        assert (server.server, server.models) == ("LiteLLM", ())
        assert "It lists its models to who has a key." in server.notes
    with StandIn({}, key="sk-right") as standin, pytest.raises(RunError, match="asks for a key"):
        asked(standin)


def test_a_newer_litellm_describes_its_models_in_its_list() -> None:
    """As version 1.108.7 answers, without /model/info and with no version of itself."""
    by = {"object": "model", "owned_by": "openai"}
    entry = by | {"id": "bge-m3", "mode": "embedding", "max_input_tokens": 8192}
    chats = by | {"id": "gpt", "mode": "chat"}
    pages = {
        "/v1/models": {"object": "list", "data": [entry, chats]},
        "/health/liveliness": '"I\'m alive!"',
        "/health/readiness": {"status": "healthy", "db": "Not connected"},
    }
    with StandIn(pages) as standin:
        server = asked(standin)
    assert (server.server, server.version) == ("LiteLLM", None)
    assert server.embedders == (ServedModel(name="bge-m3", embeds=True, max_tokens=8192),)


def test_a_server_without_a_known_answer_is_named_by_what_came_back() -> None:
    """What was asked, and what to do; nobody at the port is another sentence."""
    with StandIn({}) as standin:
        with pytest.raises(RunError, match=r"/v1/models.*status 404.*Type its base address"):
            asked(standin)
        address = mended(standin.origin)
    with pytest.raises(RunError, match=r"Nothing answers at .*no connection\. Is it started"):
        asyncio.run(recognise(address, route=HERE))


PATHS = [
    *("/info", "/v1/models", "/api/version", "/models", "/props", "/system", "/version"),
    *("/v1/metadata", "/v1/config", "/api/v0/models", "/api/tags", "/api/show m", "/model/info"),
    *("/health/liveliness", "/health/readiness"),
]
FIELDS = st.sampled_from(
    [
        *("data", "id", "owned_by", "models", "name", "model_id", "max_client_batch_size"),
        *("version", "meta", "capabilities", "model_info", "general.architecture", "modelInfo"),
        *("assetInfo", "backends", "loaded_models", "type", "state", "model_version_status"),
        *("default_generation_settings", "n_ctx", "model_type", "details", "max_model_len"),
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["vllm", "infinity", "llamacpp", "I'm alive!", "AVAILABLE", "m", "x" * 400]),
)
JSON: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(PATHS), JSON, max_size=8))
def test_no_answer_of_a_stranger_is_a_fault_of_ours(documents: dict[str, Any]) -> None:
    """Whatever is in its fields, there is a valid finding or none, and the questions end."""
    answers = {path: Answered(200, document) for path, document in documents.items()}
    server = read(answers, "http://h")
    if server is not None:
        assert Recognised.model_validate_json(server.model_dump_json()) == server
        assert all(model.name for model in server.models)
    asked_so_far: dict[str, Answered] = {}
    while questions := next_questions(asked_so_far):
        asked_so_far |= {one: answers.get(one, Answered(404)) for one in questions}
    assert len(asked_so_far) <= MOST_ASKED
