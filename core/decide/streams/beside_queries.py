"""What documents cost beside queries: of one fleet, one account, or two bills.

On one fleet queries take the share x_h / C_q of a replica in hour h, with C_q what one carries
within the latency objective, bursts included. What they leave, documents fill, at C_d tokens a
month in full batches. With V and D tokens a month of each:

replicas = max(those of the queries alone, ceil(V / C_q + D / C_d))

for the mean over the hours of x_h is V, and what can wait a day goes wherever there is room. It is
the filling of valleys of one stream (:mod:`core.cost.load.hourly_load`) with two lengths.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.catalog.schema import PriceUnit
from core.cost.by_replica.hosted_bill import HostedBill, whole_replicas
from core.cost.curve.piecewise import STEP_GUARD, Floats, whole_steps
from core.decide.options.terms.rate_limit import SPEND
from core.decide.result.curves import OptionCurve
from core.decide.result.option import Option, OptionKind
from core.decide.streams.stream_result import Together

FULL: Final = 1 + STEP_GUARD
"""Of a limit: what just fits, fits."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What the documents cost beside the queries at each volume."""

    usd: Floats
    together: Together
    fits: NDArray[np.bool_]
    """Where both streams together are within a limit or quota that they share."""
    is_known: NDArray[np.bool_]
    """Where both together are below what nobody knows a shared limit to let through."""


@dataclass(frozen=True, slots=True)
class BothStreams:
    """The volumes of both, and what two options have in common."""

    queries: Floats
    """Tokens/month."""
    documents: Floats
    """Tokens/month, of the same shape."""
    busiest_hour: float
    """Load of the queries' busiest hour over their mean."""
    query_tokens: float
    """Of one query."""
    document_tokens: float
    most_replicas: int | None
    """Your quota; None: none."""

    def beside(self, one: OptionCurve, other: OptionCurve, stored_usd: float) -> Beside:
        """``one`` answers the queries, ``other`` embeds the documents; both have a price.

        ``stored_usd``: what keeping the documents' vectors costs a month.
        """
        own, their = whole_replicas(one.bill), whole_replicas(other.bill)
        same = one.option.id == other.option.id
        if same and own is not None and their is not None and not own.hours:
            return self._on_one_fleet(one.option, own, their, stored_usd)
        if same and one.bill is not None and one.bill.is_by_use:
            return self._on_one_account(one.option, other, stored_usd)
        usd, free = _usd(other, self.documents), np.ones(self.queries.shape, dtype=np.bool_)
        if own is not None and their is not None and not same:
            labour = min(own.labour_usd_per_month, their.labour_usd_per_month)
            return Beside(usd - labour, Together.LABOUR, free, free)
        hired = [c.option.kind is not OptionKind.API for c in (one, other)]
        return Beside(usd, Together.AT_MOST if all(hired) else Together.TWO_BILLS, free, free)

    def _on_one_fleet(
        self, option: Option, own: HostedBill, their: HostedBill, stored_usd: float
    ) -> Beside:
        alone = own.replicas_at(self.queries)
        even = own.capacity_tokens_per_month * self.busiest_hour
        used = self.queries / even + self.documents / their.capacity_tokens_per_month
        needed = np.maximum(alone, whole_steps(used))
        usd = (needed - alone) * own.usd_per_replica_month + their.usd_per_token * self.documents
        quota = self.most_replicas if option.many is None else option.many
        fits = needed + own.spare_replicas <= (np.inf if quota is None else quota)
        return Beside(usd + stored_usd, Together.FLEET, fits, np.ones_like(fits))

    def _on_one_account(self, option: Option, other: OptionCurve, stored_usd: float) -> Beside:
        """Documents come on top of the queries: each tier and each free unit is used once."""
        assert other.bill is not None  # noqa: S101  only priced options are paired
        by_request = option.price.unit in (PriceUnit.PER_REQUEST, PriceUnit.PER_SECOND)
        # Where requests are billed, the queries take as many units as documents of as many do.
        longer = self.document_tokens / self.query_tokens if by_request else 1.0
        usd = other.bill.added_usd(self.queries * longer, self.documents, batched=True)
        spends = option.ceiling_reason == SPEND
        even = 1.0 if spends else self.busiest_hour
        let_through = (option.ceiling_tokens_per_month, other.option.ceiling_tokens_per_month)
        known = (option.known_up_to_tokens_per_month, other.option.known_up_to_tokens_per_month)
        return Beside(
            usd + stored_usd,
            Together.ACCOUNT,
            self._share(*let_through, even) <= FULL,
            self._share(*known, self.busiest_hour) <= FULL,
        )

    def _share(self, of_queries: float | None, of_documents: float | None, even: float) -> Floats:
        """Of a limit, what both take on average; None and inf: it has no end."""
        taken = np.zeros(self.queries.shape)
        for most, tokens, times in (
            (of_queries, self.queries, even),
            (of_documents, self.documents, 1.0),
        ):
            if most is not None:
                with np.errstate(divide="ignore"):
                    taken = taken + tokens / (most * times)
        result: Floats = taken
        return result


def _usd(curve: OptionCurve, tokens: Floats) -> Floats:
    assert curve.cost is not None  # noqa: S101  only priced options are paired
    result: Floats = np.asarray(curve.cost.at(tokens), dtype=np.float64)
    return result
