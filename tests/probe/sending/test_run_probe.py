"""The run: every planned request ends as exactly one sample, whatever happens."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from pydantic import SecretStr

from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.findings.summary import summarise
from core.probe.records.budget import Unlimited
from core.probe.records.ending import EndReason
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.sending.run_probe import run_probe
from tests.harness.pace import at_our_pace
from tests.probe.support import KEY, Done, carry_out, plan
from tests.servers.delays import Delay
from tests.servers.embeddings import tokens_of
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]


class Purse:
    """A budget of so many requests, with a book of what happened."""

    free = False

    def __init__(self, requests: int) -> None:
        self.left = requests
        self.reserved: list[object] = []
        self.settled: list[tuple[object, int | None]] = []
        self.billed_s: list[float | None] = []

    def reserve(self, texts: Sequence[str], /) -> object | None:
        """Granted while there is something left."""
        assert texts
        if not self.left:
            return None
        self.left -= 1
        self.reserved.append(object())
        return self.reserved[-1]

    def settle(
        self, reservation: object, tokens_billed: int | None, billed_s: float | None = None, /
    ) -> None:
        """Written down."""
        self.settled.append((reservation, tokens_billed))
        self.billed_s.append(billed_s)

    def pay_unclear(self, texts: Sequence[str], /) -> bool:
        """Granted while there is something left."""
        assert texts
        granted = self.left > 0
        self.left -= granted
        return granted


def wait_for(condition: Callable[[], bool]) -> None:
    """Return once it holds."""
    while not condition():
        time.sleep(0.01)


def complete(run: Done, requests: int = 12, warm_up: int = 2) -> bool:
    """Whether each planned request has one sample, in the phase of its place."""
    ordered = sorted(run.samples, key=lambda s: s.seq)
    phases = [Phase.COLD] + [Phase.WARM_UP] * warm_up + [Phase.MEASURED] * requests
    return [(s.seq, s.phase) for s in ordered] == list(enumerate(phases))


def test_a_run_goes_through_its_phases(embedding_server: Start) -> None:
    """A cold call, warm-up calls, the measured ones; each text in its turn."""
    server = embedding_server(Config(api_key=KEY))
    run = carry_out(plan(server.base_url))
    assert run.ending.reason is EndReason.COMPLETED
    assert run.ending.sentence == ""
    assert complete(run)
    assert {s.outcome for s in run.samples} == {Outcome.OK}
    assert {s.dims for s in run.samples} == {384}
    cold = min(run.samples, key=lambda s: s.seq)
    assert cold.new_connection
    tokens = [s.tokens_billed for s in sorted(run.samples, key=lambda s: s.seq)]
    assert tokens == [tokens_of(t) for t in ("one", "two words", "and three words")] * 5
    assert summarise(plan(server.base_url), run.samples).n_ok == 12


def test_samples_come_in_the_order_in_which_requests_end(embedding_server: Start) -> None:
    """A slow request does not hold back the samples of those behind it."""
    server = embedding_server(Config(faults={3: "split"}))
    run = carry_out(plan(server.base_url))
    ends = [s.completed_ns or 0 for s in run.samples]
    assert Counter(s.seq for s in run.samples) == Counter(range(15))
    # Answers that end within a millisecond of each other may be recorded either way round.
    assert all(b > a - 1_000_000 for a, b in pairwise(ends))


def test_requests_leave_on_their_schedule_and_never_before(embedding_server: Start) -> None:
    """Due times are those of the plan's seed, whatever the answers take."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(delay=Delay(median_s=0.05 * slower)))
        run = carry_out(plan(server.base_url, rate_per_s=100 / slower, arrivals="constant"))
        measured = sorted(
            (s for s in run.samples if s.phase is Phase.MEASURED), key=lambda s: s.seq
        )
        gaps = [b.intended_ns - a.intended_ns for a, b in pairwise(measured)]
        assert set(gaps) == {10_000_000 * slower}
        assert all((s.generator_lag_s or 0) >= 0 for s in measured)
        lasted_ns = max(s.completed_ns or 0 for s in measured) - measured[0].intended_ns
        assert lasted_ns < 12 * 50_000_000 * slower

    at_our_pace(scene)


def test_texts_of_a_batch_travel_together(embedding_server: Start) -> None:
    """Five texts a request, taken in turn."""
    server = embedding_server()
    run = carry_out(plan(server.base_url, texts_per_request=5))
    assert {truth.texts for truth in server.truths} == {5}
    assert {s.texts for s in run.samples} == {5}
    assert {s.outcome for s in run.samples} == {Outcome.OK}


def test_vectors_in_the_wrong_places_are_noticed_when_a_text_comes_again(
    embedding_server: Start,
) -> None:
    """Indexes that look right do not help: three texts in pairs meet in changing company."""
    server = embedding_server()
    run = carry_out(plan(server.fault_url("swapped_silently"), texts_per_request=2))
    assert Outcome.UNSTABLE_VECTOR in {s.outcome for s in run.samples}


def test_arrivals_above_the_cap_are_refused_and_said(embedding_server: Start) -> None:
    """Four in flight at a server that needs a second, twenty arrivals in a tenth of it."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(delay=Delay(median_s=1.0 * slower)))
        a_plan = plan(
            server.base_url,
            requests=20,
            warm_up_requests=0,
            in_flight_cap=4,
            arrivals="constant",
            timeout_s=20.0 * slower,
        )
        run = carry_out(a_plan)
        assert Counter(run.outcomes()) == {Outcome.OK: 4, Outcome.REFUSED_BY_CAP: 16}
        assert run.outcomes()[:4] == [Outcome.OK] * 4
        refused = [s for s in run.samples if s.outcome is Outcome.REFUSED_BY_CAP]
        assert all(s.sent_ns is None and s.detail for s in refused)
        assert len(server.truths) == 1 + 4
        summary = summarise(a_plan, run.samples)
        assert summary.n_failed == 16
        assert "16 of 20 arrivals were refused" in " ".join(summary.warnings)

    at_our_pace(scene)


def test_a_refused_key_stops_the_run_at_once(embedding_server: Start) -> None:
    """One call, one sentence, and nothing more is sent."""
    server = embedding_server(Config(faults={0: "401"}))
    run = carry_out(plan(server.base_url))
    assert run.ending.reason is EndReason.UNAUTHORISED
    assert "refused the key" in run.ending.sentence
    assert len(server.truths) == 1
    assert complete(run)
    assert run.samples[0].outcome is Outcome.UNAUTHORISED
    assert {s.outcome for s in run.samples[1:]} == {Outcome.CANCELLED}
    assert {s.sent_ns for s in run.samples[1:]} == {None}
    assert {s.detail for s in run.samples[1:]} == {"the key was refused"}


def test_a_key_that_is_withdrawn_meanwhile_stops_what_is_left(embedding_server: Start) -> None:
    """The same in the middle of the load, with others in flight."""
    server = embedding_server(Config(delay=Delay(median_s=0.03), faults={8: "403"}))
    run = carry_out(plan(server.base_url, requests=400))
    assert run.ending.reason is EndReason.UNAUTHORISED
    assert complete(run, requests=400)
    assert len(server.truths) < 300
    assert run.samples[-1].sent_ns is None


def test_no_answer_at_all_sends_no_load(embedding_server: Start) -> None:
    """Three first calls fail: eighty more would tell nothing else."""
    server = embedding_server()
    run = carry_out(plan(server.fault_url("500"), requests=80))
    assert run.ending.reason is EndReason.NO_ANSWER
    assert len(server.truths) == 3
    assert complete(run, requests=80)
    assert "None of the first calls" in run.ending.sentence


def test_one_first_call_that_fails_is_no_reason_to_stop(embedding_server: Start) -> None:
    """A cold start that times out at the provider is what cold starts do."""
    server = embedding_server(Config(faults={0: "503"}))
    run = carry_out(plan(server.base_url))
    assert run.ending.reason is EndReason.COMPLETED
    assert run.outcomes() == [Outcome.OK] * 12
    assert summarise(plan(server.base_url), run.samples).cold_start_s is None


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_cancelled_run_stops_between_requests(embedding_server: Start, after: int) -> None:
    """At a rate of one in three seconds it does not wait for the next due time."""
    server = embedding_server()
    a_plan = plan(server.base_url, rate_per_s=0.3, seed=1)
    run = carry_out(a_plan, cancelled=lambda samples: len(samples) >= min(after, 3))
    assert run.ending.reason is EndReason.CANCELLED
    assert complete(run)
    assert len(server.truths) <= 3
    assert {s.outcome for s in run.samples[3:]} == {Outcome.CANCELLED}


def test_a_cancelled_run_stops_during_a_request(embedding_server: Start) -> None:
    """What hangs is dropped, with the times it reached; it counts as sent."""
    server = embedding_server(Config(faults=dict.fromkeys(range(3, 15), "hang")))
    a_plan = plan(server.base_url, timeout_s=600)
    purse = Purse(100)
    run = carry_out(a_plan, budget=purse, cancelled=lambda _: len(server.truths) == 3 + 12)
    assert run.ending.reason is EndReason.CANCELLED
    assert complete(run)
    assert run.outcomes() == [Outcome.CANCELLED] * 12
    for s in run.samples[3:]:
        assert s.request_written_ns is not None
        assert s.completed_ns is None
        assert s.asked
    assert [tokens for _, tokens in purse.settled[3:]] == [None] * 12


@pytest.mark.parametrize("name", ["hang", "drip_body", "drip_header"])
def test_the_total_time_holds_against_a_server_that_drips(
    embedding_server: Start, name: str
) -> None:
    """Each read succeeds in time; the request as a whole does not, and the rest goes on."""

    def scene(slower: int) -> None:
        server = embedding_server(Config(faults={4: name, 6: name}))
        run = carry_out(plan(server.base_url, timeout_s=0.4 * slower))
        assert Counter(run.outcomes())[Outcome.TIMEOUT] == 2
        assert complete(run)

    at_our_pace(scene)


def test_money_is_asked_for_before_each_request_and_settled_once(embedding_server: Start) -> None:
    """After the purse is empty nothing is sent, and every reservation is closed."""
    server = embedding_server()
    purse = Purse(7)
    run = carry_out(plan(server.base_url), budget=purse)
    assert run.ending.reason is EndReason.OVER_BUDGET
    assert len(server.truths) == 7
    assert complete(run)
    assert Counter(s.outcome for s in run.samples) == {Outcome.OK: 7, Outcome.OVER_BUDGET: 8}
    assert sorted(map(id, purse.reserved)) == sorted(id(token) for token, _ in purse.settled)
    assert [tokens for _, tokens in purse.settled] == [s.tokens_billed for s in run.samples if s.ok]


def test_a_run_out_of_money_waits_for_what_is_paid_unless_cancelled(
    embedding_server: Start,
) -> None:
    """Slow answers in flight are kept; a user who cancels then is heard."""
    server = embedding_server(Config(faults=dict.fromkeys(range(3, 8), "split")))
    run = carry_out(plan(server.base_url), budget=Purse(8))
    assert run.outcomes() == [Outcome.OK] * 5 + [Outcome.OVER_BUDGET] * 7
    server = embedding_server(Config(faults=dict.fromkeys(range(3, 8), "hang")))
    a_plan = plan(server.base_url, timeout_s=600)
    run = carry_out(a_plan, budget=Purse(8), cancelled=lambda _: len(server.truths) == 8)
    assert run.ending.reason is EndReason.CANCELLED
    assert run.outcomes() == [Outcome.CANCELLED] * 12
    assert complete(run)


def test_an_empty_purse_sends_nothing(embedding_server: Start) -> None:
    """Not even the cold call."""
    server = embedding_server()
    run = carry_out(plan(server.base_url), budget=Purse(0))
    assert run.ending.reason is EndReason.OVER_BUDGET
    assert not server.truths
    assert complete(run)


def test_what_may_have_been_billed_stays_at_its_worst_case(embedding_server: Start) -> None:
    """Unknown after a broken answer, nothing after a refusal or without a connection."""
    faults = {1: "bad_json", 2: "429", 3: "reset", 4: "wrong_dims", 5: "no_usage"}
    server = embedding_server(Config(faults=faults))
    purse = Purse(100)
    carry_out(plan(server.base_url, texts=("one",), requests=1, warm_up_requests=5), budget=purse)
    told = [tokens for _, tokens in purse.settled]
    assert told == [tokens_of("one"), None, 0, None, tokens_of("one"), None, tokens_of("one")]
    purse = Purse(100)
    carry_out(plan("http://127.0.0.1:9/v1", requests=1), budget=purse)
    assert {tokens for _, tokens in purse.settled} == {0}


def test_a_reused_connection_that_went_stale_is_not_retried(embedding_server: Start) -> None:
    """One sample of its own class, one request at the server."""
    server = embedding_server(Config(faults={5: "close_unanswered"}))
    run = carry_out(plan(server.base_url, rate_per_s=20, arrivals="constant"))
    assert Counter(run.outcomes()) == {Outcome.OK: 11, Outcome.STALE_CONNECTION: 1}
    assert len(server.truths) == 15


def test_an_error_of_the_sink_ends_the_run(embedding_server: Start) -> None:
    """A store that is full must not be measured past."""
    server = embedding_server()

    def full(_: Sample) -> None:
        raise OSError("disk full")

    a_plan = plan(server.base_url, requests=500)
    embedder = OpenAICompatible(a_plan.target, SecretStr(KEY))  # type: ignore[arg-type]  # an API
    with pytest.raises(OSError, match="disk full"):
        asyncio.run(run_probe(a_plan, embedder, full, Unlimited(), lambda: False))
    assert len(server.truths) == 1


def test_a_run_that_is_torn_down_records_what_was_in_flight(embedding_server: Start) -> None:
    """Ctrl-C cancels the task: requests on their way still leave their samples."""
    server = embedding_server(Config(faults=dict.fromkeys(range(3, 15), "hang")))
    a_plan = plan(server.base_url, timeout_s=600)
    samples: list[Sample] = []

    async def torn_down() -> None:
        embedder = OpenAICompatible(a_plan.target, SecretStr(KEY))  # type: ignore[arg-type]
        run = asyncio.create_task(
            run_probe(a_plan, embedder, samples.append, Unlimited(), lambda: False)
        )
        await asyncio.to_thread(wait_for, lambda: len(server.truths) == 15)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    asyncio.run(torn_down())
    assert Counter(s.outcome for s in samples) == {Outcome.OK: 3, Outcome.CANCELLED: 12}
