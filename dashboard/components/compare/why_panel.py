"""Why this is the answer: three sentences, and who is out by what evidence; folded."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from core.decide.result.curves import Curves
from core.decide.result.snapshot import Snapshot
from core.decide.why.standing import Standing
from core.decide.why.why import why
from dashboard import formats
from dashboard.components.shared.chart import download, shown_table
from dashboard.components.shared.money_columns import whole_amounts

NAME: Final = "compare/out"


def why_panel(snapshot: Snapshot, curves: Curves) -> None:
    """The sentences one by one, then the table with its download; nothing is drawn while folded."""
    title = "Why, and who is out by what evidence"
    folded = st.expander(title, icon=":material/help:", key="fold/why", on_change="rerun")
    if not folded.open:
        return
    reasons = why(snapshot, curves)
    with folded:
        for sentence in reasons.sentences:
            st.markdown(f"- {formats.plain(formats.amounts(sentence))}")
        if not reasons.out:
            st.caption("Every chosen option is known to do the job.")
            return
        table = out_table(reasons.out)
        shown_table(
            table,
            NAME,
            "Options that are not known to do the job, by what, and how well that is founded",
            {"USD/month": whole_amounts()},
        )
        download(partial(out_table, reasons.out), NAME)


def out_table(out: Sequence[Standing]) -> pd.DataFrame:
    """One row an option: what keeps it, the evidence, and why."""
    return pd.DataFrame(
        {
            "Option": [one.label for one in out],
            "Stands": [one.stands for one in out],
            "By": [one.about for one in out],
            "Evidence": [one.evidence for one in out],
            "Why, and what to do": [one.sentence for one in out],
            "USD/month": [one.usd_per_month for one in out],
        }
    )
