"""Thousands of hostile scenarios, files of runs, exports and links."""

from tests.benchmarks.report import say
from tests.reliability.fuzz import Tally, attempt, doors
from tests.reliability.trial import Trial

EACH = 2_000
MOST_SHOWN = 10


def main(seed: int) -> Trial:
    """Try each door so many times; nothing but a sentence may come out."""
    trial = Trial()
    with doors() as known:
        for name, door in known.items():
            tally = Tally()
            for number in range(EACH):
                attempt(door, seed + number, tally)
            say(f"{name}: {tally.taken} taken, {tally.refused} refused, {len(tally.faults)} faults")
            trial.figures |= {f"{name}, taken": tally.taken, f"{name}, refused": tally.refused}
            trial.faults += [f"{name}, {fault}" for fault in tally.faults[:MOST_SHOWN]]
    return trial
