"""What drawn inputs make of every bill, kept: a step of the volume draws nothing anew."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

from core.cost.under_factors.many_factors import Factors

MOST_KEPT: Final = 2
"""The few draws that means rest on, and the many of chances: asked for by turns."""


@dataclass(eq=False, slots=True)
class KeptFactors:
    """The factors of the last draws, and what they were drawn from.

    Threads may share it: whoever comes second at once draws for itself.
    """

    _last: dict[Hashable, tuple[Factors, ...]] = field(default_factory=dict)

    def __reduce__(self) -> tuple[type["KeptFactors"], tuple[()]]:
        """Nothing is kept across a pickle: it can be drawn again."""
        return KeptFactors, ()

    def under(self, key: Hashable, drawn: Callable[[], tuple[Factors, ...]]) -> tuple[Factors, ...]:
        """Those of a key, one an option; drawn where the last ones were others'."""
        factors = self._last.get(key)
        if factors is None:
            factors = drawn()
            newest = list(self._last.items())[1 - MOST_KEPT :]
            self._last = {**dict(newest), key: factors}
        return factors
