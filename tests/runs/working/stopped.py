"""What must hold of a run that was stopped, counted at the server that it asked."""

import time
from datetime import UTC, datetime

from core.runs.places.folders import lock_file
from core.runs.places.liveness import is_locked
from core.runs.service import Runs
from core.runs.watching.run_view import RunView
from core.settings import Settings
from core.store.open import Store
from core.store.runs import RunState
from tests.oracles.ledger_totals import spent_on
from tests.runs.support import PATIENCE_S
from tests.servers.ground_truth import GroundTruthServer

QUIET_S = 0.4
"""The plans send 10 to 20 requests a second: in this time a live worker would be seen."""


def wait_for_requests(server: GroundTruthServer, count: int) -> None:
    """Until the server was asked so often."""
    deadline = time.monotonic() + PATIENCE_S
    while len(server.truths) < count:
        assert time.monotonic() < deadline, f"only {len(server.truths)} requests came"
        time.sleep(0.01)


def wait_until_worker_gone(settings: Settings, run_id: str) -> None:
    """Until no process works on the run."""
    deadline = time.monotonic() + PATIENCE_S
    while is_locked(lock_file(settings.data_dir, run_id)):
        assert time.monotonic() < deadline, "the worker did not end"
        time.sleep(0.01)


def faults_of_stop(
    store: Store, settings: Settings, run_id: str, server: GroundTruthServer
) -> list[str]:
    """What is wrong with a stopped run, in sentences: nothing, if it was stopped well."""
    wait_until_worker_gone(settings, run_id)
    received = len(server.truths)
    time.sleep(QUIET_S)
    runs = Runs(store, settings)
    view, samples = runs.view(run_id), runs.samples(run_id)
    with store.read() as connection:
        held, spent = spent_on(connection, datetime.now(UTC).date())
    sent = sum(sample.sent_ns is not None for sample in samples)
    answers = sum(sample.ok for sample in samples)
    answered = sum(truth.answered_ns is not None for truth in server.truths)
    checks = {
        f"{len(server.truths) - received} requests after the end": len(server.truths) == received,
        f"its state is {view.state.value}": view.state is RunState.CANCELLED,
        f"{held} nano-USD are still held": held == 0,
        f"{spent} nano-USD spent of {view.worst_case_usd}": _spent_in_part(view, spent, sent),
        f"{received} requests came, {sent} are stored as sent": received <= sent,
        f"{answered} were answered, {answers} answers are stored": answers <= answered,
    }
    return [fault for fault, holds in checks.items() if not holds]


def _spent_in_part(view: RunView, spent: int, sent: int) -> bool:
    """Some of what was held, if anything was sent; never all of it. A free run spends nothing."""
    held = int(view.worst_case_usd * 10**9)
    return spent == 0 if held == 0 else (spent > 0 or not sent) and spent < held
