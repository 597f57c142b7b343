"""A run counts for an own option only where that option's own address was asked."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.catalog.own.joined import joined_catalog
from core.catalog.schema import Catalog
from core.measurement.latency import Subject
from core.probe.records.probe_plan import ApiTarget
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.starting.candidates import catalogue_candidate, custom_candidate, plan_for
from core.runs.starting.server_plan import server_plan
from core.runs.trust.claims import endpoint_id, holds
from core.settings import Settings
from core.store.open import open_store
from tests.catalog.own.own_texts import MINE, write
from tests.runs.support import finished
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

OPTION = "mine/small"
SUBJECT = Subject(option_id=OPTION, label="Mine", model="mine-small")
Serve = Callable[..., GroundTruthServer]


def asked(
    base_url: str, wire_model: str = "mine-small", wire: str = "openai_compatible"
) -> ApiTarget:
    """A target in the form of the option's."""
    target = custom_candidate(base_url, wire_model, wire=wire).target
    assert isinstance(target, ApiTarget)
    return target


@pytest.mark.parametrize(
    ("target", "true"),
    [
        (asked("https://api.mine.example/v1"), True),
        (asked("https://API.mine.example:443/v1/"), True),
        (asked("https://api.mine.example/v1", "other"), False),
        (asked("https://api.mine.example/v1", wire="cohere"), False),
        (asked("https://api.mine.example/team-b/v1"), False),
        (asked("https://api.mine.example:8443/v1"), False),
        (asked("http://api.mine.example/v1"), False),
        (asked("https://evil.example/v1"), False),
    ],
)
def test_only_its_own_address_format_and_model_are_the_option(
    tmp_path: Path, target: ApiTarget, true: bool
) -> None:
    """Behind one host and port stand several servers: the path counts as well."""
    write(tmp_path, "api/mine.toml", MINE)
    assert holds(SUBJECT, target, joined_catalog(tmp_path).catalog) is true


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    """Runs with a data folder, its own catalogue empty."""
    settings = Settings(data_dir=tmp_path)
    store = open_store(settings)
    opened = Runs(store, settings)
    yield opened
    opened.close()
    store.close()


def add_option(folder: Path, base_url: str, wire_model: str) -> Catalog:
    """An option of one's own at an address."""
    text = MINE.replace("https://api.mine.example/v1", base_url).replace("mine-small", wire_model)
    write(folder / "catalog", "api/mine.toml", text)
    joined = joined_catalog(folder / "catalog")
    assert joined.refusal == ""
    return joined.catalog


def test_a_typed_address_that_becomes_an_option_keeps_what_was_measured(
    tmp_path: Path, runs: Runs, embedding_server: Serve
) -> None:
    """Same address, format and model; an option at another path has no measurement."""
    server = embedding_server()
    plan = plan_for(
        custom_candidate(server.base_url, "m"),
        None,
        texts=("one",),
        schedule={"kind": "open_loop", "requests": 3, "rate_per_s": 50.0},
    )
    finished(runs, runs.start(plan, rate=FREE))
    typed = endpoint_id(plan.target) if isinstance(plan.target, ApiTarget) else ""
    assert set(runs.measurements()) == {typed}
    add_option(tmp_path, server.base_url, "m")
    measured = runs.measurements()
    assert set(measured) == {typed, OPTION}
    assert measured[OPTION].summary == measured[typed].summary
    assert measured[OPTION].subject.label == "Yours: Mine small"
    add_option(tmp_path, f"{server.base_url}/other", "m")
    assert set(runs.measurements()) == {typed}


def test_a_run_that_claims_an_own_option_counts_at_its_address_alone(
    tmp_path: Path, runs: Runs, embedding_server: Serve
) -> None:
    """The option moves to another server: what the old one answered is its measurement no more."""
    server = embedding_server()
    catalog = add_option(tmp_path, server.base_url, "m")
    plan = plan_for(
        catalogue_candidate(catalog, OPTION),
        None,
        texts=("one",),
        schedule={"kind": "open_loop", "requests": 3, "rate_per_s": 50.0},
    )
    run_id = finished(runs, runs.start(plan, rate=FREE)).run_id
    assert set(runs.measurements()) == {OPTION}
    exported = runs.export([run_id])
    add_option(tmp_path, "http://localhost:9/v1", "m")
    assert OPTION not in runs.measurements()
    runs.delete(run_id)
    (imported,) = runs.bring_in(exported.encode(), "file").new
    assert OPTION not in runs.measurements()
    runs.adopt(imported)
    assert OPTION not in runs.measurements()
    add_option(tmp_path, server.base_url, "m")
    assert runs.measurements()[OPTION].run_id == imported


def test_a_sweep_of_an_own_api_counts_at_its_address_alone(
    tmp_path: Path, runs: Runs, embedding_server: Serve
) -> None:
    """A person may say which machine a server is; an API is where it answers."""
    delay = Delay(median_s=0.002, per_text_s=5e-4, per_token_s=1e-5, replicas=2)
    server = embedding_server(Config(delay=delay, dims=16))
    catalog = add_option(tmp_path, server.base_url, "m")
    small: dict[str, Any] = {"sizes": (1, 2, 4), "tokens": (16, 64), "repeats": 2}
    loops: dict[str, Any] = {"workers": (1, 2), "rounds": 3, "shares": (0.5,), "load_requests": 10}
    asked = catalogue_candidate(catalog, OPTION)
    plan = server_plan(asked, None, slo_p95_s=0.5, load_tokens=16, **small, **loops)
    run_id = finished(runs, runs.start(plan, rate=FREE)).run_id
    runs.adopt(run_id)
    measured = runs.measurements()[OPTION]
    assert measured.run_id == run_id
    assert measured.fit is not None
    add_option(tmp_path, "http://localhost:9/v1", "m")
    assert OPTION not in runs.measurements()
    assert runs.adoptions() == {}
