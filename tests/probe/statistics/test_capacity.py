"""What a rising load is said to have shown: what came out, and one sentence without riddles."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measurement.report import LoadCurve
from core.probe.records.probe_plan import ConcurrencySweep, ProbePlan, Ramp
from core.probe.records.sample import Outcome, Sample
from core.probe.statistics.capacity import load_curve
from core.units import NS_PER_SECOND
from tests.probe.support import plan, sample

URL = "http://127.0.0.1:9/v1"


def ramp(*rates: float, slo_s: float | None = 2.0) -> ProbePlan:
    """A ramp of a second a rate."""
    schedule = Ramp(rates_per_s=rates, step_s=1.0, arrivals="constant")
    return plan(URL, schedule=schedule, slo_s=slo_s)


def step_of(a_plan: ProbePlan, step: int, service_s: float = 0.01, **changes: Any) -> list[Sample]:
    """Every request of a step, due on time and answered after so long."""
    assert isinstance(a_plan.schedule, Ramp)
    rate = a_plan.schedule.rates_per_s[step]
    found = []
    for place in range(a_plan.schedule.requests_of(step)):
        due_ns = round((10 * step + place / rate) * NS_PER_SECOND)
        times = {"sent_ns": due_ns, "completed_ns": due_ns + round(service_s * NS_PER_SECOND)}
        fields = {"step": step} | times | changes
        found.append(Sample(1_000 * step + place, sample(0).phase, Outcome.OK, due_ns, **fields))
    return found


def failed(samples: list[Sample], outcome: Outcome = Outcome.RESET) -> list[Sample]:
    """The same without answers."""
    return [
        Sample(s.seq, s.phase, outcome, s.intended_ns, sent_ns=s.sent_ns, step=s.step)
        for s in samples
    ]


def curve_of(a_plan: ProbePlan, samples: list[Sample]) -> LoadCurve:
    """The curve; it has one."""
    curve = load_curve(a_plan, samples)
    assert curve is not None
    return curve


@given(st.data())
def test_no_step_of_a_ramp_brings_more_than_goes_in(data: st.DataObject) -> None:
    """Whichever requests are answered, and however quickly: no rate is above the plan's own."""
    a_plan = ramp(data.draw(st.sampled_from([1.0, 3.0, 20.0])))
    sent = step_of(a_plan, 0, data.draw(st.floats(0.0001, 3)))
    ok = data.draw(st.lists(st.booleans(), min_size=len(sent), max_size=len(sent)))
    samples = [one if right else failed([one])[0] for one, right in zip(sent, ok, strict=True)]
    (step,) = curve_of(a_plan, samples).steps
    assert step.rate_per_s is not None
    assert step.answered_per_s <= step.rate_per_s * sum(ok) / len(ok) + 1e-9
    assert step.good_per_s is not None
    assert step.good_per_s <= step.answered_per_s


def test_one_answer_before_all_fail_is_no_rate() -> None:
    """Of 20 a second one is answered, after 10 ms: 1 a second, not 100."""
    a_plan = ramp(20)
    samples = step_of(a_plan, 0)
    curve = curve_of(a_plan, samples[:1] + failed(samples[1:]))
    assert curve.capacity_per_s == pytest.approx(1)


def test_workers_are_busy_until_the_last_request_has_timed_out() -> None:
    """One answer in 10 ms, one time-out of 20 s: an answer in 20 s."""
    a_plan = plan(URL, schedule=ConcurrencySweep(workers=(1,), requests=2))
    samples = [sample(0, 0.01), sample(1, outcome=Outcome.TIMEOUT, completed_ns=None)]
    curve = curve_of(a_plan, samples)
    assert curve.capacity_per_s == pytest.approx(1 / 21)


def test_tokens_that_some_answers_did_not_state_are_unknown() -> None:
    """The rate of those that did would be below the truth."""
    a_plan = ramp(20)
    samples = step_of(a_plan, 0, tokens_billed=5)
    assert curve_of(a_plan, samples).steps[0].tokens_per_s == pytest.approx(100)
    mixed = samples[:10] + step_of(a_plan, 0)[10:]
    assert curve_of(a_plan, mixed).steps[0].tokens_per_s is None


SLOW = ("; the limit is the response time: at 40/s its p95 is 2.4 s.", 2.4)
FINE = ("; no limit was found up to 40/s, the highest rate of the plan.", 0.5)


@pytest.mark.parametrize(("end", "service_s"), [SLOW, FINE])
def test_no_rate_is_called_unlimited_whose_p95_is_over_the_objective(
    end: str, service_s: float
) -> None:
    """Everything comes out at 40/s; whether that is good the objective says, and the sentence."""
    a_plan = ramp(10, 40)
    curve = curve_of(a_plan, step_of(a_plan, 0) + step_of(a_plan, 1, service_s))
    best = "p95 10 ms" if service_s > 2 else "p95 500 ms"
    met = 10 if service_s > 2 else 40
    assert f"up to {met} requests/s met the objective of 2 s ({best})" in curve.sentence
    assert curve.sentence.endswith(end)


def test_the_lowest_rate_may_be_too_slow_already() -> None:
    """Capacity there is, and none of it good."""
    a_plan = ramp(10)
    assert curve_of(a_plan, step_of(a_plan, 0, 3.0)).sentence == (
        "Capacity seen: 2.56 answers/s at 10 requests/s; not even 10 requests/s met the objective "
        "of 2 s; the limit is the response time: at 10/s its p95 is 3 s."
    )


def test_without_an_objective_twice_the_lowest_p95_is_the_limit() -> None:
    """10 ms at first, 30 ms at 40/s."""
    a_plan = ramp(10, 40, slo_s=None)
    sentence = curve_of(a_plan, step_of(a_plan, 0) + step_of(a_plan, 1, 0.03)).sentence
    assert "up to 10 requests/s stayed within 2 times the p95 of the lowest rate" in sentence
    assert sentence.endswith("the limit is the response time: at 40/s its p95 is 30 ms.")


def test_a_few_failures_are_a_limit_by_their_name() -> None:
    """One of twenty fails: too few to blame the server, too many to be good."""
    a_plan = ramp(20)
    samples = step_of(a_plan, 0)
    sentence = curve_of(a_plan, failed(samples[:1]) + samples[1:]).sentence
    assert sentence.endswith("the limit is failures: at 20/s 1 of 20 requests fail.")


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"requests_limit": 60}, "at 20/s 2 of 60 requests were left"),
        ({}, "at 20/s 2 requests were left"),
        ({"requests_limit": 1}, "at 20/s 2 requests were left"),
    ],
)
def test_a_rate_limit_has_its_number_where_that_can_be_one(
    headers: dict[str, int], words: str
) -> None:
    """A limit below what is left of it is no limit."""
    a_plan = ramp(20)
    sentence = curve_of(a_plan, step_of(a_plan, 0, requests_left=2, **headers)).sentence
    assert sentence.endswith(f"the limit is their rate limit: {words}.")


def test_a_refusal_without_a_number_says_so() -> None:
    """429 and nothing else."""
    a_plan = ramp(20)
    samples = step_of(a_plan, 0)
    refused = failed(samples[:3], Outcome.RATE_LIMITED) + samples[3:]
    sentence = curve_of(a_plan, refused).sentence
    assert sentence.endswith(
        "at 20/s 3 of 20 requests were refused for it, and it states no number."
    )


@given(st.lists(st.sampled_from([0.01, 0.5, 2.4, 5.0]), min_size=1, max_size=4))
def test_the_sentence_never_contradicts_itself(services_s: list[float]) -> None:
    """No limit is found only where every rate met the objective; else it is named, once."""
    a_plan = ramp(*(10.0 * 2**i for i in range(len(services_s))))
    steps = [step_of(a_plan, i, service_s) for i, service_s in enumerate(services_s)]
    curve = curve_of(a_plan, [s for step in steps for s in step])
    good = all(service_s <= 2 for service_s in services_s)
    assert ("no limit was found" in curve.sentence) == good
    assert len(re.findall(r"the limit is", curve.sentence)) == (not good)
    assert curve.sentence.count(".") - len(re.findall(r"\d\.\d", curve.sentence)) == 1
    assert len(curve.sentence) < 240
