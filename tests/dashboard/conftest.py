"""The page under test, and answers of the model over the frozen catalogue."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.curves import Curves
from core.decide.result.snapshot import Snapshot
from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary, Subject
from core.measurement.measured import Measurement
from core.runs.service import Runs
from core.scenario import THIS_MACHINE, Hosting, Objective, Scenario, Serverless, Workload
from tests.benchmarks.browser import chromium
from tests.conftest import need

APP = Path(__file__).parents[2] / "dashboard" / "app.py"

FROZEN_OPTIONS = (
    "alpha/flat",
    "alpha/tiered",
    "beta/characters",
    "beta/requests",
    "beta/seconds",
    "rent/l-1",
    "rent/v-2",
    "owned/gpu-home",
    THIS_MACHINE,
)


@pytest.fixture(scope="session", autouse=True)
def packages_read_once() -> Iterator[None]:
    """Let Streamlit look for components in what is installed once, not for every page under test.

    It parses the metadata of every package, a third of a second or more; they do not change.
    """
    once = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@dataclass(frozen=True)
class Answer:
    """A question with what the model answers."""

    scenario: Scenario
    curves: Curves
    snapshot: Snapshot
    catalog: Catalog


def measurement(option_id: str, p95: Estimate, n_failed: int = 0) -> Measurement:
    """A run of an option with this p95."""
    p50 = Estimate(value_s=0.02, low_s=0.018, high_s=0.023)
    return Measurement(
        run_id="0123456789abcdef",
        subject=Subject(option_id=option_id, label=option_id, model="open/large"),
        started_at=datetime(2026, 1, 15, 12, tzinfo=UTC),
        summary=LatencySummary(
            n_planned=80,
            n_ok=80 - n_failed,
            n_failed=n_failed,
            response_p50=p50,
            response_p95=p95,
            response_p99=Estimate(value_s=None),
            service_p50=p50,
            service_p95=p95,
            errors=(("timeout", n_failed),) if n_failed else (),
        ),
    )


Ask = Callable[..., Answer]


@pytest.fixture
def ask(frozen_catalog: Catalog) -> Ask:
    """Ask the model a question over the frozen catalogue."""

    def answer(
        requests_per_day: float = 100_000,
        growth: float = 0.0,
        options: tuple[str, ...] = FROZEN_OPTIONS,
        measured: dict[str, Measurement] | None = None,
        prices: tuple[tuple[str, float], ...] = (),
        failure_rate: float = 0.0,
        owned: tuple[tuple[str, int], ...] = (),
        discounts: tuple[tuple[str, float], ...] = (),
        **load: float,
    ) -> Answer:
        volume = {"requests_per_day": requests_per_day, "growth_per_month": growth}
        scenario = Scenario(
            workload=Workload(**(volume | load)),
            serverless=Serverless(failure_rate=failure_rate),
            objective=Objective(slo_p95_s=0.5),
            hosting=Hosting(model="open/large"),
            options=options,
            prices=prices,
            owned=owned,
            discounts=discounts,
        )
        found = curves(Case(scenario.without_volume(), frozen_catalog, measured or {}))
        snapshot = at_volume(found, Case(scenario, frozen_catalog, measured or {}))
        return Answer(scenario, found, snapshot, frozen_catalog)

    return answer


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, and no provider's key in the environment."""
    for name in list(os.environ):
        if name.endswith("_API_KEY") or name in {"HF_TOKEN", "REPLICATE_API_TOKEN"}:
            monkeypatch.delenv(name)
    folder = tmp_path / "data"
    monkeypatch.setenv("BREAKEVEN_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def page(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page, not yet run, without anything cached.

    Its form makes no worker ready: most tests probe nothing, and each worker takes a second of a
    processor to begin. A probe that is started has its own.
    """
    monkeypatch.setattr(Runs, "make_ready", lambda _: None)
    st.cache_resource.clear()
    yield AppTest.from_file(str(APP), default_timeout=60)
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    need(shutil.which("chromium"), "chromium")
    with chromium() as started:
        yield started
