"""Texts come once: what a server remembers, it was not asked for before in this run."""

from collections import Counter
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.records.probe_plan import ClosedLoop, OpenLoop, ProbePlan
from core.probe.records.sample import Phase
from core.probe.records.schedules import Schedule
from core.probe.sending.script import script
from core.probe.sending.text_stream import TAIL_CHARACTERS, parts_of, repeated_place
from tests.probe.records.test_probe_plan import SCHEDULES
from tests.probe.support import plan

URL = "http://127.0.0.1:9/v1"
SAMPLES = st.lists(st.text("abc xyz", min_size=1, max_size=9).filter(str.strip), min_size=1)
COUNTS = st.integers(1, 90)


def once(texts: tuple[str, ...], schedule: Schedule, **changes: Any) -> ProbePlan:
    """A plan whose texts come once."""
    return plan(URL, texts=texts, schedule=schedule, texts_once=True, **changes)


@given(SAMPLES, COUNTS, st.integers(1, 5), st.integers(0, 2**32))
def test_no_text_comes_twice_but_those_that_are_meant_to(
    sample: list[str], requests: int, texts_per_request: int, seed: int
) -> None:
    """Of any sample, repeated lines in it or not; a repeat is a request of halfway back."""
    a_plan = once(
        tuple(sample),
        ClosedLoop(requests=requests),
        texts_per_request=texts_per_request,
        seed=seed,
    )
    calls = [call.texts for call in script(a_plan)]
    measured = calls[a_plan.first_calls :]
    new = calls[: a_plan.first_calls]
    for place, texts in enumerate(measured):
        source = repeated_place(place)
        if source is None:
            new.append(texts)
        elif texts_per_request == 1:
            assert texts == measured[source]
        else:
            assert texts[:-1] == measured[source][1:]
    counts = Counter(text for texts in new for text in texts)
    assert max(counts.values()) == 1


@given(SAMPLES, st.integers(0, 2**32))
def test_a_tail_adds_the_same_to_every_text_and_is_another_runs_own(
    sample: list[str], seed: int
) -> None:
    """The first time a text is as it was given; then six characters more, a blank first."""
    parts = list(islice(parts_of(once(tuple(sample), OpenLoop(), seed=seed)), 3 * len(sample)))
    assert {text for text, tail in parts if not tail} == set(sample)
    assert {len(tail) for _, tail in parts} == {0, TAIL_CHARACTERS}
    assert all(tail[0] == " " and " " not in tail[1:] for _, tail in parts if tail)
    again = list(islice(parts_of(once(tuple(sample), OpenLoop(), seed=seed + 1)), 3 * len(sample)))
    tails = ({tail for _, tail in one if tail} for one in (parts, again))
    assert next(tails).isdisjoint(next(tails))


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.kind)
def test_every_schedule_sends_new_texts_of_the_asked_length(schedule: Schedule) -> None:
    """Also the sizes of a batch sweep, in which a text would stand several times."""
    calls = list(script(once(("one", "two words", "and three"), schedule)))
    texts = [text for call in calls for text in call.texts]
    repeats = sum(repeated_place(i) is not None for i in range(schedule.sent))
    if schedule.kind != "batches":
        assert len(set(texts)) >= len(texts) - repeats
        return
    measured = [call for call in calls if call.phase is Phase.MEASURED]
    long = [text for call in measured for text in call.texts if len(text) == 50]
    assert len(set(long)) == len(long) > 0


def test_an_engine_on_this_computer_gets_the_texts_in_turn() -> None:
    """It remembers nothing, and its texts have the length that was asked for."""
    a_plan = plan(texts=("one", "two"), texts_once=True)
    assert {text for call in script(a_plan) for text in call.texts} == {"one", "two"}
