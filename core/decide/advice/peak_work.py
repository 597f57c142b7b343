"""The least that a volume costs where cards work at their peak: numbers alone, or whole columns.

usd = fixed + max(0, usd a month (max(minimum, times x busy) + spare) - free)

with ``busy`` the machines that would compute all month in full batches: tokens x FLOPs of a token
over FLOP/s. A token takes 2N at the least, with N the weights that work on it (Kaplan et al. 2020).
"""

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from core.catalog.schema import Card, Cpu, ModelCard
from core.decide.bare_replica.published_throughputs import shape_of
from core.serving.batch.physics import FLOPS_PER_TFLOP

Column: TypeAlias = Any
"""A number, or numpy's array of some."""


@dataclass(frozen=True, slots=True)
class Paid:
    """How so many machines at work are paid for."""

    fixed_usd: Column
    """Whatever runs: labour."""
    usd_per_month: Column
    """One at all hours, without the electricity of its work."""
    times: Column
    """Machines that are paid for one at work: those of the peak, under the ceiling."""
    minimum: Column = 0.0
    spare: Column = 0.0
    free_usd: Column = 0.0

    @property
    def columns(self) -> tuple[float, ...]:
        """All of it in its order."""
        return (
            *(self.fixed_usd, self.usd_per_month, self.times),
            *(self.minimum, self.spare, self.free_usd),
        )


def least_usd(paid: Paid, busy: Column) -> Column:
    """USD a month with so many machines at work, computing all the time."""
    replicas = np.maximum(paid.minimum, paid.times * busy) + paid.spare
    return paid.fixed_usd + np.maximum(0.0, paid.usd_per_month * replicas - paid.free_usd)


def work_of(model: ModelCard) -> float:
    """FLOPs of a token at the least, 2N; 0 where the weights are not known."""
    shape = shape_of(model)
    return 0.0 if shape is None else 2 * shape.params_non_embedding


def peak_flops(hardware: Card | Cpu) -> float:
    """FLOP/s of a card, or of one vCPU, at the most; inf where nobody says."""
    if isinstance(hardware, Card):
        return hardware.dense_tflops * FLOPS_PER_TFLOP
    if hardware.fp32_tflops is None:
        return math.inf
    achieved = (hardware.achieved_fp32_gflops or 0.0) / 1e3
    return max(hardware.fp32_tflops, achieved) * FLOPS_PER_TFLOP
