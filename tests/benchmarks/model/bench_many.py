"""A million scenarios: every option with its steps, tiers, spares and energy, on one core."""

import resource
import time
from dataclasses import replace

import numpy as np

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_use.usage_bill import UsageBill
from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.many import Column, Factors, costs_of_many
from core.cost.monthly_bill import MonthlyBill
from core.decide.case import Case
from core.decide.options.options import billed_options
from tests.benchmarks.model.bench_model import question
from tests.benchmarks.report import Spread, say, table, within

RUNS = 5
SCENARIOS = 1_000_000
RISK_SAMPLES = 20_000

MANY_BUDGET_MS = 250.0
RISK_BUDGET_MS = 50.0
MEMORY_BUDGET_MB = 500.0


def bills() -> list[MonthlyBill]:
    """The bills of twelve options, all priced, one in tiers; and one with everything by use."""
    scenario, catalog, measurements = question()
    found = [
        item.bill
        for item in billed_options(Case(scenario, catalog, measurements))
        if item.bill is not None
    ]
    full = UsageBill(
        ((1_000.0, 0.02), (1e6, 0.018), (np.inf, 0.016)),
        1e6,
        "M tokens",
        free_units=100.0,
        minimum_usd=50.0,
        batch_share=0.3,
        batch_discount=0.5,
    )
    return [*found[:-1], full]


def draws(count: int, scenarios: int) -> tuple[Floats, list[Factors]]:
    """A volume and every factor of every option, each scenario its own."""
    random = np.random.default_rng(1)

    def around_one() -> Column:
        return np.exp(random.uniform(-0.5, 0.5, scenarios))

    shared = Factors(1.0, around_one(), around_one(), around_one(), around_one())
    return 10.0 ** random.uniform(8, 12, scenarios), [
        replace(shared, price=around_one()) for _ in range(count)
    ]


def main() -> bool:
    """Print the time of a million and of 20,000 scenarios, and the memory; return if all kept."""
    options = bills()
    hosted = sum(isinstance(bill, HostedBill) for bill in options)
    say(f"{len(options)} options, {hosted} of them in steps, all factors drawn anew")
    clock, processor = {}, {}
    for scenarios in (SCENARIOS, RISK_SAMPLES):
        volumes, factors = draws(len(options), scenarios)
        runs = []
        for _ in range(RUNS):
            began, began_cpu = time.perf_counter(), time.process_time()
            costs_of_many(options, factors, volumes, scenarios)
            runs.append((time.perf_counter() - began, time.process_time() - began_cpu))
        clock[scenarios] = Spread.of([seconds * 1e3 for seconds, _ in runs])
        processor[scenarios] = Spread.of([seconds * 1e3 for _, seconds in runs])
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table(
        f"Time of {RUNS} runs, median (range): on the clock, and of this process's one core",
        ("scenarios", "clock, ms", "processor, ms"),
        [
            (f"{count:,}", clock[count].text(digits=1), own.text(digits=1))
            for count, own in processor.items()
        ],
    )
    return all(
        (
            within("a million, ms of processor time", processor[SCENARIOS].median, MANY_BUDGET_MS),
            within("20,000, ms of processor time", processor[RISK_SAMPLES].median, RISK_BUDGET_MS),
            within("memory of the whole process, MB", peak_mb, MEMORY_BUDGET_MB),
        )
    )


if __name__ == "__main__":
    main()
