"""Where every number comes from: address, date, kind, confidence and the exact words."""

from collections.abc import Iterator, Sequence

import streamlit as st

from core.catalog.schema import Source
from core.decide.result import CapacityUsed, OptionAtVolume, PriceUsed
from dashboard import formats
from dashboard.figures.latency import published_text

KINDS = {
    "list_price": "list price",
    "datasheet": "datasheet",
    "measured": "measured",
    "published": "published",
    "secondary": "second-hand",
    "judgement": "judgement",
}


def sources(rows: Sequence[OptionAtVolume]) -> None:
    """A button that opens the sources of all options in the table."""
    with (
        st.popover("Sources and bills", icon=":material/menu_book:", type="tertiary"),
        st.container(height=420, border=False),
    ):
        st.markdown("\n\n".join(option_sources(row) for row in rows))


def option_sources(row: OptionAtVolume) -> str:
    """All that an option's numbers rest on, as markdown."""
    lines = "\n".join(f"- {line}" for line in _lines(row))
    return f"**{formats.plain(row.option.label)}**\n{lines}"


def _lines(row: OptionAtVolume) -> Iterator[str]:
    yield from _price_lines(row.option.price)
    if row.option.capacity is not None:
        yield from _capacity_lines(row.option.capacity)
    yield from _latency_lines(row)
    for line in row.lines:
        bill = f"{line.label} {formats.usd_per_month(line.usd_per_month)}: {line.explanation}"
        yield f"Bill: {formats.plain(bill)}"
    for note in (*row.option.notes, row.option.unpriced_reason):
        if note:
            yield formats.plain(note)


def _price_lines(price: PriceUsed) -> Iterator[str]:
    if price.overridden:
        listed = formats.price(price.list_usd, price.unit)
        own = formats.price(price.usd, price.unit)
        yield formats.plain(f"Price: {own}, yours; the list says {listed}")
    elif price.usd is not None:
        yield formats.plain(f"Price: {formats.price(price.usd, price.unit)}")
    if price.source is not None:
        yield f"Price list: {source_text(price.source)}"


def _capacity_lines(capacity: CapacityUsed) -> Iterator[str]:
    usable = formats.tokens_per_s(capacity.usable_tokens_per_s)
    explanation = formats.plain(capacity.explanation)
    yield f"Capacity, {capacity.basis}: {usable} usable a replica. {explanation}"
    if capacity.source is not None:
        yield f"Throughput: {source_text(capacity.source)}"


def _latency_lines(row: OptionAtVolume) -> Iterator[str]:
    if row.measured is not None:
        summary = row.measured.summary
        yield (
            f"Latency measured {formats.moment(row.measured.started_at)}: "
            f"{summary.n_ok} answers, {summary.n_failed} failures"
        )
    if row.published is not None:
        text = formats.plain(published_text(row.published))
        yield f"Latency, {text}: {source_text(row.published.source)}"


def source_text(source: Source) -> str:
    """A source as markdown: kind, confidence, date, address, and its note as it stands."""
    where = "no address" if source.url is None else f"[{_host(source)}]({_address(source)})"
    parts = [
        KINDS[source.kind.value],
        f"{source.confidence.value} confidence",
        f"read {source.read:%Y-%m-%d}",
        where,
    ]
    text = ", ".join(parts)
    return f"{text}. {formats.plain(source.note)}" if source.note else text


def _host(source: Source) -> str:
    return formats.plain(source.url.host or "address") if source.url else ""


def _address(source: Source) -> str:
    """The address with the two characters that would end a markdown link written as escapes."""
    return str(source.url).replace("(", "%28").replace(")", "%29")
