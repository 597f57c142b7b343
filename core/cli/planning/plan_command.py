"""`breakeven plan`: what to use now, when to move, and what moving costs."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from core.cli.asking.question_flags import (
    AsJson,
    AsOf,
    Budget,
    Currency,
    Discounts,
    ExchangeRate,
    Languages,
    Owned,
    Prices,
    RateLimits,
    Region,
    ScenarioFile,
    Settings,
    Tiers,
    ZeroRetention,
    demanded,
)
from core.cli.asking.scenario_numbers import number
from core.cli.asking.shown_money import rate_words, shown_money
from core.cli.asking.typed_question import question_from, typed
from core.cli.commands.compare_command import document_of, plain
from core.cli.planning.plan_document import plan_document, recommendation_document
from core.cli.planning.plan_said import other_lines, path_line, steps_table
from core.cli.planning.typed_terms import typed_terms
from core.cli.scenario_flags import refuse_strange
from core.cli.support import opened_runs, whole_catalog
from core.decide.advice.recommend import recommend
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan import plan as make_plan
from core.decide.plan.plan_terms import terms_of
from core.decide.result.plan_result import Plan
from core.decide.why.why import Why, why
from core.money import DOLLARS, Money
from core.scenario import Objective, Workload
from core.settings import load_settings


def plan(
    *,
    scenario: ScenarioFile = None,
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
    region: Region = None,
    budget: Budget = None,
    language: Languages = None,
    zero_retention: ZeroRetention = None,
    tier: Tiers = None,
    limit: RateLimits = None,
    price: Prices = None,
    own: Owned = None,
    discount: Discounts = None,
    settings: Settings = None,
    as_of: AsOf = "",
    currency: Currency = DOLLARS.code,
    rate: ExchangeRate = None,
    as_json: AsJson = False,
) -> None:
    """Say what to use now, when to move to what, and what moving costs, month by month."""
    flags: dict[str, dict[str, Any]] = {
        "workload": {"requests_per_day": requests_per_day, "growth_per_month": growth},
        "objective": {"horizon_months": months, "region": region},
        "demands": demanded(language, budget, zero_retention=zero_retention),
    }
    asked = typed(
        flags,
        settings=settings,
        options=option,
        prices=price,
        tiers=tier,
        limits=limit,
        owned=own,
        discounts=discount,
        as_of=as_of,
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
