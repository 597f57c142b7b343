"""Risk: the page's analysis of 20,000 samples over all options, and a million behind a button."""

import time
from collections.abc import Callable

from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.risk.analyse_risk import SAMPLES, risk
from core.decide.risk.long_risk import MILLION, long_risk
from core.decide.risk.risk_model import RiskModel, risk_model
from core.decide.risk.volume_risk import volume_risk
from tests.benchmarks.model.bench_model import question
from tests.benchmarks.report import Spread, say, table, within

RUNS = 5

RISK_BUDGET_MS = 50.0
MILLION_BUDGET_S = 1.0


def model() -> RiskModel:
    """All options with every range that the sources give."""
    scenario, catalog, measurements = question()
    case = Case(scenario, catalog, measurements)
    drawn = curves(case)
    known = [curve.option for curve in drawn.curves]
    believed = beliefs(case, known)
    return risk_model(drawn, catalog, believed, scenario.tokens_per_month * 20)


def main() -> bool:
    """Print the time of the page's parts and of the long run; return whether all kept."""
    asked = model()
    say(f"{len(asked.options)} priced options, {len(asked.uncertain)} inputs with a range")
    timed: dict[str, Callable[[], object]] = {
        f"risk, {SAMPLES:,} samples": lambda: risk(asked),
        "along the volume axis": lambda: volume_risk(asked),
        "both: the page": lambda: (risk(asked), volume_risk(asked)),
        f"{MILLION:,} samples": lambda: list(long_risk(asked)),
    }
    runs = {name: [_ms(call) for _ in range(RUNS)] for name, call in timed.items()}
    busy = {name: Spread.of([cpu for _, cpu in pairs]) for name, pairs in runs.items()}
    table(
        f"Time of {RUNS} runs, median (range): on the clock, and of this process's own work",
        ("what", "clock, ms", "processor, ms"),
        [
            (name, Spread.of([clock for clock, _ in runs[name]]).text(digits=1), own.text(digits=1))
            for name, own in busy.items()
        ],
    )
    page, million = busy["both: the page"], busy[f"{MILLION:,} samples"]
    return all(
        (
            within("the page, ms of processor time", page.median, RISK_BUDGET_MS),
            within(
                "a million samples, s of processor time", million.median / 1e3, MILLION_BUDGET_S
            ),
        )
    )


def _ms(call: Callable[[], object]) -> tuple[float, float]:
    """Time on the clock and of the processor, ms: neighbours slow the first alone."""
    began, began_cpu = time.perf_counter(), time.process_time()
    call()
    return (time.perf_counter() - began) * 1e3, (time.process_time() - began_cpu) * 1e3


if __name__ == "__main__":
    main()
