"""What failed in a run, with the server's own sentence and the wait that it asked for."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Sample
from dashboard import formats
from dashboard.resources import history


def show_failures(plan: ProbePlan, samples: Sequence[Sample]) -> None:
    """A row for each way to fail; nothing where nothing did."""
    table = failures_table(plan, samples)
    if table.empty:
        return
    st.markdown("**What failed, and what the server said**")
    st.dataframe(table, hide_index=True, width="stretch", key="latency/failures")


def failures_table(plan: ProbePlan, samples: Sequence[Sample]) -> pd.DataFrame:
    """Failures that are alike in one row, the commonest first."""
    return pd.DataFrame(
        {
            "Requests": way.count,
            "What happened": way.outcome,
            "HTTP status": "" if way.status is None else str(way.status),
            "Where and why": way.detail,
            "The server's own words": way.said,
            "Wait asked for": "" if way.wait_s is None else formats.duration(way.wait_s),
        }
        for way in history.ways_to_fail(plan, samples)
    )
