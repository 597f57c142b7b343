"""The recommendation and the plan as sentences. Every number in them is computed."""

from collections.abc import Iterator

from core.decide.advice.recommend_result import Advice, OutOfReach, Recommendation
from core.decide.result.plan_result import DatedBreakEven, Plan, PlannedPath, PlanStep
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.certainty_text import on_average
from dashboard.components.compare.verdict_text import replicas_text, verdict_text


def headline(recommendation: Recommendation) -> str:
    """What to use now, in one sentence."""
    option = recommendation.option
    if option is None:
        if any(entry.only_unknown for entry in recommendation.out):
            return "None of the chosen options is known to satisfy all that is demanded yet."
        return "None of the chosen options satisfies all that is demanded."
    bill, name = on_average(option), _name(option)
    match recommendation.advice:
        case Advice.STAY:
            return f"Stay with {name}: {bill}. Moving does not pay within the horizon."
        case Advice.NEITHER if (
            not recommendation.self_hosted or option is not recommendation.self_hosted
        ):
            return (
                f"Stay serverless: {name}, {bill}, is the cheapest that can do the job, and the "
                "bill is too small to matter."
            )
        case Advice.NEITHER:
            return (
                f"{bill} on {name}: too small to matter. Take what your team has running soonest."
            )
        case Advice.BATCH:
            return f"Stay serverless: {name}, {bill}, with its batch interface for what can wait."
        case Advice.OPEN_WEIGHTS:
            return f"Stay serverless: hosted open weights, {name}, {bill}."
        case Advice.API:
            return f"Stay serverless: {name}, {bill}."
        case Advice.HYBRID:
            return (
                f"Host the base yourself and burst to an API of the same weights: {name}, {bill}."
            )
        case _:
            return f"Host it yourself: {name}, {bill}."


def _name(option: OptionAtVolume) -> str:
    return replicas_text(option).rstrip(",")


def reasons(
    recommendation: Recommendation, snapshot: Snapshot, scenario: Scenario
) -> Iterator[str]:
    """Why, by how much, and what else."""
    if recommendation.option is None:
        yield from _nearest(recommendation.out)
        return
    if recommendation.advice is Advice.STAY and recommendation.runner_up is not None:
        yield (
            f"{recommendation.runner_up.option.label} would save "
            f"{formats.usd(recommendation.saving_usd_per_month)} a month and cost "
            f"{formats.usd(recommendation.move_usd)} once."
        )
        return
    yield from _moving(recommendation)
    winner = snapshot.verdict.winner
    if winner is not None and recommendation.option.option.id == winner.option.id:
        sentences = verdict_text(snapshot, scenario).reasons
        yield from (sentence for sentence in sentences if "too small to matter" not in sentence)
    elif recommendation.runner_up is not None and recommendation.margin_usd_per_month is not None:
        yield (
            f"Next is {_name(recommendation.runner_up)} at "
            f"{on_average(recommendation.runner_up)}, "
            f"{formats.usd(recommendation.margin_usd_per_month)} more."
        )
    same = recommendation.same_weights
    if same is not None and same is not recommendation.option:
        yield (
            f"With the weights that you would host yourself the cheapest API is "
            f"{same.option.label}, {on_average(same)}: from there a move "
            "to self-hosting embeds nothing anew."
        )


def _moving(recommendation: Recommendation) -> Iterator[str]:
    current = recommendation.current
    if current is None or current is recommendation.option:
        return
    months = recommendation.pays_back_in_months
    back = "" if months is None else f", paid back in {formats.months(max(1, round(months)))}"
    yield (
        f"Moving there from {current.option.label} saves "
        f"{formats.usd(recommendation.saving_usd_per_month)} a month and costs "
        f"{formats.usd(recommendation.move_usd)} once{back}."
    )


def _nearest(out: tuple[OutOfReach, ...]) -> Iterator[str]:
    """What would have to give, for the options that need least."""
    for entry in out[:3]:
        wants = " ".join(v.relax or v.sentence for v in entry.violations)
        yield f"{entry.row.option.label}: {wants}"


def plan_headline(plan: Plan) -> str:
    """The path in one sentence."""
    best = plan.best
    if best is None:
        return f"In month {plan.unserved_month} no chosen option can serve the volume."
    first = best.steps[0]
    if best.changes == 0:
        return (
            f"Stay with {first.label} for all {plan.months} months: {formats.usd(best.usd)} in all."
        )
    moves = "; ".join(_move(step) for step in best.steps[1:])
    return f"Begin with {first.label}; {moves}: {formats.usd(best.usd)} in all."


def _move(step: PlanStep) -> str:
    when = f"move to {step.label} in month {step.from_month}"
    return f"{when}, when you pass {formats.tokens_per_month(step.tokens_at_start)}"


def plan_reasons(plan: Plan) -> Iterator[str]:
    """What staying costs, what moving too early costs, and when self-hosting breaks even."""
    best, staying = plan.best, plan.staying
    if best is None:
        return
    if best.changes and staying is not None:
        yield (
            f"Staying with {best.steps[0].label} would cost {formats.usd(staying.usd)}, "
            f"{formats.usd(staying.usd - best.usd)} more."
        )
    for step in best.steps[1:]:
        if step.moves_because:
            yield f"In month {step.from_month} it moves because: {step.moves_because}"
    for step in best.steps:
        if step.negotiable:
            dear = formats.amounts(step.negotiable)
            yield f"{step.label}, months {step.from_month} to {step.to_month}: {dear}"
    yield from _early(plan)
    if not best.changes and plan.moving is not None:
        last = plan.moving.steps[-1]
        yield (
            f"The cheapest move to self-hosting, to {last.label} in month {last.from_month}, would "
            f"cost {formats.usd(plan.moving.usd - best.usd)} more."
        )


def _early(plan: Plan) -> Iterator[str]:
    usd, best = plan.usd_by_first_move, plan.best
    if usd is None or best is None or not best.changes:
        return
    planned = best.steps[1].from_month
    if planned > 2:
        extra = float(usd[1]) - best.usd
        yield f"Moving in month 2 already would cost {formats.usd(extra)} more than in {planned}."


def break_even_text(entry: DatedBreakEven, scenario: Scenario) -> str:
    """When an API is first dearer than self-hosting."""
    growth = formats.percent(scenario.workload.growth_per_month)
    if entry.month is None or entry.tokens_per_month is None:
        return (
            f"{entry.incumbent} stays cheaper than self-hosting through all "
            f"{scenario.objective.horizon_months} months at {growth} growth a month."
        )
    text = (
        f"At {growth} growth a month {entry.incumbent} is first dearer than {entry.challenger} in "
        f"month {entry.month}, at {formats.tokens_per_month(entry.tokens_per_month)}"
    )
    return f"{text}{'' if entry.holds else ', but not for good'}."


def path_text(path: PlannedPath) -> str:
    """A path in a cell: its options with the months in which they begin."""
    return " → ".join(
        step.label if step.from_month == 1 else f"{step.label} (month {step.from_month})"
        for step in path.steps
    )
