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
    per_text_s: float = 0.0
    """On top, for each text of the request."""
    per_token_s: float = 0.0
    drift_by: float = 0.0
    """Growth of the service time over ``drift_over_s`` from the server's start: 0.25 is 25 %."""
    drift_over_s: float = 1.0
    cold_after_s: float = 0.0
    """After so much silence a request waits ``cold_s`` more; 0: never."""
    cold_s: float = 0.0
    replicas: int = 0
    """Requests that are served at once, others queue in their order; 0: all."""

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

    def of(
        self,
        seq: int,
        since_start_s: float,
        *,
        texts: int = 1,
        tokens: int = 0,
        silent_s: float = 0.0,
    ) -> float:
        """Waiting for the stall to end, then being served."""
        work_s = self.service_s(seq) + self.per_text_s * texts + self.per_token_s * tokens
        drift = 1 + self.drift_by * min(1.0, since_start_s / self.drift_over_s)
        cold = self.cold_after_s > 0 and silent_s > self.cold_after_s
        return self.stall_left_s(since_start_s) + work_s * drift + (self.cold_s if cold else 0.0)
