"""How far the law of size may be off, by how much is known of a pair of card and model.

A range is meant to hold 8 of 10. It rests on the errors of rows that a fit did not see, and on how
many independent groups they are of: one spread out of three pairs is itself hardly known, so the
range takes Student's t with one degree of freedom less than there are groups. One is lost because
the share of servers is fitted to the same groups.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

from scipy.special import stdtrit

from core.errors import ModelInputError
from core.serving.law.batch_law import ServerKind
from core.serving.law.law_numbers import group_of

RANGE_SHARE: Final = 0.8
"""Share of pairs that are to lie within the stated range."""

_UPPER: Final = (1 + RANGE_SHARE) / 2

Z_RANGE: Final = NormalDist().inv_cdf(_UPPER)
"""Standard deviations from the middle of a normal law to either end of such a range."""

LEAST_GROUPS: Final = 2
"""Of one group alone nothing is left to judge a range by."""


class Known(StrEnum):
    """What of a pair the rows of servers show; what is known best comes first."""

    PAIR = "pair"
    """A server's rate of this model on this card is published."""
    CARD = "card"
    """The law was fitted to a server on this card, with another model."""
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Errors of rows that a fit, or the middle of a pair's servers, did not see."""

    log_spread: float
    """Root mean square of ln(predicted/measured)."""
    groups: int
    """Independent groups that the rows are of."""
    rows: int
    within: int
    """Rows inside the range that is stated for their class: it was made of them."""

    @property
    def factor(self) -> float:
        """Up and down, by these errors alone."""
        return range_factor(self.log_spread, self.groups)


def range_factor(log_spread: float, groups: int) -> float:
    """Factor up and down that is to hold 8 of 10, by the spread of so many groups.

    exp(t s), t the 90 % quantile of Student's t with groups - 1 degrees of freedom (Student 1908).
    Raises ModelInputError for fewer than two groups.
    """
    if groups < LEAST_GROUPS:
        raise ModelInputError(f"a range needs the errors of {LEAST_GROUPS} groups, not of {groups}")
    return math.exp(float(stdtrit(groups - 1, _UPPER)) * log_spread)


PAIR_LEFT_OUT: Final = {
    "bare calls": LeftOut(0.31, groups=26, rows=141, within=112),
    "servers": LeftOut(0.437, groups=3, rows=10, within=9),
    "processors": LeftOut(0.50, groups=18, rows=39, within=35),
}
"""Rows without their pair of card and model, by kinds of server that are off alike."""

SERVERS: Final = {
    Known.PAIR: LeftOut(0.346, groups=2, rows=9, within=9),
    Known.CARD: PAIR_LEFT_OUT["servers"],
    Known.NEITHER: LeftOut(0.328, groups=2, rows=10, within=10),
}
"""Rows of servers: without their own row, of pairs with others; their pair; their whole card."""


def server_factor(known: Known) -> float:
    """Stated range of a server, up and down: the less is known, the wider, never narrower."""
    of_card, own = SERVERS[Known.CARD].factor, SERVERS[known].factor
    return max(own, of_card) if known is Known.NEITHER else min(own, of_card)


def stated(kind: ServerKind, known: Known) -> tuple[float, str]:
    """Stated range up and down, and what was left out to find it; of other kinds, pairs."""
    if kind is not ServerKind.SERVER:
        errors = PAIR_LEFT_OUT[group_of(kind)]
        return errors.factor, f"{errors.groups} pairs"
    groups = "cards" if known is Known.NEITHER else "pairs"
    return server_factor(known), f"{SERVERS[known].groups} {groups}"
