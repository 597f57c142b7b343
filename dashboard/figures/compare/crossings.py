"""Which of the curves' meetings a reader must see: marked on the chart, listed in a table."""

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.curve.piecewise import Piecewise
from core.decide.result.curves import BreakEven, Crossing, CrossingKind, Curves, OptionCurve
from core.decide.result.snapshot import Verdict
from dashboard import formats

MAX_LABELS: Final = 3
MAX_MARKS: Final = 60
SAME: Final = 1e-6
"""Crossings nearer than this, relative, are one: the same meeting told twice."""
LABEL_DISTANCE: Final = 1.6
"""Labelled crossings are at least this factor of volume apart; the table has them all."""


HOW: Final = {
    CrossingKind.CROSS: "the lines cross",
    CrossingKind.JUMP: "at a step",
    CrossingKind.TOUCH: "they touch",
    CrossingKind.TIE: "the same over a stretch",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A meeting of two curves, as marked."""

    tokens_per_month: float
    usd_per_month: float
    how: str
    """How they meet, in words."""
    text: str
    """What changes there, in a few words."""
    lead_changes: bool
    """Whether the cheapest of all options changes here."""


def marks(curves: Curves, verdict: Verdict) -> tuple[Mark, ...]:
    """Changes of the lead, then where self-hosted options meet the cheapest API."""
    distinct: list[Mark] = []
    for mark in (*_lead_changes(curves), *_against_api(curves, verdict)):
        if not any(_same(mark, other) for other in distinct):
            distinct.append(mark)
    return tuple(distinct[:MAX_MARKS])


def labelled(crossings: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """The few that are labelled on the chart: changes of the lead, then the first meetings."""
    ranked = sorted(crossings, key=lambda mark: (not mark.lead_changes, mark.tokens_per_month))
    chosen: list[Mark] = []
    for mark in ranked:
        apart = (abs(math.log(mark.tokens_per_month / other.tokens_per_month)) for other in chosen)
        if all(distance >= math.log(LABEL_DISTANCE) for distance in apart):
            chosen.append(mark)
    return tuple(chosen[:MAX_LABELS])


def _lead_changes(curves: Curves) -> Iterator[Mark]:
    by_id = {curve.option.id: curve for curve in curves.curves}
    for before, after in zip(curves.winners, curves.winners[1:], strict=False):
        volume = before.to_tokens_per_month
        cost = by_id[after.option_id].cost
        if volume <= 0 or cost is None or not np.isfinite(volume):
            continue
        by_mean = any(curves.by_mean.varies(lead.option_id) for lead in (before, after))
        yield Mark(
            tokens_per_month=volume,
            usd_per_month=float(cost.at(volume)),
            how=_how_the_lead_changes(by_id[before.option_id], cost, volume, by_mean=by_mean),
            text=f"{by_id[after.option_id].option.label} becomes cheapest"
            + (" on average" if by_mean else ""),
            lead_changes=True,
        )


def _how_the_lead_changes(
    before: OptionCurve, after: Piecewise, volume: float, *, by_mean: bool
) -> str:
    """Whether the leader's limit, its mean, a step or a plain crossing ends its lead."""
    if before.option.ceiling_tokens_per_month == volume:
        return f"{before.option.label} reaches its limit"
    if by_mean:
        return "the mean costs cross"
    if before.cost is None or math.isclose(before.cost.at(volume), after.at(volume), rel_tol=1e-9):
        return HOW[CrossingKind.CROSS]
    return HOW[CrossingKind.JUMP]


def _against_api(curves: Curves, verdict: Verdict) -> Iterator[Mark]:
    """Meetings of every self-hosted option with the API that the verdict compares against."""
    if verdict.break_even is None:
        return
    labels = {curve.option.id: curve.option.label for curve in curves.curves}
    incumbent = verdict.break_even.incumbent_id
    for pair in curves.break_evens:
        if pair.incumbent_id == incumbent:
            for crossing in pair.crossings:
                if crossing.tokens_per_month > 0 and np.isfinite(crossing.tokens_per_month):
                    yield _mark(crossing, pair, labels)


def _mark(crossing: Crossing, pair: BreakEven, labels: dict[str, str]) -> Mark:
    challenger, incumbent = labels[pair.challenger_id], labels[pair.incumbent_id]
    if crossing.kind in (CrossingKind.TOUCH, CrossingKind.TIE):
        text = f"{challenger} costs the same as {incumbent}"
    elif crossing.cheaper_above == pair.challenger_id:
        text = f"{challenger} breaks even with {incumbent}"
    else:
        text = f"{challenger} costs more than {incumbent} again"
    return Mark(
        tokens_per_month=crossing.tokens_per_month,
        usd_per_month=crossing.usd_per_month,
        how=HOW[crossing.kind],
        text=text,
        lead_changes=False,
    )


def _same(one: Mark, other: Mark) -> bool:
    return math.isclose(
        one.tokens_per_month, other.tokens_per_month, rel_tol=SAME
    ) and math.isclose(one.usd_per_month, other.usd_per_month, rel_tol=SAME)


def wrapped(mark: Mark, characters: int = 20) -> str:
    """A mark's text broken into lines that fit beside its point."""
    return "<br>".join(textwrap.wrap(mark.text, characters))


def describe(mark: Mark) -> str:
    """A mark in one sentence."""
    return f"{mark.text} at {formats.tokens_per_month(mark.tokens_per_month)}"
