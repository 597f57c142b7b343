"""The worker as a program: what it does with a bad start."""

import subprocess
import sys
from decimal import Decimal

import pytest

from core.catalog.schema import PriceUnit
from core.runs.places.folders import LOGS_KEPT, log_file, prune_logs
from core.runs.starting.job import Access, Job
from core.settings import Settings
from core.store.open import Store
from tests.runs.support import KEY


def run_worker(document: bytes) -> "subprocess.CompletedProcess[str]":
    """Run the module to its end with a document on its standard input."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "core.runs.working"],
        input=document,
        capture_output=True,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def job(settings: Settings, run_id: str) -> Job:
    """A job for a run of the settings' store."""
    return Job(
        run_id=run_id,
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        targets=(Access(key=KEY, usd=Decimal(0), unit=PriceUnit.PER_REQUEST),),
        local_threads=None,
        place=None,
    )


@pytest.mark.parametrize("document", [b"", b"{", b'{"key": "sk-seen"}', b"\xff\xfe"])
def test_a_document_that_is_no_job_is_refused_without_repeating_it(document: bytes) -> None:
    """Half a document may hold the key."""
    done = run_worker(document)
    assert done.returncode == 1
    assert "no job on standard input" in done.stderr
    assert "sk-seen" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_ends_cleanly_while_its_input_stays_open() -> None:
    """The thread that waits for the next line does not bring the process down at its end."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "core.runs.working"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"{}\n")
        process.stdin.flush()
        assert process.wait(timeout=60) == 1
        assert process.stderr is not None
        told = process.stderr.read()
    assert b"no job on standard input" in told
    assert b"Fatal" not in told


def test_a_run_that_is_not_waiting_is_left_alone(store: Store, settings: Settings) -> None:
    """A worker that comes too late, or for nothing, ends quietly."""
    del store
    done = run_worker(job(settings, "gone").document())
    assert (done.returncode, done.stderr) == (0, "")


def test_a_store_that_cannot_be_opened_is_a_sentence_in_the_log(settings: Settings) -> None:
    """No traceback, no key."""
    settings.data_dir.mkdir()
    settings.database_file.write_bytes(b"no database" * 500)
    done = run_worker(job(settings, "a").document())
    assert done.returncode == 1
    assert "is not a readable database" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_worker_imports_neither_the_page_nor_torch() -> None:
    """A probe of an API starts at once, in little memory."""
    code = (
        "import sys, core.runs.working.worker; "
        "print([name for name in ('streamlit', 'plotly', 'pandas', 'torch', 'alembic') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_old_logs_go_and_new_ones_stay(settings: Settings) -> None:
    """The folder does not grow for ever."""
    for number in range(LOGS_KEPT + 5):
        path = log_file(settings.data_dir, f"run{number}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    newest = log_file(settings.data_dir, "newest")
    newest.touch()
    prune_logs(settings.data_dir)
    assert newest.exists()
    assert len(list(newest.parent.iterdir())) == LOGS_KEPT
