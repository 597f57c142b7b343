"""What drawn inputs make of every bill, kept: a step of the volume draws nothing anew."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from core.cost.under_factors.many_factors import Factors


@dataclass(eq=False, slots=True)
class KeptFactors:
    """The factors of the last draws, and what they were drawn from.

    Threads may share it: whoever comes second at once draws for itself.
    """

    _last: tuple[Hashable, tuple[Factors, ...]] | None = None

    def under(self, key: Hashable, drawn: Callable[[], tuple[Factors, ...]]) -> tuple[Factors, ...]:
        """Those of a key, one an option; drawn where the last ones were another's."""
        last = self._last
        if last is None or last[0] != key:
            last = (key, drawn())
            self._last = last
        return last[1]
