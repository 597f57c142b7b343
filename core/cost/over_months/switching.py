"""Dynamic programming: the cheapest way through the months, where changing options costs.

What an option costs from one month to another, with what leaving it then costs, is a *segment*.
Every path of segments is covered (Bellman 1957): month by month the cheapest way to have arrived
with so many changes is kept. That finds what listing all paths would find.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.cost.curve.break_even import TIE_RELATIVE
from core.cost.curve.piecewise import Floats
from core.errors import ModelInputError

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stay:
    """An option that is used from one month to another."""

    option: int
    first: int
    """Months are counted from 0; the stay begins with this one."""
    end: int
    """The month after its last."""


@dataclass(frozen=True, slots=True)
class Path:
    """What is used when, and what all of it costs."""

    stays: tuple[Stay, ...]
    usd: float


@dataclass(frozen=True, slots=True)
class Journey:
    """What moving about costs."""

    first_segments: Floats
    """[option, end]: of the option that one begins with, from month 0, its beginning included."""
    segments: Floats
    """[option, first, end]: of an option that one changes to. inf: not possible."""
    changes: Floats
    """[from, to, month]: of a change at the beginning of a month."""

    def __post_init__(self) -> None:
        options, months = self.first_segments.shape[0], self.first_segments.shape[1] - 1
        shapes = ((options, months + 1, months + 1), (options, options, months))
        if months < 1 or (self.segments.shape, self.changes.shape) != shapes:
            raise ModelInputError("segments and changes must cover the same options and months")
        for table in (self.first_segments, self.segments, self.changes):
            if np.isnan(table).any():
                raise ModelInputError("costs of segments and changes must be numbers")

    @property
    def months(self) -> int:
        """Months to get through."""
        return int(self.first_segments.shape[1]) - 1


def best_path(
    journey: Journey, most_changes: int = 2, least_saving_usd: float = 0.0
) -> Path | None:
    """The cheapest of all paths; None where no option is possible in some month.

    Paths of up to ``most_changes`` are all compared, longer ones while one more change still pays.
    A change must save ``least_saving_usd`` more than it costs (hysteresis), so that nobody moves
    for cents; the path's own cost is stated without that.
    """
    everything = np.ones(journey.first_segments.shape[0], dtype=bool)
    layers = _Layers(journey, least_saving_usd)
    layers.begin(everything)
    best, best_usd = layers.path(), layers.total()
    for _ in range(journey.months - 1):
        layers.change(everything)
        total = layers.total()
        if _cheaper(total, best_usd):
            best, best_usd = layers.path(), total
        elif layers.changes > most_changes:
            break
    return best


def _cheaper(usd: float, than_usd: float) -> bool:
    if math.isinf(than_usd):
        return math.isfinite(usd)
    return usd < than_usd - TIE_RELATIVE * abs(than_usd)


def best_of_order(
    journey: Journey, order: Sequence[Mask], starts: Sequence[int | None] = ()
) -> Path | None:
    """The cheapest path whose n-th stay is among the n-th options; None where there is none.

    ``starts`` fixes the month of a stay's beginning where it is not None.
    """
    layers = _Layers(journey, 0.0)
    layers.begin(order[0])
    for n, options in enumerate(order[1:], start=1):
        layers.change(options, starts[n] if n < len(starts) else None)
    return layers.path()


class _Layers:
    """The cheapest ways to have arrived, one layer for each number of changes."""

    def __init__(self, journey: Journey, least_saving_usd: float) -> None:
        self._journey = journey
        self._threshold_usd = least_saving_usd
        self._reach: list[Floats] = []
        """[option, end]: cost up to the end of a stay with it, leaving it included."""
        self._began: list[NDArray[np.intp]] = []
        """[option, end]: month in which that stay began."""
        self._came_from: list[NDArray[np.intp]] = []
        """[option, first]: option that was left for it then."""

    @property
    def changes(self) -> int:
        """Changes made so far."""
        return len(self._reach) - 1

    def begin(self, options: Mask) -> None:
        """The stays that nothing came before."""
        first = self._journey.first_segments
        self._reach.append(np.where(options[:, np.newaxis], first, math.inf))
        self._began.append(np.zeros(first.shape, dtype=np.intp))
        self._came_from.append(np.zeros(first.shape, dtype=np.intp))

    def change(self, options: Mask, start: int | None = None) -> None:
        """One change more, to one of the options, in any month or the one given."""
        left = self._reach[-1][:, np.newaxis, :-1] + self._journey.changes
        left = left + self._threshold_usd
        same = np.arange(left.shape[0])
        left[same, same] = math.inf
        enter = left.min(axis=0)
        enter[:, 0] = math.inf  # a change before the first month is another beginning
        if start is not None:
            enter[:, np.arange(enter.shape[1]) != start] = math.inf
        enter[~options] = math.inf
        arrive = enter[:, :, np.newaxis] + self._journey.segments[:, :-1]
        months = np.arange(self._journey.months + 1)
        arrive[:, months[:-1, np.newaxis] >= months] = math.inf  # no stay ends before it begins
        self._reach.append(arrive.min(axis=1))
        self._began.append(arrive.argmin(axis=1))
        self._came_from.append(left.argmin(axis=0))

    def total(self) -> float:
        """The cheapest way through all months with this number of changes."""
        return float(self._reach[-1][:, -1].min())

    def path(self) -> Path | None:
        """The way that costs that."""
        usd = self.total()
        if math.isinf(usd):
            return None
        option, end = int(self._reach[-1][:, -1].argmin()), self._journey.months
        stays = []
        for layer in range(self.changes, -1, -1):
            first = int(self._began[layer][option, end])
            stays.append(Stay(option, first, end))
            option, end = int(self._came_from[layer][option, first]), first
        return Path(tuple(reversed(stays)), usd - self.changes * self._threshold_usd)


def cost_by_first_change(journey: Journey, options: Sequence[int]) -> Floats:
    """What a given row of options costs, by the month at whose beginning the first one is left.

    Later changes come when they cost least. inf where that month leaves no room for the rest.
    """
    months = journey.months
    to_go = journey.segments[options[-1], :, months].copy()
    to_go[months] = math.inf
    for here, there in reversed(list(pairwise(options[1:]))):
        left = journey.segments[here, :, :-1] + journey.changes[here, there] + to_go[:-1]
        first = np.arange(months + 1)[:, np.newaxis]
        left[first >= np.arange(months)] = math.inf
        to_go = left.min(axis=1)
    begin = journey.first_segments[options[0], :-1] + journey.changes[options[0], options[1]]
    result: Floats = begin + to_go[:-1]
    result[0] = math.inf
    return result
