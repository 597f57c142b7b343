"""Runs on SQLite and on PostgreSQL; no worker outlives its test."""

import contextlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import BreakevenError
from core.runs.places.folders import log_file
from core.runs.service import Runs
from core.runs.starting.crew import Crew
from core.settings import Settings
from core.store.open import Store, open_store
from tests.runs.support import finished
from tests.runs.warm import hand_over_worker


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with an empty SQLite database."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=None,
        spend_cap_per_run_usd=Decimal("0.05"),
        spend_cap_per_day_usd=Decimal(1),
        place="a test",
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Its store."""
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture
def runs(store: Store, settings: Settings) -> Iterator[Runs]:
    """Its runs; what is still live at the end of the test is cancelled."""
    service = Runs(store, settings)
    yield service
    with contextlib.suppress(BreakevenError):
        while (live := service.live()) is not None:
            service.cancel(live.run_id)
            finished(service, live.run_id)
    workers = [member.process for member in service._crew._members]
    service.close()
    for worker in workers:
        worker.kill()  # one that exports a model for the next run would go on for long
        worker.wait()


@pytest.fixture(scope="module")
def spare() -> Iterator[Crew]:
    """The worker that waits for the next test of a module."""
    crew = Crew()
    yield crew
    crew.dismiss()


@pytest.fixture
def warm_worker(runs: Runs, settings: Settings, spare: Crew) -> Iterator[None]:
    """Let the fixture ``runs`` take over the worker that the test before has left waiting.

    A start costs a second of a processor. For tests that do not ask how a worker begins; whoever
    needs a new one makes ``Runs`` of its own.
    """
    # Where it started its first run, the start made this folder.
    log_file(settings.data_dir, "any").parent.mkdir(parents=True, exist_ok=True)
    runs._crew._members.extend(spare._members)
    spare._members.clear()
    yield
    with contextlib.suppress(BreakevenError):
        hand_over_worker(runs, spare)


@pytest.fixture
def postgresql_settings(settings: Settings, postgresql_url: str) -> Settings:
    """The same installation with a PostgreSQL database."""
    return settings.model_copy(update={"database_url": SecretStr(postgresql_url)})
