"""The ledger of a run whose server closes idle connections, whatever becomes of the run."""

import os
import signal
import sys
from collections.abc import Callable
from decimal import Decimal

import pytest

from core.catalog.schema import PriceUnit
from core.probe.records.probe_plan import ColdStart
from core.runs.service import Runs
from core.runs.spending.worst_case import Rate, request_nano_usd
from core.store.open import Store
from core.store.runs import RunState, get_run
from core.units import NANO_USD_PER_USD
from tests.oracles.ledger_totals import spent_in_all
from tests.runs.support import KEY, api_plan, finished, wait_until
from tests.servers.embeddings import tokens_of
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]
IDLE = 3
SILENCE = ColdStart(gaps_s=(1.05,), repeats=1, follow_ups=2)
TOKENS = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)
TEXTS = ("where is my order, and when will it be here?",)


def test_both_sendings_are_in_the_ledger(
    runs: Runs, store: Store, warm_worker: None, embedding_server: Serve
) -> None:
    """What six answers billed, and the worst case of what was closed; nothing stays held."""
    server = embedding_server(Config(faults={IDLE: "close_unanswered"}))
    plan = api_plan(server.base_url, schedule=SILENCE, texts=TEXTS)
    view = finished(runs, runs.start(plan, rate=TOKENS, key=KEY))
    assert view.state is RunState.DONE
    assert len(server.truths) == 7
    billed = 6 * tokens_of(TEXTS[0]) * 20
    spent = billed + request_nano_usd(TEXTS, TOKENS, plan.timeout_s)
    with store.read() as connection:
        assert spent_in_all(connection) == (0, spent)
    assert view.spent_usd * NANO_USD_PER_USD == spent


def test_a_request_is_not_sent_beyond_what_is_held(
    runs: Runs, warm_worker: None, embedding_server: Serve
) -> None:
    """Billed by the request, nothing is saved: the plan goes on to its end, and one has failed."""
    server = embedding_server(Config(faults={IDLE: "close_unanswered"}))
    plan = api_plan(server.base_url, schedule=SILENCE, texts=TEXTS)
    rate = Rate(Decimal("0.0001"), PriceUnit.PER_REQUEST)
    view = finished(runs, runs.start(plan, rate=rate, key=KEY))
    assert view.state is RunState.DONE
    assert len(server.truths) == 6
    assert view.spent_usd == Decimal("0.0006")
    assert view.summary is not None
    assert dict(view.summary.errors) == {"stale_connection": 1}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_however_it_ends_nothing_that_was_sent_is_missing(
    runs: Runs, store: Store, embedding_server: Serve, end: signal.Signals
) -> None:
    """The worker goes while the second sending waits: each request counts at its price or more."""
    server = embedding_server(Config(faults={IDLE: "close_unanswered", IDLE + 1: "hang"}))
    plan = api_plan(server.base_url, schedule=SILENCE, texts=TEXTS)
    run_id = runs.start(plan, rate=TOKENS, key=KEY)
    wait_until(runs, run_id, lambda _: len(server.truths) == IDLE + 2)
    with store.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert run.pid is not None
    os.kill(run.pid, end)
    view = finished(runs, run_id)
    assert view.state in {RunState.LOST, RunState.CANCELLED}
    worst = request_nano_usd(TEXTS, TOKENS, plan.timeout_s)
    least = 3 * tokens_of(TEXTS[0]) * 20 + 2 * worst
    with store.read() as connection:
        held, spent = spent_in_all(connection)
    assert held == 0
    assert spent >= least
    if end is signal.SIGKILL:
        assert spent == run.worst_case_nano_usd
    else:
        assert spent == least
