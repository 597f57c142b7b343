"""A replica before the scenario's texts: batches, queue, objective."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.bare_replica.replica import most_texts_in_batch, one_at_a_time, replica_of
from core.decide.load.text_load import TextLoad, text_load
from core.decide.result.replica_used import Replica
from core.scenario import Hosting, Objective, Scenario, Workload
from core.serving.batch.batch_time import BatchTime
from core.serving.law.batch_law import Machine
from core.serving.law.published_rates import PublishedRate, nominal_throughput
from core.serving.queue.batch_queue import solve
from core.serving.queue.response_law import LEVELS

L4_TOKENS_PER_S = 62_200.0


def alike(tokens: float) -> TextLoad:
    """Texts of one length."""
    return text_load(Workload(tokens_per_request=tokens), None)


def l4_time(catalog: Catalog, hosting: Hosting) -> BatchTime:
    """bge-large on an L4 at a published rate, each batch started as the scenario says."""
    model = catalog.model("BAAI/bge-large-en-v1.5")
    rate = PublishedRate("large", "l4", "TEI 0.6", L4_TOKENS_PER_S, 450.0)
    found = nominal_throughput("large", "l4", shape_of(model), Machine(121, 300, 16), [rate])
    assert found is not None
    return replace(found.time, start_s=hosting.batch_start_s)


def l4(catalog: Catalog, scenario: Scenario, tokens: float = 450.0) -> Replica:
    """The same as a replica, for texts of this length."""
    time = l4_time(catalog, scenario.hosting)
    most = most_texts_in_batch(scenario.hosting.max_batch_tokens, tokens)
    slo_p95_s = scenario.objective.slo_p95_s
    return replica_of(time, alike(tokens), most, slo_p95_s, catalog.queue)


def test_full_batches_do_the_published_rate(catalog: Catalog) -> None:
    """At the length that it was published for, with the start of a server."""
    assert l4(catalog, Scenario()).full_tokens_per_s == pytest.approx(L4_TOKENS_PER_S)


@pytest.mark.parametrize("start_s", [0.005, 0.1, 1.0])
def test_the_users_start_of_a_batch_is_never_shrunk(catalog: Catalog, start_s: float) -> None:
    """A full batch takes as much longer as its start does: no rate is kept by a smaller one."""
    slow = l4(catalog, Scenario(hosting=Hosting(batch_start_s=start_s)))
    texts = slow.texts_per_batch
    assert slow.batch.start_s == start_s
    assert texts * 450 / slow.full_tokens_per_s == pytest.approx(
        texts * 450 / L4_TOKENS_PER_S + start_s - Hosting().batch_start_s
    )


def test_longer_texts_cost_more_attention(catalog: Catalog) -> None:
    """At 500 tokens 0.3 % less than at 450, at 8,192 a good deal: attention is arithmetic alone."""
    scenario = Scenario()
    at_500 = l4(catalog, scenario, 500.0).full_tokens_per_s / L4_TOKENS_PER_S
    assert at_500 == pytest.approx(0.9975, abs=2e-3)
    assert 0.5 < l4(catalog, scenario, 8_192.0).full_tokens_per_s / L4_TOKENS_PER_S < 0.75


def test_the_objective_is_kept_at_the_load_that_it_allows(catalog: Catalog) -> None:
    """The exact queue at that load has its p95 at the objective, within the table's accuracy."""
    scenario = Scenario(objective=Objective(slo_p95_s=0.2))
    replica = l4(catalog, scenario)
    assert replica.load_at_objective is not None
    rate = replica.load_at_objective * replica.queue.full_rate_per_s
    exact = solve(rate, replica.batch.of_sizes(replica.texts_per_batch))
    assert exact is not None
    assert exact.response.quantiles_s[LEVELS.index(0.95)] == pytest.approx(0.2, rel=0.03)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 5), st.floats(1.05, 3))
def test_a_laxer_objective_allows_more_load(catalog: Catalog, slo_s: float, factor: float) -> None:
    """More time for an answer never means less capacity."""
    tight = l4(catalog, Scenario(objective=Objective(slo_p95_s=slo_s)))
    lax = l4(catalog, Scenario(objective=Objective(slo_p95_s=slo_s * factor)))
    assert (tight.load_at_objective or 0) <= (lax.load_at_objective or 0)


def test_an_objective_below_a_lone_request_is_infeasible_at_any_load(catalog: Catalog) -> None:
    """No number of replicas helps, and the reason says so."""
    replica = l4(catalog, Scenario(objective=Objective(slo_p95_s=0.001)))
    assert replica.load_at_objective is None
    assert "more replicas do not help" in replica.infeasible


def test_memory_limits_the_batch(catalog: Catalog) -> None:
    """A batch holds no more texts than were seen to fit."""
    time = one_at_a_time(2_000.0)
    assert replica_of(time, alike(100.0), 3, 0.2, catalog.queue).texts_per_batch == 3
    assert most_texts_in_batch(Hosting().max_batch_tokens, 100.0) == 163
    assert most_texts_in_batch(50, 100.0) == 1
    one = replica_of(time, alike(500.0), 1, 0.2, catalog.queue)
    assert one.full_tokens_per_s == pytest.approx(2_000)


def test_a_rate_that_is_none_is_refused() -> None:
    """A machine that does nothing has no batch time."""
    with pytest.raises(ValueError, match="positive and finite"):
        one_at_a_time(0.0)


def test_an_overloaded_replica_has_no_response_time(catalog: Catalog) -> None:
    """The queue never settles: that is absent, never a number."""
    replica = l4(catalog, Scenario())
    assert replica.response(replica.full_tokens_per_s) is None
    assert replica.response(replica.full_tokens_per_s * 0.99) is not None


def test_texts_that_differ_leave_less_room(catalog: Catalog) -> None:
    """The same mean, a CV of 1: the objective is reached at a lower load, and long texts wait."""
    scenario = Scenario(objective=Objective(slo_p95_s=0.1))
    time = l4_time(catalog, scenario.hosting)
    loads = []
    for cv in (0.0, 0.5, 1.0):
        texts = text_load(Workload(tokens_per_request=300, length_cv=cv), 2_048)
        most = most_texts_in_batch(scenario.hosting.max_batch_tokens, texts.tokens)
        replica = replica_of(time, texts, most, 0.1, catalog.queue)
        assert replica.load_at_objective is not None
        loads.append(replica.load_at_objective)
        response = replica.response(replica.load_at_objective * replica.full_tokens_per_s)
        assert response is not None
        assert response.p95_s == pytest.approx(0.1, rel=0.01)
    assert loads == sorted(loads, reverse=True)
    assert loads[0] > loads[-1]


def test_no_batch_is_larger_than_the_largest_that_was_solved(catalog: Catalog) -> None:
    """Short texts in a large memory: as many as the table of the queue reaches."""
    largest = int(catalog.queue.batches[-1])
    for most, batch in ((largest - 1, largest - 1), (largest, largest), (10 * largest, largest)):
        replica = replica_of(one_at_a_time(2_000.0), alike(10.0), most, 0.2, catalog.queue)
        assert replica.texts_per_batch == batch
