"""What is found of a server by its samples, where the truth behind them is known."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.measurement.server_fit import server_fit
from core.measurement.server_found import ServerFound
from core.probe.findings.of_server.server_findings import server_found
from core.probe.findings.of_server.server_words import _sentences
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import ProbePlan, ServerSweep
from core.probe.records.sample import Outcome, Phase, Sample
from tests.probe.support import plan

SWEEP = ServerSweep(
    sizes=(1, 4, 16),
    tokens=(16, 64),
    load_tokens=64,
    repeats=2,
    workers=(1, 2, 4, 8, 16),
    rounds=6,
    shares=(0.5,),
    load_requests=20,
)
PLAN = plan("http://127.0.0.1:9/v1", schedule=SWEEP, slo_s=60.0)
ROUND_TRIP_S = 0.01


class Truth:
    """A server of so many workers, each with one request at a time, first come first served."""

    def __init__(
        self, start_s: float, per_text_s: float, per_token_s: float, workers: int = 1
    ) -> None:
        self.start_s, self.per_text_s, self.per_token_s = start_s, per_text_s, per_token_s
        self.workers = workers

    def seconds(self, texts: int, tokens: int) -> float:
        """Of a request, tokens those of each text."""
        return self.start_s + texts * (self.per_text_s + tokens * self.per_token_s)

    def samples(self, *, told: bool = False, counted: bool = True) -> list[Sample]:
        """A whole sweep; ``told``: the server says its times; ``counted``: and its tokens."""
        made = [first_call()]
        now = 1.0
        for step in SWEEP.cell_order(0):
            texts, tokens = SWEEP.cells[step]
            took = self.seconds(texts, tokens)
            made.append(request(step, texts, tokens, now, took))
            now += took + 1
        hidden: dict[str, Any] = {} if told else {"server_ms": None}
        hidden |= {} if counted else {"tokens_billed": None}
        for workers, (step, requests) in zip(SWEEP.workers, SWEEP.loops, strict=True):
            made += self._loop(step, workers, requests, now)
            now += 1_000
        return [replace(one, seq=i, **hidden) for i, one in enumerate(made)]

    def _loop(self, step: int, workers: int, requests: int, now: float) -> Iterator[Sample]:
        """As many at a time as there are workers on the fewer side, without an idle moment."""
        took, busy = self.seconds(16, 64), min(workers, self.workers)
        for i in range(requests):
            yield request(step, 16, 64, now + took * (i // busy), took)


def request(step: int, texts: int, tokens: int, begins: float, took: float) -> Sample:
    """An answer: the server's time, with the way there and back."""
    begins_ns = round(begins * 1e9)
    return Sample(
        seq=0,
        phase=Phase.MEASURED,
        outcome=Outcome.OK,
        intended_ns=begins_ns,
        sent_ns=begins_ns,
        completed_ns=begins_ns + round((took + ROUND_TRIP_S) * 1e9),
        texts=texts,
        step=step,
        tokens_billed=texts * tokens,
        server_ms=took * 1e3,
    )


def first_call() -> Sample:
    """It opens the connection, which is one way there and back."""
    made = replace(request(0, 1, 16, 0.0, 0.0), phase=Phase.COLD, new_connection=True)
    return replace(made, connected_ns=round(ROUND_TRIP_S * 1e9))


def found_of(samples: list[Sample], asked: ProbePlan = PLAN) -> ServerFound:
    """What is found of them."""
    found = server_found(asked, samples)
    assert found is not None
    return found


@settings(max_examples=30)
@given(
    st.floats(0.001, 0.1),
    st.floats(0.0005, 0.01),
    st.floats(1e-5, 1e-3),
    st.sampled_from([1, 2, 4]),
    st.booleans(),
)
def test_the_fit_gives_back_the_server_that_made_the_samples(
    start_s: float, per_text_s: float, per_token_s: float, workers: int, told: bool
) -> None:
    """Start without the round trip, times of text and token, workers, and what they bring."""
    truth = Truth(start_s, per_text_s, per_token_s, workers)
    found = found_of(truth.samples(told=told))
    assert found.times_by == ("server" if told else "client")
    assert found.round_trip_s == pytest.approx(ROUND_TRIP_S, rel=1e-6)
    assert found.times is not None
    fitted = found.times
    largest = truth.seconds(16, 64)
    assert fitted.start_s == pytest.approx(start_s, abs=2e-3 * largest)
    for cell in found.cells:
        exact = truth.seconds(cell.texts, cell.tokens_asked)
        assert cell.fitted_s == pytest.approx(exact, rel=2e-3)
    # The way of the first request and of the last answer is in the time of a loop.
    assert found.workers == pytest.approx(workers, rel=0.03)
    assert found.all_workers_seen
    fit = server_fit(found)
    assert fit is not None
    assert fit.workers == workers
    batch_s, tokens = largest, 16 * 64
    under_load = fit.mean_over_fit * batch_s
    assert fit.workers * tokens / under_load == pytest.approx(fit.tokens_per_s, rel=2e-3)
    assert fit.tokens_per_s == pytest.approx(workers * tokens / batch_s, rel=0.03)


@pytest.mark.parametrize("machines", [2, 3, 4, 8])
def test_the_capacity_of_one_machine_is_the_whole_divided(machines: int) -> None:
    """Also where fewer work at once than there are machines: their times are as much longer."""
    samples = Truth(0.01, 0.001, 1e-5, 4).samples()
    asked = PLAN.model_copy(update={"schedule": SWEEP.model_copy(update={"machines": machines})})
    whole, each = server_fit(found_of(samples)), server_fit(found_of(samples, asked))
    assert whole is not None
    assert each is not None
    assert each.tokens_per_s == pytest.approx(whole.tokens_per_s / machines)
    one = each.workers / each.mean_over_fit
    assert one == pytest.approx(whole.workers / whole.mean_over_fit / machines)


def test_without_a_count_of_tokens_nothing_is_replaced() -> None:
    """The time of a character is found; a rate in tokens is not known, and not invented."""
    found = found_of(Truth(0.01, 0.001, 1e-5).samples(counted=False))
    assert found.times is not None
    assert found.times.unit == "character"
    assert found.full_tokens_per_s is None
    assert server_fit(found) is None
    assert "nobody counts its tokens" in found.sentence


@pytest.mark.parametrize("workers", [0.39, 0.79])
def test_less_than_one_at_a_time_replaces_nothing(workers: float) -> None:
    """This computer stood still: the sentence says so, and nothing rests on it."""
    whole = found_of(Truth(0.01, 0.001, 1e-5, 2).samples())
    assert not whole.held_up
    held_up = whole.model_copy(update={"workers": workers})
    assert server_fit(held_up) is None
    assert "sweep it again" in " ".join(_sentences(held_up))


def test_a_rate_limit_before_the_most_replaces_nothing() -> None:
    """What came out until then is the limit's number, not the machine's."""
    samples = Truth(0.01, 0.001, 1e-5, 4).samples()
    early = [s for s in samples if s.step <= SWEEP.loops[1][0]]
    assert server_fit(found_of(early)) is not None
    refused = replace(early[-1], seq=999, outcome=Outcome.RATE_LIMITED, http_status=429)
    found = found_of([*early, replace(refused, step=SWEEP.loops[2][0], requests_limit=60)])
    assert found.limit == "1 request was refused as too many; it allows 60 requests"
    assert server_fit(found) is None


def test_the_numbers_of_the_run_are_those_of_half_load() -> None:
    """A refused size is no failure of the option, and what came before no latency of it."""
    samples = Truth(0.01, 0.001, 1e-5).samples()
    step = SWEEP.loads[0][0]
    load = [request(step, 16, 64, 9_000.0 + i, 0.5 - ROUND_TRIP_S) for i in range(20)]
    refused = replace(samples[5], outcome=Outcome.HTTP_ERROR, http_status=413)
    summary = summarise(PLAN, [*samples[:5], refused, *samples[6:], *load])
    assert (summary.n_ok, summary.n_failed) == (20, 0)
    assert summary.response_p95.value_s == pytest.approx(0.5)
    assert not any("failed" in sentence for sentence in summary.warnings)


def test_nothing_is_said_of_what_was_not_measured() -> None:
    """Of a sweep that had only begun there is neither fit nor load; of other schedules nothing."""
    first = found_of([request(0, 1, 16, 0.0, 0.1)])
    assert (first.times, first.workers, first.loads) == (None, None, ())
    assert server_fit(first) is None
    assert found_of([]).sentence == "Nothing was answered yet."
    assert server_found(plan("http://127.0.0.1:9/v1"), []) is None
