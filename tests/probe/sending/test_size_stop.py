"""A batch sweep finds a server's limit and goes on below it; elsewhere that is a failure."""

import json
from collections.abc import Callable

import pytest

from core.probe.findings.summary import summarise
from core.probe.records.ending import EndReason
from core.probe.records.probe_plan import BatchSweep, OpenLoop
from core.probe.records.sample import Outcome, Phase
from core.probe.sending.size_stop import NOT_SENT
from tests.probe.embedders.support import FORMATS
from tests.probe.support import Done, carry_out, plan
from tests.servers.embeddings import answer_of, understand
from tests.servers.formats.tei import TEI
from tests.servers.ground_truth import GroundTruthServer
from tests.servers.talking import Asked, Said, talking

Start = Callable[..., GroundTruthServer]
(FORMAT,) = (a_format for a_format in FORMATS if a_format.dialect is TEI)
TEXTS = tuple(f"text number {i}" for i in range(100))


def test_our_own_default_sweep_does_not_break_on_a_limit_of_32(embedding_server: Start) -> None:
    """64 texts are refused once; 1, 4 and 16 are measured, fitted, and called answered."""
    url = embedding_server().dialect_url(TEI)
    a_plan = FORMAT.plan(url, texts=TEXTS, schedule=BatchSweep())
    run = carry_out(a_plan, FORMAT.made(url))
    refused = [s for s in run.samples if s.outcome is Outcome.OVER_LIMIT]
    assert run.ending.reason is EndReason.COMPLETED
    assert len(refused) == 1
    left_out = [s for s in run.samples if s.detail == NOT_SENT]
    assert len(left_out) == 9  # two lengths, five times each, but for the one refused
    assert not any(s.asked for s in left_out)
    answered = [s for s in run.samples if s.phase is Phase.MEASURED and s.ok]
    assert len(answered) == 30
    summary = summarise(a_plan, run.samples)
    assert (summary.n_ok, summary.n_failed, summary.errors) == (30, 0, ())
    assert summary.report is not None
    assert summary.report.batches is not None
    curve = summary.report.batches
    assert {step.texts for step in curve.steps} == {1, 4, 16}
    assert curve.fit is not None
    assert curve.sentence.startswith("The server takes at most 32 texts a request")
    assert not any("failed" in text or "ended early" in text for text in summary.warnings)


def swept(most: int, refusal: Said, sizes: tuple[int, ...] = (1, 2, 4, 8)) -> tuple[Done, str]:
    """A sweep at a server that takes so many texts, and the sentence beside its curve."""

    def answer(asked: Asked) -> Said:
        texts = json.loads(asked.body)["input"]
        return refusal if len(texts) > most else Said(200, answer_of(understand(asked.body, 8)))

    with talking(answer) as server:
        schedule = BatchSweep(sizes=sizes, characters=(), repeats=2)
        a_plan = plan(f"{server.origin}/v1", texts=TEXTS, schedule=schedule)
        run = carry_out(a_plan)
    report = summarise(a_plan, run.samples).report
    assert report is not None
    assert report.batches is not None
    return run, report.batches.sentence


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (
            Said(422, b'{"error":{"message":"Too many inputs. The max number of inputs is 3."}}'),
            "takes at most 3 texts a request",
        ),
        (Said(400, b'{"detail":"batch too large"}'), "took 2 texts a request and refused 4"),
        (Said(413, b"Payload Too Large"), "took 2 texts a request and refused 4"),
    ],
)
def test_a_limit_without_a_number_is_bracketed(refusal: Said, words: str) -> None:
    """By the largest size that was taken and the smallest that was not."""
    run, sentence = swept(3, refusal)
    assert words in sentence
    assert len([s for s in run.samples if s.ok and s.phase is Phase.MEASURED]) == 4


def test_a_limit_that_is_stated_leaves_out_what_lies_above_it_at_once() -> None:
    """One refusal of the largest is enough to know of the next, too."""
    run, _ = swept(3, Said(413, b'{"error":"batch size 9 > maximum allowed batch size 3"}'))
    assert sum(s.outcome is Outcome.OVER_LIMIT for s in run.samples) == 1


def test_another_refusal_stays_a_failure() -> None:
    """A server that fails at large batches is not within a limit of its own."""
    run, sentence = swept(3, Said(500, b'{"error":"CUDA out of memory"}'))
    assert sum(s.outcome is Outcome.SERVER_ERROR for s in run.samples) == 4
    assert "takes at most" not in sentence


def test_in_a_run_that_means_to_send_so_much_it_is_a_failure(embedding_server: Start) -> None:
    """Each counts as infinitely slow, and the limit is said."""
    url = embedding_server().dialect_url(TEI)
    loop = OpenLoop(requests=3, rate_per_s=100)
    a_plan = FORMAT.plan(url, texts=TEXTS, texts_per_request=40, warm_up_requests=0, schedule=loop)
    run = carry_out(a_plan, FORMAT.made(url))
    summary = summarise(a_plan, run.samples)
    assert (summary.n_ok, summary.n_failed) == (0, 3)
    assert any("takes at most 32 texts a request." in text for text in summary.warnings)
