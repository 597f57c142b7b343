"""Published throughputs as a chart: by card and model, with what was timed."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from core.catalog.schema import Catalog, RateKind, Throughput
from dashboard import formats
from dashboard.components.prices.catalogue_tables import (
    ImpliedMfu,
    hardware_text,
    throughput_table,
)
from dashboard.components.shared.chart import chart
from dashboard.components.shared.scheme import colours
from dashboard.figures.prices.rates_figure import RatePoint, rates_figure

KINDS: Final = {
    RateKind.SERVER: "server over HTTP",
    RateKind.LIBRARY: "library call",
    RateKind.MODEL_CALL: "bare call of the model",
    RateKind.UNSTATED: "not stated",
}
"""What was timed, from what a user waits for to what only a card can do."""


def rates_panel(catalog: Catalog, as_of: date, implied_mfu: ImpliedMfu) -> None:
    """Everything about the chart on the page; one call is all that it needs."""
    points = rate_points(catalog)
    if not points:
        return
    sentence = rates_sentence(points, left_out(catalog))
    st.subheader("Published throughputs")
    chart(
        "Tokens a second, by card and model",
        rates_figure(points, tuple(KINDS.values()), colours()),
        "prices/rates",
        sentence,
        lambda: throughput_table(catalog, as_of, implied_mfu),
        "Filled: the comparison goes by it. Hollow: kept as a ceiling or a warning. A bare call of "
        "the model is no server: it is what the card reaches without tokenizing and HTTP.",
    )
    st.caption(formats.plain(sentence))


def rate_points(catalog: Catalog) -> tuple[RatePoint, ...]:
    """Every rate in tokens/s, a card's share of it where several worked together."""
    return tuple(
        RatePoint(
            hardware=_hardware(row, catalog),
            model=row.model,
            kind=KINDS[row.what],
            tokens_per_s=row.tokens_per_s / row.gpu_count,
            used=row.usable,
            label=_label(row),
        )
        for row in catalog.throughputs
        if row.tokens_per_s is not None
    )


def left_out(catalog: Catalog) -> int:
    """Rows without a rate in tokens: their sources do not say how long the texts were."""
    return sum(row.tokens_per_s is None for row in catalog.throughputs)


def rates_sentence(points: Sequence[RatePoint], left: int) -> str:
    """What the chart shows, in words: how many of each kind, and from what rate to what."""
    pairs = len({(point.hardware, point.model) for point in points})
    parts = [
        f"{len(own)} of a {kind} from {formats.compact(min(own))} to {formats.compact(max(own))}"
        if kind != KINDS[RateKind.UNSTATED]
        else f"{len(own)} of which nobody says what was timed"
        for kind in KINDS.values()
        if (own := [point.tokens_per_s for point in points if point.kind == kind])
    ]
    used = sum(point.used for point in points)
    text = (
        f"{len(points)} published rates of {pairs} pairs of hardware and model, in tokens/s "
        f"of each card: {'; '.join(parts)}. The comparison goes by {used} of them."
    )
    if left == 0:
        return text
    return f"{text} {left} more are known in texts/s alone: they are in the table, and not drawn."


def _hardware(row: Throughput, catalog: Catalog) -> str:
    """A card by its name; else the processor, or the source's own words."""
    card = catalog.card(row.card or "")
    return hardware_text(row) if card is None else card.name


def _label(row: Throughput) -> str:
    length = f"texts of {row.tokens_per_text:g} tokens" if row.tokens_per_text else ""
    return ", ".join(part for part in (row.server, row.precision, length) if part)
