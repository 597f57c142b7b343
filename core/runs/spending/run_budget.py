"""The money of one run: held in the store before it starts, spent request by request.

The store's part is one transaction at the start (:func:`hold`) and one booking with each batch
of samples. In between :class:`RunBudget` keeps count in memory, so that no request waits for a
disk. A crash in between leaves the hold, and the rest of a lost run's hold counts as spent.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from core.errors import BudgetError
from core.probe.records.budget import Budget
from core.runs.spending.worst_case import Rate, billed_nano_usd, request_nano_usd
from core.settings import Settings
from core.store import ledger
from core.units import NANO_USD_PER_USD


def hold(
    connection: Connection,
    run_id: str,
    nano_usd: int,
    settings: Settings,
    *,
    advice: str = "Send fewer requests or shorter texts",
) -> None:
    """Hold a run's worst case on its day. Raises BudgetError, and holds nothing, above a cap.

    ``advice``: what would make this probe cheaper.
    """
    run_cap = _nano(settings.spend_cap_per_run_usd)
    if nano_usd > run_cap:
        raise BudgetError(
            f"This probe could cost up to ${_usd(nano_usd)}, above the cap of "
            f"${_usd(run_cap)} a run. {advice}, or raise "
            "BREAKEVEN_SPEND_CAP_PER_RUN_USD."
        )
    day_cap = _nano(settings.spend_cap_per_day_usd)
    total_cap = _nano(settings.spend_cap_total_usd)
    refused = ledger.reserve(
        connection, run_id, nano_usd, day_cap_nano_usd=day_cap, total_cap_nano_usd=total_cap
    )
    if refused == "day":
        raise BudgetError(
            f"This probe could cost up to ${_usd(nano_usd)}; with what was spent and is held "
            f"today (UTC) that is above the cap of ${_usd(day_cap)} a day. Wait until tomorrow, "
            "plan less, or raise BREAKEVEN_SPEND_CAP_PER_DAY_USD."
        )
    if refused == "total":
        raise BudgetError(
            f"This probe could cost up to ${_usd(nano_usd)}; with all that was ever spent and is "
            f"held here that is above the cap of ${_usd(total_cap)} of this installation. Plan "
            "less, or raise BREAKEVEN_SPEND_CAP_TOTAL_USD."
        )


@dataclass(frozen=True, slots=True)
class Booking:
    """What the store has not been told yet, nano-USD."""

    release_nano_usd: int
    """Leaves the hold."""
    spend_nano_usd: int
    """Counts as spent: the same, unless more was billed than was held."""

    def __add__(self, other: "Booking") -> "Booking":
        return Booking(
            self.release_nano_usd + other.release_nano_usd,
            self.spend_nano_usd + other.spend_nano_usd,
        )


class RunBudget:
    """The probe's budget: grants requests as long as their worst cases fit in the run's hold.

    Of the hold, a part is spent, a part is set aside for requests on their way, the rest is left.
    What requests were billed less than their worst case is saved: the plan does not need it, so it
    may pay for a request that has to be sent once more.
    """

    def __init__(self, held_nano_usd: int, rate: Rate, timeout_s: float, attempts: int = 1) -> None:
        """``attempts``: times that a request may be sent, each at its worst case."""
        self._attempts = attempts
        self._left = held_nano_usd
        self._saved = 0
        self._set_aside = 0
        self._held = held_nano_usd
        self._unbooked = Booking(0, 0)
        self._rate = rate
        self._timeout_s = timeout_s
        self._lock = threading.Lock()

    @property
    def free(self) -> bool:
        """Whether a call costs nothing."""
        return not self._rate.usd

    def beside(self, rate: Rate) -> Budget:
        """The same hold, for requests to another target at another price."""
        return _Beside(self, rate)

    def reserve(self, texts: Sequence[str], /) -> int | None:
        """Set aside the worst case of a request, nano-USD; None where the hold has less left."""
        return self.reserve_at(self._rate, texts)

    def reserve_at(self, rate: Rate, texts: Sequence[str]) -> int | None:
        """The same at another price."""
        amount = self._worst(rate, texts)
        with self._lock:
            if amount > self._left:
                return None
            self._left -= amount
            self._set_aside += amount
        return amount

    def pay_unclear(self, texts: Sequence[str], /) -> bool:
        """Count one more sending as spent; False where what was saved does not cover it."""
        return self.pay_unclear_at(self._rate, texts)

    def pay_unclear_at(self, rate: Rate, texts: Sequence[str]) -> bool:
        """The same at another price."""
        amount = self._worst(rate, texts)
        with self._lock:
            if amount > min(self._saved, self._left):
                return amount == 0
            self._saved -= amount
            self._left -= amount
            self._book(amount)
        return True

    def settle(
        self, reservation: object, tokens_billed: int | None, billed_s: float | None = None, /
    ) -> None:
        """Replace what was set aside by what was billed; without a statement it counts whole.

        Stated tokens of 0 mean that nothing was billed, whatever the unit.
        """
        self.settle_at(self._rate, reservation, tokens_billed, billed_s)

    def settle_at(
        self,
        rate: Rate,
        reservation: object,
        tokens_billed: int | None,
        billed_s: float | None,
    ) -> None:
        """The same at another price."""
        if not isinstance(reservation, int):
            raise TypeError(f"not a reservation of this budget: {reservation!r}")
        billed = _billed(rate, reservation, tokens_billed, billed_s)
        with self._lock:
            # More than the worst case is a fault of the other side, and still money spent.
            self._left += reservation - billed
            self._saved += reservation - billed
            self._set_aside -= reservation
            self._book(billed)

    def spend_set_aside(self) -> None:
        """At the end: a request that was never settled may have been sent, and counts whole."""
        with self._lock:
            self._book(self._set_aside)
            self._set_aside = 0

    def _worst(self, rate: Rate, texts: Sequence[str]) -> int:
        once = request_nano_usd(texts, rate, self._timeout_s) if rate.usd else 0
        return once * self._attempts

    def _book(self, nano_usd: int) -> None:
        released = min(nano_usd, self._held)
        self._held -= released
        self._unbooked += Booking(released, nano_usd)

    def take_booking(self) -> Booking:
        """What was settled since the last call, for the store."""
        with self._lock:
            booking, self._unbooked = self._unbooked, Booking(0, 0)
        return booking

    def put_back(self, booking: Booking) -> None:
        """The store could not be told: keep it for the next time."""
        with self._lock:
            self._unbooked += booking


class _Beside:
    """One hold, seen from another target."""

    def __init__(self, hold: RunBudget, rate: Rate) -> None:
        self._hold = hold
        self._rate = rate

    @property
    def free(self) -> bool:
        """Whether a call to this target costs nothing."""
        return not self._rate.usd

    def reserve(self, texts: Sequence[str], /) -> int | None:
        """As the hold does, at this target's price."""
        return self._hold.reserve_at(self._rate, texts)

    def settle(
        self, reservation: object, tokens_billed: int | None, billed_s: float | None = None, /
    ) -> None:
        """As the hold does, at this target's price."""
        self._hold.settle_at(self._rate, reservation, tokens_billed, billed_s)

    def pay_unclear(self, texts: Sequence[str], /) -> bool:
        """As the hold does, at this target's price."""
        return self._hold.pay_unclear_at(self._rate, texts)


def _billed(rate: Rate, reservation: int, tokens: int | None, billed_s: float | None) -> int:
    if tokens == 0:
        return 0
    stated = billed_nano_usd(rate, tokens=tokens, seconds=billed_s)
    return reservation if stated is None else stated


def _nano(usd: Decimal) -> int:
    return int(usd * NANO_USD_PER_USD)


def _usd(nano_usd: int) -> str:
    """Dollars for a sentence, exactly and without needless zeros."""
    amount = Decimal(nano_usd) / NANO_USD_PER_USD
    return f"{amount.normalize():f}" if amount else "0"
