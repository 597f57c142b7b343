"""A hybrid as a run: proved and paid for before the first request, refused in a sentence."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.catalog.schema import PriceUnit
from core.probe.embedders.wrapped.hybrid_embedder import SPILLED, check_texts
from core.probe.records.probe_plan import HybridTarget, ProbePlan
from core.runs.service import Runs
from core.runs.spending.worst_case import Rate, worst_case_usd
from core.store.open import Store
from core.store.runs import RunState
from tests.oracles.ledger_totals import spent_on
from tests.runs.support import KEY, api_plan, finished
from tests.servers.delays import Delay
from tests.servers.embeddings import tokens_of
from tests.servers.ground_truth import Config, GroundTruthServer

pytestmark = pytest.mark.usefixtures("warm_worker")

Serve = Callable[..., GroundTruthServer]
PRICE = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)


def hybrid_plan(base: GroundTruthServer, burst: GroundTruthServer) -> ProbePlan:
    """A base that takes one request at a time, ten arrivals in its time for one."""
    sides = [api_plan(server.base_url).target for server in (base, burst)]
    target = HybridTarget.model_validate({"base": sides[0], "burst": sides[1]})
    return api_plan(burst.base_url).model_copy(update={"target": target})


def test_a_hybrid_run_pays_for_its_proof_and_for_what_spilled(
    runs: Runs, store: Store, embedding_server: Serve
) -> None:
    """The base's requests are free, the burst target's are billed, and samples say which."""
    secret = KEY.get_secret_value()
    base = embedding_server(Config(delay=Delay(median_s=0.05), api_key="base-key"))
    burst = embedding_server(Config(api_key=secret))
    plan = hybrid_plan(base, burst)
    run_id = runs.start(plan, rate=PRICE, key=KEY, base_key=type(KEY)("base-key"))
    view = finished(runs, run_id)
    assert (view.state, view.error) == (RunState.DONE, None)
    samples = runs.samples(run_id)
    spilled = [sample for sample in samples if sample.detail == SPILLED]
    assert 0 < len(spilled) < len(samples)
    assert len(burst.truths) == 1 + len(spilled)
    assert len(base.truths) == 1 + len(samples) - len(spilled)
    tokens = sum(map(tokens_of, check_texts(plan.texts)))
    tokens += sum(sample.tokens_billed or 0 for sample in spilled)
    with store.read() as connection:
        assert spent_on(connection, datetime.now(UTC).date()) == (0, tokens * 20)
    assert view.spent_usd <= worst_case_usd(plan, PRICE)


def test_sides_of_different_vectors_fail_before_any_load(
    runs: Runs, embedding_server: Serve
) -> None:
    """The sentence of the refusal is the run's."""
    base, burst = embedding_server(), embedding_server(Config(dims=64))
    view = finished(runs, runs.start(hybrid_plan(base, burst), rate=PRICE))
    assert view.state is RunState.FAILED
    assert view.error is not None
    assert "384 dimensions and the burst target 64" in view.error
    assert (len(base.truths), len(burst.truths)) == (1, 1)
