"""The three times of a batch fitted to measured batches, with how well they fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchTime, work_tokens

PARAMETERS: Final = 3
OUTLIER_LOG: Final = 0.1
"""Beyond a tenth a residual counts by its size, no more by its square."""
TOLERANCE: Final = 1e-12
NEVER: Final = 1e-6
"""A time this small beside the quickest batch is as good as none."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BatchTiming:
    """Repeats of one batch shape, warm, seconds each."""

    texts: int
    tokens_per_text: float
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FittedBatchTime:
    """A batch time and its uncertainty."""

    batch_time: BatchTime
    log_spread: float
    """Standard deviation of ln(predicted/measured), corrected for the fitted parameters."""
    worst_log: float
    """Largest |ln(predicted/measured)|."""
    shapes: int


def fit_batch_time(
    timings: Sequence[BatchTiming], hidden: int, low_quantile: float = 0.0
) -> FittedBatchTime:
    """Fit t0, tm and alpha to the quick end of the repeats of each shape.

    Other work on the machine only ever adds time, hence the minimum (``low_quantile`` 0) or a low
    quantile. Residuals are logarithms, so that a short query weighs as much as a full batch, under
    a soft-L1 loss. The spread is the uncertainty of a predicted batch time: a factor
    exp(+-2 spread). Raises ModelInputError for fewer than four shapes, times that are not positive
    and finite, shapes that all have the same work, or times that do not rise with the work.
    """
    measured_s = np.array([_quick_s(timing, low_quantile) for timing in timings])
    work = _work(timings, hidden)
    _check(timings, work, measured_s)
    logs = _best_logs(work, measured_s)
    left = _residuals(logs, work, measured_s)
    spread = float(np.sqrt((left**2).sum() / (len(left) - PARAMETERS)))
    start_s, floor_s, per_token_s = np.exp(logs).tolist()
    fitted = BatchTime(start_s, floor_s, per_token_s, hidden)
    return FittedBatchTime(fitted, spread, float(np.abs(left).max()), len(left))


def _residuals(logs: Floats, work: Floats, measured_s: Floats) -> Floats:
    """ln(predicted/measured) for the logarithms of t0, tm and alpha."""
    start_s, floor_s, per_token_s = np.exp(logs)
    predicted_s = start_s + np.maximum(floor_s, per_token_s * work)
    residuals: Floats = np.log(predicted_s / measured_s)
    return residuals


def _best_logs(work: Floats, measured_s: Floats) -> Floats:
    """Logarithms of t0, tm and alpha with the least loss, over several starts."""
    from scipy.optimize import least_squares  # noqa: PLC0415 - half a second of every start-up

    quickest_s = float(measured_s.min())
    dearest_s = float((measured_s / work).min())
    scale = np.log([quickest_s, quickest_s, dearest_s])
    fits = [
        least_squares(
            _residuals,
            first,
            bounds=(scale + np.log(NEVER), scale + np.log(2)),
            args=(work, measured_s),
            loss="soft_l1",
            f_scale=OUTLIER_LOG,
            xtol=TOLERANCE,
            ftol=TOLERANCE,
            gtol=TOLERANCE,
        )
        for first in _starts(quickest_s, dearest_s)
    ]
    best = min(fits, key=lambda result: float(result.cost))
    return np.asarray(best.x, dtype=np.float64)


def _quick_s(timing: BatchTiming, low_quantile: float) -> float:
    if not timing.seconds:
        raise ModelInputError(f"no time of {timing.texts} texts of {timing.tokens_per_text} tokens")
    return float(np.quantile(timing.seconds, low_quantile))


def _work(timings: Sequence[BatchTiming], hidden: int) -> Floats:
    texts = np.array([float(timing.texts) for timing in timings])
    tokens = np.array([float(timing.tokens_per_text) for timing in timings])
    return texts * work_tokens(tokens, hidden)


def _check(timings: Sequence[BatchTiming], work: Floats, measured_s: Floats) -> None:
    shapes = {(timing.texts, timing.tokens_per_text) for timing in timings}
    if len(shapes) <= PARAMETERS:
        raise ModelInputError(
            f"{PARAMETERS} times need more than {PARAMETERS} different batch shapes; "
            f"{len(shapes)} were measured"
        )
    repeats = np.array([second for timing in timings for second in timing.seconds])
    if not (np.isfinite(repeats).all() and (repeats > 0).all()):
        raise ModelInputError("a batch takes a positive, finite time")
    if not (np.isfinite(work).all() and (work > 0).all()):
        raise ModelInputError("a batch holds at least one text of at least one token")
    least, most = work.argmin(), work.argmax()
    if work[most] < 2 * work[least]:
        raise ModelInputError("the shapes must differ in work by a factor of 2 at least")
    if measured_s[most] <= measured_s[least]:
        raise ModelInputError(
            "the largest batch was not slower than the smallest: these times say nothing about "
            "the work of a token"
        )


def _starts(quickest_s: float, dearest_s: float) -> list[Floats]:
    """From mostly start to mostly floor: the corner of max() has a valley on either side."""
    return [
        np.log([share * quickest_s, (1 - share) * quickest_s, slope * dearest_s])
        for share in (0.95, 0.5, 0.05)
        for slope in (0.9, 0.5)
    ]
