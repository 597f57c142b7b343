"""Money, seen from the probe: it knows no price, it asks."""

from collections.abc import Sequence
from typing import Final, Protocol

from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings

REFUSED_UNREAD: Final = frozenset({Outcome.UNAUTHORISED, Outcome.RATE_LIMITED, Outcome.NO_CREDIT})
"""Outcomes of requests that were turned away before any work was done for them."""


class Budget(Protocol):
    """Asked before each request, told after it.

    All calls run inside the event loop and must not wait for long.
    """

    @property
    def free(self) -> bool:
        """Whether a call costs nothing, whatever is in it."""
        ...

    def reserve(self, texts: Sequence[str], /) -> object | None:
        """Set the worst case of these texts aside; None where it would pass the cap."""
        ...

    def settle(
        self, reservation: object, tokens_billed: int | None, billed_s: float | None = None, /
    ) -> None:
        """Replace the reservation by what was billed. None: unknown, the worst case stands.

        ``billed_s``: seconds of compute, where those are billed. Tokens of 0 mean: nothing.
        """
        ...

    def pay_unclear(self, texts: Sequence[str], /) -> bool:
        """Count a sending of these texts that came to nothing as spent, at its worst case.

        So that they may be sent again within their reservation. False, and nothing is counted,
        where the cap does not allow both.
        """
        ...


class Unlimited:
    """The budget of a target that costs nothing a call."""

    @property
    def free(self) -> bool:
        """It does."""
        return True

    def reserve(self, texts: Sequence[str], /) -> object:
        """Always granted."""
        return texts

    def settle(
        self, reservation: object, tokens_billed: int | None, billed_s: float | None = None, /
    ) -> None:
        """Nothing to account for."""

    def pay_unclear(self, texts: Sequence[str], /) -> bool:
        """Always granted."""
        del texts
        return True


def tokens_to_settle(outcome: Outcome, timings: Timings, tokens_billed: int | None) -> int | None:
    """What to tell the budget: the stated tokens, else 0 where certainly nothing was billed.

    A request that left and came to grief may have been billed: None keeps its worst case.
    """
    if tokens_billed is not None:
        return tokens_billed
    never_left = timings.request_written_ns is None
    return 0 if never_left or outcome in REFUSED_UNREAD else None
