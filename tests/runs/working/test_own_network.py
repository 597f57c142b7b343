"""Runs against a server at a private address: allowed by a setting or by a person, else refused."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.errors import EgressError
from core.probe.addresses.reach import Reach
from core.probe.embedders import library
from core.probe.records.embedder import Fault
from core.probe.records.probe_plan import ApiTarget, HybridTarget, ProbePlan, Rival
from core.probe.records.sample import Outcome
from core.probe.wire.route import Route
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.starting.job import Access, Job
from core.runs.trust.looked_up import refuse_forbidden_name
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState
from tests.conftest import need
from tests.runs.support import api_plan, finished
from tests.runs.working.test_worker import job
from tests.servers.ground_truth import Config, GroundTruthServer
from tests.servers.network.tls import server_context, trusting_context

Serve = Callable[..., GroundTruthServer]
SHORT: dict[str, Any] = {"requests": 4, "warm_up_requests": 1}
Service = Callable[..., Runs]


@pytest.fixture
def service(store: Store, settings: Settings) -> Iterator[Service]:
    """Make the service with other settings."""
    made: list[Runs] = []

    def make(**changes: Any) -> Runs:
        made.append(Runs(store, settings.model_copy(update=changes)))
        return made[-1]

    yield make
    for runs in made:
        runs.close()


@pytest.fixture
def server(private_address: str, embedding_server: Serve) -> GroundTruthServer:
    """A server that listens at a private address alone."""
    return embedding_server(Config(address=private_address))


def far(url: str, **changes: Any) -> ProbePlan:
    """A plan that says nothing of itself."""
    plan = api_plan(url, **SHORT)
    return plan.model_copy(
        update={"target": plan.target.model_copy(update={"allow_loopback": False} | changes)}
    )


def ended(runs: Runs, plan: ProbePlan, **more: Any) -> None:
    """The run goes through, direct, to its end."""
    view = finished(runs, runs.start(plan, rate=FREE, **more))
    assert (view.state, view.error) == (RunState.DONE, None)
    assert view.environment is not None
    assert view.environment.route == "direct"


def test_a_private_address_is_refused_before_a_worker_starts(
    service: Service, server: GroundTruthServer
) -> None:
    """Whatever the plan says of itself; the sentence has a value that would allow it."""
    runs = service()
    for plan in (far(server.base_url), api_plan(server.base_url), far("https://10.0.0.1/v1")):
        with pytest.raises(EgressError, match=r"BREAKEVEN_ALLOW_NETWORKS=10\.0\.0\.0/8"):
            runs.start(plan, rate=FREE, typed=("10.0.0.1:80",))
    assert runs.recent() == []
    assert runs._crew.run_ids == frozenset()
    assert not server.connections


def test_an_allowed_network_is_probed_by_plain_http_and_past_a_proxy(
    service: Service, server: GroundTruthServer
) -> None:
    """By both clients. A proxy that would be asked does not exist; nothing of it is in the run."""
    runs = service(allow_networks=("10.77.0.0/16",), proxy=SecretStr("http://127.0.0.1:9"))
    ended(runs, far(server.base_url))
    ended(runs, far(server.base_url, client="openai_sdk"))
    assert {truth.host for truth in server.truths} == {server.origin.removeprefix("http://")}
    text = runs.export([view.run_id for view in runs.recent()])
    assert "10.77.0.0/16" not in text
    assert "allow_networks" not in text


def test_what_a_person_typed_is_probed_without_a_setting_and_no_other_server_is(
    service: Service, server: GroundTruthServer, embedding_server: Serve
) -> None:
    """In a hybrid and a comparison each server needs its own word."""
    runs, here = service(), embedding_server()
    word = (server.origin.removeprefix("http://"),)
    ended(runs, far(server.base_url), typed=word)
    base, burst = far(server.base_url).target, api_plan(here.base_url).target
    hybrid = api_plan(
        here.base_url, target=HybridTarget.model_validate({"base": base, "burst": burst}), **SHORT
    )
    rival = Rival(subject=far(server.base_url).subject, target=base)
    paired = api_plan(
        here.base_url,
        "endpoint/test/one",
        rivals=(rival,),
        schedule={"kind": "paired", "pairs": 4, "rate_per_s": 50.0},
        warm_up_requests=1,
    )
    rivals: dict[str, Any] = {"rivals": (Access.at(FREE, None),)}
    for plan, more in ((hybrid, dict[str, Any]()), (paired, rivals)):
        with pytest.raises(EgressError, match="BREAKEVEN_ALLOW_NETWORKS"):
            runs.start(plan, rate=FREE, **more)
        ended(runs, plan, typed=word, **more)
    with pytest.raises(EgressError, match="BREAKEVEN_ALLOW_NETWORKS"):
        runs.start(far(server.base_url), rate=FREE, typed=("10.77.0.1:1",))


def test_a_worker_is_told_exactly_what_the_run_may_call(settings: Settings) -> None:
    """By its job, which it reads back as it was: networks of both kinds, names, servers."""
    entries = ["10.0.0.0/8", "fd12::/16", "tei", "*.svc.cluster.local"]
    told = job(settings, "0123456789abcdef").model_copy(
        update={"reach": Reach.of(entries, typed=["10.0.0.5:80", "[fd12::1]:80"])}
    )
    assert Job.model_validate_json(told.document()).reach == told.reach
    assert Job.model_validate_json(job(settings, "1").document()).reach == Reach()


def test_the_worker_judges_again(
    service: Service, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere by the time that the worker asks is not followed."""
    server = embedding_server(tls=server_context())
    real = socket.getaddrinfo

    def first(host: Any, *args: Any, **fields: Any) -> list[Any]:
        return real("10.0.0.5" if host == "localhost" else host, *args, **fields)

    monkeypatch.setattr(socket, "getaddrinfo", first)  # here, not in the worker
    runs = service(allow_networks=("10.0.0.0/8",))
    view = finished(runs, runs.start(far(server.base_url), rate=FREE))
    assert view.state is RunState.FAILED
    assert view.error is not None
    assert "localhost resolves to" in view.error
    assert not server.connections


def test_a_company_s_certificate_is_verified_for_the_private_address(
    service: Service, private_address: str, embedding_server: Serve, tmp_path: Path
) -> None:
    """BREAKEVEN_CA_FILE names it; without it nothing is sent, however the address is allowed."""
    pem = certificate_for(private_address, tmp_path)
    server = embedding_server(Config(address=private_address), tls=server_context(pem))
    url = f"https://{private_address}:{server.port}/v1"
    ended(service(ca_file=pem, allow_networks=("10.0.0.0/8",)), far(url))
    assert server.truths
    server.truths.clear()
    with library.api(url, "m", allow_networks=["10.0.0.0/8"]) as embed, pytest.raises(Fault) as no:
        embed(["one"])
    assert no.value.outcome is Outcome.TLS
    assert server.truths == []


def certificate_for(address: str, folder: Path) -> Path:
    """A new certificate with its key, for one IP address."""
    need(shutil.which("openssl"), "openssl")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-keyout", str(key), "-out", str(cert), "-subj", "/CN=a company"]
    command += ["-days", "2", "-addext", f"subjectAltName=IP:{address}"]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(key.read_text() + cert.read_text())
    return both


def test_a_program_says_which_networks_are_its_own(server: GroundTruthServer) -> None:
    """The library is judged as a run is."""
    with pytest.raises(EgressError, match="BREAKEVEN_ALLOW_NETWORKS"):
        library.api(server.base_url, "m", allow_loopback=True)
    for client in ("probe", "openai_sdk"):
        with library.api(
            server.base_url, "m", allow_networks=["10.77.0.0/16"], client=client
        ) as embed:
            assert embed(["one"]).shape == (1, 384)
    with pytest.raises(ValueError, match="public internet"):
        library.api(server.base_url, "m", allow_networks=["0.0.0.0/0"])


def test_a_name_service_that_says_nothing_does_not_hold_the_start_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The worker waits for it, and judges."""
    over, ended_waiting = threading.Event(), threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        over.wait()
        ended_waiting.set()
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    target = far("https://slow.example/v1").target
    assert isinstance(target, ApiTarget)
    refuse_forbidden_name(target.address(Reach()), patience_s=0.01)
    assert not ended_waiting.is_set()
    over.set()
    ended_waiting.wait()


@pytest.mark.parametrize("client", ["probe", "openai_sdk"])
def test_an_allowed_name_is_called_by_name_at_the_judged_number(
    client: str, private_address: str, embedding_server: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate is for the name; the name that turns to a cloud's address is not followed."""
    server = embedding_server(Config(address=private_address), tls=server_context())
    real, leads_to = socket.getaddrinfo, [private_address]

    def look_up(host: Any, *args: Any, **fields: Any) -> list[Any]:
        return real(leads_to[0] if host == "gpu.localdomain" else host, *args, **fields)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    route = Route(tls=trusting_context(), reach=Reach.of(["*.localdomain"]))
    url = f"https://gpu.localdomain:{server.port}/v1"
    with library.api(url, "m", route=route, client=client) as embed, pytest.raises(Fault):
        embed(["one"])  # the certificate is for localhost: it is verified by the name
    plain = embedding_server(Config(address=private_address))
    url = f"http://gpu.localdomain:{plain.port}/v1"
    with library.api(url, "m", route=route, client=client) as embed:
        assert embed(["one"]).shape == (1, 384)
    assert plain.truths[-1].host == f"gpu.localdomain:{plain.port}"
    leads_to[0] = "169.254.169.254"
    with (
        library.api(url, "m", route=route, client=client) as embed,
        pytest.raises(EgressError, match="by which a cloud talks"),
    ):
        embed(["one"])
