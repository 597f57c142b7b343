"""A million scenarios: every option with its steps, tiers, spares and energy, on one core."""

import resource
from dataclasses import replace

import numpy as np

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_use.usage_bill import UsageBill
from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.many import Column, Factors, costs_of_many
from core.cost.monthly_bill import MonthlyBill
from core.decide.case import Case
from core.decide.options.options import billed_options
from tests.benchmarks.figure import Figure
from tests.benchmarks.model.bench_model import question
from tests.benchmarks.model.numpy_pass import COLUMNS, ROUNDS, beside_numpy
from tests.benchmarks.report import Spread, load, say, table

SCENARIOS = 1_000_000

TIMES_NUMPY = 12.0
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


def main() -> list[Figure]:
    """Print the time of a million scenarios and the memory; return both beside their budgets."""
    options = bills()
    hosted = sum(isinstance(bill, HostedBill) for bill in options)
    say(f"{len(options)} options, {hosted} of them in steps, all factors drawn anew; {load()}")
    volumes, factors = draws(len(options), SCENARIOS)
    beside = beside_numpy(
        lambda: costs_of_many(options, factors, volumes, SCENARIOS),
        len(options),
        SCENARIOS,
        repeats=3,
        piece=SCENARIOS,
    )
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table(f"{ROUNDS} rounds by turns, median (range); {load()}", COLUMNS, [beside.row("a million")])
    return [
        Figure("a million scenarios, against a numpy pass", beside.ratio, TIMES_NUMPY),
        Figure("memory of the whole process", Spread.of([peak_mb]), MEMORY_BUDGET_MB, unit="MB"),
    ]
