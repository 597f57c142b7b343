"""The plan: 60 months of all options with every cost of moving, both price trends included."""

from core.decide.case import Case
from core.decide.compare import curves
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import PlanTerms
from core.scenario import Objective
from tests.benchmarks.figure import Figure
from tests.benchmarks.model.bench_model import question
from tests.benchmarks.model.numpy_pass import COLUMNS, ROUNDS, beside_numpy
from tests.benchmarks.report import load, say, table

MONTHS = 60
REPEATS = 5
TIMES_NUMPY = 3_000.0
"""Of 720 numbers: their pass is calls of numpy alone. Its order of moves is a walk in Python."""


def main() -> list[Figure]:
    """Print the time of a plan; return it beside its budget."""
    scenario, catalog, measurements = question()
    workload = scenario.workload.model_copy(update={"growth_per_month": 0.1})
    update = {"objective": Objective(horizon_months=MONTHS), "workload": workload}
    scenario = scenario.model_copy(update=update)
    drawn = curves(Case(scenario, catalog, measurements))
    terms = PlanTerms(corpus_tokens=1e10)
    case = Case(scenario, catalog)
    found = plan(drawn, case, terms)
    changes = found.best.changes if found.best else 0
    say(f"{len(found.option_ids)} options, {found.months} months, {changes} changes in the best")
    beside = beside_numpy(lambda: plan(drawn, case, terms), len(found.option_ids), MONTHS, REPEATS)
    table(f"{ROUNDS} rounds of {REPEATS} by turns; {load()}", COLUMNS, [beside.row("a plan")])
    return [Figure("a plan, against a numpy pass", beside.ratio, TIMES_NUMPY)]


if __name__ == "__main__":
    main()
