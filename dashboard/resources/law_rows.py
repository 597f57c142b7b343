"""The law of size beside every batch that it was fitted to, for the page."""

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from core.serving.law.batch_law import law_batch_time
from core.serving.law.law_numbers import LAW, group_of
from core.serving.law.measured_batches import MeasuredBatch, measured_batches
from core.serving.law.stated_range import SERVERS, Known, server_factor

SERVERS_FACTOR: Final = server_factor(Known.CARD)
"""Range up and down of what the law says of a server on a card that one was published on."""


def ranges_said() -> str:
    """The stated ranges of a server, each with what it rests on."""
    return (
        "The shade is the range stated for a server on a card that one was published on: "
        f"{_range_said(Known.CARD)}. On another card it is {_range_said(Known.NEITHER)}."
    )


def _range_said(known: Known) -> str:
    errors, groups = SERVERS[known], "cards" if known is Known.NEITHER else "pairs"
    return (
        f"{server_factor(known):.3g} times either way (of {errors.groups} {groups}; "
        f"{errors.within} of {errors.rows} rows left out lay within)"
    )


@dataclass(frozen=True, slots=True)
class LawRow:
    """One measured batch and what the law says of it."""

    measured: MeasuredBatch
    group: str
    predicted_s: float

    @property
    def over_measured(self) -> float:
        """Time predicted over measured."""
        return self.predicted_s / self.measured.seconds


@cache
def law_rows() -> tuple[LawRow, ...]:
    """Every row, cards with the widest misses first."""
    rows = [_row(measured) for measured in measured_batches()]
    of_chip: dict[str, list[LawRow]] = defaultdict(list)
    for row in rows:
        of_chip[row.measured.chip].append(row)
    off = {chip: off_by(own) for chip, own in of_chip.items()}
    return tuple(sorted(rows, key=lambda row: (-off[row.measured.chip], row.measured.chip)))


def off_by(rows: Sequence[LawRow]) -> float:
    """Median of how far off, up or down, as a share."""
    return statistics.median(math.exp(abs(math.log(row.over_measured))) - 1 for row in rows)


def _row(measured: MeasuredBatch) -> LawRow:
    time = law_batch_time(measured.shape, measured.machine, measured.kind, LAW)
    return LawRow(
        measured, group_of(measured.kind), time.seconds(measured.texts, measured.tokens_per_text)
    )
