"""How a sweep of a server goes on: as far as each step may say something new."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from core.catalog.schema import PriceUnit
from core.probe.findings.of_server.server_findings import server_found
from core.probe.records.budget import Unlimited
from core.probe.records.ending import EndReason
from core.probe.records.probe_plan import ProbePlan, ServerSweep
from core.probe.records.sample import Outcome
from core.runs.spending.worst_case import Rate, plan_nano_usd, request_nano_usd
from tests.probe.support import carry_out, plan
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]
SWEEP = ServerSweep(
    sizes=(1, 4, 8, 16),
    tokens=(16, 64),
    load_tokens=16,
    repeats=2,
    workers=(1, 2, 4, 8),
    rounds=2,
    shares=(0.3, 0.5),
    load_requests=10,
)
PRICE = Rate(Decimal(1), PriceUnit.PER_MTOK)


def sweep(base_url: str, **changes: object) -> ProbePlan:
    """A short sweep of a server, with texts that fill its lengths."""
    fields: dict[str, object] = {"schedule": SWEEP, "texts_once": True, "slo_s": 10.0}
    return plan(base_url, **(fields | changes))


class Counting(Unlimited):
    """Grants everything, and adds up the worst case of all that was asked for."""

    def __init__(self, timeout_s: float) -> None:
        self.nano_usd = 0
        self._timeout_s = timeout_s

    def reserve(self, texts: Sequence[str], /) -> object:
        """Count it."""
        self.nano_usd += request_nano_usd(texts, PRICE, self._timeout_s)
        return texts


@pytest.mark.parametrize("limit", [None, 8])
def test_what_is_sent_never_costs_more_than_was_said_before(
    embedding_server: Serve, limit: int | None
) -> None:
    """Whatever limit is found: smaller requests are the first texts of those that were counted."""
    asked = sweep(embedding_server(Config(dims=8, most_texts=limit)).base_url)
    budget = Counting(asked.timeout_s)
    done = carry_out(asked, budget=budget)
    assert done.ending.reason is EndReason.COMPLETED
    assert 0 < budget.nano_usd <= plan_nano_usd(asked, PRICE)
    sent = [s.texts for s in done.samples if s.ok]
    assert max(sent) == (limit or 16)
    assert len(done.samples) <= asked.planned
    # One refusal ended the axis: nothing of that size or above was sent again.
    refused = [s for s in done.samples if s.http_status == 413]
    assert len(refused) == (limit is not None)


LIMITS = SWEEP.model_copy(update={"find_limits": True, "shares": (), "workers": (1,)})


@pytest.mark.parametrize("most", [8, 9, 11, 15])
def test_the_most_texts_are_found_exactly(embedding_server: Serve, most: int) -> None:
    """Between 8, which it took, and 16, which it refused: three more requests say which."""
    server = embedding_server(Config(dims=8, most_texts=most))
    asked = sweep(server.base_url, schedule=LIMITS)
    budget = Counting(asked.timeout_s)
    done = carry_out(asked, budget=budget)
    found = server_found(asked, done.samples)
    assert found is not None
    assert (found.most_texts, found.refused_texts) == (most, most + 1)
    assert f"It takes at most {most} texts a request." in found.sentence
    of_texts, _ = LIMITS.searches
    assert sum(s.step == of_texts.step for s in done.samples) == 3
    assert len(done.samples) <= asked.planned
    assert budget.nano_usd <= plan_nano_usd(asked, PRICE)
    # What was sent to find it is no load and no size of the fit.
    assert {cell.texts for cell in found.cells} <= {*LIMITS.sizes}
    assert found.texts in LIMITS.sizes


@pytest.mark.parametrize("most", [18, 40, 65])
def test_the_longest_text_is_found_too(embedding_server: Serve, most: int) -> None:
    """Between 16 and 64 tokens, and the two markers that this server counts beside them."""
    asked = sweep(embedding_server(Config(dims=8, most_tokens=most)).base_url, schedule=LIMITS)
    done = carry_out(asked)
    found = server_found(asked, done.samples)
    assert found is not None
    assert (found.taken_tokens, found.tokens_exact, found.refused_texts) == (most, True, None)
    assert f"It takes a text of at most about {most} tokens." in found.sentence
    assert len(done.samples) <= asked.planned


def test_what_fails_for_another_reason_ends_no_search(embedding_server: Serve) -> None:
    """Twelve are refused; ten meet an error of the server, and are asked once more."""
    first = 3 + 2 * 3 * LIMITS.repeats
    server = embedding_server(Config(dims=8, most_texts=11, faults={first: "500"}))
    asked = sweep(server.base_url, schedule=LIMITS)
    done = carry_out(asked)
    found = server_found(asked, done.samples)
    assert found is not None
    assert (found.most_texts, found.refused_texts) == (11, 12)
    tried = [s for s in done.samples if s.step == LIMITS.searches[0].step]
    assert [s.texts for s in tried] == [12, 10, 10, 11]
    assert [s.http_status for s in tried] == [413, 500, 200, 200]
    assert done.ending.reason is EndReason.COMPLETED


def test_an_older_plan_looks_for_no_limit(embedding_server: Serve) -> None:
    """It sends what it said then: the two bounds are what is known."""
    asked = sweep(embedding_server(Config(dims=8, most_texts=11)).base_url)
    found = server_found(asked, carry_out(asked).samples)
    assert found is not None
    assert (found.most_texts, found.refused_texts) == (8, 16)
    assert "It took 8 texts a request and refused 16." in found.sentence


def test_more_workers_end_where_they_bring_no_more(embedding_server: Serve) -> None:
    """One request is served at once: others in the queue bring nothing, and eight are not tried."""
    delay = Delay(median_s=0.04, replicas=1)
    done = carry_out(sweep(embedding_server(Config(dims=8, delay=delay)).base_url))
    steps = {s.step for s in done.samples}
    tried = [n for n, (step, _) in zip(SWEEP.workers, SWEEP.loops, strict=True) if step in steps]
    assert tried[:2] == [1, 2]
    assert 8 not in tried


def test_a_rate_beyond_the_objective_is_the_last(embedding_server: Serve) -> None:
    """Nothing keeps 1 ms where a request takes 30: the first rate shows it, and ends them."""
    delay = Delay(median_s=0.03, replicas=1)
    done = carry_out(sweep(embedding_server(Config(dims=8, delay=delay)).base_url, slo_s=0.001))
    steps = {s.step for s in done.samples}
    assert [step in steps for step, _ in SWEEP.loads] == [True, False]
    assert done.ending.reason is EndReason.COMPLETED


def test_the_longest_time_ends_it_and_keeps_what_there_is(embedding_server: Serve) -> None:
    """What was on its way is waited for; the rest is recorded as not sent."""
    server = embedding_server(Config(dims=8, delay=Delay(median_s=0.1)))
    done = carry_out(sweep(server.base_url, longest_s=0.6))
    assert done.ending.reason is EndReason.OUT_OF_TIME
    assert any(s.ok for s in done.samples)
    assert {s.outcome for s in done.samples} == {Outcome.OK, Outcome.CANCELLED}
