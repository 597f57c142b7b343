"""Which host may get which key."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from core.catalog.load import load_catalog
from core.catalog.schema import Endpoint, PriceUnit
from core.errors import BudgetError, EgressError, RunError
from core.probe.records.probe_plan import ApiTarget, HybridTarget
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE, Rate
from core.runs.starting.candidates import custom_candidate
from core.runs.trust.key_hosts import refuse_strange_host
from core.settings import Settings
from core.store.open import Store
from tests.runs.support import api_plan

OPENAI = "sk-the-key-of-openai"
PRICE = Rate(Decimal("0.01"), PriceUnit.PER_MTOK)


def target(base_url: str, key_env: str | None = None, *, loopback: bool = False) -> ApiTarget:
    """An endpoint in OpenAI's form."""
    fields = {"wire": "openai_compatible", "base_url": base_url, "key_env": key_env}
    return ApiTarget(
        endpoint=Endpoint.model_validate(fields), wire_model="m", allow_loopback=loopback
    )


def test_every_provider_may_get_its_own_key() -> None:
    """The catalogue's own endpoints pass, and a dot at the end of a host is no other host."""
    refuse_strange_host(target("https://api.openai.com./v1", "OPENAI_API_KEY"), SecretStr("k"))
    for provider in load_catalog().providers:
        if provider.endpoint is not None:
            refuse_strange_host(
                ApiTarget(endpoint=provider.endpoint, wire_model="m"), SecretStr("k")
            )


@pytest.mark.parametrize(
    "base_url",
    [
        "https://evil.example/v1",
        "https://api.openai.com.evil.example/v1",
        "https://openai.com/v1",
        "https://api.cohere.com/v2",
        "https://api.openai.com:8443/v1",
        "http://api.openai.com/v1",
        "https://x.api.openai.com/v1",
        "https://api.openai.com@evil.example/v1",
        "https://аpi.openai.com/v1",
        "http://10.0.0.5:8080/v1",
        "http://tei/v1",
    ],
)
def test_a_key_is_not_sent_to_another_host(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the name of its variable nor typed in: the sentence names whom it belongs to."""
    with pytest.raises(EgressError, match=r"OPENAI_API_KEY belongs to api\.openai\.com"):
        refuse_strange_host(target(base_url, "OPENAI_API_KEY"), SecretStr("anything"))
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI)
    with pytest.raises(EgressError) as refused:
        refuse_strange_host(target(base_url), SecretStr(OPENAI))
    assert OPENAI not in str(refused.value)


def test_a_key_of_ones_own_and_a_server_on_this_computer_are_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another key to another host; any key to nowhere."""
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI)
    refuse_strange_host(target("https://mine.example/v1"), SecretStr("my own"))
    refuse_strange_host(target("https://mine.example/v1"), None)
    for here in ("http://127.0.0.1:1/v1", "http://localhost:8080/v1", "http://[::1]:80/v1"):
        refuse_strange_host(target(here, loopback=True), SecretStr(OPENAI))


def test_a_plan_does_not_say_what_is_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A far host that calls itself local gets no more keys than another."""
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI)
    for strange in ("https://evil.example/v1", "https://localhost.evil.example/v1"):
        with pytest.raises(EgressError, match="is not sent to"):
            refuse_strange_host(target(strange, loopback=True), SecretStr(OPENAI))


@pytest.mark.parametrize(
    "base_url",
    ["https://api.openai.com/v1", "https://API.openai.com:443/v1?", "https://api。openai.com/v1"],
)
def test_another_spelling_of_the_same_server_is_the_same(base_url: str) -> None:
    """Case, the port that is meant anyway, a full stop of another script."""
    refuse_strange_host(target(base_url, "OPENAI_API_KEY"), SecretStr("k"))


@pytest.mark.parametrize("base_url", ["https://api.openai.com./v1", "https://API.OpenAI.com/v1"])
def test_a_host_is_itself_in_every_spelling(base_url: str) -> None:
    """A dot at its end or a capital letter makes no other host."""
    refuse_strange_host(target(base_url, "OPENAI_API_KEY"), SecretStr(OPENAI))


def test_a_target_is_not_on_this_computer_because_it_says_so() -> None:
    """A plan from a file may say anything; what its host says counts, too."""
    liar = target("https://evil.example/v1", "OPENAI_API_KEY", loopback=True)
    with pytest.raises(EgressError, match="is not sent to evil"):
        refuse_strange_host(liar, SecretStr(OPENAI))


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("https://10.0.0.5/v1", r"10\.0\.0\.5 is in 10\.0\.0\.0/8, a private network \(RFC 1918\)"),
        ("http://0.0.0.0:8080/v1", r"type 127\.0\.0\.1"),
        ("http://evil.example/v1", "not encrypted"),
        ("https://evil.example:22/v1", "Port 22"),
    ],
)
def test_a_forbidden_address_is_refused_before_anything_starts(
    runs: Runs, base_url: str, words: str
) -> None:
    """Not by the worker, in a run that failed."""
    plan = api_plan("https://evil.example/v1")
    with pytest.raises(EgressError, match=words):
        runs.start(plan.model_copy(update={"target": target(base_url)}), rate=FREE)
    assert runs.recent() == []


def test_a_run_is_refused_before_anything_starts(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service asks for every target."""
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI)
    plan = api_plan("https://evil.example/v1")
    strange = plan.model_copy(update={"target": target("https://evil.example/v1")})
    with pytest.raises(EgressError, match="is not sent to evil"):
        runs.start(strange, rate=FREE, key=SecretStr(OPENAI))
    assert runs.recent() == []


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("https://me:my-own-password@mine.example/v1", "user name or password"),
        ("https://mine.example/v1?key=my-own-password", "a query"),
        ("http://mine.example/v1", "not encrypted"),
    ],
)
def test_a_secret_in_an_address_is_refused_before_it_is_stored(
    runs: Runs, base_url: str, words: str
) -> None:
    """A plan is stored whole: a password in its address would be, too."""
    plan = api_plan(base_url)
    plan = plan.model_copy(update={"target": target(base_url)})
    with pytest.raises(EgressError, match=words) as refused:
        runs.start(plan, rate=PRICE)
    assert "my-own" not in str(refused.value)
    assert runs.recent() == []


def test_a_key_among_the_texts_is_refused_before_it_is_stored(runs: Runs) -> None:
    """Pasted into the wrong field, it would be stored with the plan."""
    plan = api_plan("http://127.0.0.1:9/v1", texts=("one", f"my key is {OPENAI}"))
    with pytest.raises(RunError, match="The key stands in the plan") as refused:
        runs.start(plan, rate=FREE, key=SecretStr(OPENAI))
    assert OPENAI not in str(refused.value)
    assert runs.recent() == []


def test_a_providers_server_is_never_free(runs: Runs) -> None:
    """A cap means nothing at a price of 0: neither typed so, nor as the base of a hybrid."""
    plan = api_plan("https://api.openai.com/v1")
    far = target("https://api.openai.com/v1")
    with pytest.raises(BudgetError, match=r"OpenAI bills what is sent to api\.openai\.com"):
        runs.start(plan.model_copy(update={"target": far}), rate=FREE, key=SecretStr("k"))
    mixed = HybridTarget.model_validate({"base": far, "burst": target("https://mine.example/v1")})
    with pytest.raises(BudgetError, match="OpenAI bills"):
        runs.start(plan.model_copy(update={"target": mixed}), rate=PRICE, key=SecretStr("k"))
    assert runs.recent() == []


def test_an_installation_for_listed_providers_asks_no_other(
    store: Store, settings: Settings
) -> None:
    """By its address, whatever name a plan gives to it."""
    only_listed = settings.model_copy(update={"allow_custom_base_url": False})
    runs = Runs(store, only_listed)
    far = target("https://mine.example/v1")
    for name in ("endpoint/mine/m", "a name of mine"):
        plan = api_plan("https://mine.example/v1", option_id=name, target=far)
        with pytest.raises(EgressError, match="the listed providers only"):
            runs.start(plan, rate=PRICE)


@pytest.mark.parametrize("part", ["query", "body"])
def test_a_key_of_this_environment_in_a_field_is_refused_before_it_is_stored(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Fields are stored, exported and sent: whichever key it is, and whoever asks."""
    monkeypatch.setenv("MY_GATEWAY_TOKEN", "marmalade-quokka")
    plan = api_plan("http://127.0.0.1:9/v1")
    fields = {"wire": "openai_compatible", "base_url": "http://127.0.0.1:9/v1"}
    endpoint = Endpoint.model_validate(fields | {part: {"user": "marmalade-quokka"}})
    there = target("http://127.0.0.1:9/v1", loopback=True)
    asked = there.model_copy(update={"endpoint": endpoint})
    with pytest.raises(RunError, match="user holds what is in MY_GATEWAY_TOKEN") as refused:
        runs.start(plan.model_copy(update={"target": asked}), rate=FREE)
    assert "marmalade" not in str(refused.value)
    assert runs.recent() == []


def test_the_runs_own_key_in_a_field_is_refused(runs: Runs) -> None:
    """As anywhere in a plan."""
    fields = {"wire": "openai_compatible", "base_url": "http://127.0.0.1:9/v1"}
    endpoint = Endpoint.model_validate(fields | {"body": {"user": OPENAI}})
    there = target("http://127.0.0.1:9/v1", loopback=True).model_copy(update={"endpoint": endpoint})
    plan = api_plan("http://127.0.0.1:9/v1").model_copy(update={"target": there})
    with pytest.raises(RunError, match="The key stands in the plan"):
        runs.start(plan, rate=FREE, key=SecretStr(OPENAI))


@pytest.mark.parametrize(
    "asked",
    [
        {"endpoint": {"query": {"subscription": OPENAI}}},
        {"endpoint": {"body": {"user": f"Bearer {OPENAI}"}}},
        {"endpoint": {"key_header": OPENAI}},
        {"base_url": f"http://localhost:8080/{OPENAI}/v1"},
        {"model": OPENAI},
    ],
)
def test_a_key_of_this_computer_is_in_nothing_that_is_asked(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    """Whole or within a value, wherever it was typed: it would be a part of the run's name."""
    monkeypatch.setenv("LAB_KEY", OPENAI)
    typed = {"base_url": "http://localhost:8080/v1", "model": "m"} | asked
    with pytest.raises(RunError, match="holds what is in LAB_KEY") as refused:
        custom_candidate(**typed)
    assert OPENAI not in str(refused.value)


def test_an_address_in_a_variable_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever that variable is called."""
    monkeypatch.setenv("KEYCLOAK_URL", "http://localhost:8080")
    assert custom_candidate("http://localhost:8080/v1", "m").target is not None
