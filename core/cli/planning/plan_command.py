"""`breakeven plan`: what to use now, when to move, and what moving costs."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from core.cli.commands.compare_command import (
    Asked,
    day_of,
    document_of,
    plain,
    question_from,
    rate_words,
    shown_money,
)
from core.cli.planning.plan_document import plan_document, recommendation_document
from core.cli.planning.plan_said import other_lines, path_line, steps_table
from core.cli.planning.typed_terms import typed_terms
from core.cli.scenario_flags import (
    asked_by,
    own_counts,
    own_discounts,
    own_limits,
    own_prices,
    pairs,
    refuse_strange,
)
from core.cli.scenario_numbers import number
from core.cli.support import opened_runs, whole_catalog
from core.decide.advice.recommend import recommend
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan import plan as make_plan
from core.decide.plan.plan_terms import terms_of
from core.decide.result.plan_result import Plan
from core.decide.why.why import Why, why
from core.money import DOLLARS, HIGHEST_RATE_USD, LOWEST_RATE_USD, Money
from core.scenario import Objective, Workload
from core.settings import load_settings


def plan(
    *,
    scenario: Annotated[
        Path | None, typer.Option(help="A scenario as JSON; what it leaves out has its default.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(help="Instead of the scenario's options; repeat it for each."),
    ] = None,
    requests_per_day: Annotated[
        float | None, typer.Option(help="In the first month, instead of the scenario's.")
    ] = None,
    growth: Annotated[
        float | None, number(Workload, "growth_per_month", "From month to month: 0.05 is 5 %.")
    ] = None,
    months: Annotated[
        int | None, number(Objective, "horizon_months", "Length of the horizon.")
    ] = None,
    current: Annotated[
        str | None, typer.Option(help="Option in use today; else beginning with any is set up.")
    ] = None,
    term: Annotated[
        list[str] | None,
        typer.Option(
            help="What moving costs: setup_usd=8000, api_decline=0:0.2:0.6; may be repeated."
        ),
    ] = None,
    tier: Annotated[
        list[str] | None, typer.Option(help="Tier of your account: openai='tier 2'.")
    ] = None,
    limit: Annotated[
        list[str] | None,
        typer.Option(help="Your account's rate limit: openai:rpm=3000; may be repeated."),
    ] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(help="Your own price: ID=USD in the option's billed unit; may be repeated."),
    ] = None,
    own: Annotated[
        list[str] | None,
        typer.Option(help="Cards or machines that are yours already: owned/rtx-4090=4."),
    ] = None,
    discount: Annotated[
        list[str] | None,
        typer.Option(help="Your discount off a provider's list prices, as a share: openai=0.2."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="Any other field: workload.corpus_tokens=1e9."),
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="Day whose prices count, as 2026-06-01; else the newest.")
    ] = "",
    currency: Annotated[
        str, typer.Option(help="Show amounts in USD, EUR, GBP or CHF; what you type stays in USD.")
    ] = DOLLARS.code,
    rate: Annotated[
        float | None,
        typer.Option(
            min=LOWEST_RATE_USD,
            max=HIGHEST_RATE_USD,
            help="USD for one of it, as of today; else the catalogue's rate.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what to use now, when to move to what, and what moving costs, month by month."""
    flags: dict[str, dict[str, Any]] = {
        "workload": {"requests_per_day": requests_per_day, "growth_per_month": growth},
        "objective": {"horizon_months": months},
    }
    asked = Asked(
        asked_by(settings or (), flags),
        tuple(option or ()),
        own_prices(price or ()),
        pairs("--tier", tier or (), "PROVIDER=TIER"),
        own_limits(limit or ()),
        day_of(as_of),
        own_counts(own or ()),
        own_discounts(discount or ()),
    )
    question, installed = question_from(scenario, asked), load_settings()
    if current is not None:
        refuse_strange("--current", (current,), question.options)
    terms = typed_terms(terms_of(question), term or (), current)
    catalog = whole_catalog(installed)
    money = shown_money(currency, rate, catalog)
    with opened_runs(installed) as runs:
        case = Case(question, catalog, runs.measurements(), runs.qualities())
    drawn = curves(case)
    snapshot, planned = at_volume(drawn, case), make_plan(drawn, case, terms)
    if as_json:
        document = document_of(question, drawn, snapshot, money)
        document["terms"] = asdict(terms)
        advised = recommend(drawn, snapshot, case, terms=terms)
        document["recommendation"] = recommendation_document(advised)
        document["plan"] = plan_document(planned)
        typer.echo(json.dumps(plain(document), indent=2))
        return
    _print(planned, why(snapshot, drawn), money)


def _print(planned: Plan, reasons: Why, money: Money) -> None:
    """Why, the path in a sentence, its steps, and what else would cost more."""
    console = Console()
    for line in (*reasons.sentences, path_line(planned)):
        console.print(escape(money.in_text(line)))
    if planned.best is not None:
        console.print(steps_table(planned.best, money))
    for line in other_lines(planned):
        console.print(escape(money.in_text(line)))
    if money.rate is not None:
        console.print(escape(rate_words(money)))
