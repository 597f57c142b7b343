"""A one-off job by every way of the catalogue, against one call of the default curves."""

import time
from collections.abc import Callable

from core.catalog.load import load_catalog
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.job.one_off_job import OneOffJob
from core.scenario import Scenario, Workload
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import load, ratios, say

ROUNDS = 5
REPEATS = 10
"""Calls in a round; the round's figure is their mean."""
TIMES_CURVES = 3.0


def main() -> list[Figure]:
    """Print both times of five rounds by turns; return their ratio beside its budget."""
    catalog = load_catalog()
    asked = Workload(corpus_tokens=10e9, backfill_days=14)
    after = asked.model_copy(update={"afterwards_tokens_per_month": 50e6})
    calls: dict[str, Callable[[], object]] = {
        "curves": lambda: curves(Case(Scenario(), catalog)),
        "job": lambda: OneOffJob(Case(Scenario(workload=asked), catalog)).answer,
        "job and what follows": lambda: OneOffJob(Case(Scenario(workload=after), catalog)).answer,
    }
    rounds = [{name: _ms(call) for name, call in calls.items()} for _ in range(ROUNDS)]
    for name in calls:
        each = ", ".join(f"{one[name]:.1f}" for one in rounds)
        say(f"{name}: {each} ms a call of the processor; {load()}")
    reference = [one["curves"] for one in rounds]
    return [
        Figure(
            f"{name}, against curves",
            ratios([one[name] for one in rounds], reference),
            TIMES_CURVES,
        )
        for name in calls
        if name != "curves"
    ]


def _ms(call: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(REPEATS):
        call()
    return (time.process_time() - began) * 1e3 / REPEATS


if __name__ == "__main__":
    main()
