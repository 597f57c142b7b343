"""The plan on its page: the path, the alternatives, the dates."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.decide.advice.recommend_result import (
    OutOfReach,
    ParetoPoint,
    Recommendation,
    Relaxation,
)
from core.decide.result.plan_result import Plan
from core.decide.result.snapshot import Snapshot
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.model_change import model_change_text
from dashboard.components.compare.verdict_box import relaxing
from dashboard.components.plan import plan_tables
from dashboard.components.plan.plan_text import (
    break_even_text,
    headline,
    plan_headline,
    plan_reasons,
    reasons,
)
from dashboard.components.shared.chart import chart, download, shown_table
from dashboard.components.shared.money_columns import whole_amounts
from dashboard.components.shared.scheme import colours
from dashboard.figures.plan.moves_figure import moves_figure
from dashboard.figures.plan.pareto_figure import pareto_figure
from dashboard.figures.plan.plan_months import months_figure

TOKENS = st.column_config.NumberColumn(format="compact")


def show_recommendation(
    recommendation: Recommendation,
    snapshot: Snapshot,
    scenario: Scenario,
    relaxed: Sequence[Relaxation] = (),
) -> None:
    """What to use now, why, and who is out."""
    st.markdown(f"## {formats.plain(headline(recommendation))}")
    relaxing(relaxed)
    sentences = [*reasons(recommendation, snapshot, scenario)]
    if sentences:
        st.markdown(formats.plain(" ".join(sentences)))
    if (change := model_change_text(snapshot)) != "":
        st.caption(formats.plain(change))
    unknown = [entry for entry in recommendation.out if entry.only_unknown]
    out = [entry for entry in recommendation.out if not entry.only_unknown]
    _show_out(out, "out: why, and what would let them in", "plan/out")
    _show_out(unknown, "not known to suit: what to find out", "plan/unknown")


def _show_out(out: Sequence[OutOfReach], why: str, name: str) -> None:
    """A table of options under their number; nothing where there are none."""
    if not out:
        return
    verb = "is" if len(out) == 1 else "are"
    with st.expander(f"{len(out)} of the chosen options {verb} {why}", icon=":material/block:"):
        table = plan_tables.out_of_reach(out)
        shown_table(
            table, name, "Options that are out, with reasons", {"USD/month": whole_amounts()}
        )
        download(partial(plan_tables.out_of_reach, out), name)


def show_front(points: tuple[ParetoPoint, ...], slo_p95_s: float) -> None:
    """Cost against latency, the front of those that none beats."""
    unknown = [point.row.option.label for point in points if point.p95_s is None]
    chart(
        "Cost and latency of what is feasible",
        pareto_figure(points, slo_p95_s, colours()),
        "plan/pareto",
        "Monthly cost against p95. Beaten by none: "
        + ", ".join(p.row.option.label for p in points if p.on_front)
        + ".",
        partial(plan_tables.pareto, points),
        "Filled: measured. Rings: predicted by the queue. Diamonds: published. Bars: where 9 of 10 "
        "samples lie. Bold, on the dotted line: no other is cheaper and faster.",
    )
    if unknown:
        st.caption(formats.plain(f"Latency not known: {', '.join(unknown)}."))


def show_plan(plan: Plan, scenario: Scenario) -> None:
    """The path through the months, its steps, and what else was priced."""
    st.markdown(f"### {formats.plain(plan_headline(plan))}")
    sentences = list(plan_reasons(plan))
    if sentences:
        st.markdown(formats.plain(" ".join(sentences)))
    chart(
        "Monthly cost over the horizon",
        months_figure(plan, colours()),
        "plan/months",
        f"{plan_headline(plan)} {' '.join(sentences)}",
        partial(plan_tables.months, plan),
        "Thick: the plan. Named: what some path uses, and the cheapest of some month. The other "
        "options are thin: point at them, or open the table.",
    )
    if plan.best is not None:
        st.markdown("**Steps**")
        columns = {
            "Trigger (tokens/month)": TOKENS,
            "Cheaper a month from (tokens/month)": TOKENS,
            "Running (USD)": whole_amounts(),
            "One-off (USD)": whole_amounts(),
        }
        shown_table(plan_tables.steps(plan.best), "plan/steps", "Steps of the plan", columns)
    _show_alternatives(plan)
    _show_break_evens(plan, scenario)


def _show_alternatives(plan: Plan) -> None:
    st.markdown("**Other paths**")
    columns = {"In all (USD)": whole_amounts(), "More than the best (USD)": whole_amounts()}
    table = plan_tables.alternatives(plan)
    shown_table(table, "plan/alternatives", "Other paths and what they cost", columns)
    download(partial(plan_tables.alternatives, plan), "plan/alternatives")
    if plan.no_phases_reason:
        st.caption(formats.plain(plan.no_phases_reason))
    usd = plan.usd_by_first_move
    if usd is None or plan.moving is None:
        return
    staying = plan.staying.usd if plan.staying else None
    names = " → ".join(step.label for step in plan.moving.steps)
    chart(
        f"Moving too early, in time, too late: {formats.plain(names)}",
        moves_figure(usd, staying, colours()),
        "plan/moves",
        f"Total cost of {names} by the month of the first move; least "
        f"{formats.usd(plan.moving.usd)}.",
        partial(plan_tables.first_moves, plan),
    )


def _show_break_evens(plan: Plan, scenario: Scenario) -> None:
    st.markdown("**When self-hosting first costs less**")
    if not plan.break_evens:
        st.markdown("There is no self-hosted option with a price beside an API.")
        return
    st.markdown(
        "\n".join(
            f"- {formats.plain(break_even_text(entry, scenario))}" for entry in plan.break_evens
        )
    )
    table = plan_tables.break_evens(plan.break_evens)
    columns = {"At (tokens/month)": TOKENS, "Move now costs (USD)": whole_amounts()}
    shown_table(table, "plan/dates", "Month of break-even with each API", columns)
    download(partial(plan_tables.break_evens, plan.break_evens), "plan/dates")
