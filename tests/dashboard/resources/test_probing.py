"""What can be probed, and what is refused before a run is thought of."""

from pathlib import Path

import pytest
import streamlit as st

from core.errors import RunError
from core.probe.records.probe_plan import ApiTarget, OpenLoop
from core.scenario import DEFAULT_OPTIONS, THIS_MACHINE
from dashboard.resources import plans, probing
from dashboard.resources.cached import cached_catalogue


@pytest.fixture(autouse=True)
def _nothing_cached(data_dir: Path) -> None:
    assert data_dir
    st.cache_resource.clear()


def test_this_machine_is_the_first_choice_and_free() -> None:
    """The default target needs no key, no network and no money."""
    first = probing.candidates(DEFAULT_OPTIONS)[0]
    assert first.option_id == THIS_MACHINE
    assert first.key_env is None
    assert first.rate.usd == 0


def test_every_chosen_api_is_a_choice_or_says_what_is_missing() -> None:
    """No option that is called over the network is silently left out."""
    found = {entry.option_id: entry for entry in probing.candidates(DEFAULT_OPTIONS)}
    apis = [name for name in DEFAULT_OPTIONS if cached_catalogue.catalog().find_api(name)]
    assert set(apis) <= set(found)
    assert all((entry.target is None) == bool(entry.missing) for entry in found.values())


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost.", "LOCALHOST", "x.localhost", "127.0.0.1", "127.0.0.1."),
        *("127.1", "2130706433", "0x7f.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]"),
    ],
)
def test_only_an_address_of_this_computer_may_be_plain(host: str) -> None:
    """What the user typed decides: a loopback address is allowed, nothing else is."""
    target = probing.custom_candidate(f"http://{host}:8080/v1", "m", 0.0).target
    assert isinstance(target, ApiTarget)
    assert target.allow_loopback
    for elsewhere in ("host.example", "0.0.0.0", "localhost.example", "[64:ff9b::7f00:1]"):  # noqa: S104
        far = probing.custom_candidate(f"https://{elsewhere}/v1", "m", 0.0).target
        assert isinstance(far, ApiTarget)
        assert not far.allow_loopback


@pytest.mark.parametrize(
    ("address", "model"),
    [("", "m"), ("host/v1", "m"), ("https://", "m"), ("https://h/v1", " "), ("http://[::1/", "m")],
)
def test_an_unusable_address_is_refused_in_words(address: str, model: str) -> None:
    """The sentence says what an address looks like."""
    with pytest.raises(RunError, match=r"https://host/v1"):
        probing.custom_candidate(address, model, 0.0)


def test_a_key_is_found_in_the_environment_and_never_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The key of the server is a secret to every repr."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    key = probing.key_from_server("OPENAI_API_KEY")
    assert key is not None
    assert "sk-very-secret" not in repr(key)
    assert probing.key_from_server("NO_SUCH_PROVIDER_KEY") is None


def test_the_worst_case_rises_with_the_price() -> None:
    """Twice the price is at most twice the cost, and free is free."""
    cheap, dear, free = (
        probing.custom_candidate("https://host.example/v1", "m", usd) for usd in (1.0, 2.0, 0.0)
    )

    def worst(candidate: probing.Candidate) -> float:
        plan = plans.make_plan(candidate, ("one", "two"), OpenLoop(), timeout_s=30)
        return float(probing.worst_case(plan, candidate))

    assert worst(free) == 0
    assert 0 < worst(cheap) < worst(dear) <= 2 * worst(cheap)


def test_a_pasted_address_keeps_its_format_and_its_version() -> None:
    """Of a request to /embed the format, of Azure's the api-version; what was typed stays."""
    tei = probing.meant_candidate("localhost:8080/embed", "m", 0).target
    assert isinstance(tei, ApiTarget)
    assert (str(tei.endpoint.base_url), tei.endpoint.wire) == ("http://localhost:8080/", "tei")
    pasted = "https://lab.openai.azure.com/openai/deployments/e/embeddings?api-version=2024-10-21"
    more = probing.MoreOfEndpoint(query=("filter=a&b=c",))
    azure = probing.meant_candidate(pasted, "e", 0, more).target
    assert isinstance(azure, ApiTarget)
    assert dict(azure.endpoint.query) == {"api-version": "2024-10-21", "filter": "a&b=c"}
