"""The hours of the month by their load over the mean, and what of it exceeds a capacity."""

import numpy as np

from core.cost.curve.piecewise import STEP_GUARD, Floats


class HoursByLoad:
    """What exceeds so much of the mean load, over all hours: straight between the hours' loads."""

    def __init__(self, relative_load: tuple[float, ...]) -> None:
        hours = np.array(relative_load)
        self._falling = np.append(np.sort(hours)[::-1], 0.0)
        self.knots = np.unique(np.append(hours, 0.0))
        """Loads of the hours over the mean, rising from 0."""
        self.excess = np.maximum(0.0, hours - self.knots[:, np.newaxis]).mean(axis=1)
        """Mean of (w - r)+ over the hours at each knot r."""
        self.peak = float(hours.max())
        self.lowest = float(hours.min())

    def load_of_enough(self, shares: Floats, ready: Floats) -> float | None:
        """Load from which parts of replicas that stand are enough for what they carry; None: all.

        They stand for the loads ``ready`` in so large ``shares`` of the month. What they carry
        begins to exceed that at the lowest hour, and from there on every part more narrows the gap.
        """
        loads = np.unique(np.concatenate((self.knots, ready)))
        carried = np.interp(loads, self.knots, self.excess[0] - self.excess)
        short = carried - np.minimum(loads[:, np.newaxis], ready) @ shares
        places = np.flatnonzero(short > STEP_GUARD)
        if places.size == 0:
            return None
        around = slice(int(places[-1]), int(places[-1]) + 2)
        return float(np.interp(0.0, -short[around], loads[around]))

    def exceeded_for(self, share: Floats) -> Floats:
        """Load over the mean that is exceeded for at most this share of the hours."""
        hours = self._falling.size - 1
        place = np.minimum(share * hours, hours).astype(np.intp)
        result: Floats = self._falling[place]
        return result

    def exceeded_by(self, share: Floats) -> Floats:
        """Load over the mean above which this share of all tokens lies."""
        result: Floats = np.interp(share, self.excess[::-1], self.knots[::-1])
        return result

    def exceeding(self, loads: Floats) -> Floats:
        """Share of the mean load that lies above each of these loads over the mean."""
        result: Floats = np.interp(loads, self.knots, self.excess)
        return result

    def spilled(self, volumes: Floats, carried: Floats) -> Floats:
        """Tokens a month beyond what is carried, mean over the hours of (V w - k c)+.

        Nothing exceeds what just carries the peak: not the last digit, on which a fee may hang.
        """
        ratio = carried / np.where(volumes > 0, volumes, 1.0)
        result: Floats = volumes * (self.exceeding(ratio) * (ratio < self.peak * (1 - STEP_GUARD)))
        return result

    def volumes_that_spill(self, carried: Floats, tokens: float) -> Floats:
        """Volumes at which so many tokens a month exceed each capacity above 0 (any shape)."""
        loads = self.knots[:0:-1]
        # By what is carried: the spill at the volumes whose hours it just carries.
        at, spills = 1 / loads, self.excess[:0:-1] / loads
        spilled = tokens / carried
        result: Floats = np.interp(spilled, spills, at)
        # Every hour with load is above the capacity: all of what comes on top spills.
        return carried * np.where(spilled > spills[-1], at[-1] + spilled - spills[-1], result)
