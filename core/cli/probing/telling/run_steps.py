"""The steps of a ramp, a sweep of batches or workers, and of silences, a line each."""

from collections.abc import Iterator

from core.measurement.estimate import Estimate
from core.measurement.report import BatchCurve, ColdCurve, LoadCurve, LoadStep, RunReport
from core.probe.statistics.words import duration, per_second, percent


def estimate_text(estimate: Estimate) -> str:
    """A percentile with its interval, ms."""
    if estimate.value_s is None:
        return "infinite: failures reach into it"
    low, high = estimate.low_s, estimate.high_s
    if low is None and high is None:
        return f"{estimate.value_s * 1e3:.1f} ms (too few for an interval)"
    least = "?" if low is None else f"{low * 1e3:.1f}"
    most = "no upper bound" if high is None else f"{high * 1e3:.1f}"
    return f"{estimate.value_s * 1e3:.1f} ms (95 %: {least} to {most})"


def value_text(estimate: Estimate) -> str:
    """A percentile alone."""
    return "infinite" if estimate.value_s is None else duration(estimate.value_s)


def step_lines(report: RunReport) -> Iterator[str]:
    """What each step of a run showed; nothing of a run whose requests are one load."""
    if report.load is not None:
        yield from _of_load(report.load)
    if report.batches is not None:
        yield from _of_batches(report.batches)
    if report.cold is not None:
        yield from _of_silences(report.cold)


def load_words(step: LoadStep) -> str:
    """One rate, or one number of workers, with what came out of it."""
    workers = step.workers
    asked = f"{step.rate_per_s or 0:g} requests/s" if workers is None else f"{workers} at a time"
    good = (
        "" if step.good_per_s is None else f", {per_second(step.good_per_s)}/s within the objective"
    )
    failed = f", {step.n - step.n_ok} of {step.n} failed" if step.n_ok < step.n else ""
    times = f"p50 {value_text(step.response_p50)}, p95 {value_text(step.response_p95)}"
    return f"{asked}: {per_second(step.answered_per_s)} answers/s{good}, {times}{failed}"


def _of_load(curve: LoadCurve) -> Iterator[str]:
    for step in curve.steps:
        mark = "  <- knee" if step is curve.knee_step else "" if step.finished else "  (broken off)"
        yield f"{load_words(step)}{mark}"
    if curve.goodput_per_s is not None:
        yield f"most answers within the objective: {per_second(curve.goodput_per_s)}/s"


def _of_batches(curve: BatchCurve) -> Iterator[str]:
    for step in curve.steps:
        length = "" if step.characters is None else f" of {step.characters} characters"
        each = "" if step.per_text_s is None else f", {duration(step.per_text_s)} a text"
        texts = f"{step.texts} text{'' if step.texts == 1 else 's'}"
        yield f"{texts}{length}: {estimate_text(step.service_p50)}{each}"
    if (fit := curve.fit) is not None:
        parts = [duration(fit.fixed_s), f"{duration(fit.per_text_s)} x texts"]
        parts += [] if fit.per_unit_s is None else [f"{duration(fit.per_unit_s)} x {fit.unit}s"]
        off = f"off by {percent(fit.residual)} on average, {percent(fit.worst)} at most"
        yield f"fit: time of a request = {' + '.join(parts)} ({off})"
    if curve.best_tokens_per_s is not None:
        yield f"{curve.best_tokens_per_s:,.0f} tokens/s at {curve.best_texts} texts a request"


def _of_silences(curve: ColdCurve) -> Iterator[str]:
    for gap in curve.gaps:
        cold = "  <- cold" if gap.cold else ""
        first, warm = estimate_text(gap.ready_p50), value_text(gap.warm_p50)
        yield f"after {duration(gap.gap_s)}: first call {first}, warm {warm}{cold}"
