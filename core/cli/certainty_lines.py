"""How sure a comparison is, in a terminal and as JSON: means, chances, what would decide."""

from collections.abc import Iterator
from typing import Any

from core.decide.result.risk_result import Certainty
from core.decide.result.snapshot import OptionAtVolume, Verdict


def certainty_lines(verdict: Verdict, certainty: Certainty) -> Iterator[str]:
    """The winner by its mean, with band, chance and regret; a tie and what would decide it."""
    winner = verdict.winner
    spread = None if winner is None else certainty.of(winner.option.id)
    if winner is None or spread is None:
        return
    band = (
        f" on average: 9 of 10 from ${spread.usd_low:,.2f} to ${spread.usd_high:,.2f}, median "
        f"${spread.usd_median:,.2f}"
    )
    ranged = spread.usd_high > spread.usd_low
    yield f"{winner.option.label} costs ${spread.usd_mean:,.2f} a month{band if ranged else ''}."
    yield (
        f"It is the cheapest with a chance of {spread.chance.value:.0%}; being wrong costs "
        f"${certainty.regret.value:,.2f} a month on average."
    )
    yield from _too_close(verdict, certainty)
    other = verdict.stated_winner
    if other is not None:
        yield (
            f"With every input as stated {other.option.label} would be the cheapest, at "
            f"${other.usd_per_month or 0:,.2f} against ${winner.usd_per_month or 0:,.2f} for "
            f"{winner.option.label}: the mean decides."
        )


def _too_close(verdict: Verdict, certainty: Certainty) -> Iterator[str]:
    row = verdict.runner_up
    if row is None or not verdict.too_close:
        return
    yield (
        f"Too close to call: {row.option.label} costs ${row.mean_usd_per_month or 0:,.2f} on "
        f"average, and a difference below ${verdict.close_within_usd:,.2f} a month decides nothing."
    )
    if certainty.decisive is None:
        yield "No single figure that you could find out would decide it: take either."
        return
    yield (
        f"{certainty.decisive.belief.to_find_out}: it would decide it, and is worth up to "
        f"${certainty.decisive.worth.value:,.2f} a month."
    )


def certainty_document(verdict: Verdict, certainty: Certainty) -> dict[str, Any]:
    """The same of the verdict as plain values, USD a month."""
    winner, other = verdict.winner, verdict.stated_winner
    chance = None if winner is None else certainty.chances.get(winner.option.id)
    best = certainty.decisive
    return {
        "mean_usd_per_month": None if winner is None else winner.mean_usd_per_month,
        "chance_cheapest": chance,
        "regret_usd_per_month": certainty.regret.value,
        "too_close": verdict.too_close,
        "close_within_usd_per_month": verdict.close_within_usd,
        "would_decide": None
        if best is None
        else {
            "input": best.belief.name,
            "sentence": f"{best.belief.to_find_out}.",
            "worth_usd_per_month": best.worth.value,
        },
        "cheapest_as_stated": None if other is None else other.option.id,
    }


def spread_document(row: OptionAtVolume, certainty: Certainty) -> dict[str, Any]:
    """Where an option's cost may lie; None where it is not known to serve."""
    spread = certainty.of(row.option.id)
    return {
        "mean_usd_per_month": row.mean_usd_per_month,
        "median_usd_per_month": None if spread is None else spread.usd_median,
        "p5_usd_per_month": None if spread is None else spread.usd_low,
        "p95_usd_per_month": None if spread is None else spread.usd_high,
        "chance_cheapest": None if spread is None else spread.chance.value,
    }
