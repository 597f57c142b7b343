"""Queries and documents: a pair of options with its cost, and the answer."""

from dataclasses import dataclass
from enum import StrEnum

from core.decide.result.snapshot import OptionAtVolume


class Together(StrEnum):
    """How the bills of two streams add up."""

    FLEET = "one fleet"
    """Documents fill the valleys of the replicas that answer the queries."""
    ACCOUNT = "one account"
    """Tiers and what is free are used once by both."""
    LABOUR = "labour once"
    """Two fleets, run by the same people."""
    TWO_BILLS = "two bills"
    AT_MOST = "at most"
    """Counted apart, though machines or people may be shared: both cost this at most."""


@dataclass(frozen=True, slots=True)
class StreamPair:
    """Who answers the queries, who embeds the documents, and what both cost a month."""

    queries: OptionAtVolume
    documents: OptionAtVolume
    queries_usd: float
    """As alone, without the storage of vectors: what is stored are the documents'."""
    documents_usd: float
    """Beside the queries, storage included."""
    together: Together
    space: str
    """Model or declared space in which both lie."""
    fits: bool
    """Whether one limit or quota lets both streams through, where they share it."""
    is_known: bool = True
    """Whether nothing of both streams together is unknown that could break them."""
    over_budget: str = ""
    """Why both together cost more than may be spent; "" where they do not."""

    @property
    def usd_per_month(self) -> float:
        """Of both: the sum of its parts."""
        return self.queries_usd + self.documents_usd

    @property
    def ids(self) -> tuple[str, str]:
        """Option ids, of the queries' side first."""
        return self.queries.option.id, self.documents.option.id

    @property
    def can_serve(self) -> bool | None:
        """Whether it serves both streams by what is known; None: that cannot be said yet."""
        sides = (self.queries.can_serve, self.documents.can_serve)
        if False in sides or not self.fits or self.over_budget:
            return False
        return None if None in sides or not self.is_known else True

    @property
    def why_not(self) -> str:
        """What stands in the way, or is not known; "" where nothing does."""
        sides = (("Queries", self.queries), ("Documents", self.documents))
        reasons = [f"{name}: {row.why_not}" for name, row in sides if row.why_not]
        if not reasons and not self.fits:
            reasons = ["Both streams together are beyond its limit or quota."]
        if not reasons and self.over_budget:
            reasons = [f"Both streams: {self.over_budget}"]
        if not reasons and not self.is_known:
            reasons = ["Whether its limit lets both streams through together is not known."]
        return " ".join(reasons)

    @property
    def serves_text(self) -> str:
        """Whether it serves both, in words: yes, or what stands in the way."""
        if self.can_serve is None:
            return f"cannot be said yet. {self.why_not}"
        return "yes" if self.can_serve else self.why_not

    @property
    def sentence(self) -> str:
        """Who does what for how much."""
        return (
            f"Queries by {self.queries.option.label} (${self.queries_usd:,.2f}), documents by "
            f"{self.documents.option.label} (${self.documents_usd:,.2f}): "
            f"${self.usd_per_month:,.2f} a month for both ({self.together.value}), vectors of "
            f"{self.space}."
        )


@dataclass(frozen=True, slots=True)
class StreamLead:
    """A stretch of volume, both streams grown in proportion, and its cheapest known pair."""

    from_tokens_per_month: float
    """Of the queries, to a grid of 4 %."""
    queries_id: str
    documents_id: str


@dataclass(frozen=True, slots=True)
class Streams:
    """The answer for queries and documents."""

    query_tokens_per_month: float
    document_tokens_per_month: float
    pairs: tuple[StreamPair, ...]
    """All that share a space and have a price, cheapest first."""
    leads: tuple[StreamLead, ...]

    @property
    def best(self) -> StreamPair | None:
        """The cheapest that is known to serve both."""
        return next((pair for pair in self.pairs if pair.can_serve), None)

    @property
    def not_yet_known(self) -> StreamPair | None:
        """The cheapest of which it cannot be said yet, where it costs less than the best."""
        best = self.best
        for pair in self.pairs:
            if pair is best:
                return None
            if pair.can_serve is None:
                return pair
        return None

    @property
    def saving_if_it_holds_usd(self) -> float | None:
        """What that one saves on the best a month; None without either."""
        if self.best is None or self.not_yet_known is None:
            return None
        return self.best.usd_per_month - self.not_yet_known.usd_per_month

    @property
    def _nobody(self) -> str:
        """Why no pair serves both, and the one thing to do."""
        if not self.pairs:
            return (
                "No two of these options have vectors of one space, so queries would not find the "
                "documents. Compare one model for both, or members of one family, such as "
                "voyage-4-large and voyage-4-lite."
            )
        nearest = next((pair for pair in self.pairs if pair.can_serve is False), None)
        if nearest is None:
            return "No pair of options is known to serve both yet."
        return (
            "No pair of options is known to serve both. The cheapest that is out: "
            f"{nearest.sentence} {nearest.why_not}"
        )

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer, and what may cost less."""
        lines = [self.best.sentence if self.best else self._nobody]
        if (open_one := self.not_yet_known) is not None:
            less = self.saving_if_it_holds_usd
            saves = "" if less is None else f" It saves ${less:,.2f} if it holds."
            lines.append(f"Not known yet. {open_one.sentence} {open_one.why_not}{saves}")
        return tuple(lines)
