"""Common random numbers: the same uniform draws from 0 to 1 for every question.

Each input has its own column, fixed by its name and a seed, drawn once and put through whatever
law the input has at the moment. So moving a slider shows the slider's own effect, and an input
that is added changes no other's draws.
"""

from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np

from core.cost.curve.checks import whole
from core.cost.curve.piecewise import Floats

SEED: Final = 20_261_126
COLUMNS_KEPT: Final = 256


@lru_cache(maxsize=COLUMNS_KEPT)
def stratified_draws(name: str, samples: int, seed: int = SEED) -> Floats:
    """Latin hypercube: one draw from each of ``samples`` equal shares, in random order.

    Means over them are nearer to the truth than over independent draws: the standard error that is
    stated for those is on the safe side. Read-only: all callers share the column.
    """
    random = _generator(name, seed)
    order = random.permutation(whole("samples", samples, 1))
    draws: Floats = (order + random.random(samples)) / samples
    draws.setflags(write=False)
    return draws


def independent_draws(name: str, samples: int, batch: int, seed: int = SEED) -> Floats:
    """One batch of draws of a long run; batches are independent of each other."""
    random = _generator(name, seed, whole("batch", batch))
    return random.random(whole("samples", samples, 1))


def _generator(name: str, *numbers: int) -> np.random.Generator:
    return np.random.default_rng([crc32(name.encode()), *numbers])
