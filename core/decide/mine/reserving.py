"""Machines that are reserved for a term: at the price that is published for it, or at a typed one.

The published price is that of the same product in the same region, sold by the same provider as
reserved for this term. A row that does not say its term is the price of no term.
"""

from dataclasses import dataclass
from typing import Final

from core.catalog.schema import MachineOffer, Price, Provider
from core.decide.mine.hourly import usd_per_hour
from core.grade import Grade
from core.scenario import Hosting
from core.units import Calendar

TERM_MONTHS: Final = {"1y": 12, "3y": 36}
TERM_WORDS: Final = {"1y": "1 year", "3y": "3 years"}


@dataclass(frozen=True, slots=True)
class Reservation:
    """How a machine is rented: its shares and discounts, and the term that is committed to."""

    hosting: Hosting
    """With the share that is reserved and what that takes off: of a term, those of the term."""
    months: int = 0
    """Of the term; 0: none is asked, or none can be had."""
    said: str = ""
    """"reserved for 3 years (published)"."""
    note: str = ""
    """What is committed over the horizon, or why nothing is reserved."""


@dataclass(frozen=True, slots=True)
class Renting:
    """What a reservation is looked up with."""

    hosting: Hosting
    calendar: Calendar
    horizon_months: int

    def of(self, provider: Provider, offer: MachineOffer, own_usd: float | None) -> Reservation:
        """The reservation of a machine. ``own_usd``: the user's price of it on demand."""
        asked = self.hosting.reserved_term
        if not offer.can_be_mixed or not offer.prices:
            return Reservation(self.hosting)
        if self.hosting.autoscale:
            return Reservation(self.hosting, note=FOLLOWS)
        months, words = TERM_MONTHS[asked], f"reserved for {TERM_WORDS[asked]}"
        row = None if own_usd is not None else _published(provider, offer, months)
        share = self.hosting.reserved_share or 1.0
        if share < 1:
            words = f"{share:.0%} {words}"
        if row is None:
            hosting = self.hosting.model_copy(update={"reserved_share": share})
            whose = _typed(self.hosting)
            note = f"no price for {TERM_WORDS[asked]} is published: the discount is typed"
        else:
            changed = {"reserved_share": share, "reserved_discount": self._off(offer, row)}
            hosting = self.hosting.model_copy(update=changed)
            whose, note = _grade(row), ""
        note = "; ".join(filter(None, (note, _committed(months, self.horizon_months))))
        return Reservation(hosting, months, f"{words} ({whose})", note)

    def _off(self, offer: MachineOffer, row: Price) -> float:
        """Share that a published price is below the one on demand; below 0: it is dearer."""
        prices = (float(row.usd), row.unit), (float(offer.price.usd), offer.price.unit)
        reserved, listed = (usd_per_hour(usd, unit, self.calendar) for usd, unit in prices)
        return 1 - reserved / listed


FOLLOWS: Final = "no reservation: replicas follow the load, and it is paid at all hours"


def on_list(reservation: Reservation, said: str) -> str:
    """What is said of a price: one's discount, and its term."""
    return ", ".join(filter(None, (said, reservation.said)))


def unsaid_term(offer: MachineOffer) -> str:
    """Of a row that is reserved: its term, as far as anybody says it."""
    if offer.term_months is None:
        return "reserved: paid for the whole term, which is not known"
    return f"reserved: paid for the whole term of {offer.term_months} months"


def _published(provider: Provider, offer: MachineOffer, months: int) -> Price | None:
    """The newest price of the same machine for a term; None: nobody published one."""
    same = _same_machine(offer)
    terms = (o for o in provider.machines if o.purchase == "reserved" and o.term_months == months)
    of_it = (o for o in terms if _same_machine(o) == same and o.status != "withdrawn" and o.prices)
    return next((other.price for other in of_it), None)


def _same_machine(offer: MachineOffer) -> tuple[str, str, int]:
    """What makes two rows the same machine."""
    return offer.product, offer.region, offer.card_count


def _grade(row: Price) -> str:
    """How well a reserved price is founded: of a second-hand one that, too."""
    grade = row.source.grade
    return "your own row" if row.source.is_yours else str(grade or Grade.UNKNOWN)


def _typed(hosting: Hosting) -> str:
    """Whose discount stands in the place of a price that nobody published."""
    default = Hosting.model_fields["reserved_discount"].default
    whose = "assumed" if hosting.reserved_discount == default else "yours"
    return f"{100 * hosting.reserved_discount:.3g} % off: {whose}"


def _committed(months: int, horizon: int) -> str:
    """What the term means over the horizon."""
    if months > horizon:
        beyond = months - horizon
        return f"{months} months are committed, {beyond} of them beyond your horizon of {horizon}"
    return f"{months} months are committed, and again at the end of each term"
