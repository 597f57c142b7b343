"""What a person means by an address, whatever he types or pastes, and that it is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import EgressError
from core.probe.addresses.egress import judge_url
from core.probe.recognise.mended_address import mended, root_of

MENDED = {
    # a missing scheme
    "localhost:8080": "http://localhost:8080/v1",
    "tei:80": "http://tei:80/v1",
    "gpu.corp:8000": "http://gpu.corp:8000/v1",
    "gpu.corp:443": "https://gpu.corp:443/v1",
    "192.168.1.20:8000/v1": "http://192.168.1.20:8000/v1",
    "api.example.com": "https://api.example.com/v1",
    "//api.example.com/v1": "https://api.example.com/v1",
    # where a server says that it listens
    "0.0.0.0:8080": "http://127.0.0.1:8080/v1",
    "http://0.0.0.0:8000/v1": "http://127.0.0.1:8000/v1",
    "http://[::]:8000": "http://[::1]:8000/v1",
    # the address of one request
    "https://api.openai.com/v1/embeddings": "https://api.openai.com/v1",
    "http://localhost:7997/embeddings": "http://localhost:7997/v1",
    "http://localhost:8080/v1/chat/completions": "http://localhost:8080/v1",
    "http://localhost:8080/v1/models/": "http://localhost:8080/v1",
    "http://localhost:8080/info": "http://localhost:8080/v1",
    "http://localhost:8080/embed": "http://localhost:8080",
    "http://localhost:11434/api/embed": "http://localhost:11434",
    "http://localhost:11434/api/tags": "http://localhost:11434/v1",
    "http://localhost:1234/api/v0/embeddings": "http://localhost:1234/v1",
    "https://host/tei/v1/embeddings": "https://host/tei/v1",
    # Azure's two paths
    "https://x.openai.azure.com": "https://x.openai.azure.com/openai/v1",
    "https://x.openai.azure.com/openai/deployments/d/embeddings?api-version=2024-10-21": (
        "https://x.openai.azure.com/openai/deployments/d"
    ),
    # what stands around it
    ' "https://host/v1/" ': "https://host/v1",
    "<http://localhost:8080>": "http://localhost:8080/v1",
}
LEFT = (
    *("https://host/v1", "http://localhost:8080/v1", "https://host/v3", "https://host/v2/embed"),
    *("no address at all", "host name:80", "a..b", "http:///v1"),
    *("", "http://", "ftp://host/v1", "http://[::1", "host:99999", "https://host/models"),
)


@pytest.mark.parametrize(("typed", "meant"), MENDED.items(), ids=list(MENDED))
def test_what_is_meant_is_found_and_every_change_is_said(typed: str, meant: str) -> None:
    """The base address, and at least one sentence."""
    address = mended(typed)
    assert address.url == meant
    assert address.what_was_mended


@pytest.mark.parametrize("typed", LEFT)
def test_what_needs_no_mending_or_cannot_be_read_is_left(typed: str) -> None:
    """And nothing is said to have been changed."""
    assert mended(typed, version=typed.startswith("https")) == type(mended(""))(typed)


def test_the_format_whose_own_path_was_pasted_is_known() -> None:
    """No version is added to it: its requests stand at the root."""
    assert mended("http://h:1/embed").native == "tei"
    assert mended("http://h:1/api/embed").native == "ollama"
    assert mended("http://h:1/v1/embeddings").native == ""


def test_a_version_is_added_only_where_it_is_wanted() -> None:
    """Who names a model may mean a server at the root."""
    assert mended("http://localhost:7997", version=False).what_was_mended == ()
    assert mended("localhost:7997/", version=False).url == "http://localhost:7997"


@pytest.mark.parametrize(
    "typed",
    [
        "https://host/v1?key=sk-secret",
        "https://host/v1?api-version=1&key=sk-secret",
        "https://user:sk-secret@host/v1",
        "user:sk-secret@host/v1",
        "https://host/v1#sk-secret",
    ],
)
def test_what_may_be_a_key_is_neither_dropped_nor_kept_apart(typed: str) -> None:
    """It stays where it was, and the address is refused where it is judged."""
    address = mended(typed)
    assert address.query == ()
    assert "sk-secret" in address.url
    assert "sk-secret" not in " ".join(address.what_was_mended)
    with pytest.raises(EgressError):
        judge_url(address.url)


HOSTS = st.sampled_from(
    ["localhost:8080", "0.0.0.0:1", "[::]:2", "tei", "api.example.com", "10.0.0.7"]
)
PATHS = st.text("/v13aembeddingsopi?=.#@: ", max_size=30)


@given(st.sampled_from(["", "http://", "https://", "//", "HTTP://"]), HOSTS, PATHS)
def test_a_mended_address_needs_no_mending(scheme: str, host: str, path: str) -> None:
    """Whatever was typed, once is enough; only the path of a single request may leave another."""
    once = mended(f"{scheme}{host}/{path}", version=False)
    again = mended(once.url, version=False)
    for _ in range(len(path)):
        once, again = again, mended(again.url, version=False)
    assert again.url == once.url
    assert again.what_was_mended == ()


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    """An address comes from a person, and from a clipboard."""
    address = mended(text)
    assert isinstance(address.url, str)
    assert (address.url != text) <= bool(address.what_was_mended)


def test_a_servers_own_paths_begin_before_the_version() -> None:
    """A prefix of a proxy stays."""
    assert root_of("https://host/tei/v1") == "https://host/tei"
    assert root_of("http://h:1/v3/") == "http://h:1"
    assert root_of("http://h:1/openai") == "http://h:1/openai"
