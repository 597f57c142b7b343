"""A worker that starts beside the command's own import: the run's own, or gone."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli.probing.readying import ready_crew
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.settings import Settings
from core.store.open import open_store
from core.store.runs import RunState, get_run
from tests.runs.support import api_plan, finished
from tests.servers.ground_truth import GroundTruthServer

HEAVY = {"numpy", "pandas", "scipy", "sqlalchemy", "streamlit", "openai", "httpx2", "rich.progress"}


def test_the_worker_that_was_made_ready_does_the_run(
    tmp_path: Path, embedding_server: Callable[..., GroundTruthServer]
) -> None:
    """And lets go with the block."""
    settings = Settings(data_dir=tmp_path, database_url=None)
    with ready_crew(settings) as crew:
        (member,) = crew._members
        store = open_store(settings)
        runs = Runs(store, settings, crew)
        run_id = runs.start(api_plan(embedding_server().base_url), rate=FREE)
        assert finished(runs, run_id).state is RunState.DONE
        with store.read() as connection:
            run = get_run(connection, run_id)
        runs.close()
        store.close()
    assert run is not None
    assert run.pid == member.process.pid
    assert member.process.wait(timeout=60) == 0


def test_a_worker_for_a_run_that_never_came_is_ended_at_once(tmp_path: Path) -> None:
    """It does not go on importing for nobody."""
    with ready_crew(Settings(data_dir=tmp_path, database_url=None)) as crew:
        (member,) = crew._members
    assert member.process.wait(timeout=10) != 0


def test_a_key_that_was_typed_is_in_no_environment_of_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its variable is called: others may read what a process was started with."""
    monkeypatch.setenv("MINE", "k-4711-of-mine")
    settings = Settings(data_dir=tmp_path, database_url=None)
    with ready_crew(settings, ("localhost:8080=MINE",)) as crew:
        (member,) = crew._members
    assert "PATH" in member.environment
    assert "k-4711-of-mine" not in member.environment.values()


def test_a_folder_that_cannot_be_written_is_for_the_run_to_say(tmp_path: Path) -> None:
    """In its own sentence: here nothing is ready, and nothing is raised."""
    (tmp_path / "file").write_text("")
    with ready_crew(Settings(data_dir=tmp_path / "file", database_url=None)) as crew:
        assert crew._members == []


def test_the_command_imports_nothing_heavy_before_its_worker_starts() -> None:
    """What takes most of the time to the first number is done by both at once."""
    code = "import sys, core.cli.commands.probe_command; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    modules = set(told.stdout.split())
    assert "core.runs.starting.crew" in modules
    assert not modules & HEAVY
    assert "core.catalog.schema" not in modules
