"""Steps of rising load: what came out of each, and the last one that is worth having."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.measurement.report import LoadCurve, LoadStep
from core.probe.records.probe_plan import ConcurrencySweep, ProbePlan, Ramp
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.statistics.estimates import estimate
from core.probe.statistics.words import duration
from core.units import NS_PER_SECOND

BEHIND: Final = 0.8
"""Below this share of what was offered, answers come out slower than requests go in."""
MANY_FAILED: Final = 0.2
KEPT_FAILED: Final = 0.01
"""More failures than this, and a step is not worth having."""
ENOUGH: Final = 0.9
"""A number of workers with this share of the most answers/s is as good as the one with the most."""
WORSE: Final = 2.0
"""Without an objective, a p95 of so many times that of the lowest rate is past the knee."""


def load_curve(plan: ProbePlan, samples: Sequence[Sample]) -> LoadCurve | None:
    """The curve of a ramp or a concurrency sweep; None for other schedules."""
    schedule = plan.schedule
    if not isinstance(schedule, Ramp | ConcurrencySweep):
        return None
    by_step: dict[int, list[Sample]] = {}
    for sample in samples:
        if sample.phase is Phase.MEASURED and sample.asked:
            by_step.setdefault(sample.step, []).append(sample)
    steps = tuple(step_result(plan, step, by_step[step]) for step in sorted(by_step))
    ramp = isinstance(schedule, Ramp)
    knee = _knee_of_rates(plan, steps) if ramp else _knee_of_workers(plan, steps)
    good = [step.good_per_s for step in steps if step.good_per_s is not None]
    goodput = max(good) if good else None
    sentence = _sentence(plan, steps, knee) + _goodput_words(goodput)
    return LoadCurve(steps=steps, knee=knee, goodput_per_s=goodput, sentence=sentence)


def step_result(plan: ProbePlan, step: int, samples: Sequence[Sample]) -> LoadStep:
    """One step in numbers; ``samples`` are those of it that were asked, at least one."""
    schedule = plan.schedule
    timed = [s for s in samples if not s.new_connection] or list(samples)
    answered = [s for s in samples if s.ok]
    first_ns = min(s.intended_ns for s in samples)
    due_s = (max(s.intended_ns for s in samples) - first_ns) / NS_PER_SECOND
    ends_ns = [s.completed_ns for s in answered if s.completed_ns is not None]
    elapsed_s = (max(ends_ns, default=first_ns) - first_ns) / NS_PER_SECOND
    good = None if plan.slo_s is None else sum(s.response_s <= plan.slo_s for s in samples)
    tokens = [s.tokens_billed or s.input_tokens for s in answered]
    known = [count for count in tokens if count is not None]
    return LoadStep(
        workers=schedule.workers[step] if isinstance(schedule, ConcurrencySweep) else None,
        rate_per_s=schedule.rates_per_s[step] if isinstance(schedule, Ramp) else None,
        n=len(samples),
        n_ok=len(answered),
        opened=sum(s.new_connection for s in samples),
        offered_per_s=_per_s(len(samples) - 1, due_s),
        answered_per_s=_per_s(len(answered), elapsed_s),
        good_per_s=None if good is None else _per_s(good, elapsed_s),
        tokens_per_s=_per_s(sum(known), elapsed_s) if known else None,
        response_p50=estimate([s.response_s for s in timed], 0.50),
        response_p95=estimate([s.response_s for s in timed], 0.95),
        saturated=isinstance(schedule, Ramp) and _fell_behind(samples, due_s, elapsed_s),
    )


def is_saturated(step: LoadStep) -> bool:
    """Whether a ramp has nothing more to find above this step."""
    return step.saturated


def _fell_behind(samples: Sequence[Sample], due_s: float, elapsed_s: float) -> bool:
    """Whether requests went in faster than answers came out.

    The answers' time is compared with that of the arrivals plus one answer without a queue: the
    quickest tenth of this very step shows how long that takes.
    """
    failed = sum(not s.ok for s in samples)
    if failed > MANY_FAILED * len(samples):
        return True
    if any(s.outcome is Outcome.REFUSED_BY_CAP for s in samples):
        return True
    services = [s.service_s for s in samples if s.ok]
    alone_s = float(np.quantile(services, 0.1)) if services else 0.0
    return (due_s + alone_s) < BEHIND * elapsed_s


def _per_s(count: int, seconds: float) -> float:
    return count / seconds if seconds > 0 else 0.0


def _is_good(plan: ProbePlan, step: LoadStep, first: LoadStep) -> bool:
    """Within the objective, or without one not much slower than at the lowest load."""
    p95_s, base_s = step.response_p95.value_s, first.response_p95.value_s
    if step.saturated or step.n - step.n_ok > KEPT_FAILED * step.n or p95_s is None:
        return False
    limit_s = plan.slo_s if plan.slo_s is not None else WORSE * (base_s or p95_s)
    return p95_s <= limit_s


def _knee_of_rates(plan: ProbePlan, steps: Sequence[LoadStep]) -> int | None:
    """The last rate before the first that is not good."""
    knee = None
    for place, step in enumerate(steps):
        if not _is_good(plan, step, steps[0]):
            break
        knee = place
    return knee


def _knee_of_workers(plan: ProbePlan, steps: Sequence[LoadStep]) -> int | None:
    """The fewest workers whose answers/s are nearly the most, within the objective if any."""
    value = [
        step.answered_per_s if plan.slo_s is None else step.good_per_s or 0.0 for step in steps
    ]
    if not value or max(value) == 0:
        return None
    return next(i for i, rate in enumerate(value) if rate >= ENOUGH * max(value))


def _sentence(plan: ProbePlan, steps: Sequence[LoadStep], knee: int | None) -> str:
    if not steps:
        return "Nothing was measured yet."
    within = "" if plan.slo_s is None else f" within {duration(plan.slo_s)}"
    if knee is None:
        return f"Not even the lowest load of this run was answered well{within}."
    step = steps[knee]
    p95 = (
        "not reached" if step.response_p95.value_s is None else duration(step.response_p95.value_s)
    )
    if step.workers is not None:
        return (
            f"{step.workers} at a time bring {step.answered_per_s:.3g} answers/s, p95 {p95}; more "
            f"at a time bring less than {(1 - ENOUGH) * 100:.0f} % more{within}."
        )
    return f"{_rate_words(step, p95)}{within}{_beyond(steps, knee)}"


def _goodput_words(goodput: float | None) -> str:
    return "" if goodput is None else f" The most good answers of any step: {goodput:.3g}/s."


def _rate_words(step: LoadStep, p95: str) -> str:
    return f"Up to {step.rate_per_s:g} requests/s are answered well, p95 {p95}"


def _beyond(steps: Sequence[LoadStep], knee: int) -> str:
    if knee == len(steps) - 1:
        return "; no higher rate was tried to its end."
    worse = steps[knee + 1]
    how = "it falls behind" if worse.saturated else "it gets slower or fails"
    return f"; at {worse.rate_per_s:g}/s {how}."
