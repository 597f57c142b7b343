"""The settings' proxy and certificates, from the page to the worker's connections."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import SettingsError
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.surroundings.route_of_settings import proxy_setting, route_of
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState
from tests.runs.secrets.test_secrecy import files_with_the_key
from tests.runs.support import api_plan, finished
from tests.servers.ground_truth import GroundTruthServer
from tests.servers.network.proxy import ProxyServer
from tests.servers.network.tls import API_CERTIFICATE, API_HOST, server_context

Serve = Callable[..., GroundTruthServer]
PASSWORD = "sk-breakeven-never-to-be-seen-4d1c"


def test_a_run_goes_through_the_proxy_and_says_so(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """Proxy, certificates and place are settings; the password is in no file."""
    server = embedding_server(tls=server_context(API_CERTIFICATE))
    with ProxyServer(server.port) as proxy:
        corporate = settings.model_copy(
            update={
                "proxy": SecretStr(proxy.url.replace("//", f"//me:{PASSWORD}@")),
                "ca_file": API_CERTIFICATE,
                "region": "eu-test-1",
                "host_label": "desk 7",
            }
        )
        runs = Runs(store, corporate)
        plan = api_plan(f"https://{API_HOST}/v1")
        target = plan.target.model_copy(update={"allow_loopback": False})
        view = finished(runs, runs.start(plan.model_copy(update={"target": target}), rate=FREE))
        runs.close()
    assert (view.state, view.error) == (RunState.DONE, None)
    assert set(proxy.asked) == {f"{API_HOST}:443"}
    found = view.environment
    assert found is not None
    assert (found.route, found.region, found.host) == ("through a proxy", "eu-test-1", "desk 7")
    assert files_with_the_key(settings.data_dir) == []


def test_without_a_setting_a_run_is_direct_whatever_the_environment_says(
    runs: Runs, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that nobody named here would be measured unawares."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    view = finished(runs, runs.start(api_plan(embedding_server().base_url), rate=FREE))
    assert view.state is RunState.DONE
    assert view.environment is not None
    assert view.environment.route == "direct"


def test_the_environments_proxy_is_used_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """HTTPS_PROXY, but not for hosts in NO_PROXY."""
    monkeypatch.setenv("https_proxy", "http://proxy.corp:3128")
    monkeypatch.setenv("no_proxy", "inside.example,.corp")
    asked = SecretStr("environment")
    assert proxy_setting(asked, "api.openai.com") == "http://proxy.corp:3128"
    assert proxy_setting(asked, "inside.example") is None
    assert proxy_setting(None, "api.openai.com") is None
    assert proxy_setting(SecretStr("http://p:1"), "inside.example") == "http://p:1"
    monkeypatch.delenv("https_proxy")
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    assert proxy_setting(asked, "api.openai.com") is None


@pytest.mark.parametrize(
    "host", ["inside.example", "inside.example.", "INSIDE.example", "x.corp.", "[fd12::1]", "10.1"]
)
def test_no_proxy_is_read_for_a_host_in_every_spelling(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dot at its end or a number in an old form does not send it to the proxy."""
    monkeypatch.setenv("https_proxy", "http://proxy.corp:3128")
    monkeypatch.setenv("no_proxy", "inside.example,.corp,fd12::1,10.0.0.1")
    assert proxy_setting(SecretStr("environment"), host) is None
    assert proxy_setting(SecretStr("environment"), "api.openai.com.") == "http://proxy.corp:3128"


def test_this_computer_is_direct_where_there_is_a_proxy(
    store: Store, settings: Settings, embedding_server: Serve
) -> None:
    """And the run says so; OpenAI's client, which knows no proxy, can be timed here, too."""
    proxied = settings.model_copy(update={"proxy": SecretStr("http://127.0.0.1:9")})
    runs = Runs(store, proxied)
    base_url = embedding_server().base_url.replace("127.0.0.1", "localhost.")
    for client in ("probe", "openai_sdk"):
        plan = api_plan(base_url)
        target = plan.target.model_copy(update={"client": client})
        view = finished(runs, runs.start(plan.model_copy(update={"target": target}), rate=FREE))
        assert (view.state, view.error) == (RunState.DONE, None)
        assert view.environment is not None
        assert view.environment.route == "direct"
    runs.close()


def test_certificates_that_cannot_be_used_are_told_before_anything_starts(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    """Missing, or no certificates: the sentence names the variable and the file."""
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(SettingsError, match=r"BREAKEVEN_CA_FILE.*empty\.pem.*no certificates"):
        route_of(None, empty)
    missing = settings.model_copy(update={"ca_file": tmp_path / "missing.pem"})
    runs = Runs(store, missing)
    with pytest.raises(SettingsError, match=r"missing\.pem.*No such file"):
        runs.start(api_plan("http://127.0.0.1:1/v1"), rate=FREE)
    assert runs.recent() == []
