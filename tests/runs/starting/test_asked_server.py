"""A typed address is asked what it is under the settings, with no key but its own, and cleaned."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import EgressError, RunError
from core.probe.recognise.recognised import ServedModel
from core.runs.starting.asked_server import recognised_at
from core.settings import Settings
from tests.probe.wire.test_transport import free_port
from tests.servers.standins import gateways, serving
from tests.servers.standins.standin import Asked, StandIn, model_list

KEY = "sk-a-key-that-is-never-to-be-seen-20471112"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an installation of its own."""
    return Settings(data_dir=tmp_path)


def test_a_key_goes_to_its_server_alone_and_in_its_header(settings: Settings) -> None:
    """As a bearer token, or as it is in a header that was named; without one, nothing is sent."""
    with gateways.litellm(KEY) as standin:
        server = recognised_at(standin.origin, settings, SecretStr(KEY))
        assert server.embedders[0].name == "bge-m3"
        assert standin.asked[0].headers["authorization"] == f"Bearer {KEY}"
    with serving.tei() as standin:
        standin.key, standin.key_header = KEY, "api-key"
        server = recognised_at(standin.origin, settings, SecretStr(KEY), "api-key")
        assert server.server == "Text Embeddings Inference"
        assert standin.asked[0].headers["api-key"] == KEY
        assert "authorization" not in standin.asked[0].headers


def test_a_key_that_is_sent_back_is_nowhere_in_what_is_recognised(settings: Settings) -> None:
    """As a model's name, a part of it, in a version, or as the digits of a limit."""

    def info(_: StandIn, asked: Asked) -> object:
        key = asked.headers.get("authorization", "").removeprefix("Bearer ")
        return serving.INFO | {
            "model_id": f"m-{key}",
            "version": key[5:25],
            "model_sha": key.upper(),
            "max_batch_tokens": int(key[-8:]),
        }

    with StandIn({"/info": info}) as standin:
        server = recognised_at(standin.origin, settings, SecretStr(KEY))
    shown = server.model_dump_json()
    assert server.max_tokens_per_batch is None
    assert server.max_texts_per_request == 32
    assert not any(KEY[i : i + 8].lower() in shown.lower() for i in range(len(KEY) - 8))
    assert "[hidden]" in server.models[0].name


def test_a_providers_key_is_not_taken_to_another_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent: it belongs to its own."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(EgressError, match="OPENAI_API_KEY belongs to"):
        recognised_at("https://api.example.com/v1", settings, SecretStr(KEY))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("http://10.1.2.3:8080", "private network"),
        ("169.254.169.254", "169.254.169.254"),
        ("http://user:secret@localhost:8080", "user name or password"),
        ("https://host/v1?key=secret", "query"),
        ("http://api.example.com/v1", "not encrypted"),
    ],
)
def test_an_address_is_judged_as_the_probes_is(settings: Settings, typed: str, says: str) -> None:
    """Mended first, and then refused in the same words; no secret of it is repeated."""
    with pytest.raises(EgressError, match=says) as refused:
        recognised_at(typed, settings)
    assert "secret" not in str(refused.value)


def test_a_server_of_ones_own_is_allowed_by_typing_it_where_one_is_alone(
    settings: Settings,
) -> None:
    """There a private address is judged as allowed; a cloud's own address never is."""
    port = free_port()
    with pytest.raises(RunError, match="Nothing answers at 127"):
        recognised_at(f"127.0.0.1:{port}", settings, mine=True)
    with pytest.raises(EgressError, match="private network"):
        recognised_at("10.1.2.3:8080", settings)
    with pytest.raises(EgressError, match=r"169\.254"):
        recognised_at("http://169.254.169.254", settings, mine=True)


@pytest.mark.parametrize("typed", ["", "http://", "not an address", "ftp://host", "::"])
def test_what_is_no_address_gets_a_sentence(settings: Settings, typed: str) -> None:
    """With what to type."""
    with pytest.raises((RunError, EgressError)) as refused:
        recognised_at(typed, settings)
    assert len(str(refused.value)) < 300


def test_where_typed_addresses_are_off_nothing_is_asked(tmp_path: Path) -> None:
    """A page that strangers reach asks nobody for them."""
    closed = Settings(data_dir=tmp_path, allow_custom_base_url=False)
    with serving.tei() as standin:
        with pytest.raises(EgressError, match="BREAKEVEN_ALLOW_CUSTOM_BASE_URL"):
            recognised_at(standin.origin, closed)
        assert standin.asked == []


def test_names_that_move_the_cursor_or_hide_are_made_plain(settings: Settings) -> None:
    """A model may be called anything by its server; a nameless one is left out."""
    names = ["a\x1b[2Jb", "c\u202ed", "e" * 1000, "", "   "]
    listed = model_list(*names, owned_by="somebody")
    with StandIn({"/v1/models": listed}) as standin:
        server = recognised_at(standin.origin, settings)
    assert [model.name[:10] for model in server.models] == ["a·[2Jb", "c·d", "e" * 10]
    assert max(len(model.name) for model in server.models) == 300
    assert server.embedders[0] == ServedModel(name="a·[2Jb")


def test_a_bearer_is_one_however_its_header_is_spelt(settings: Settings) -> None:
    """As the probe sends it."""
    with gateways.litellm(KEY) as standin:
        recognised_at(standin.origin, settings, SecretStr(KEY), "authorization")
        assert standin.asked[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("header", ["Host", "host", "user-agent", "content-type", "a b"])
def test_a_key_takes_no_header_of_the_request_itself(settings: Settings, header: str) -> None:
    """A server behind a shared address would be asked by the key's name."""
    with pytest.raises(RunError, match="header of the key"):
        recognised_at("http://127.0.0.1:9", settings, SecretStr(KEY), header)
