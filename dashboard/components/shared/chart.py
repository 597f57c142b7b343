"""A chart with its title, its words, and the same as a table that can be downloaded."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.components.shared.csv_file import csv_bytes, safe
from dashboard.components.shared.money_columns import in_money
from dashboard.components.shared.toolbar import still_chart
from dashboard.figures.base.frame import Figure


def chart(
    title: str,
    figure: Figure,
    key: str,
    alt: str,
    table: Callable[[], pd.DataFrame],
    help_: str = "",
) -> None:
    """Draw a figure; ``alt`` says what it shows for who cannot see it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{title}**", width="stretch", help=help_ or None)
        opened = st.popover(
            "As a table",
            icon=":material/table_rows:",
            type="tertiary",
            on_change="rerun",
            key=f"{key}/open",
        )
        if opened.open:
            # "stretch" would take the popover's own width, which is that of its button.
            opened.dataframe(
                safe(in_money(table())),
                width="content",
                hide_index=True,
                key=f"{key}/table",
                alt=title,
            )
        download(table, key)
    still_chart(figure, key, alt)


def download(table: Callable[[], pd.DataFrame], key: str) -> None:
    """A button that saves a table as CSV, units in the names of its columns."""
    st.download_button(
        "CSV",
        data=formats.as_now(lambda: csv_bytes(in_money(table()))),
        file_name=f"breakeven-{re.sub('[^a-z]+', '-', key.lower())}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=f"{key}/csv",
    )


def shown_table(table: pd.DataFrame, key: str, alt: str, columns: Mapping[str, Any]) -> None:
    """A table on the page itself, its columns of USD in the reader's currency."""
    drawn = {formats.money().named(name): how for name, how in columns.items()}
    st.dataframe(
        safe(in_money(table)),
        hide_index=True,
        key=key,
        alt=alt,
        column_config=drawn,
        placeholder="–",
    )
