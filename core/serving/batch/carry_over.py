"""Roofline scaling: a batch time carried from the measured device to another, as a prediction."""

import math
from dataclasses import dataclass
from typing import Final

from core.errors import ModelInputError
from core.serving.batch.batch_time import BatchTime

TWO_SIGMA: Final = 2.0
UNKNOWN_EFFICIENCY_LOG: Final = math.log(2.0)
"""Between two devices, and two servers on them, the share of the peak that is reached differs: the
published servers of one card spread by a factor of 2 to 4 around their middle, so one standard
deviation is a factor of 2. A judgement, until both devices were measured."""
KIND_CHANGE_LOG: Final = math.log(1.5)
"""From a processor to a GPU, or back, also the libraries, launches and precision differ."""


@dataclass(frozen=True, slots=True)
class DeviceLimits:
    """What bounds a device."""

    dense_tflops: float
    """Peak of dense products in the precision used, TFLOP/s."""
    memory_gb_per_s: float
    """Memory bandwidth, GB/s."""
    is_gpu: bool

    def __post_init__(self) -> None:
        for name, value in (("peak", self.dense_tflops), ("bandwidth", self.memory_gb_per_s)):
            if not 0 < value < math.inf:
                raise ModelInputError(f"the {name} of a device is positive and finite, not {value}")


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """A predicted batch time with the factor by which it may be off."""

    batch_time: BatchTime
    log_spread: float
    """Standard deviation of ln(true/predicted)."""
    explanation: str

    @property
    def factor(self) -> float:
        """A predicted time, or rate, is right within this factor up and down (two deviations)."""
        return math.exp(TWO_SIGMA * self.log_spread)


def carry_over(
    fitted: BatchTime,
    log_spread: float,
    here: DeviceLimits,
    there: DeviceLimits,
    mfu_ratio: float = 1.0,
) -> CarriedOver:
    """Scale the three times of a batch from one device to another (roofline, Williams et al. 2009).

    t0 (launches, Python, copies) does not scale: it is the host's. tm is bound by the weights that
    are streamed once a pass: it falls with the memory bandwidth. alpha is bound by arithmetic: it
    falls with the dense peak and with the share of it that is reached, of which ``mfu_ratio`` is
    there over here. The spread adds, in squares, that of the fit, that of an unknown share of the
    peak, and that of another kind of device. Raises ModelInputError for limits, ratios or spreads
    that make no sense.
    """
    if not 0 < mfu_ratio < math.inf:
        raise ModelInputError(f"a ratio of MFUs is positive and finite, not {mfu_ratio}")
    if not 0 <= log_spread < math.inf:
        raise ModelInputError(f"a spread is 0 or more and finite, not {log_spread}")
    peak_ratio = there.dense_tflops / here.dense_tflops * mfu_ratio
    bandwidth_ratio = there.memory_gb_per_s / here.memory_gb_per_s
    predicted = BatchTime(
        fitted.start_s,
        fitted.floor_s / bandwidth_ratio,
        fitted.per_token_s / peak_ratio,
        fitted.hidden,
    )
    same = here == there and mfu_ratio == 1
    kind_log = KIND_CHANGE_LOG if here.is_gpu != there.is_gpu else 0.0
    unknown_log = 0.0 if same else UNKNOWN_EFFICIENCY_LOG
    spread = math.hypot(log_spread, unknown_log, kind_log)
    factor = math.exp(TWO_SIGMA * spread)
    explanation = (
        f"Predicted from what was measured here: the work of a token by x {1 / peak_ratio:.3g} "
        f"(peaks of {here.dense_tflops:.3g} and {there.dense_tflops:.3g} TFLOP/s), a pass by "
        f"x {1 / bandwidth_ratio:.3g} (memory), the start of a batch as here. Right within a "
        f"factor of {factor:.2g} up or down."
    )
    return CarriedOver(predicted, spread, explanation)
