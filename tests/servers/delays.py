"""How long the ground-truth server thinks, known exactly."""

import math
from dataclasses import dataclass
from random import Random
from typing import Literal


@dataclass(frozen=True)
class Delay:
    """The time a request waits for its answer, s, besides what the machine adds."""

    kind: Literal["constant", "lognormal"] = "constant"
    median_s: float = 0.0
    log_sigma: float = 0.0
    stall_every_s: float = 0.0
    """Period of the stalls, from the server's start; 0: none."""
    stall_for_s: float = 0.0
    """Nothing is answered in the last ``stall_for_s`` of each period."""
    seed: int = 0

    def service_s(self, seq: int) -> float:
        """Service time of the ``seq``-th request: the same whatever happens around it."""
        if self.kind == "constant":
            return self.median_s
        return self.median_s * math.exp(
            self.log_sigma * Random(self.seed * 1_000_003 + seq).gauss()
        )

    def stall_left_s(self, since_start_s: float) -> float:
        """What is left of the stall that holds at this moment; 0 outside stalls."""
        if not self.stall_every_s:
            return 0.0
        left_s = self.stall_every_s - since_start_s % self.stall_every_s
        return left_s if left_s <= self.stall_for_s else 0.0

    def of(self, seq: int, since_start_s: float) -> float:
        """Waiting for the stall to end, then being served."""
        return self.stall_left_s(since_start_s) + self.service_s(seq)
