"""The ranges of all inputs, to be changed in place."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.cost.many_scenarios.laws import LawKind
from core.decide.result.belief import Belief, Range
from dashboard import formats
from dashboard.components.sidebar import flip_captions
from dashboard.state import session
from dashboard.state.own_ranges import Ranges, keep, own_ranges


def show(believed: Sequence[Belief], complaints: Sequence[str]) -> None:
    """A table to edit; what changed counts from the next run on."""
    # In a container of its own, which is there without them too: the editor stays open below.
    with st.container():
        for sentence in complaints:
            st.warning(formats.plain(sentence), icon=":material/straighten:")
    with st.expander("The ranges of all inputs", icon=":material/width:"):
        st.markdown(
            "Change what you know better. The scenario's value stays what the sidebar says; a "
            "range must hold it. *Known* takes the value as certain."
        )
        before = _table(believed)
        after = st.data_editor(
            before,
            hide_index=True,
            key=f"risk/editor/{_version(believed)}",
            disabled=["Input", "Unit", "Value", "Where the range is from"],
            column_config={
                "Law": st.column_config.SelectboxColumn(
                    options=[kind.value for kind in LawKind], required=True
                )
            },
            alt="Low, value, high and law of every input",
        )
        st.button(
            "Back to the ranges of the sources",
            icon=":material/restart_alt:",
            on_click=_keep,
            args=((),),
            disabled=not own_ranges(),
            key="risk/reset",
        )
    changed = {**dict(own_ranges()), **_changed(believed, before, after)}
    wanted = tuple(sorted(changed.items(), key=lambda item: item[0]))
    # A range that is refused stays in the editor: it must not start the page anew for ever.
    if wanted != own_ranges():
        _keep(wanted)
        st.rerun()


def _keep(ranges: Ranges) -> None:
    """The flips that were looked for are of the answer over the ranges before."""
    keep(ranges)
    session.put(flip_captions.FOUND, None)


def _table(believed: Sequence[Belief]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Input": belief.label,
            "Unit": belief.unit,
            "Low": float(belief.law.low),
            "Value": float(belief.law.value),
            "High": float(belief.law.high),
            "Law": belief.law.kind.value,
            "Where the range is from": belief.basis,
        }
        for belief in believed
    )


def _changed(
    believed: Sequence[Belief], before: pd.DataFrame, after: pd.DataFrame
) -> dict[str, Range]:
    """The rows that were edited. An emptied cell counts as the value itself."""
    ranges = {}
    for row, belief in enumerate(believed):
        old, new = before.iloc[row], after.iloc[row]
        if all(old[name] == new[name] for name in ("Low", "High", "Law")):
            continue
        value = belief.law.value
        low, high = (float(new[name]) for name in ("Low", "High"))
        ranges[belief.name] = Range(
            LawKind(new["Law"]),
            value if math.isnan(low) else low,
            value if math.isnan(high) else high,
        )
    return ranges


def _version(believed: Sequence[Belief]) -> int:
    """Another editor for another table: edits belong to the rows they were made on."""
    return hash(tuple((belief.name, belief.law) for belief in believed))
