"""The volume slider beside the chart: its limits, and the check of what the browser sends."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.errors import ModelInputError


@dataclass(frozen=True, slots=True)
class VolumeSlider:
    """A logarithmic slider whose position is the chart's marker.

    ``value``, ``low`` and ``high`` are in ``unit``; times ``x_per_unit`` they are in the unit of
    the chart's x axis.

    With ``on_change`` the caller owns the value: it is called with each new one before the page
    runs again, and ``value`` is set at every run, so that a link, a reload or a reset
    moves the slider. Without it the component keeps the value and ``value`` is where it starts.

    Raises ModelInputError if the range is not 0 < low < high or a number is not finite.
    """

    label: str
    value: float
    low: float
    high: float
    unit: str = "requests/day"
    x_per_unit: float = 1.0
    on_change: Callable[[float], None] | None = None
    on_release: Callable[[float], None] | None = None
    """Called after ``on_change`` when the finger has left the slider or a key was pressed."""

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.value, self.low, self.high, self.x_per_unit))):
            raise ModelInputError(f"The slider {self.label!r} needs finite numbers.")
        if not 0 < self.low < self.high:
            raise ModelInputError(
                f"The slider {self.label!r} needs 0 < low < high, "
                f"not {self.low:g} and {self.high:g}."
            )

    def clamped(self, value: float) -> float:
        """Return ``value`` within the slider's range."""
        return min(max(value, self.low), self.high)


@dataclass(frozen=True, slots=True)
class Move:
    """One message of the slider, from the browser: checked before it is used."""

    value: float
    turn: int
    """Counts the browser's messages; sent back so that it knows which one was answered."""
    released: bool

    @classmethod
    def read(cls, state: Mapping[str, object]) -> "Move | None":
        """Return the move in a component's state; None if there is none or it is no move."""
        raw = state.get("volume")
        if not isinstance(raw, Mapping):
            return None
        value, turn = _number(raw.get("value")), raw.get("turn")
        if value is None or type(turn) is not int:
            return None
        return cls(value, turn, raw.get("released") is True)


def _number(value: object) -> float | None:
    """Return a finite number as a float; None for anything else, booleans among it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
