"""The law of size against every measured batch: a chart, its words, and all rows as a table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.components.shared.chart import chart
from dashboard.components.shared.scheme import colours
from dashboard.figures.prices.law_figure import LawPoint, law_figure
from dashboard.resources import law_rows
from dashboard.resources.law_rows import LawRow


def law_panel() -> None:
    """Everything about the law on the page; one call is all that it needs."""
    rows = law_rows.law_rows()
    st.subheader("The law of size, held against what was measured")
    st.markdown(
        "Where nobody published a rate of your model on a card, a law predicts it from the model's "
        "size, the card, and the vCPUs beside it; the page Method states it. These are the batches "
        "that it was fitted to. Bare calls are ceilings of a card: a server reaches a part of them."
    )
    sentence = law_sentence(rows)
    chart(
        "Time of a batch, predicted over measured, by card",
        law_figure([_point(row) for row in rows], law_rows.SERVERS_FACTOR, colours()),
        "prices/law",
        sentence,
        lambda: law_table(rows),
    )
    st.caption(formats.plain(sentence))


def law_sentence(rows: Sequence[LawRow]) -> str:
    """What the chart shows, in words: how far off on the whole, and for which card most."""
    cards = list(dict.fromkeys(row.measured.chip for row in rows))
    worst, best = (
        (card, law_rows.off_by([row for row in rows if row.measured.chip == card]))
        for card in (cards[0], cards[-1])
    )
    return (
        f"{len(rows)} batches on {len(cards)} cards and processors. Half of them are within "
        f"{formats.percent(law_rows.off_by(rows))} of the law, which was fitted to them; the page "
        "Method says how far off it is where it was not. By card the median is from "
        f"{formats.percent(best[1])} off ({best[0]}) to {formats.percent(worst[1])} ({worst[0]}). "
        + law_rows.ranges_said()
    )


def law_table(rows: Sequence[LawRow]) -> pd.DataFrame:
    """All rows with their sources; units in the names of the columns."""
    return pd.DataFrame(
        {
            "Card": row.measured.chip,
            "Hardware": row.measured.hardware,
            "Model": row.measured.model,
            "Server": row.measured.server,
            "Kind": str(row.measured.kind),
            "Group": row.group,
            "Precision": row.measured.precision,
            "Texts": row.measured.texts,
            "Tokens per text": row.measured.tokens_per_text,
            "Measured (tokens/s)": row.measured.tokens_per_s,
            "Predicted (tokens/s)": row.measured.tokens_per_s / row.over_measured,
            "Predicted over measured time": row.over_measured,
            "Source": row.measured.source,
            "Dated": row.measured.dated,
            "Confidence": row.measured.confidence,
            "Note": row.measured.note,
        }
        for row in rows
    )


def _point(row: LawRow) -> LawPoint:
    measured = row.measured
    shape = f"{measured.texts} x {measured.tokens_per_text:g} tokens"
    label = f"{measured.model}, {measured.server}, {shape}"
    return LawPoint(measured.chip, row.group, label, row.over_measured)
