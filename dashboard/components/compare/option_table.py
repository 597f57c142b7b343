"""The options as a table: every number of the charts, downloadable, with its source."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.catalog.schema import Source
from core.decide.result.option import Option
from core.decide.result.risk_result import Certainty
from core.decide.result.snapshot import OneOff, OptionAtVolume, Snapshot
from core.measurement.beside.quality_found import MeasuredQuality
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.provenance_box import TIMES, sources
from dashboard.components.shared.csv_file import csv_bytes
from dashboard.components.shared.money_columns import in_money

Writer = str | Callable[[object], str] | None

CORPUS: Final = "Corpus, once"
"""A column that is there where a corpus is asked."""

SHOWN_OF_LINK: Final = r"^(?:.*#(?=package )|https?://(?:www\.)?)([^/]+)"
"""Of an address the package that it names, else its host."""
NOISE: Final = 1e-12
"""What rounding leaves of a share of nothing."""

ROW_PX: Final = 22
HEADER_PX: Final = 36

COLUMNS: Final = {
    "option": "Option",
    "mean": "Mean (USD/month)",
    "usd_per_month": "USD/month",
    "usd_per_mtok": "USD/1M tokens",
    "chance": "Cheapest",
    "p95": "p95",
    "recall": "Recall",
    "replicas": "Replicas",
    "duty_cycle": "Duty cycle",
    "utilisation": "Utilisation",
    "unanswered": "Unanswered",
    "lost": "Tokens lost",
    "price": "Price",
    "source": "Source of price",
    "serves": "Can serve",
}


def option_table(
    snapshot: Snapshot, scenario: Scenario, certainty: Certainty | None = None
) -> None:
    """The table, cheapest on average first, its download and its sources.

    ``certainty`` has for each option how often it is the cheapest with what is not known.
    """
    if not snapshot.rows:
        return
    chances = None if certainty is None else certainty.chances
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        volume = formats.volume(scenario)
        st.markdown(f"**Options** at {volume}", width="stretch")
        sources(snapshot.rows, scenario)
        st.download_button(
            "CSV",
            data=formats.as_now(lambda: csv(snapshot.rows, certainty)),
            file_name="breakeven-options.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )
    st.dataframe(
        styled(snapshot.rows, chances),
        hide_index=True,
        row_height=ROW_PX,
        placeholder="–",
        height=ROW_PX * len(snapshot.rows) + HEADER_PX,
        column_config=_columns(),
        alt=f"All options at {volume}, cheapest on average first, with cost, latency, replicas and "
        "sources.",
    )


def _columns() -> dict[str, Any]:
    """How the columns are drawn that need a width or a word of explanation."""
    return {
        "Option": st.column_config.TextColumn(width=225),
        "Source of price": st.column_config.LinkColumn(display_text=SHOWN_OF_LINK, width=150),
        "Can serve": st.column_config.TextColumn(width=110),
        formats.money().named("Mean (USD/month)"): st.column_config.NumberColumn(
            help="Mean cost over the ranges of prices, speeds, labour and peak: what decides, and "
            "what the options are sorted by."
        ),
        formats.money().named("USD/month"): st.column_config.NumberColumn(
            help="Cost with every input as stated: what the bill itemises and the chart draws."
        ),
        "Cheapest": st.column_config.NumberColumn(
            help="In how many of the samples it is the cheapest that can serve your volume, "
            "with prices, speeds, labour and peak drawn from their ranges: see the page Risk."
        ),
        "Replicas": st.column_config.NumberColumn(
            help="Paid for in the busy hour, spare ones included."
        ),
        "Duty cycle": st.column_config.NumberColumn(
            help="Tokens processed over the capacity paid for, over the month."
        ),
        "Utilisation": st.column_config.NumberColumn(
            help="Busy-hour load over the full batches of the replicas that work."
        ),
        "Unanswered": st.column_config.NumberColumn(
            help="Share of your texts without an answer after the last attempt, by the failed "
            "attempts that you state. The cost is that of a text that is answered."
        ),
        "Tokens lost": st.column_config.NumberColumn(
            help="Share of all your tokens that the model's limit cuts off. Texts that are "
            "split into chunks lose none."
        ),
        CORPUS: st.column_config.TextColumn(
            width=220,
            help="All that embedding your corpus once takes: tokens, hours, cards to buy, "
            "electricity and labour, by your deadline where it can be met.",
        ),
        "Recall": st.column_config.TextColumn(
            help="Share of what is relevant to your own queries that its model finds among the "
            "first documents, as you measured it, with the interval at 95 %."
        ),
        "p95": st.column_config.TextColumn(
            help="Of the response: measured, imported, predicted by the queue of the replicas "
            "in the busy hour, or published by somebody."
        ),
    }


def styled(rows: Sequence[OptionAtVolume], chances: Mapping[str, float] | None = None) -> Styler:
    """The table with numbers as numbers, so that it sorts, and shown as text of this page."""
    asked = [CORPUS] if any(row.one_off for row in rows) else []
    table = pd.DataFrame([shown(row, chances) for row in rows], columns=[*COLUMNS.values(), *asked])
    table, named = in_money(table.drop(columns=_silent(table))), formats.money().named
    written = {
        named("Mean (USD/month)"): formats.amount,
        named("USD/month"): formats.amount,
        named("USD/1M tokens"): formats.amount,
        "Cheapest": formats.percent,
        "Replicas": formats.count,
        **dict.fromkeys(("Duty cycle", "Utilisation", "Unanswered", "Tokens lost"), share),
    }
    written = {column: writer for column, writer in written.items() if column in table}
    # pandas hands each of these the cells of a numeric column only.
    return table.style.format(cast("dict[Any, Writer]", written), na_rep="–")


def _silent(table: pd.DataFrame) -> list[str]:
    """Columns that say nothing of any option: left out, so that the others fit the screen.

    How often each is the cheapest is only waited for while the volume moves: its room is kept.
    """
    names = [name for name in table if name != COLUMNS["chance"]]
    return [str(name) for name in names if all(_is_nothing(cell) for cell in table[name])]


def _is_nothing(cell: object) -> bool:
    """Absent, an empty text, or a number that is 0."""
    if isinstance(cell, int | float):
        return math.isnan(cell) or abs(cell) < NOISE
    return cell is None or cell == ""


def shown(row: OptionAtVolume, chances: Mapping[str, float] | None = None) -> dict[str, object]:
    """One row of the table on the page."""
    source = row.option.price.source
    return {
        "Option": row.option.label,
        "Mean (USD/month)": row.mean_usd_per_month,
        "USD/month": row.usd_per_month,
        "USD/1M tokens": row.usd_per_mtok,
        "Cheapest": (chances or {}).get(row.option.id),
        "p95": p95_text(row),
        "Recall": recall_text(row),
        "Replicas": row.replicas,
        "Duty cycle": row.duty_cycle,
        "Utilisation": row.utilisation,
        "Unanswered": row.unanswered_share,
        "Tokens lost": row.lost_share,
        "Can serve": row.serves_text,
        "Price": formats.price(row.option.price.usd, row.option.price.unit) + _whose(row.option),
        "Source of price": None if source is None else source_link(source),
        CORPUS: None if row.one_off is None else corpus_text(row.one_off),
    }


def _whose(option: Option) -> str:
    """Whose price it is, or one's terms in it; "" where it is by list."""
    words = option.terms or ("yours" if option.price.is_yours else "")
    return f" ({words})" if words else ""


def source_link(source: Source) -> str | None:
    """Address of what says a price; a package has its own page, and stands by its name on it."""
    if source.package is None:
        return None if source.url is None else str(source.url)
    name, version = source.package, source.version
    return f"https://pypi.org/project/{name}/{version}/#package {name} {version}"


def share(fraction: float) -> str:
    """A share in a narrow cell: 32 %, < 0.01 %."""
    return formats.percent(fraction).replace("under ", f"<{formats.NO_BREAK}")


def corpus_text(found: OneOff) -> str:
    """What the corpus costs with all that it uses, its days, and whether they meet the deadline."""
    if found.usd is None:
        return formats.amounts(found.explanation)
    days = "" if found.days is None else f", {formats.significant(found.days, 2)} days"
    return f"{formats.usd(found.usd)}{days}{TIMES[found.meets_deadline]}"


def p95_text(row: OptionAtVolume) -> str:
    """The p95 and what it rests on, in few words."""
    if row.measured is not None:
        value = row.measured.summary.response_p95.value_s
        text = "failures reach into it" if value is None else formats.duration(value)
        return text if row.measured.imported_from is None else f"{text}, imported"
    if row.predicted_p95_s is not None:
        return f"predicted {formats.duration(row.predicted_p95_s)}"
    if row.published is not None and row.published.p95_high_s is not None:
        return f"published ≤ {formats.duration(row.published.p95_high_s)}"
    return "not measured"


def recall_text(row: OptionAtVolume) -> str:
    """Recall on one's own queries with its interval; "" where it was not measured."""
    recall = None if row.quality is None else row.quality.found.recall
    if row.quality is None or recall is None:
        return ""
    figures = [formats.percent(value) for value in (recall.mean, recall.low, recall.high)]
    return f"{figures[0]} ({figures[1]} to {figures[2]}) @{row.quality.k}"


def csv(rows: Sequence[OptionAtVolume], certainty: Certainty | None = None) -> bytes:
    """The table in full precision, units in the names of its columns."""
    table = pd.DataFrame([_record(row) | _spread(row, certainty) for row in rows])
    return csv_bytes(in_money(table))


def _spread(row: OptionAtVolume, certainty: Certainty | None) -> dict[str, object]:
    """Columns of where its cost may lie; none where that was not asked."""
    if certainty is None:
        return {}
    spread = certainty.of(row.option.id)
    return {
        "chance_cheapest": spread and spread.chance.value,
        "p5_usd_per_month": spread and spread.usd_low,
        "median_usd_per_month": spread and spread.usd_median,
        "p95_usd_per_month": spread and spread.usd_high,
    }


def _corpus(job: OneOff | None) -> dict[str, object]:
    """Columns of a corpus; none where none is asked."""
    if job is None:
        return {}
    return {
        "corpus_usd": job.usd,
        "corpus_days": job.days,
        "corpus_in_time": job.meets_deadline,
    }


def _quality(quality: MeasuredQuality | None) -> dict[str, object]:
    """Columns of what is found; none where nothing was measured."""
    if quality is None:
        return {}
    recall, ndcg = quality.found.recall, quality.found.ndcg
    return {
        "recall_k": quality.k,
        "recall": None if recall is None else recall.mean,
        "recall_low": None if recall is None else recall.low,
        "recall_high": None if recall is None else recall.high,
        "ndcg": None if ndcg is None else ndcg.mean,
        "quality_queries": quality.queries,
        "quality_run": quality.run_id,
    }


def _record(row: OptionAtVolume) -> dict[str, object]:
    price = row.option.price
    measured = row.measured.summary if row.measured else None
    source = price.source
    return {
        "option_id": row.option.id,
        "label": row.option.label,
        "kind": row.option.kind.value,
        "model": row.option.model,
        "mean_usd_per_month": row.mean_usd_per_month,
        "usd_per_month": row.usd_per_month,
        "usd_per_mtok": row.usd_per_mtok,
        "replicas": row.replicas,
        "spare_replicas": row.spare_replicas,
        "mean_replicas": row.mean_replicas,
        "duty_cycle": row.duty_cycle,
        "utilisation": row.utilisation,
        "api_share": row.api_share,
        "cold_start_share": row.cold_start_share,
        "waiting_runs_per_day": row.waiting_runs_per_day,
        "chance_enough": row.chance_enough,
        "levelised_usd_per_mtok": row.levelised_usd_per_mtok,
        "unanswered_share": row.unanswered_share,
        "answers": row.answers_reason or None,
        "lost_share": row.lost_share,
        "can_serve": row.can_serve,
        "reason": row.why_not,
        **_corpus(row.one_off),
        "measured_p50_s": measured.response_p50.value_s if measured else None,
        "measured_p95_s": measured.response_p95.value_s if measured else None,
        "measured_run": row.measured.run_id if row.measured else None,
        "measured_imported_from": row.measured.imported_from if row.measured else None,
        "predicted_p50_s": row.predicted_p50_s,
        "predicted_p95_s": row.predicted_p95_s,
        **_quality(row.quality),
        "published_p95_high_s": row.published.p95_high_s if row.published else None,
        "price_usd": price.usd,
        "price_unit": formats.money().named(price.unit.value if price.unit else "usd_to_buy"),
        "price_is_own": price.overridden,
        "price_terms": row.option.terms or None,
        "already_yours": row.option.many if row.option.is_already_yours else None,
        "price_source": (source.where or None) if source else None,
        "price_read": source.read.isoformat() if source else None,
    }
