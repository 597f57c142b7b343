"""The plan: 60 months of all options with every cost of moving, both price trends included."""

import time

from core.decide.case import Case
from core.decide.compare import curves
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import PlanTerms
from core.scenario import Objective
from tests.benchmarks.model.bench_model import question
from tests.benchmarks.report import Spread, say, table, within

RUNS = 5
MONTHS = 60
BUDGET_MS = 50.0


def main() -> bool:
    """Print the time of a plan; return whether it kept its budget."""
    scenario, catalog, measurements = question()
    load = scenario.workload.model_copy(update={"growth_per_month": 0.1})
    update = {"objective": Objective(horizon_months=MONTHS), "workload": load}
    scenario = scenario.model_copy(update=update)
    drawn = curves(Case(scenario, catalog, measurements))
    terms = PlanTerms(corpus_tokens=1e10)
    found = plan(drawn, Case(scenario, catalog), terms)
    clock, processor = [], []
    for _ in range(RUNS):
        began, began_cpu = time.perf_counter(), time.process_time()
        plan(drawn, Case(scenario, catalog), terms)
        clock.append((time.perf_counter() - began) * 1e3)
        processor.append((time.process_time() - began_cpu) * 1e3)
    changes = found.best.changes if found.best else 0
    say(f"{len(found.option_ids)} options, {found.months} months, {changes} changes in the best")
    table(
        f"Time of {RUNS} runs",
        ("of", "ms: median (range)"),
        [
            ("the clock", Spread.of(clock).text(digits=1)),
            ("the processor", Spread.of(processor).text(digits=1)),
        ],
    )
    return within("a plan, ms of processor time", Spread.of(processor).median, BUDGET_MS)


if __name__ == "__main__":
    main()
