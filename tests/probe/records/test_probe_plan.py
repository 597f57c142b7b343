"""Plans: older ones still load, absurd ones are refused in a sentence."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from core.measurement.server_found import ServerFound
from core.probe.records.probe_plan import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Paired,
    ProbePlan,
    Ramp,
    Rival,
    ServerSweep,
)
from core.probe.records.schedules import Schedule
from tests.probe.support import SUBJECT, plan, target

SCHEDULES: list[Schedule] = [
    OpenLoop(requests=7),
    ClosedLoop(requests=7, workers=3),
    ConcurrencySweep(workers=(1, 3), requests=5),
    BatchSweep(sizes=(1, 4), characters=(10, 50), repeats=3),
    Ramp(rates_per_s=(2.0, 5.0), step_s=2.0),
    ColdStart(gaps_s=(0.1, 0.5), repeats=2, follow_ups=3),
    ServerSweep(
        sizes=(1, 4), tokens=(16, 64), load_tokens=64, workers=(1, 2), rounds=1, load_requests=3
    ),
]


def test_a_plan_of_the_first_version_is_an_open_loop() -> None:
    """Its flat fields, as they stand in stores, mean what they meant."""
    stored = json.loads(plan("http://127.0.0.1:9/v1").model_dump_json())
    del stored["schedule"]
    old = stored | {"requests": 33, "rate_per_s": 3.5, "arrivals": "constant"}
    for name in ("rivals", "longest_s", "stop_at", "slo_s"):
        del old[name]
    read = ProbePlan.model_validate_json(json.dumps(old))
    assert read.schedule == OpenLoop(requests=33, rate_per_s=3.5, arrivals="constant")
    assert read.requests == 33


def test_a_plan_is_not_two_schedules_at_once() -> None:
    """Flat fields beside a schedule contradict it."""
    with pytest.raises(ValidationError, match="not both"):
        ProbePlan.model_validate(
            {"subject": SUBJECT, "target": {"kind": "local"}, "texts": ("a",), "requests": 3}
            | {"schedule": OpenLoop()}
        )


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: s.kind)
def test_every_schedule_survives_the_store(schedule: Schedule) -> None:
    """Written as JSON and read again it is the same plan."""
    made = plan("http://127.0.0.1:9/v1", schedule=schedule)
    assert ProbePlan.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: ConcurrencySweep(workers=(4, 2)), "must rise"),
        (lambda: Ramp(rates_per_s=(1, 1)), "must rise"),
        (lambda: ColdStart(gaps_s=(5, 1)), "must rise"),
        (lambda: BatchSweep(sizes=(2048,), repeats=100), "fewer repeats"),
        (lambda: Ramp(rates_per_s=(1, 10_000), step_s=600), "shorter steps"),
        (lambda: ServerSweep(sizes=(8, 4)), "must rise"),
        (lambda: ServerSweep(shares=(0.5, 0.5)), "must rise"),
        (lambda: ServerSweep(load_tokens=100), "one of the lengths"),
        (lambda: ServerSweep(sizes=(1, 2_048)), "smaller sizes"),
        (lambda: ServerSweep(machines=0), "greater than or equal to 1"),
    ],
)
def test_absurd_schedules_say_what_is_wrong(make: Any, sentence: str) -> None:
    """Steps that do not rise, and more than a run may hold."""
    with pytest.raises(ValidationError, match=sentence):
        make()


def test_a_comparison_has_rivals_and_nothing_else_has() -> None:
    """Both ways round."""
    with pytest.raises(ValidationError, match="second target"):
        plan("http://127.0.0.1:9/v1", schedule=Paired())
    rival = Rival(subject=SUBJECT, target=target("http://127.0.0.1:9/v1"))
    with pytest.raises(ValidationError, match="only a paired"):
        plan("http://127.0.0.1:9/v1", rivals=(rival,))


def test_a_plan_that_would_never_end_says_so_and_still_loads() -> None:
    """At a request in a hundred seconds, ten thousand take twelve days."""
    slow = plan("http://127.0.0.1:9/v1", requests=10_000, rate_per_s=0.01)
    assert slow.endless is not None
    assert "277.8 h" in slow.endless
    assert ProbePlan.model_validate_json(slow.model_dump_json()) == slow
    assert plan("http://127.0.0.1:9/v1").endless is None


def test_the_machines_of_an_older_plan_are_called_replicas() -> None:
    """What was stored, or stands in a file, is read; what is found of it, too."""
    assert ServerSweep.model_validate({"replicas": 3}).machines == 3
    assert ServerFound.model_validate({"cells": (), "replicas": 3}).machines == 3
    assert ServerSweep(machines=3).model_dump()["machines"] == 3
    assert not ServerSweep.model_validate({}).find_limits
