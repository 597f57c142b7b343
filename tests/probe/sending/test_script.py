"""What a plan sends, known before it is sent."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.records.probe_plan import BatchSweep, ColdStart, Paired, ProbePlan, Rival
from core.probe.records.sample import Phase
from core.probe.records.schedules import Schedule
from core.probe.sending.script import fitted_text, script
from tests.probe.records.test_probe_plan import SCHEDULES
from tests.probe.support import SUBJECT, TEXTS, plan, target

URL = "http://127.0.0.1:9/v1"


def paired(pairs: int = 10, rivals: int = 1) -> ProbePlan:
    """A comparison of one more target than rivals."""
    others = tuple(Rival(subject=SUBJECT, target=target(URL)) for _ in range(rivals))
    return plan(URL, schedule=Paired(pairs=pairs), rivals=others)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.kind)
def test_the_plan_counts_what_the_script_holds(schedule: Schedule) -> None:
    """Its number of requests is an upper bound that is reached."""
    a_plan = plan(URL, schedule=schedule)
    calls = list(script(a_plan))
    assert len(calls) == a_plan.planned == 3 + schedule.sent
    assert [c.phase for c in calls[:3]] == [Phase.COLD, Phase.WARM_UP, Phase.WARM_UP]


def test_a_batch_sweep_has_every_size_and_length_once_a_round() -> None:
    """Texts are cut or repeated to the length; rounds differ in their order."""
    schedule = BatchSweep(sizes=(1, 4), characters=(10, 50), repeats=6)
    calls = list(script(plan(URL, schedule=schedule)))[3:]
    rounds = [tuple(c.step for c in calls[i : i + 4]) for i in range(0, 24, 4)]
    assert all(sorted(one) == [0, 1, 2, 3] for one in rounds)
    assert len(set(rounds)) > 1
    for call in calls:
        size, length = schedule.cells[call.step]
        assert len(call.texts) == size
        assert {len(text) for text in call.texts} == {length}


def test_after_each_gap_one_cold_call_and_its_warm_ones() -> None:
    """Steps count the gaps from one."""
    schedule = ColdStart(gaps_s=(0.1, 0.5), repeats=2, follow_ups=3)
    calls = list(script(plan(URL, schedule=schedule)))[3:]
    for i in range(0, 16, 4):
        assert [c.phase for c in calls[i : i + 4]] == [Phase.COLD, *[Phase.MEASURED] * 3]
        assert len({c.step for c in calls[i : i + 4]}) == 1
    assert Counter(c.step for c in calls) == {1: 8, 2: 8}


@pytest.mark.parametrize("rivals", [1, 2, 3])
def test_pairs_ask_every_target_for_the_same_texts_in_random_order(rivals: int) -> None:
    """Nobody is always first, and the first calls meet every target."""
    a_plan = paired(pairs=60, rivals=rivals)
    calls, k = list(script(a_plan)), rivals + 1
    assert len(calls) == a_plan.planned
    assert Counter(c.target for c in calls[: 3 * k]) == dict.fromkeys(range(k), 3)
    pairs = [calls[i : i + k] for i in range(3 * k, len(calls), k)]
    assert all(len({c.texts for c in pair}) == 1 for pair in pairs)
    assert all(sorted(c.target for c in pair) == list(range(k)) for pair in pairs)
    firsts = Counter(pair[0].target for pair in pairs)
    assert min(firsts.values()) > 60 / k / 3


@given(st.sampled_from([*TEXTS, "x", "a b", " lead"]), st.integers(1, 200))
def test_fitted_texts_have_their_length_and_lose_nothing_at_their_ends(
    text: str, characters: int
) -> None:
    """No blank at an end, which a tokenizer would trim."""
    fitted = fitted_text(text, characters)
    assert len(fitted) == characters
    assert fitted.strip() == fitted
