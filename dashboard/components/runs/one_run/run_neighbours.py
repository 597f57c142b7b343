"""Neighbour overlap of two models: whether a search would find the same with either of them."""

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from core.measurement.beside.neighbours import NeighboursFound
from core.probe.records.probe_plan import ProbePlan
from dashboard import formats
from dashboard.components.shared.chart import chart
from dashboard.components.shared.scheme import colours
from dashboard.figures.runs.neighbours_figure import neighbours_figure
from dashboard.resources.history import RunView

EXCERPT: Final = 120
"""Characters of a text that the table shows."""


def show_neighbours(run: RunView) -> None:
    """Shares of the nearest texts that two models agree on; nothing where it was not asked."""
    if run.neighbours is None:
        return
    for sentence in run.neighbours.failures:
        st.warning(formats.plain(sentence), icon=":material/warning:")
    for place, one in enumerate(run.neighbours.found):
        chart(
            "Whether a search would find the same",
            neighbours_figure(one, colours()),
            f"latency/neighbours/{place}",
            one.sentence,
            partial(neighbours_table, run.plan, one),
            "Every text is a query among all others. A change of model that keeps the nearest "
            "texts keeps what a search finds.",
        )
        st.caption(formats.plain(f"{one.sentence} {least_agreed(run.plan, one)}"))


def least_agreed(plan: ProbePlan, overlap: NeighboursFound) -> str:
    """The text whose neighbours differ most, as a sentence."""
    texts = list(dict.fromkeys(plan.texts))
    if len(texts) != len(overlap.per_text):
        return ""  # the texts of an imported file need not be those that were compared
    place = min(range(len(texts)), key=overlap.per_text.__getitem__)
    share = formats.percent(overlap.per_text[place])
    return f"Least agreed on, with {share}: \u201c{excerpt(texts[place])}\u201d."


def neighbours_table(plan: ProbePlan, overlap: NeighboursFound) -> pd.DataFrame:
    """One row a text, the least agreed on first."""
    texts = list(dict.fromkeys(plan.texts))
    known = len(texts) == len(overlap.per_text)
    table = pd.DataFrame(
        {
            "text": excerpt(texts[place]) if known else f"text {place + 1}",
            "share_agreed": share,
            "neighbours": overlap.k,
        }
        for place, share in enumerate(overlap.per_text)
    )
    return table.sort_values("share_agreed", kind="stable", ignore_index=True)


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[: EXCERPT - 1]}\u2026"
