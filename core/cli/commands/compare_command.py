"""`breakeven compare`: the page's first screen as a table or as JSON."""

import json
import math
from datetime import date
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

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
from core.cli.asking.shown_money import rate_words, shown_money
from core.cli.asking.typed_question import question_from, typed
from core.cli.break_even_line import break_even_line, not_yet_known_line
from core.cli.certainty_lines import certainty_document, certainty_lines, spread_document
from core.cli.stream_lines import cheaper_pair_line, stream_document, stream_table
from core.cli.support import opened_runs, whole_catalog
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.advice.recommend_result import Cheaper, Relaxation, said_of_relaxations
from core.decide.capacity.meets_objective import percent
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge
from core.decide.job.corpus_line import corpus_line
from core.decide.relaxing.relaxation import relaxations
from core.decide.result.curves import BreakEven, Curves
from core.decide.result.option import Option
from core.decide.result.snapshot import OneOff, OptionAtVolume, Snapshot, Verdict
from core.decide.result.unknown import Unknown
from core.decide.streams.family import with_family
from core.decide.streams.two_streams import TwoStreams
from core.decide.why.standing import Standing
from core.decide.why.why import Why, why
from core.money import (
    DOLLARS,
    Money,
)
from core.scenario import Scenario
from core.settings import load_settings

HEADINGS: Final = (
    *("option", "mean {} a month", "{} a month", "{} per 1M tokens", "p95 ms", "duty"),
    *("unanswered", "lost", "corpus {}", "can serve"),
)
"""With the sign of the currency that is shown."""
NONE: Final = percent(0.0)


def compare(
    *,
    scenario: ScenarioFile = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            help="Instead of the scenario's options; repeat it for each. A machine may name its "
            "model: aws/g6.xlarge@BAAI/bge-m3."
        ),
    ] = None,
    requests_per_day: Annotated[
        float | None, typer.Option(help="Instead of the scenario's.")
    ] = None,
    max_unanswered_share: Annotated[
        float | None,
        typer.Option(help="Share of the texts that may stay unanswered: 0.001 is 0.1 %."),
    ] = None,
    max_lost_share: Annotated[
        float | None,
        typer.Option(help="Share of all tokens that a model's limit may cut off: 0.01 is 1 %."),
    ] = None,
    as_of: AsOf = "",
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
    currency: Currency = DOLLARS.code,
    rate: ExchangeRate = None,
    as_json: AsJson = False,
) -> None:
    """Compare what it costs to embed here or there, with what was measured on this machine."""
    flags: dict[str, dict[str, Any]] = {
        "workload": {"requests_per_day": requests_per_day},
        "objective": {
            "max_unanswered_share": max_unanswered_share,
            "max_lost_share": max_lost_share,
            "region": region,
        },
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
    catalog = whole_catalog(installed)
    money = shown_money(currency, rate, catalog)
    with opened_runs(installed) as runs:
        case = Case(question, catalog, runs.measurements(), runs.qualities())
    cost_curves = curves(case)
    snapshot = at_volume(cost_curves, case)
    cheaper = cheaper_elsewhere(case, snapshot.verdict.winner)
    relaxed = () if snapshot.verdict.winner else relaxations(Judge(case))
    streams, cheaper_pair = with_family(TwoStreams(case, cost_curves))
    if as_json:
        document = document_of(question, cost_curves, snapshot, money)
        document["relaxations"] = [relaxation_document(one) for one in relaxed]
        document["cheaper_elsewhere"] = _cheaper(cheaper.same_vectors)
        document["cheaper_other_model"] = _cheaper(cheaper.other_model)
        document["cheaper_hybrid"] = _cheaper(cheaper.same_hybrid)
        document["cheaper_hybrid_other_model"] = _cheaper(cheaper.other_hybrid)
        document["streams"] = stream_document(streams, cheaper_pair)
        typer.echo(json.dumps(plain(document), indent=2))
        return
    Console().print(_table(snapshot, question.as_of, money))
    reasons, unsaid = why(snapshot, cost_curves), not_yet_known_line(snapshot.verdict)
    winner = snapshot.verdict.winner
    asked_off = "" if winner is None else winner.negotiable
    # What is not known and cheaper is what would change the answer: said once, in full.
    sure = cost_curves.by_mean.certainty(
        snapshot.tokens_per_month, decisive=snapshot.verdict.too_close
    )
    how_sure = certainty_lines(snapshot.verdict, sure)
    below = (reasons.what, reasons.costs, unsaid or reasons.changes, break_even_line(snapshot))
    for line in filter(None, (*below, *how_sure, asked_off, *said_of_relaxations(relaxed))):
        Console().print(escape(money.in_text(line)))
    corpus = corpus_line(question.workload.corpus_tokens, snapshot.verdict.winner)
    if corpus:
        Console().print(escape(f"{money.in_text(corpus)} `breakeven job` weighs every way for it."))
    for each in cheaper.all:
        Console().print(escape(f"{money.in_text(each.sentence)} Its id is {each.row.option.id}."))
    if streams is not None:
        Console().print(stream_table(streams, money))
        for line in streams.sentences:
            Console().print(escape(money.in_text(line)))
    if cheaper_pair is not None:
        Console().print(escape(money.in_text(cheaper_pair_line(cheaper_pair))))
    if money.rate is not None:
        Console().print(escape(rate_words(money)))


def document_of(
    question: Scenario, cost_curves: Curves, snapshot: Snapshot, money: Money = DOLLARS
) -> dict[str, Any]:
    """The comparison as plain values: money in USD, volume in tokens a month, times in seconds.

    What is shown in the currency that was asked for has names of its own.
    """
    winner, volume = snapshot.verdict.winner, snapshot.tokens_per_month
    sure = cost_curves.by_mean.certainty(volume, decisive=snapshot.verdict.too_close)
    return {
        "scenario": question.model_dump(mode="json"),
        "currency": _currency(money),
        "tokens_per_month": snapshot.tokens_per_month,
        "winner": None if winner is None else winner.option.id,
        **certainty_document(snapshot.verdict, sure),
        "margin_usd_per_month": snapshot.verdict.margin_usd_per_month,
        "too_small_to_matter": snapshot.verdict.too_small_to_matter,
        "not_yet_known": _not_yet_known(snapshot.verdict),
        "why": _why(why(snapshot, cost_curves)),
        "options": [
            _row(row) | spread_document(row, sure) | _shown(row, money) for row in snapshot.rows
        ],
        "break_evens": [_break_even(entry) for entry in cost_curves.break_evens],
    }


def plain(value: Any) -> Any:
    """The same without infinity and NaN, which JSON does not know: None stands for them."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _currency(money: Money) -> dict[str, Any]:
    rate = money.rate
    return {
        "code": money.code,
        "usd_for_one": money.usd,
        "dated": None if rate is None else rate.dated,
        "source": None if rate is None else rate.said_by,
    }


def _shown(row: OptionAtVolume, money: Money) -> dict[str, float | None]:
    """The costs of an option in the currency that was asked for."""
    mean, month, mtok = row.mean_usd_per_month, row.usd_per_month, row.usd_per_mtok
    return {
        "shown_mean_per_month": None if mean is None else money.of(mean),
        "shown_per_month": None if month is None else money.of(month),
        "shown_per_mtok": None if mtok is None else money.of(mtok),
    }


def _row(row: OptionAtVolume) -> dict[str, Any]:
    summary = None if row.measured is None else row.measured.summary
    return {
        "id": row.option.id,
        "label": row.option.label,
        "model": row.option.model,
        "usd_per_month": row.usd_per_month,
        "usd_per_mtok": row.usd_per_mtok,
        "replicas": row.replicas,
        "duty_cycle": row.duty_cycle,
        "unanswered_share": row.unanswered_share,
        "answers_enough": row.answers_enough,
        "answers_reason": row.answers_reason,
        "lost_share": row.lost_share,
        "grades": _grades(row.option),
        "price_terms": row.option.terms or None,
        "already_yours": row.option.many if row.option.is_already_yours else None,
        "discount_to_ask_for": row.negotiable or None,
        "notes": list(row.option.notes),
        "rate_limit": None if row.option.limit is None else row.option.limit.words,
        "rate_limit_tier": None if row.option.limit is None else row.option.limit.tier,
        "ceiling_tokens_per_month": row.option.ceiling_tokens_per_month,
        "ceiling_reason": row.option.ceiling_reason,
        "place": None if row.option.place is None else row.option.place.words,
        "waiting_runs_per_day": row.waiting_runs_per_day,
        "feasible": row.feasible,
        "can_serve": row.can_serve,
        "reason": row.why_not,
        "unknown": [_unknown(one) for one in row.unknown],
        "infeasible_reason": row.infeasible_reason,
        "obstacle": row.obstacle,
        "evidence": row.evidence,
        "relax": list(row.relax),
        "unpriced_reason": row.option.unpriced_reason,
        "meets_slo": row.meets_slo,
        "measured_p50_s": None if summary is None else summary.response_p50.value_s,
        "measured_p95_s": None if summary is None else summary.response_p95.value_s,
        "measured_imported_from": None if row.measured is None else row.measured.imported_from,
        "predicted_p95_s": row.predicted_p95_s,
        "quality": None if row.quality is None else row.quality.model_dump(mode="json"),
        "corpus": None if row.one_off is None else _corpus(row.one_off),
    }


def _unknown(one: Unknown) -> dict[str, Any]:
    """What is not known and matters, and what to do."""
    return {"about": one.about.value, "sentence": one.sentence, "next_step": one.next_step}


def _why(reasons: Why) -> dict[str, Any]:
    """The answer in three sentences, and who is out by what evidence."""
    return {
        "what": reasons.what,
        "costs": reasons.costs,
        "changes": reasons.changes,
        "out": [_standing(one) for one in reasons.out],
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "id": one.option_id,
        "stands": one.stands,
        "about": one.about,
        "sentence": one.sentence,
        "grade": None if one.grade is None else one.grade.value,
    }


def _not_yet_known(verdict: Verdict) -> dict[str, Any] | None:
    """The cheapest that may suit and is not known to, where it is below the winner."""
    row = verdict.not_yet_known
    if row is None:
        return None
    return {
        "id": row.option.id,
        "usd_per_month": row.usd_per_month,
        "mean_usd_per_month": row.mean_usd_per_month,
        "saving_if_it_holds_usd_per_month": verdict.saving_if_it_holds_usd_per_month,
        "unknown": [_unknown(one) for one in row.unknown],
    }


def _grades(option: Option) -> dict[str, str | None]:
    """How well each claim is founded; None where it is the user's own word, or there is none."""
    return {
        "price": option.price.grade,
        "throughput": None if option.capacity is None else option.capacity.basis,
        "rate_limit": None if option.limit is None else option.limit.grade,
        "place": None if option.place is None else option.place.grade,
    }


def relaxation_document(one: Relaxation) -> dict[str, Any]:
    """What lets somebody in, in the fields of the question and in words."""
    changes = [change for loosened in one.loosened for change in loosened.changes]
    return {
        "demands": [loosened.demand for loosened in one.loosened],
        "changes": {f"{section}.{name}": value for section, name, value in changes},
        "id": one.option_id,
        "usd_per_month": one.usd_per_month,
        "sentence": one.sentence,
    }


def _cheaper(cheaper: Cheaper | None) -> dict[str, Any] | None:
    return (
        None
        if cheaper is None
        else {
            "id": cheaper.row.option.id,
            "label": cheaper.row.option.label,
            "usd_per_month": cheaper.usd_per_month,
            "than": cheaper.than.option.id,
            "saving_usd_per_month": cheaper.saving_usd_per_month,
            "sentence": cheaper.sentence,
        }
    )


def _corpus(job: OneOff) -> dict[str, Any]:
    return {
        "usd": job.usd,
        "days": job.days,
        "meets_deadline": job.meets_deadline,
        "reembedding_usd": job.reembedding_usd,
        "explanation": job.explanation,
        "lines": {line.label: line.usd_per_month for line in job.lines},
    }


def _break_even(entry: BreakEven) -> dict[str, Any]:
    return {
        "incumbent": entry.incumbent_id,
        "challenger": entry.challenger_id,
        "first_tokens_per_month": entry.first_tokens_per_month,
        "for_good_tokens_per_month": entry.for_good_tokens_per_month,
    }


def _table(snapshot: Snapshot, as_of: date | None, money: Money) -> Table:
    winner = snapshot.verdict.winner
    day = f", prices as of {as_of}" if as_of else ""
    table = Table(
        title=f"{snapshot.tokens_per_month:,.0f} tokens a month, cheapest on average first{day}"
    )
    lines = []
    for row in snapshot.rows:
        first = "» " if winner is not None and row.option.id == winner.option.id else ""
        lines.append((first + _name(row), *_cells(row, money)))
    # A column that says nothing of any option only makes the others narrow.
    columns = [
        i for i, _ in enumerate(HEADINGS) if any(line[i] not in ("", NONE) for line in lines)
    ]
    for i in columns:
        table.add_column(HEADINGS[i].format(money.sign.strip()), overflow="fold")
    for line in lines:
        table.add_row(*(escape(line[i]) for i in columns))
    return table


def _name(row: OptionAtVolume) -> str:
    """What it is, one's own terms, and how work that can wait is gathered on it."""
    words = ", ".join(filter(None, (row.option.terms_beside_label, row.waiting_words)))
    return f"{row.option.label} ({words})" if words else row.option.label


def _imported(row: OptionAtVolume) -> str:
    return " (imported)" if row.measured is not None and row.measured.imported_from else ""


def _cells(row: OptionAtVolume, money: Money) -> tuple[str, ...]:
    p95_s = None if row.measured is None else row.measured.summary.response_p95.value_s
    corpus_usd = None if row.one_off is None else row.one_off.usd
    return (
        "" if row.mean_usd_per_month is None else f"{money.of(row.mean_usd_per_month):,.2f}",
        "" if row.usd_per_month is None else f"{money.of(row.usd_per_month):,.2f}",
        "" if row.usd_per_mtok is None else f"{money.of(row.usd_per_mtok):.4g}",
        "" if p95_s is None else f"{p95_s * 1e3:.1f}{_imported(row)}",
        "" if row.duty_cycle is None else f"{row.duty_cycle:.1%}",
        "" if row.unanswered_share is None else percent(row.unanswered_share),
        "" if row.lost_share is None else percent(row.lost_share),
        "" if corpus_usd is None else f"{money.of(corpus_usd):,.2f}",
        row.serves_text,
    )
