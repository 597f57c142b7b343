"""A history of runs in every state that they end in."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from core.runs.service import Runs
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import RunState
from dashboard.resources.cached.cached_store import RunView
from tests.dashboard.past_runs import api_plan, local_plan, whole_run, write_run

PLAN = api_plan()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation of the test's own."""
    return Settings(data_dir=tmp_path / "data", spend_cap_per_run_usd=Decimal(1))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Its store."""
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def history(store: Store, settings: Settings) -> list[RunView]:
    """A run done, one cancelled, one that failed at once, one lost; newest first."""
    write_run(store, PLAN, RunState.LOST, whole_run(PLAN)[:10], age_days=4, error="It died.")
    write_run(store, PLAN, RunState.FAILED, [], age_days=3, error="No key.")
    write_run(store, local_plan(), RunState.CANCELLED, whole_run(local_plan())[:30], age_days=2)
    write_run(store, PLAN, RunState.DONE, whole_run(PLAN, failures=[10]), age_days=1)
    return Runs(store, settings).recent()
