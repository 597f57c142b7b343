"""Risk: the page's analysis of 20,000 samples over all options, and a million behind a button."""

from collections.abc import Callable

from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.risk.analyse_risk import SAMPLES, risk
from core.decide.risk.long_risk import MILLION, long_risk
from core.decide.risk.mean_costs import MEAN_SAMPLES
from core.decide.risk.risk_model import RiskModel, risk_model
from core.decide.risk.volume_risk import AXIS_POINTS, volume_risk
from tests.benchmarks.figure import Figure
from tests.benchmarks.model.bench_model import question
from tests.benchmarks.model.numpy_pass import COLUMNS, ROUNDS, beside_numpy
from tests.benchmarks.report import load, say, table

PAGE = "both: the page Risk"
LONG = f"{MILLION:,} samples"
TIMES_NUMPY = {PAGE: 140.0, LONG: 85.0}


def model() -> RiskModel:
    """All options with every range that the sources give."""
    scenario, catalog, measurements = question()
    case = Case(scenario, catalog, measurements)
    drawn = curves(case)
    known = [curve.option for curve in drawn.curves]
    believed = beliefs(case, known)
    return risk_model(drawn, catalog, believed, scenario.tokens_per_month * 20)


def main() -> list[Figure]:
    """Print the time of the page's parts and of the long run; return what has a budget."""
    asked = model()
    options = len(asked.options)
    say(f"{options} priced options, {len(asked.uncertain)} inputs with a range; {load()}")
    axis = MEAN_SAMPLES * AXIS_POINTS
    timed: dict[str, tuple[Callable[[], object], int, int]] = {
        f"risk, {SAMPLES:,} samples": (lambda: risk(asked), SAMPLES, 3),
        "along the volume axis": (lambda: volume_risk(asked), axis, 3),
        PAGE: (lambda: (risk(asked), volume_risk(asked)), SAMPLES + axis, 3),
        LONG: (lambda: list(long_risk(asked)), MILLION, 1),
    }
    beside = {
        name: beside_numpy(call, options, samples, repeats)
        for name, (call, samples, repeats) in timed.items()
    }
    rows = [one.row(name) for name, one in beside.items()]
    table(f"{ROUNDS} rounds by turns, median (range); {load()}", COLUMNS, rows)
    return [
        Figure(f"{name}, against a numpy pass", beside[name].ratio, budget)
        for name, budget in TIMES_NUMPY.items()
    ]


if __name__ == "__main__":
    main()
