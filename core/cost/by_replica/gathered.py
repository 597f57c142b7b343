"""Work that can wait on a fleet that follows the load: what the fleet then costs at least.

It runs on the replicas that stand for what cannot wait, and a replica that stands stays for as long
as the rest takes. So the month pays for max(A, V/c) replicas: A stand on average for what cannot
wait, and V/c carry all the work with no room left.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from core.cost.curve.piecewise import (
    STEP_GUARD,
    STEP_GUARD_RELATIVE,
    Floats,
    Piecewise,
    Stair,
    affine,
)

FAR: Final = 1_000.0
"""Replicas from which rounding to whole ones is 0.1 % at most: no step is listed beyond."""


def at_least_full(stairs: tuple[Stair, ...], full_tokens: float, usd: float) -> Piecewise:
    """The staircases, or ``usd`` for every ``full_tokens`` where that is more, USD/month.

    Either the staircases are above at every volume, or the line is above from some volume on; up to
    there each step is a piece.
    """
    line = usd / full_tokens
    rising = math.fsum(stair.usd_per_token for stair in stairs)
    if rising >= line * (1 - STEP_GUARD_RELATIVE):
        return replace(affine(0.0, 0.0), stairs=stairs)
    most = math.fsum(stair.usd * max(1, stair.least) for stair in stairs)
    least = max(1, *(stair.least for stair in stairs))
    until = min(most / (line - rising), least * FAR * full_tokens)
    steps = _meeting(stairs, _steps(stairs, until), line)
    level = _standing(stairs, (np.append(0.0, steps[:-1]) + steps) / 2)
    full = line * steps > level * (1 + STEP_GUARD)
    # The line may still lie below where listing ends: then it is lifted, so that nothing falls.
    beyond = max(0.0, float(level[-1]) - line * float(steps[-1]))
    return Piecewise(
        np.append(steps, math.inf),
        np.append(np.where(full, 0.0, level), beyond),
        np.append(np.where(full, line, 0.0), line),
    )


def rates_gathered(
    online: Floats, total: Floats, standing: Floats, each: float, most: Floats
) -> Floats:
    """Rates of the hours where what can wait runs beside what cannot (shape: any, hours).

    ``total`` is the sum over the hours of both, and ``standing`` replicas that carry ``each`` are
    there for what cannot wait. Where that is too little the busiest hours' replicas, ``most``, stay
    for whole hours more.
    """
    busiest_first = np.argsort(-standing, axis=-1, kind="stable")
    free = np.take_along_axis(most - standing, busiest_first, axis=-1)
    lacking = np.ceil((total / each - standing.sum(axis=-1, keepdims=True)) * (1 - STEP_GUARD))
    added = np.clip(lacking - (np.cumsum(free, axis=-1) - free), 0.0, free)
    back = np.argsort(busiest_first, axis=-1)
    replicas = standing + np.take_along_axis(added, back, axis=-1)
    room = np.maximum(0.0, replicas * each - online)
    waiting = total - online.sum(axis=-1, keepdims=True)
    whole_room = room.sum(axis=-1, keepdims=True)
    result: Floats = online + room * (waiting / np.where(whole_room > 0, whole_room, 1.0))
    return result


def _steps(stairs: tuple[Stair, ...], until: float) -> Floats:
    """Volumes at which a staircase steps up, and the last of all: rising."""
    counts = [
        stair.tokens * (np.arange(1, until // stair.tokens + 2) + STEP_GUARD)
        for stair in stairs
        if math.isfinite(stair.tokens)
    ]
    steps = np.concatenate([np.array([until]), *counts]) / (1 - STEP_GUARD_RELATIVE)
    result: Floats = np.unique(np.minimum(steps, until))
    return result


def _standing(stairs: tuple[Stair, ...], volumes: Floats) -> Floats:
    result: Floats = np.sum([stair.usd * stair.count(volumes) for stair in stairs], axis=0)
    return result


def _meeting(stairs: tuple[Stair, ...], steps: Floats, line: float) -> Floats:
    """The steps, and where the line passes each of them."""
    starts = np.append(0.0, steps[:-1])
    meets = _standing(stairs, (starts + steps) / 2) / line
    inside = (starts < meets) & (meets < steps)
    result: Floats = np.sort(np.concatenate((steps, meets[inside])))
    return result
