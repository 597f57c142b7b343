"""Which prices disagree, which are old, and which models of theirs are missing here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core.catalog.check.price_list import Lacked, PriceList, Quote
from core.catalog.schema import ApiOffer, Catalog, Price, PriceUnit

AGREES: Final = "agrees"
IN_RANGE: Final = "in our range"
SAME_SOURCE: Final = "same source"
DISAGREES: Final = "disagrees"


@dataclass(frozen=True, slots=True)
class Beside:
    """One price of ours beside one of theirs, in the same unit."""

    option_id: str
    unit: PriceUnit
    ours_usd: Decimal
    theirs_usd: Decimal
    their_model: str
    source: str
    """Theirs: the list with its version."""
    our_source: str
    our_date: str
    verdict: str
    their_batch_usd: Decimal | None = None

    @property
    def ratio(self) -> float:
        """Theirs over ours."""
        return float(self.theirs_usd / self.ours_usd)


@dataclass(frozen=True, slots=True)
class Old:
    """A price whose source nobody has read for long."""

    option_id: str
    read: date
    days: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has found."""

    beside: tuple[Beside, ...]
    old: tuple[Old, ...]
    lacked: tuple[tuple[str, Lacked], ...]
    """With the name of the list."""

    @property
    def disagreeing(self) -> tuple[Beside, ...]:
        """Prices that differ."""
        return tuple(row for row in self.beside if row.verdict == DISAGREES)


def check_prices(
    catalog: Catalog, lists: Sequence[PriceList], today: date, older_than_days: int | None
) -> Checked:
    """The newest price of each API offer beside every list. ``older_than_days`` None: any age."""
    beside = [
        row
        for option_id, offer in _offers(catalog)
        for one in lists
        if (row := _beside(option_id, offer.price, one)) is not None
    ]
    old = [] if older_than_days is None else list(_old(catalog, today, older_than_days))
    lacked = tuple((one.name, model) for one in lists for model in one.lacked)
    return Checked(tuple(beside), tuple(old), lacked)


def _offers(catalog: Catalog) -> Iterator[tuple[str, ApiOffer]]:
    for provider in catalog.providers:
        yield from ((f"{provider.id}/{offer.id}", offer) for offer in provider.api_offers)


def _beside(option_id: str, price: Price, one: PriceList) -> Beside | None:
    """None where the list has no price of it in the unit in which it is billed."""
    quote = one.quotes.get(option_id)
    if quote is None or (theirs := quote.usd.get(price.unit)) is None:
        return None
    return Beside(
        option_id,
        price.unit,
        price.usd,
        theirs,
        quote.model,
        one.name,
        price.source.where or "a judgement",
        price.source.as_of,
        _verdict(price, theirs, one),
        _batch(price, quote),
    )


def _verdict(price: Price, theirs: Decimal, one: PriceList) -> str:
    """A list agrees with what was copied from it: that is the same source, and says nothing."""
    if theirs == price.usd:
        return SAME_SOURCE if price.source.package == one.package else AGREES
    low, high = price.low or price.usd, price.high or price.usd
    return IN_RANGE if low <= theirs <= high else DISAGREES


def _batch(price: Price, quote: Quote) -> Decimal | None:
    return quote.batch_usd if price.unit is PriceUnit.PER_MTOK else None


def _old(catalog: Catalog, today: date, older_than_days: int) -> Iterator[Old]:
    for option_id, offer in _offers(catalog):
        read = offer.price.source.read
        if (days := (today - read).days) > older_than_days:
            yield Old(option_id, read, days)
