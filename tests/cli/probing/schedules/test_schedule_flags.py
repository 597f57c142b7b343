"""Flags that say when and how to ask: what they mean, and which of them contradict each other."""

from typing import Any

import pytest

from core.cli.probing.schedules.flag_conflicts import refuse_contradictions
from core.cli.probing.schedules.schedule_flags import schedule_of
from core.errors import RunError
from core.probe.records.schedules import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Paired,
    Ramp,
    Schedule,
)


@pytest.mark.parametrize(
    ("typed", "schedule"),
    [
        ({}, OpenLoop()),
        ({"requests": 9, "rate": 2.0}, OpenLoop(requests=9, rate_per_s=2.0)),
        ({"arrivals": "constant"}, OpenLoop(arrivals="constant")),
        ({"ramp": "1:8:2x"}, Ramp(rates_per_s=(1, 2, 4, 8))),
        ({"ramp": "10:35:+10", "step_s": 2.0}, Ramp(rates_per_s=(10, 20, 30), step_s=2.0)),
        ({"ramp": "1, 5, 9.5"}, Ramp(rates_per_s=(1, 5, 9.5))),
        ({"ramp": "1", "arrivals": "constant"}, Ramp(rates_per_s=(1,), arrivals="constant")),
        ({"batches": "1,4,16"}, BatchSweep(sizes=(1, 4, 16))),
        ({"batches": "1,4", "characters": "0"}, BatchSweep(sizes=(1, 4), characters=())),
        ({"batches": "1,4", "repeats": 2}, BatchSweep(sizes=(1, 4), repeats=2)),
        ({"batches": "2", "characters": "50,90"}, BatchSweep(sizes=(2,), characters=(50, 90))),
        ({"concurrency": "8"}, ClosedLoop(workers=8)),
        ({"concurrency": "1,8", "requests": 20}, ConcurrencySweep(workers=(1, 8), requests=20)),
        ({"cold": "0.5,2", "repeats": 1}, ColdStart(gaps_s=(0.5, 2), repeats=1)),
        ({"against": ["x"], "requests": 30}, Paired(pairs=30, rate_per_s=8.0)),
    ],
)  # fmt: skip
def test_flags_say_a_schedule(typed: dict[str, Any], schedule: Schedule) -> None:
    """What was not typed is the schedule's own."""
    refuse_contradictions(typed)
    assert schedule_of(typed) == schedule


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ramp": "8:1:2x"}, "--ramp 8:1:2x does not rise"),
        ({"ramp": "1:8:1x"}, "does not rise"),
        ({"ramp": "0:8:2x"}, "does not rise"),
        ({"ramp": "1.2.3:8:2x"}, "does not rise"),
        ({"ramp": "fast"}, "--ramp 'fast': write numbers with commas"),
        ({"ramp": "4,2,1"}, "--ramp: the rates must rise from each to the next"),
        ({"ramp": "1:1000000:2x"}, "--ramp: "),
        ({"ramp": "nan"}, "--ramp: "),
        ({"batches": "1,two"}, "--batches '1,two'"),
        ({"batches": "1.5"}, "--batches '1.5': each must be a whole number"),
        ({"batches": "inf"}, "--batches 'inf': each must be a whole number"),
        ({"batches": "4,4"}, "--batches: the sizes must rise"),
        ({"concurrency": "999"}, "--concurrency: "),
        ({"cold": "-1"}, "--cold: "),
    ],
)
def test_what_is_no_schedule_is_said_by_its_flag(typed: dict[str, Any], words: str) -> None:
    """Not by the name of a field that nobody typed."""
    with pytest.raises(RunError) as refused:
        schedule_of(typed)
    assert words in str(refused.value)
