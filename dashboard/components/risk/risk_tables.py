"""The risk page's tables: numbers as numbers, units in the headings."""

from collections.abc import Mapping, Sequence

import pandas as pd

from core.decide.flips.flips import Flip
from core.decide.result.risk_result import Axis, LongRun, Risk, is_worth
from dashboard import formats
from dashboard.components.risk.risk_text import value


def options(risk: Risk) -> pd.DataFrame:
    """Chance and spread of each option's cost."""
    return pd.DataFrame(
        {
            "Option": entry.label,
            "Chance cheapest": entry.chance.value,
            "± (1 s.e.)": entry.chance.standard_error,
            "Mean (USD/month)": entry.usd_mean,
            "5 % (USD/month)": entry.usd_low,
            "Median (USD/month)": entry.usd_median,
            "95 % (USD/month)": entry.usd_high,
        }
        for entry in risk.options
    )


def inputs(risk: Risk) -> pd.DataFrame:
    """Each input with its range, what it does to the lead, and its value of information."""
    return pd.DataFrame(
        {
            "Input": entry.belief.label,
            "5 %": value(entry.belief, entry.low_value),
            "95 %": value(entry.belief, entry.high_value),
            "Lead at 5 % (USD/month)": entry.low_margin_usd,
            "Lead at 95 % (USD/month)": entry.high_margin_usd,
            "Worth knowing (USD/month)": max(0.0, entry.worth.value)
            if is_worth(entry.worth)
            else 0.0,
            "± 1 s.e. (USD/month)": entry.worth.standard_error,
            "Share of the spread": entry.total_index.value,
            "± s.e. ": entry.total_index.standard_error,
            "Where the range is from": entry.belief.basis,
        }
        for entry in risk.inputs
    )


def pairs(risk: Risk) -> pd.DataFrame:
    """Pairs of inputs that are worth knowing together."""
    return pd.DataFrame(
        {
            "Inputs": f"{pair.one.label} and {pair.other.label}",
            "Worth knowing (USD/month)": pair.worth.value,
            "± 1 s.e. (USD/month)": pair.worth.standard_error,
        }
        for pair in risk.pairs
    )


def axis(by_volume: Axis) -> pd.DataFrame:
    """Chance of each option and the band of its cost at each volume."""
    table = pd.DataFrame({"Tokens/month": by_volume.tokens_per_month})
    for label, chance, band in zip(
        by_volume.labels, by_volume.chances, by_volume.bands, strict=True
    ):
        table[f"{label}: chance cheapest"] = chance
        table[f"{label}: 5 % (USD/month)"] = band.low
        table[f"{label}: median (USD/month)"] = band.median
        table[f"{label}: 95 % (USD/month)"] = band.high
    return table


def long_run(run: LongRun, labels: Mapping[str, str]) -> pd.DataFrame:
    """What the long run has found so far."""
    rows = [("Knowing everything", run.evpi, "USD/month")]
    rows += [(f"Knowing: {b.label}", worth, "USD/month") for b, worth in run.worths]
    rows += [
        (f"Chance cheapest: {labels.get(name, name)}", chance, "fraction")
        for name, chance in run.chances
    ]
    return pd.DataFrame(
        {
            "Figure": name,
            "Value": formats.money().in_unit(max(0.0, estimate.value), unit)[0],
            "± (1 s.e.)": formats.money().in_unit(estimate.standard_error, unit)[0],
            "Unit": formats.money().named(unit),
        }
        for name, estimate, unit in rows
    )


def flips(all_flips: Sequence[Flip]) -> pd.DataFrame:
    """Each flip with both of its sides."""
    return pd.DataFrame(
        {
            "Input": flip.label,
            "Unit": formats.money().named(_unit(flip)),
            "Now": _in_money(flip, flip.value),
            "Still the same at": _in_money(flip, flip.still_at),
            "Another answer at": _in_money(flip, flip.flips_at),
            "Then": flip.winner or "nobody can serve",
        }
        for flip in all_flips
    )


def _unit(flip: Flip) -> str:
    return flip.price_unit.value if flip.price_unit else flip.unit


def _in_money(flip: Flip, value: float) -> float:
    """A value of the flip's input; an amount in the reader's currency."""
    return formats.money().in_unit(value, _unit(flip))[0]
