"""The engine on an NVIDIA GPU beside sentence-transformers' own encode, and a sweep of it.

Five rounds by turns, none dropped. The references are encode in fp32, which the budget is against,
and encode in fp16, the stronger one; both with a batch as large as the engine's. Without a GPU
there is nothing to measure. ``BREAKEVEN_BENCH_MODEL`` names the folder of another model.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from core.catalog.load import load_catalog
from core.engines.common.same_vectors import lowest_cosine
from core.engines.devices.gpu import nvidia_gpus
from core.engines.local import Engine, EngineWish, load_engine
from core.runs.sweep.run_sweep import run_sweep
from core.runs.sweep.sweep_question import SweepQuestion
from tests.benchmarks.engine.reference import Reference, median_s
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, say, table

ROUNDS = 5
LEAST_RATIO = 1.5
LEAST_COSINE = 0.999
P95_ERROR = 0.25
BATCH = 256
WORD = "hello "


@dataclass(frozen=True, slots=True)
class Case:
    """Texts to embed, and how many times as quick the engine must be as encode in fp32."""

    name: str
    texts: list[str]
    repeats: int
    least_ratio: float | None = None


def cases() -> list[Case]:
    """Single texts, full batches, and lengths as a corpus has them."""
    rng = np.random.default_rng(0)
    mixed = [WORD * int(n) for n in np.clip(rng.lognormal(3.4, 1.0, 2_048), 1, 250)]
    return [
        Case("1 x 16", [WORD * 14], 50),
        Case("1 x 128", [WORD * 126], 50),
        Case("32 x 128", [WORD * 126] * 32, 20),
        Case("128 x 128", [WORD * 126] * 128, 20, LEAST_RATIO),
        Case("2,048 mixed", mixed, 3),
    ]


def main() -> list[Figure]:
    """Measure; return what was found beside its budgets."""
    if shutil.which("nvidia-smi") is None:
        say("No NVIDIA GPU here: nothing is measured.")
        return []
    for gpu in nvidia_gpus():
        say(gpu.line)
    folder = os.environ.get("BREAKEVEN_BENCH_MODEL")
    model = None if folder is None else Path(folder)
    engine = load_engine(EngineWish(device="cuda", model=folder))
    info = engine.info
    say(f"{info.device_name}: {info.engine}, {info.precision}; {info.engine_reason}")
    return [*speed(engine, model), sweeps(engine)]


@contextmanager
def references(model: Path | None) -> Iterator[tuple[Reference, Reference]]:
    """Encode in fp32 and in fp16."""
    with (
        Reference(device="cuda", batch_texts=BATCH, model=model) as full,
        Reference(device="cuda", precision="fp16", batch_texts=BATCH, model=model) as half,
    ):
        yield full, half


def speed(engine: Engine, model: Path | None) -> list[Figure]:
    """Ratios to encode by case, and the vectors."""
    rows, figures, furthest = [], [], 0.0
    with references(model) as (full, half):
        for case in cases():
            cosine = lowest_cosine(engine.embed(case.texts), full.vectors(case.texts))
            own, fp32, fp16 = [], [], []
            for _ in range(ROUNDS):
                own.append(median_s(partial(engine.embed, case.texts), case.repeats))
                fp32.append(full.median_s(case.texts, case.repeats))
                fp16.append(half.median_s(case.texts, case.repeats))
            ratio = ratios(fp32, own)
            furthest = max(furthest, 1 - cosine)
            if case.least_ratio is not None:
                what = f"{case.name}, times as quick as encode in fp32"
                figures.append(Figure(what, ratio, case.least_ratio, at_least=True))
            tokens = engine.count_tokens(case.texts)
            rate = tokens / Spread.of(own).median
            rows.append(
                (
                    case.name,
                    Spread.of(own).text(1e3, 2),
                    f"{rate:,.0f}",
                    Spread.of(fp32).text(1e3, 2),
                    ratio.text(digits=2),
                    ratios(fp16, own).text(digits=2),
                    f"{cosine:.6f}",
                )
            )
    table(
        f"{engine.info.device_name}: engine ({engine.info.precision}) beside encode, {ROUNDS} "
        f"rounds by turns: median (range); {load()}",
        (
            "case",
            "engine, ms",
            "tokens/s",
            "encode fp32, ms",
            "times as quick",
            "than fp16",
            "cosine to fp32",
        ),
        rows,
    )
    off = Spread.of([furthest])
    return [*figures, Figure("furthest cosine to fp32", off, 1 - LEAST_COSINE, "below 1")]


def sweeps(engine: Engine) -> Figure:
    """Five sweeps: rate, MFU, watts, and the predicted p95 beside an open loop."""
    cards = load_catalog().cards
    rows, half = [], []
    for number in range(1, ROUNDS + 1):
        question = SweepQuestion(requests=500, seed=number, slo_p95_s=0.05)
        report = run_sweep(engine, question, cards, lambda _: None, lambda: False)
        fit = report.fit
        say(
            f"sweep {number}: {fit.tokens_per_s:,.0f} tokens/s, MFU {fit.mfu or 0:.1%} of "
            f"{fit.dense_tflops_measured:,.0f} TFLOP/s measured, {fit.memory_gb_per_s:,.0f} GB/s, "
            f"fit within {fit.log_spread:.1%}, largest batch {fit.largest_batch} x "
            f"{fit.largest_batch_tokens}; {report.energy} {report.capacity.explanation}"
        )
        say(report.verdict)
        for check in report.checks:
            error, measured_s = check.p95_error, check.measured.response_p95.value_s
            if check.share == report.checks[0].share:
                half.append(abs(error or 1.0))
            say(
                f"{check.share:.0%}: p95 predicted {1e3 * check.predicted_p95_s:.2f} ms, measured "
                f"{1e3 * (measured_s or 0.0):.2f} ms"
            )
            rows.append(
                (
                    f"{number}, {check.share:.0%}",
                    f"{check.rate_per_s:,.0f}",
                    f"{check.texts_per_request}",
                    f"{1e3 * check.predicted_p95_s:.2f}",
                    "-" if measured_s is None else f"{1e3 * measured_s:.2f}",
                    "-" if error is None else f"{error:+.0%}",
                    f"{check.slowdown:.2f}",
                    f"{check.predicted_mean_batch:.1f}",
                    f"{check.measured_mean_batch:.1f}",
                )
            )
    table(
        f"p95 predicted by the queue beside an open loop; {load()}",
        (
            "sweep, load",
            "texts/s",
            "texts a request",
            "predicted, ms",
            "measured, ms",
            "error",
            "batches over fit",
            "mean batch, predicted",
            "measured",
        ),
        rows,
    )
    return Figure("|error| of p95 at 50 % load", Spread.of(half), P95_ERROR, "of the measured")


if __name__ == "__main__":
    main()
