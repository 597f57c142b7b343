"""A recommendation and a plan as plain values: money in USD, months counted from 1."""

from typing import Any

from core.decide.advice.recommend_result import OutOfReach, Recommendation
from core.decide.result.plan_result import DatedBreakEven, Plan, PlannedPath, PlanStep, Trend
from core.decide.result.snapshot import OptionAtVolume


def recommendation_document(advised: Recommendation) -> dict[str, Any]:
    """What to use now, what moving there costs, and who is out by what."""
    return {
        "advice": advised.advice.value,
        "option": _id(advised.option),
        "runner_up": _id(advised.runner_up),
        "margin_usd_per_month": advised.margin_usd_per_month,
        "current": _id(advised.current),
        "move_usd": advised.move_usd,
        "saving_usd_per_month": advised.saving_usd_per_month,
        "pays_back_in_months": advised.pays_back_in_months,
        "same_weights_by_api": _id(advised.same_weights),
        "self_hosted": _id(advised.self_hosted),
        "out": [_out(entry) for entry in advised.out],
    }


def plan_document(plan: Plan) -> dict[str, Any]:
    """The horizon month by month, the best path, and the others that were priced."""
    return {
        "months": plan.months,
        "tokens_per_month": plan.tokens_per_month.tolist(),
        "usd_per_month": dict(zip(plan.option_ids, plan.usd_per_month.tolist(), strict=True)),
        "best": _path(plan.best),
        "unserved_month": plan.unserved_month,
        "staying": _path(plan.staying),
        "cheapest_without_a_move": _path(plan.staying_anywhere),
        "moving": _path(plan.moving),
        "phases": _path(plan.phases),
        "no_phases_reason": plan.no_phases_reason,
        "break_evens": [_break_even(entry) for entry in plan.break_evens],
        "trends": [_trend(trend) for trend in plan.trends],
    }


def _id(row: OptionAtVolume | None) -> str | None:
    return None if row is None else row.option.id


def _out(entry: OutOfReach) -> dict[str, Any]:
    return {
        "id": entry.row.option.id,
        "only_unknown": entry.only_unknown,
        "by": [
            {"rule": one.rule.value, "sentence": one.sentence, "relax": one.relax}
            for one in entry.violations
        ],
    }


def _path(path: PlannedPath | None) -> dict[str, Any] | None:
    if path is None:
        return None
    return {"usd": path.usd, "steps": [_step(step) for step in path.steps]}


def _step(step: PlanStep) -> dict[str, Any]:
    return {
        "id": step.option_id,
        "label": step.label,
        "from_month": step.from_month,
        "to_month": step.to_month,
        "tokens_at_start": step.tokens_at_start,
        "running_usd": step.running_usd,
        "one_off_usd": step.one_off_usd,
        "one_off": {line.label: line.usd_per_month for line in step.one_off},
        "breaks_even_at_tokens": step.breaks_even_at_tokens,
        "moves_because": step.moves_because,
        "discount_to_ask_for": step.negotiable or None,
    }


def _break_even(entry: DatedBreakEven) -> dict[str, Any]:
    return {
        "incumbent": entry.incumbent_id,
        "challenger": entry.challenger_id,
        "month": entry.month,
        "tokens_per_month": entry.tokens_per_month,
        "holds": entry.holds,
        "one_off_usd": entry.one_off_usd,
    }


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "label": trend.label,
        "api_decline_per_year": trend.api_decline,
        "gpu_decline_per_year": trend.gpu_decline,
        "path": _path(trend.path),
    }
