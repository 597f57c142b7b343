"""How the time of a request grows with what is in it: fixed, per text, per token."""

import math
from collections.abc import Sequence
from itertools import combinations
from statistics import median
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.measurement.report import BatchCurve, BatchFit, BatchStep
from core.probe.findings.size_findings import limit_sentence, without_sizes_found
from core.probe.records.probe_plan import BatchSweep, ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.statistics.estimates import estimate
from core.probe.statistics.words import duration, percent

NEARLY_BEST: Final = 1.05
COLLINEAR: Final = 0.02
"""Below this share of its size, what a column has beyond the others says nothing of its own."""
LEAST_SIZES: Final = 3
REWEIGHTINGS: Final = 20
LEAST_ERROR: Final = 1e-4
"""Relative errors below this weigh alike."""


def batch_curve(plan: ProbePlan, samples: Sequence[Sample]) -> BatchCurve | None:
    """The curve of a batch sweep; None for other schedules."""
    schedule = plan.schedule
    if not isinstance(schedule, BatchSweep):
        return None
    by_step: dict[int, list[Sample]] = {}
    for sample in without_sizes_found(plan, samples):
        if sample.phase is Phase.MEASURED and sample.asked:
            by_step.setdefault(sample.step, []).append(sample)
    steps = tuple(_step(*schedule.cells[i], by_step[i]) for i in sorted(by_step))
    answered = [s for step in sorted(by_step) for s in by_step[step] if s.ok]
    fit, best = fit_of(schedule, steps, answered), _best(steps)
    return BatchCurve(
        steps=steps,
        fit=fit,
        best_texts=None if best is None else best.texts,
        best_tokens_per_s=_tokens_per_s(best),
        sentence=" ".join(filter(None, (limit_sentence(plan, samples), _sentence(fit, best)))),
    )


def _step(texts: int, characters: int | None, samples: Sequence[Sample]) -> BatchStep:
    answered = [s for s in samples if s.ok]
    tokens = [s.tokens_billed or s.input_tokens for s in answered]
    known = [count for count in tokens if count is not None]
    typical = estimate([s.service_s for s in samples], 0.5)
    return BatchStep(
        texts=texts,
        characters=characters,
        tokens=median(known) if known else None,
        n=len(samples),
        n_ok=len(answered),
        service_p50=typical,
        per_text_s=None if typical.value_s is None else typical.value_s / texts,
    )


def fit_of(
    schedule: BatchSweep, steps: Sequence[BatchStep], answered: Sequence[Sample]
) -> BatchFit | None:
    """Least absolute relative error over the answers, no coefficient below zero.

    Over single answers, each with its own tokens; absolute errors, so that one slow answer does
    not bend the line (iteratively reweighted least squares). None below three sizes: two points
    fit every line.
    """
    usable = [s for s in steps if s.service_p50.value_s]
    if len(usable) < LEAST_SIZES:
        return None
    lengths = [length for _, length in schedule.cells]
    unit, amounts = amounts_of(answered, lengths if schedule.characters else None)
    return fit_to(answered, [s.service_s for s in answered], unit, amounts)


def fit_to(
    answered: Sequence[Sample],
    seconds: Sequence[float],
    unit: Literal["token", "character"],
    amounts: NDArray[np.float64] | None,
) -> BatchFit:
    """The fit itself, to the time of each answer, s; ``amounts``: its tokens, or characters."""
    times = np.array(seconds)
    texts = np.array([float(s.texts) for s in answered])
    columns = [np.ones_like(times), texts]
    if amounts is not None and _adds(columns, amounts):
        columns.append(amounts)
    rows = np.column_stack(columns)
    coefficients = _least_absolute(rows / times[:, None])
    ratio = times / (rows @ coefficients)
    sizes = sorted({s.step for s in answered})
    error = np.array([_middle(ratio, answered, size) - 1 for size in sizes])
    return BatchFit(
        fixed_s=float(coefficients[0]),
        per_text_s=float(coefficients[1]),
        per_unit_s=float(coefficients[2]) if len(columns) == 3 else None,
        unit=unit,
        residual=float(np.sqrt(np.mean(error**2))),
        worst=float(np.max(np.abs(error))),
    )


def _middle(ratio: NDArray[np.float64], answered: Sequence[Sample], step: int) -> float:
    """Median of measured over fitted among the answers of one size."""
    return float(np.median(ratio[[s.step == step for s in answered]]))


def amounts_of(
    answered: Sequence[Sample], lengths: Sequence[int | None] | None
) -> tuple[Literal["token", "character"], NDArray[np.float64] | None]:
    """Tokens of each answer where all told them, else characters, else nothing.

    ``lengths``: characters of a text of each step; None where the texts were sent as they are.
    """
    tokens = [s.tokens_billed or s.input_tokens for s in answered]
    if all(count is not None for count in tokens):
        return "token", np.array(tokens, dtype=np.float64)
    if lengths is None:
        return "token", None
    letters = [s.texts * (lengths[s.step] or 0) for s in answered]
    return "character", np.array(letters, dtype=np.float64)


def _adds(columns: Sequence[NDArray[np.float64]], amounts: NDArray[np.float64]) -> bool:
    """Whether amounts are more than fixed and per text together: only with different lengths."""
    known = np.column_stack(columns)
    rest = amounts - known @ np.linalg.lstsq(known, amounts, rcond=None)[0]
    return bool(np.linalg.norm(rest) > COLLINEAR * np.linalg.norm(amounts))


def _least_absolute(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients of 0 or more with nearly the least sum of |rows x - 1|."""
    weights = np.ones(len(rows))
    for _ in range(REWEIGHTINGS):
        coefficients = _non_negative(rows * weights[:, None], weights)
        weights = 1 / np.sqrt(np.maximum(np.abs(rows @ coefficients - 1), LEAST_ERROR))
    return coefficients


def _non_negative(rows: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients of 0 or more with the least |rows x - wanted|.

    All subsets of the columns are tried, which for three of them is the exact answer.
    """
    width = rows.shape[1]
    best, least = np.zeros(width), math.inf
    for size in range(1, width + 1):
        for chosen in combinations(range(width), size):
            part = np.linalg.lstsq(rows[:, chosen], wanted, rcond=None)[0]
            miss = float(np.linalg.norm(rows[:, chosen] @ part - wanted))
            if (part >= 0).all() and miss < least * (1 - 1e-9):
                best, least = np.zeros(width), miss
                best[list(chosen)] = part
    return best


def _best(steps: Sequence[BatchStep]) -> BatchStep | None:
    """The smallest size that is nearly the quickest a text, at the shortest length."""
    lengths = {s.characters for s in steps}
    shortest = min(lengths, key=lambda length: length or 0, default=None)
    usable = [s for s in steps if s.characters == shortest and s.per_text_s]
    if not usable:
        return None
    least = min(s.per_text_s or math.inf for s in usable)
    return min(
        (s for s in usable if (s.per_text_s or math.inf) <= NEARLY_BEST * least),
        key=lambda s: s.texts,
    )


def _tokens_per_s(step: BatchStep | None) -> float | None:
    if step is None or step.tokens is None or not step.service_p50.value_s:
        return None
    return step.tokens / step.service_p50.value_s


def _sentence(fit: BatchFit | None, best: BatchStep | None) -> str:
    if best is None or best.per_text_s is None:
        return "No size was answered yet."
    words = (
        f"{best.texts} texts a request are enough: {duration(best.per_text_s)} a text, and no size "
        f"tried needs less than {percent(1 / NEARLY_BEST)} of that."
    )
    if fit is None:
        return words
    unit = (
        "" if fit.per_unit_s is None else f", {duration(fit.per_unit_s * 1000)} a 1,000 {fit.unit}s"
    )
    return (
        f"{words} A request takes {duration(fit.fixed_s)} whatever is in it, "
        f"{duration(fit.per_text_s)} a text{unit}; this describes the sizes within "
        f"{percent(fit.worst)}."
    )
