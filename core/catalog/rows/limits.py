"""What an account may send: rate limits by tier, each in the unit in which it is counted.

An offer without a row, or with one that is ``unknown``, has a limit that nobody has written down.
It is not without limit.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Self, cast

from pydantic import model_validator

from core.catalog.rows.provenance import Flag, Name, Positive, Row, Slug, Source


class RateLimit(Row):
    """What one tier of accounts lets through, for the offers that it is for."""

    tier: Name
    """As its provider calls it: "1", "trial key"."""
    entry: Flag = False
    """Where an offer has several: the tier of a new paying account, taken where none is chosen."""
    needs: str = ""
    """What puts an account into it: "USD 50 paid, 7 days"."""
    scope: str = ""
    """Whose requests count together: "organisation, per model"."""
    offers: tuple[Slug, ...] = ()
    """Ids of the offers that it is for; empty: all of the provider's."""
    unknown: Flag = False
    """There is a limit, and no number of it was found; the source says where it was looked for."""
    requests_per_minute: Positive | None = None
    """Calls, whatever they carry."""
    texts_per_minute: Positive | None = None
    """Where texts are counted: texts that share a call count one by one."""
    tokens_per_minute: Positive | None = None
    requests_per_day: Positive | None = None
    tokens_per_month: Positive | None = None
    requests_in_flight: Positive | None = None
    """Calls that may wait for an answer together."""
    usd_per_month: Positive | None = None
    """A bill beyond which nothing more is served."""
    batch_queue_tokens: Positive | None = None
    """Tokens that may wait in the batch interface together."""
    batch_window_hours: Positive | None = None
    """By when a batch is answered, from its sending."""
    source: Source

    @model_validator(mode="after")
    def _says_a_number_or_that_there_is_none(self) -> Self:
        numbers = [name for name in LIMITS if getattr(self, name) is not None]
        if self.unknown and numbers:
            raise ValueError(f"unknown, and {numbers[0]} is given: take one of them out")
        if not self.unknown and not numbers:
            raise ValueError("no limit is given: write its number, or unknown = true")
        return self

    @property
    def online(self) -> dict[str, float]:
        """Limits of the interface that answers while one waits, by name, where they are known."""
        return {name: value for name in ONLINE_LIMITS if (value := getattr(self, name)) is not None}

    @property
    def has_a_rate(self) -> bool:
        """Whether anything is known of what it lets through at once; caps of a month are not."""
        return any(name in RATES for name in self.online)

    def is_for(self, offer_id: str) -> bool:
        """Whether an offer falls under it."""
        return not self.offers or offer_id in self.offers


RATES: Final = (
    "requests_per_minute",
    "texts_per_minute",
    "tokens_per_minute",
    "requests_in_flight",
)
"""Of these the limits that a busy hour meets."""

BATCH_LIMITS: Final = ("batch_queue_tokens", "batch_window_hours")

YOURS: Final = "yours"
"""Tier of a limit that the user typed."""
NO_LIMIT: Final[Mapping[str, float]] = MappingProxyType({})

ONLINE_LIMITS: Final = (
    "requests_per_minute",
    "texts_per_minute",
    "tokens_per_minute",
    "requests_per_day",
    "tokens_per_month",
    "requests_in_flight",
    "usd_per_month",
)
"""Of the interface that answers while one waits."""

LIMITS: Final = (*ONLINE_LIMITS, *BATCH_LIMITS)


def own_limit(row: RateLimit | None, own: Mapping[str, float]) -> RateLimit:
    """The user's own limit before a row's: what he did not type stays as it is published."""
    stays = {} if row is None else {name: getattr(row, name) for name in LIMITS}
    # Nobody but the user says it: it has no source.
    made: RateLimit = cast("Any", RateLimit).model_construct(
        **{**stays, **own}, tier=YOURS, source=None
    )
    return made


def limit_of(
    limits: Sequence[RateLimit], offer_id: str, tier: str | None = None
) -> RateLimit | None:
    """The limit of an offer in a tier; without one, or with one that it lacks, the entry tier's.

    None where no row is for the offer.
    """
    rows = [row for row in limits if row.is_for(offer_id)]
    chosen = next((row for row in rows if row.tier == tier), None)
    entry = next((row for row in rows if row.entry), rows[0] if rows else None)
    return chosen or entry


def check_limits(limits: Sequence[RateLimit], offer_ids: Sequence[str]) -> None:
    """Raise ValueError where an offer has a tier twice, or several tiers and not one entry."""
    for row in limits:
        if strangers := sorted(set(row.offers) - set(offer_ids)):
            raise ValueError(f"tier {row.tier!r} names no offer of the provider: {strangers[0]}")
    for offer_id in offer_ids:
        rows = [row for row in limits if row.is_for(offer_id)]
        tiers = [row.tier for row in rows]
        if len(tiers) != len(set(tiers)):
            raise ValueError(f"{offer_id} has two rate limits of one tier: {', '.join(tiers)}")
        if len(rows) > 1 and sum(row.entry for row in rows) != 1:
            raise ValueError(
                f"{offer_id} has {len(rows)} tiers: mark the one of a new account, and no other, "
                "with entry = true"
            )
