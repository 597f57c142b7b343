"""The plan's tables: numbers as numbers, units in the headings."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from core.decide.advice.recommend_result import OutOfReach, ParetoPoint
from core.decide.result.plan_result import DatedBreakEven, Plan, PlannedPath
from dashboard import formats
from dashboard.components.plan.plan_text import path_text


def steps(path: PlannedPath) -> pd.DataFrame:
    """One row a step: when, at what volume, what it costs, and what its beginning costs."""
    money = formats.money()
    return pd.DataFrame(
        {
            "Option": step.label,
            "From month": step.from_month,
            "To month": step.to_month,
            "Trigger (tokens/month)": step.tokens_at_start,
            "Cheaper a month from (tokens/month)": step.breaks_even_at_tokens,
            "Running (USD)": step.running_usd,
            "One-off (USD)": step.one_off_usd,
            "One-off for": "; ".join(
                f"{line.label} {money.sign}{money.of(line.usd_per_month):,.0f}"
                for line in step.one_off
            ),
            "Moves because": step.moves_because,
        }
        for step in path.steps
    )


def alternatives(plan: Plan) -> pd.DataFrame:
    """Every path that was priced, beside the best."""
    best = plan.best.usd if plan.best else None
    rows = [
        {
            "Path": name,
            "Options": path_text(path),
            "In all (USD)": path.usd,
            "More than the best (USD)": None if best is None or trend else path.usd - best,
        }
        for name, path, trend in _paths(plan)
    ]
    return pd.DataFrame(
        rows, columns=["Path", "Options", "In all (USD)", "More than the best (USD)"]
    )


def _paths(plan: Plan) -> Iterator[tuple[str, PlannedPath, bool]]:
    named = (
        ("Best", plan.best),
        ("Staying with what one begins with", plan.staying),
        ("Cheapest without a move", plan.staying_anywhere),
        (
            "Cheapest move to self-hosting",
            plan.moving if plan.best and not plan.best.changes else None,
        ),
        ("Serverless, self-hosted, hybrid: each at its best time", plan.phases),
    )
    for name, path in named:
        if path is not None:
            yield name, path, False
    for trend in plan.trends:
        if trend.path is not None:
            rates = f"{trend.api_decline:.0%} and {trend.gpu_decline:.0%} a year"
            yield f"Best where {trend.label} ({rates})", trend.path, True


def months(plan: Plan) -> pd.DataFrame:
    """Cost of every option in every month."""
    table = pd.DataFrame(
        {"Month": np.arange(1, plan.months + 1), "Tokens/month": plan.tokens_per_month}
    )
    for label, usd in zip(plan.labels, plan.usd_per_month, strict=True):
        table[f"{label} (USD/month)"] = np.where(np.isfinite(usd), usd, np.nan)
    return table


def first_moves(plan: Plan) -> pd.DataFrame:
    """Total cost by the month of the first move."""
    usd = plan.usd_by_first_move
    values = (
        np.full(plan.months, np.nan) if usd is None else np.where(np.isfinite(usd), usd, np.nan)
    )
    table = pd.DataFrame({"Month of the first move": np.arange(1, plan.months + 1)})
    table["In all (USD)"] = values
    return table.dropna()


def break_evens(entries: Sequence[DatedBreakEven]) -> pd.DataFrame:
    """Each API with the month in which self-hosting first costs less."""
    return pd.DataFrame(
        {
            "API": entry.incumbent,
            "Self-hosted": entry.challenger,
            "First cheaper in month": entry.month,
            "At (tokens/month)": entry.tokens_per_month,
            "Still so at the horizon": entry.month is not None and entry.holds,
            "Move now costs (USD)": entry.one_off_usd,
            "Move now paid back in month": entry.payback.month,
        }
        for entry in entries
    )


def out_of_reach(out: Sequence[OutOfReach]) -> pd.DataFrame:
    """The options that are out, why, and what would let them in."""
    return pd.DataFrame(
        {
            "Option": entry.row.option.label,
            "USD/month": entry.row.mean_usd_per_month,
            "Why": " ".join(violation.sentence for violation in entry.violations),
            "What would let it in": " ".join(v.relax for v in entry.violations if v.relax),
        }
        for entry in out
    )


def pareto(points: Sequence[ParetoPoint]) -> pd.DataFrame:
    """The feasible options among cost, latency and quality."""
    return pd.DataFrame(
        {
            "Option": point.row.option.label,
            "USD/month": point.row.mean_usd_per_month,
            "5 % (USD/month)": point.usd_low,
            "95 % (USD/month)": point.usd_high,
            "p95 (s)": point.p95_s,
            "Latency is": point.latency_basis or "not known",
            "Quality": point.quality,
            "Quality is": point.quality_is,
            "Beaten by none": point.on_front,
        }
        for point in points
    )
