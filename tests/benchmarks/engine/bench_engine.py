"""The local engine beside sentence-transformers' own encode, start-up, and prediction under load.

Each thing is measured by turns with its reference in the same minutes, five rounds, none dropped.
The reference runs as a user has it: sentence-transformers with its own settings, batch size 32.
"""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from core.engines.common.same_vectors import lowest_cosine
from core.engines.common.status import MODEL
from core.engines.local import Engine, EngineWish, load_engine
from core.engines.onnx_cpu.onnx_export import LEAST_COSINE
from core.measurement.latency import Subject
from core.measurement.sweep import LoadCheck
from core.probe.records.probe_plan import LocalTarget, OpenLoop, ProbePlan
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.sweep.run_sweep import run_sweep
from core.runs.sweep.sweep_question import SweepQuestion
from core.settings import Settings
from core.store.open import open_store
from tests.benchmarks.engine.reference import Reference, median_s
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, say, table

ROUNDS = 5
SHORT_RATIO = 3.0
LARGE_RATIO = 1.0
WARM_TIMES, COLD_TIMES = 0.3, 1.4
MOST_OFF = 1 - LEAST_COSINE
P95_ERROR = 0.25
WORD = "hello "


@dataclass(frozen=True, slots=True)
class Case:
    """Texts to embed, and how many times as quick the engine must be."""

    name: str
    texts: list[str]
    repeats: int
    least_ratio: float | None


def cases() -> list[Case]:
    """One short text, full batches, and lengths as a corpus has them."""
    rng = np.random.default_rng(0)
    mixed = [WORD * int(n) for n in np.clip(rng.lognormal(3.4, 1.0, 64), 1, 250)]
    return [
        Case("1 x 16", [WORD * 14], 15, SHORT_RATIO),
        Case("1 x 128", [WORD * 126], 5, None),
        Case("32 x 128", [WORD * 126] * 32, 1, LARGE_RATIO),
        Case("64 mixed", mixed, 1, LARGE_RATIO),
    ]


def main() -> list[Figure]:
    """Measure all three; return what was found beside its budgets."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "models"
        return [*start_up(Path(folder)), *speed(cache), prediction(cache)]


def speed(cache: Path) -> list[Figure]:
    """Ratios to plain encode by case, and the vectors."""
    engine = load_engine(EngineWish(device="cpu"), cache, "now")
    with Reference() as reference:
        rows, figures, furthest = [], [], 0.0
        for case in cases():
            expected = reference.vectors(case.texts)
            cosine = lowest_cosine(engine.embed(case.texts), expected)
            own, plain = [], []
            for _ in range(ROUNDS):
                own.append(median_s(partial(engine.embed, case.texts), case.repeats))
                plain.append(reference.median_s(case.texts, case.repeats))
            ratio = ratios(plain, own)
            furthest = max(furthest, 1 - cosine)
            if case.least_ratio is not None:
                what = f"{case.name}, times as quick as encode"
                figures.append(Figure(what, ratio, case.least_ratio, at_least=True))
            rows.append(_row(case, own, plain, ratio, cosine))
    table(
        f"Engine ({engine.info.engine}, {engine.info.threads} threads) beside plain encode, "
        f"{ROUNDS} rounds by turns: median (range); {load()}",
        ("case", "engine, ms", "encode, ms", "times as quick", "lowest cosine"),
        rows,
    )
    off = Spread.of([furthest])
    return [*figures, Figure("furthest cosine to encode's vectors", off, MOST_OFF, "below 1")]


def _row(
    case: Case, own: list[float], plain: list[float], ratio: Spread, cosine: float
) -> tuple[str, ...]:
    return (
        case.name,
        Spread.of(own).text(1e3, 1),
        Spread.of(plain).text(1e3, 1),
        ratio.text(digits=2),
        f"{cosine:.7f}",
    )


def start_up(folder: Path) -> list[Figure]:
    """From the click to the first number, beside a new process of encode to its first vector."""
    cold, warm, plain = [], [], []
    for round_ in range(ROUNDS):
        data = folder / f"start-{round_}"
        cold.append(first_number_s(data))
        load_engine(EngineWish(device="cpu"), data / "models", "now")
        warm.append(first_number_s(data))
        plain.append(first_vector_s())
    table(
        f"Click to the first measured number of the local model, s; {load()}",
        ("start", "median (range)"),
        [
            ("warm: a new worker, the model was exported", Spread.of(warm).text(digits=2)),
            ("cold: nothing was ever exported", Spread.of(cold).text(digits=2)),
            ("a new process of sentence-transformers, one vector", Spread.of(plain).text(digits=2)),
        ],
    )
    return [
        Figure("warm start, against encode's", ratios(warm, plain), WARM_TIMES),
        Figure("cold start, against encode's", ratios(cold, plain), COLD_TIMES),
    ]


def first_vector_s() -> float:
    """From a new process of sentence-transformers to the first vector of its encode."""
    began = time.perf_counter()
    with Reference() as reference:
        reference.vectors(["where is my order"])
        return time.perf_counter() - began


def first_number_s(data: Path) -> float:
    """Start a probe in a new worker process and look until an answer is stored."""
    settings = Settings(data_dir=data, database_url=None)
    store = open_store(settings)
    runs = Runs(store, settings)
    subject = Subject(option_id="this-machine", label="This machine", model=MODEL)
    plan = ProbePlan(
        subject=subject,
        target=LocalTarget(device="cpu"),
        texts=("where is my order",),
        schedule=OpenLoop(requests=3, rate_per_s=20.0),
        warm_up_requests=0,
    )
    try:
        began = time.perf_counter()
        run_id = runs.start(plan, rate=FREE)
        while not any(sample.ok for sample in runs.samples(run_id)):
            time.sleep(0.01)
        took = time.perf_counter() - began
        while runs.view(run_id).live:
            time.sleep(0.05)
    finally:
        runs.close()
        store.close()
    return took


def prediction(cache: Path) -> Figure:
    """Predicted beside measured p95 at half and at four fifths of the capacity, five sweeps."""
    engine = load_engine(EngineWish(device="cpu"), cache, "now")
    found = list(_checks(engine))
    table(
        f"p95 predicted by the queue beside an open loop, {ROUNDS} sweeps; {load()}",
        ("sweep, load", "predicted, ms", "measured, ms", "error", "batches over fit", "own times"),
        [_check_row(number, check) for number, check in found],
    )
    half = [abs(check.p95_error or 1.0) for _, check in found if check.share == 0.5]
    own = [
        abs((check.own_times_p95_s or np.inf) / (check.measured.response_p95.value_s or 1.0) - 1)
        for _, check in found
    ]
    say(
        f"|error| at half of the capacity: {Spread.of(half).text(100)} %. With the batch times "
        f"that each run had itself: {Spread.of(own).text(100)} %. The difference is what else this "
        "machine did between the sweep's timings and the run."
    )
    return Figure("|error| of p95 at 50 % load", Spread.of(half), P95_ERROR, "of the measured")


def _checks(engine: Engine) -> Iterator[tuple[int, LoadCheck]]:
    for number in range(1, ROUNDS + 1):
        question = SweepQuestion(requests=300, seed=number)
        report = run_sweep(engine, question, (), lambda _: None, lambda: False)
        fit = report.fit
        say(
            f"sweep {number}: {fit.tokens_per_s:,.0f} tokens/s, MFU "
            f"{fit.mfu or 0:.0%} of {fit.dense_tflops_measured:.3g} TFLOP/s, fit within "
            f"{fit.log_spread:.1%}; {load()}"
        )
        yield from ((number, check) for check in report.checks)


def _check_row(number: int, check: LoadCheck) -> tuple[str, ...]:
    error, own = check.p95_error, check.own_times_p95_s
    measured_s = check.measured.response_p95.value_s
    return (
        f"{number}, {check.share:.0%}",
        f"{1e3 * check.predicted_p95_s:.0f}",
        "-" if measured_s is None else f"{1e3 * measured_s:.0f}",
        "-" if error is None else f"{error:+.0%}",
        f"{check.slowdown:.2f}",
        "-" if own is None or not measured_s else f"{own / measured_s - 1:+.0%}",
    )
