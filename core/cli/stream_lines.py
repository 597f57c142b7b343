"""What `breakeven compare` says of documents beside the queries: lines, a table, and JSON."""

from collections.abc import Iterator
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from core.decide.streams.stream_result import StreamPair, Streams
from core.money import Money

MOST_PAIRS: Final = 12
"""In the table of a terminal; JSON has all."""
HEADINGS: Final = (
    *("queries by", "documents by", "{} a month", "queries + documents"),
    *("together", "serves both"),
)


def stream_table(streams: Streams, money: Money) -> Table:
    """The pairs, cheapest first; the answer is marked."""
    table = Table(
        title=f"Both streams: {streams.query_tokens_per_month:,.0f} tokens of queries and "
        f"{streams.document_tokens_per_month:,.0f} of documents a month"
    )
    for heading in HEADINGS:
        table.add_column(heading.format(money.sign.strip()), overflow="fold")
    for pair in streams.pairs[:MOST_PAIRS]:
        mark = "» " if pair is streams.best else ""
        table.add_row(*map(escape, _cells(pair, mark, money)))
    return table


def _cells(pair: StreamPair, mark: str, money: Money) -> Iterator[str]:
    yield mark + pair.queries.option.label
    yield pair.documents.option.label
    yield f"{money.of(pair.usd_per_month):,.2f}"
    yield f"{money.of(pair.queries_usd):,.2f} + {money.of(pair.documents_usd):,.2f}"
    yield from (pair.together.value, pair.serves_text)


def cheaper_pair_line(pair: StreamPair) -> str:
    """A pair of the catalogue that nobody chose, with the ids to compare it by."""
    one, other = pair.ids
    return f"A cheaper pair is in the catalogue. {pair.sentence} Its ids are {one} and {other}."


def stream_document(streams: Streams | None, cheaper: StreamPair | None) -> dict[str, Any] | None:
    """The answer as plain values; None where there are no documents."""
    if streams is None:
        return None
    return {
        "query_tokens_per_month": streams.query_tokens_per_month,
        "document_tokens_per_month": streams.document_tokens_per_month,
        "best": _pair(streams.best),
        "not_yet_known": _pair(streams.not_yet_known),
        "saving_if_it_holds_usd_per_month": streams.saving_if_it_holds_usd,
        "cheaper_pair": _pair(cheaper),
        "pairs": [_pair(pair) for pair in streams.pairs],
        "leads": [
            {
                "from_query_tokens_per_month": lead.from_tokens_per_month,
                "queries": lead.queries_id,
                "documents": lead.documents_id,
            }
            for lead in streams.leads
        ],
    }


def _pair(pair: StreamPair | None) -> dict[str, Any] | None:
    if pair is None:
        return None
    one, other = pair.ids
    return {
        "queries": one,
        "documents": other,
        "usd_per_month": pair.usd_per_month,
        "queries_usd_per_month": pair.queries_usd,
        "documents_usd_per_month": pair.documents_usd,
        "space": pair.space,
        "together": pair.together.value,
        "can_serve": pair.can_serve,
        "reason": pair.why_not,
        "sentence": pair.sentence,
    }
