"""Which servers a plan asks, by whatever name it calls them."""

import pytest

from core.catalog.schema import Endpoint, WireFormat
from core.probe.records.probe_plan import ApiTarget, HybridTarget
from core.runs.starting.endpoints import endpoints_of
from tests.runs.support import api_plan, local_plan


def asked(url: str, computer: str = "here") -> set[tuple[str, str]]:
    """Address and computer of what a plan asks."""
    return {(e.address, e.computer) for e in endpoints_of(api_plan(url), computer)}


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1",
        "https://API.Example.COM:443/other/path",
        "https://api.example.com./v1",
    ],
)
def test_an_endpoint_is_its_host_and_port(url: str) -> None:
    """Case, path, a last dot and the usual port change nothing."""
    assert asked(url) == {("api.example.com:443", "")}


@pytest.mark.parametrize(
    "url", ["http://localhost:80/v1", "http://127.0.0.1/v1", "http://127.9.9.9/", "http://[::1]/v1"]
)
def test_loopback_is_one_computer_by_every_name(url: str) -> None:
    """And another one on another computer."""
    assert asked(url) == {("localhost:80", "here")}
    assert asked(url) != asked(url, "there")


def test_other_ports_and_hosts_are_other_endpoints() -> None:
    """Nothing is refused that does not meet."""
    urls = ["https://a.example/v1", "https://a.example:8443/v1", "https://b.example/v1"]
    assert len(set.union(*map(asked, urls))) == 3


def test_every_part_of_every_target_counts() -> None:
    """Rivals of a comparison, and base and burst of a hybrid; the local model has a seat."""
    one, two, three = (
        ApiTarget(
            endpoint=Endpoint.model_validate(
                {"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": f"https://{name}.example/v1"}
            ),
            wire_model="m",
        )
        for name in "abc"
    )
    plan = api_plan(
        "https://unused.example/v1",
        target=HybridTarget(base=one, burst=two),
        schedule={"kind": "paired", "pairs": 20, "rate_per_s": 50.0},
        rivals=[{"subject": local_plan().subject, "target": three}],
    )
    found = {endpoint.address for endpoint in endpoints_of(plan, "here")}
    assert found == {"a.example:443", "b.example:443", "c.example:443"}
    assert endpoints_of(local_plan(), "here") == frozenset()
