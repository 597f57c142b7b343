"""`breakeven job`: what a one-off job costs and takes by every way, as a table or as JSON."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from core.cli.asking.question_flags import (
    AsOf,
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
from core.cli.commands.compare_command import plain
from core.cli.job.job_document import document_of
from core.cli.job.job_table import table_of
from core.cli.support import opened_runs, whole_catalog
from core.decide.case import Case
from core.decide.job.job_words import headline, sentences
from core.decide.job.one_off_job import OneOffJob
from core.money import DOLLARS
from core.scenario import CorpusVectors, Objective, Workload
from core.settings import load_settings


def job(
    *,
    tokens: Annotated[
        float | None,
        number(Workload, "corpus_tokens", "Tokens to embed once, as 10e9; else the scenario's.", 1),
    ] = None,
    days: Annotated[
        float | None,
        number(Workload, "backfill_days", "Days until it must be through; else the scenario's."),
    ] = None,
    tokens_per_request: Annotated[
        float | None, number(Workload, "tokens_per_request", "Mean length of a text, tokens.")
    ] = None,
    after: Annotated[
        float | None,
        number(
            Workload,
            "afterwards_tokens_per_month",
            "Tokens a month afterwards, with the same vectors: 50e6. 0: none.",
        ),
    ] = None,
    months: Annotated[
        int | None,
        number(Objective, "horizon_months", "For so many months what comes afterwards is counted."),
    ] = None,
    model: Annotated[
        str,
        typer.Option(
            help="Only vectors of this model, or of its family's space: BAAI/bge-m3. Without it "
            "any API counts, and machines run the scenario's hosted model."
        ),
    ] = "",
    scenario: ScenarioFile = None,
    option: Annotated[
        list[str] | None,
        typer.Option(help="Only this API or machine, as aws/g6.xlarge; repeat it for each."),
    ] = None,
    region: Region = None,
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
    top: Annotated[
        int, typer.Option(min=1, max=1_000, help="So many of the cheapest ways in the table.")
    ] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every way.")] = False,
) -> None:
    """Say what a one-off job costs, how long it takes and what limits it, by every way."""
    load = {
        "corpus_tokens": tokens,
        "backfill_days": days,
        "tokens_per_request": tokens_per_request,
        "afterwards_tokens_per_month": after,
        "corpus_vectors": CorpusVectors.HOSTED.value if model else None,
    }
    flags: dict[str, dict[str, Any]] = {
        "workload": load,
        "objective": {"horizon_months": months, "region": region},
        "hosting": {"model": model or None},
        "demands": demanded(language, None, zero_retention=zero_retention),
    }
    asked = typed(
        flags,
        settings=settings,
        prices=price,
        tiers=tier,
        limits=limit,
        owned=own,
        discounts=discount,
        as_of=as_of,
        of_any=True,
    )
    question, installed = question_from(scenario, asked), load_settings()
    catalog = whole_catalog(installed)
    money = shown_money(currency, rate, catalog)
    with opened_runs(installed) as runs:
        case = Case(question, catalog, runs.measurements(), runs.qualities())
    asked_job = OneOffJob(case, tuple(option) if option else None)
    asked_job.refuse_strange(asked.prices)
    answer = asked_job.answer
    if as_json:
        typer.echo(
            json.dumps(plain(document_of(question.model_dump(mode="json"), answer)), indent=2)
        )
        return
    console = Console()
    console.print(table_of(answer, top, money, console.width))
    for sentence in (headline(answer), *sentences(answer)):
        console.print(escape(money.in_text(sentence)))
    if money.rate is not None:
        console.print(escape(rate_words(money)))
