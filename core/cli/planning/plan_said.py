"""A plan as lines and a table, for a terminal."""

from collections.abc import Iterator

from rich.markup import escape
from rich.table import Table

from core.decide.result.plan_result import Plan, PlannedPath, PlanStep
from core.money import Money

HEADINGS = ("option", "months", "tokens a month at its start", "running {}", "once {}", "because")


def path_line(plan: Plan) -> str:
    """The best path in one sentence, in USD."""
    best = plan.best
    if best is None:
        return f"In month {plan.unserved_month} no chosen option is known to serve the volume."
    months = f"{plan.months} month{'' if plan.months == 1 else 's'}"
    first = best.steps[0].label
    if best.changes == 0:
        return f"Stay with {first} for {months}: ${best.usd:,.2f} in all."
    moves = "; ".join(f"move to {s.label} in month {s.from_month}" for s in best.steps[1:])
    return f"Begin with {first}; {moves}: ${best.usd:,.2f} in all over {months}."


def other_lines(plan: Plan) -> Iterator[str]:
    """What staying, or moving, would cost more; and when an API is first dearer."""
    best = plan.best
    if best is None:
        return
    if best.changes and plan.staying is not None:
        more = plan.staying.usd - best.usd
        yield f"Staying with {best.steps[0].label} would cost ${more:,.2f} more."
    for step in best.steps:
        if step.negotiable:
            yield f"{step.label}, months {step.from_month} to {step.to_month}: {step.negotiable}"
    if not best.changes and plan.moving is not None:
        last = plan.moving.steps[-1]
        more = plan.moving.usd - best.usd
        yield (
            f"The cheapest move to self-hosting, to {last.label} in month {last.from_month}, would "
            f"cost ${more:,.2f} more."
        )
    for entry in plan.break_evens:
        if entry.month is not None:
            good = "" if entry.holds else ", but not for good"
            yield (
                f"{entry.incumbent} is first dearer than {entry.challenger} in month "
                f"{entry.month}{good}."
            )


def steps_table(path: PlannedPath, money: Money) -> Table:
    """One row a step."""
    table = Table(title="The cheapest path")
    for heading in HEADINGS:
        table.add_column(heading.format(money.sign.strip()), overflow="fold")
    for step in path.steps:
        table.add_row(*(escape(cell) for cell in _cells(step, money)))
    return table


def _cells(step: PlanStep, money: Money) -> tuple[str, ...]:
    return (
        step.label,
        f"{step.from_month} to {step.to_month}",
        f"{step.tokens_at_start:,.0f}",
        f"{money.of(step.running_usd):,.2f}",
        f"{money.of(step.one_off_usd):,.2f}",
        step.moves_because,
    )
