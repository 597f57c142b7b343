"""A key is in no database, log, argument, environment or error."""

import io
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.catalog.schema import PriceUnit
from core.runs.job import Job
from core.runs.launch import worker_environment
from core.runs.secrecy import HIDDEN, ScrubbedStream, Scrubber
from core.runs.service import Runs
from core.runs.worst_case import FREE
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState, get_run
from tests.runs.support import KEY, api_plan, finished, slow_plan, wait_until
from tests.servers.ground_truth import Config, GroundTruthServer

SECRET = KEY.get_secret_value()
Serve = Callable[..., GroundTruthServer]


def files_with_the_key(folder: Path) -> list[Path]:
    """Every file below a folder that contains the key."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return [path for path in found if SECRET.encode() in path.read_bytes()]


def test_a_running_worker_shows_its_key_to_nobody(
    runs: Runs,
    store: Store,
    settings: Settings,
    embedding_server: Serve,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither its arguments nor its environment have the key, though the page's environment has."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("INNOCENT_NAME", f"Bearer {SECRET}")
    server = embedding_server(Config(api_key=SECRET))
    run_id = runs.start(slow_plan(server.base_url), rate=FREE, key=KEY)
    wait_until(runs, run_id, lambda view: view.done > 3)
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert all(truth.bearer for truth in server.truths)
    if sys.platform == "linux":
        process = Path(f"/proc/{run.pid}")
        shown = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        assert b"core.runs.worker" in shown
        assert SECRET.encode() not in shown
    assert files_with_the_key(settings.data_dir) == []
    assert SECRET not in repr(runs.view(run_id)) + repr(run)


@pytest.mark.parametrize("fault", ["401", "500", "not_http", "error_object"])
def test_a_server_that_echoes_the_key_plants_it_nowhere(
    runs: Runs, settings: Settings, embedding_server: Serve, fault: str
) -> None:
    """Faulty answers that repeat the key leave no copy of it behind."""
    plan = api_plan(embedding_server().fault_url(fault))
    view = finished(runs, runs.start(plan, rate=FREE, key=KEY))
    assert view.state is RunState.FAILED
    assert files_with_the_key(settings.data_dir) == []


def test_a_key_that_cannot_be_sent_is_refused_without_showing_it(
    runs: Runs, settings: Settings, embedding_server: Serve
) -> None:
    """A key with a line break would be a header of its own."""
    plan = api_plan(embedding_server().base_url)
    view = finished(runs, runs.start(plan, rate=FREE, key=SecretStr(f"{SECRET}\r\nX: y")))
    assert view.state is RunState.FAILED
    assert view.error is not None
    assert "line break" in view.error
    assert files_with_the_key(settings.data_dir) == []


def test_the_workers_environment_is_without_secrets() -> None:
    """Names that smell of secrets go, values that contain the key go, the rest stays."""
    environment = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "OPENAI_API_KEY": "other",
        "HF_TOKEN": "other",
        "DB_PASSWORD": "other",
        "BREAKEVEN_DATABASE_URL": "postgresql://me:pw@host/db",
        "INNOCENT": f"x{SECRET}y",
    }
    kept = worker_environment(environment, (SECRET, ""))
    assert kept == {"PATH": "/bin", "HOME": "/home/me"}


def test_the_job_shows_its_secrets_only_in_its_document(tmp_path: Path) -> None:
    """The document carries the key through the pipe and reads back equal; a repr does not."""
    job = Job(
        run_id="a",
        data_dir=tmp_path,
        database_url=SecretStr("postgresql://me:hunter2@host/db"),
        key=KEY,
        usd=Decimal("0.1"),
        unit=PriceUnit.PER_MTOK,
        local_threads=None,
        place=None,
    )
    assert SECRET not in repr(job) + str(job)
    assert Job.model_validate_json(job.document()) == job
    assert set(job.secrets) == {SECRET, "postgresql://me:hunter2@host/db"}


def test_a_scrubbed_stream_hides_a_secret_that_comes_in_pieces() -> None:
    """Lines are passed on whole, so that half a secret never gets out."""
    written = io.StringIO()
    stream = ScrubbedStream(written, Scrubber(("abc", "abcdef", "")))
    stream.write("x ab")
    stream.flush()
    stream.write("cdef y abc\nlast abc")
    assert written.getvalue() == f"x {HIDDEN} y {HIDDEN}\n"
    stream.finish()
    assert written.getvalue().endswith(f"last {HIDDEN}")
