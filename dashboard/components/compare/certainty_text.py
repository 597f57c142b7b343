"""How sure the verdict is, in words: where its cost may lie, its chance, what being wrong costs."""

from collections.abc import Iterator
from typing import Final

from core.decide.result.risk_result import Certainty, OptionRisk, is_worth
from core.decide.result.snapshot import OptionAtVolume, Snapshot, Verdict
from dashboard import formats

WAITING: Final = "How sure that is will be worked out once the volume rests."
NARROW: Final = 1.02
"""High over low below which a cost has no range to speak of."""
TIE: Final = 1e-9
"""Relative difference below which two amounts are the same."""


def on_average(row: OptionAtVolume) -> str:
    """What it costs a month, and that it is a mean where an input has a range."""
    mean, stated = row.mean_usd_per_month, row.usd_per_month
    words = formats.usd_per_month(mean)
    if mean is None or stated is None or abs(mean - stated) <= TIE * abs(stated):
        return words
    return f"{words} on average"


def how_sure(snapshot: Snapshot, certainty: Certainty | None) -> str:
    """Chance and range of the winner and what being wrong costs; "" where nobody wins.

    One line in any case: what comes and goes above the slider moves it under the finger.
    """
    winner = snapshot.verdict.winner
    if winner is None:
        return ""
    spread = None if certainty is None else certainty.of(winner.option.id)
    if spread is None or certainty is None:
        return WAITING
    parts = [f"The cheapest with a chance of {formats.percent(spread.chance.value)}"]
    if is_worth(certainty.regret):
        regret = formats.usd(certainty.regret.value)
        parts.append(f"being wrong costs {regret} a month on average")
    return "; ".join([*parts, *_range(spread)]) + "."


def _range(spread: OptionRisk) -> Iterator[str]:
    if spread.usd_high > NARROW * spread.usd_low:
        low, high = formats.usd(spread.usd_low), formats.usd(spread.usd_high)
        yield f"9 of 10 from {low} to {high}, median {formats.usd(spread.usd_median)}"


def too_close_text(verdict: Verdict) -> Iterator[str]:
    """That it is too close to call, and by how little."""
    row, margin = verdict.runner_up, verdict.margin_usd_per_month
    if row is None or margin is None or not verdict.too_close:
        return
    apart = f"only {formats.usd(margin)} more" if margin > 0 else "the same"
    yield (
        f"Too close to call: {row.option.label} costs {on_average(row)}, {apart}, and a "
        f"difference below {formats.usd(verdict.close_within_usd)} a month decides nothing."
    )


def decisive_text(verdict: Verdict, certainty: Certainty | None) -> Iterator[str]:
    """What to find out where it is too close to call, and what that is worth."""
    if not verdict.too_close or certainty is None:
        return
    if certainty.decisive is None:
        yield "No single figure that you could find out would decide it: take either."
        return
    worth = formats.usd(certainty.decisive.worth.value)
    yield (
        f"{certainty.decisive.belief.to_find_out}: it would decide it, and is worth up to {worth} "
        "a month."
    )


def stated_text(verdict: Verdict) -> Iterator[str]:
    """That another one would win with every input as stated: the corner, not the mean."""
    winner, other = verdict.winner, verdict.stated_winner
    if winner is None or other is None:
        return
    yield (
        f"With every input as stated {other.option.label} would be the cheapest, at "
        f"{formats.usd_per_month(other.usd_per_month)} against "
        f"{formats.usd_per_month(winner.usd_per_month)} for {winner.option.label}; over the ranges "
        f"it costs {formats.usd_per_month(other.mean_usd_per_month)} on average, and the mean "
        "decides."
    )
