"""What a rising load has shown: how much comes out, how much comes out well, what limits it."""

from collections.abc import Sequence
from typing import Final

from core.measurement.report import LimitedBy, LoadCurve, LoadStep
from core.probe.records.probe_plan import ConcurrencySweep, ProbePlan, Ramp
from core.probe.records.sample import Phase, Sample
from core.probe.statistics.steps import step_result
from core.probe.statistics.words import duration, per_second

KEPT_FAILED: Final = 0.01
"""More failures than this, and a step is not worth having."""
ENOUGH: Final = 0.9
"""A number of workers with this share of the most answers/s is as good as the one with the most."""
WORSE: Final = 2.0
"""Without an objective, a p95 of so many times that of the lowest rate is past the knee."""
_WHOSE: Final[dict[LimitedBy, str]] = {
    "server": "their server",
    "rate_limit": "their rate limit",
    "client": "our client",
}


def load_curve(plan: ProbePlan, samples: Sequence[Sample]) -> LoadCurve | None:
    """The curve of a ramp or a concurrency sweep; None for other schedules.

    A step that was broken off is among the steps, and counts for nothing but a rate limit.
    """
    schedule = plan.schedule
    if not isinstance(schedule, Ramp | ConcurrencySweep):
        return None
    by_step: dict[int, list[Sample]] = {}
    for sample in samples:
        if sample.phase is Phase.MEASURED and sample.asked:
            by_step.setdefault(sample.step, []).append(sample)
    steps = tuple(step_result(plan, step, by_step[step]) for step in sorted(by_step))
    whole = [step for step in steps if step.finished]
    ramp = isinstance(schedule, Ramp)
    knee = _knee_of_rates(plan, whole) if ramp else _knee_of_workers(plan, whole)
    good = [step.good_per_s for step in whole if step.good_per_s is not None]
    return LoadCurve(
        steps=steps,
        knee=knee,
        goodput_per_s=max(good, default=None),
        capacity_per_s=max((step.answered_per_s for step in whole), default=None),
        limited_by=steps[-1].limited_by if steps else None,
        sentence=(_ramp_sentence if ramp else _workers_sentence)(plan, steps, knee),
    )


def _is_good(plan: ProbePlan, step: LoadStep, first: LoadStep) -> bool:
    """Within the objective, or without one not much slower than at the lowest load."""
    p95_s, base_s = step.response_p95.value_s, first.response_p95.value_s
    if step.limited_by is not None or step.n - step.n_ok > KEPT_FAILED * step.n or p95_s is None:
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


def _workers_sentence(plan: ProbePlan, steps: Sequence[LoadStep], knee: int | None) -> str:
    if not steps:
        return "Nothing was measured yet."
    within = "" if plan.slo_s is None else f" within {duration(plan.slo_s)}"
    if knee is None:
        return f"No number of workers of this run was answered well{within}."
    step = steps[knee]
    good = [s.good_per_s for s in steps if s.finished and s.good_per_s is not None]
    most = f" The most good answers of any step: {per_second(max(good))}/s." if good else ""
    return (
        f"{step.workers} at a time bring {per_second(step.answered_per_s)} answers/s, p95 "
        f"{_p95(step)}; more at a time bring less than {(1 - ENOUGH) * 100:.0f} % "
        f"more{within}.{most}"
    )


def _ramp_sentence(plan: ProbePlan, steps: Sequence[LoadStep], knee: int | None) -> str:
    """The most that came out, the most that came out well, and what limits it: one sentence."""
    if not steps:
        return "Nothing was measured yet."
    whole = [step for step in steps if step.finished]
    if not whole:
        return f"No rate was kept up to its end, so no capacity was seen; {_limit(plan, steps)}."
    best = max(whole, key=lambda step: step.answered_per_s)
    return (
        f"Capacity seen: {per_second(best.answered_per_s)} answers/s at {best.rate_per_s:g} "
        f"requests/s; {_met(plan, whole, knee)}; {_limit(plan, steps)}."
    )


def _met(plan: ProbePlan, whole: Sequence[LoadStep], knee: int | None) -> str:
    met = (
        f"stayed within {WORSE:g} times the p95 of the lowest rate"
        if plan.slo_s is None
        else f"met the objective of {duration(plan.slo_s)}"
    )
    if knee is None:
        return f"not even {whole[0].rate_per_s:g} requests/s {met}"
    return f"up to {whole[knee].rate_per_s:g} requests/s {met} (p95 {_p95(whole[knee])})"


def _limit(plan: ProbePlan, steps: Sequence[LoadStep]) -> str:
    """Whose limit it is. A rate that is too slow is one, whether or not more came out of it."""
    last = steps[-1]
    if last.limited_by is not None:
        return f"the limit is {_WHOSE[last.limited_by]}: at {last.rate_per_s:g}/s {last.limit}"
    whole = [step for step in steps if step.finished]
    bad = next((step for step in whole if not _is_good(plan, step, whole[0])), None)
    if bad is not None:
        return f"the limit is {_too_bad(bad)}"
    if not last.finished:
        return f"the run ended within {last.rate_per_s:g}/s, before a limit was found"
    return f"no limit was found up to {last.rate_per_s:g}/s, the highest rate of the plan"


def _too_bad(step: LoadStep) -> str:
    failed = step.n - step.n_ok
    if failed > KEPT_FAILED * step.n:
        return f"failures: at {step.rate_per_s:g}/s {failed} of {step.n} requests fail"
    return f"the response time: at {step.rate_per_s:g}/s its p95 is {_p95(step)}"


def _p95(step: LoadStep) -> str:
    value_s = step.response_p95.value_s
    return "not reached" if value_s is None else duration(value_s)
