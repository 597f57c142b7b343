"""The catalogue's tables on the page: choose one, search it, open a row, take it away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.catalog.schema import Catalog
from dashboard import formats
from dashboard.components.prices import account_tables as accounts
from dashboard.components.prices import catalogue_cells as cells
from dashboard.components.prices import catalogue_tables as tables
from dashboard.components.prices.catalogue_doubts import Doubts
from dashboard.components.prices.processor_table import cpu_table
from dashboard.components.shared.csv_file import csv_bytes
from dashboard.components.shared.money_columns import in_money

HEIGHT_PX: Final = 460


def choices(
    catalog: Catalog, as_of: date, implied_mfu: tables.ImpliedMfu
) -> Mapping[str, Callable[[], pd.DataFrame]]:
    """Every table by its name; each is made only when it is looked at."""
    return {
        "API offers": lambda: tables.api_table(catalog, as_of),
        "Machines": lambda: tables.machine_table(catalog, as_of),
        "Cards": lambda: tables.card_table(catalog, as_of),
        "Processors": lambda: cpu_table(catalog, as_of),
        "Models": lambda: tables.model_table(catalog, as_of),
        "Quality": lambda: tables.quality_table(catalog, as_of),
        "Throughputs": lambda: tables.throughput_table(catalog, as_of, implied_mfu),
        "Rate limits": lambda: accounts.limit_table(catalog, as_of),
        "Regions": lambda: accounts.region_table(catalog, as_of),
        "Accounts": lambda: accounts.account_table(catalog, as_of),
        "Contradictions": lambda: accounts.conflict_table(catalog, as_of),
        "Latencies": lambda: tables.latency_table(catalog, as_of),
        "Assumptions": lambda: tables.assumption_table(catalog, as_of),
    }


def show_table(name: str, table: pd.DataFrame) -> None:
    """One table with its search box, its download and, for the row chosen, everything known."""
    table = in_money(table)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        words = st.text_input(
            "Search",
            key=f"prices/search/{name}",
            type="search",
            live=True,
            max_chars=200,
            placeholder="Every word, in any column: bge-m3 per request",
            label_visibility="collapsed",
            width="stretch",
        )
        st.download_button(
            "CSV",
            data=csv_bytes(table),
            file_name=f"breakeven-{name.lower().replace(' ', '-')}.csv",
            mime="text/csv",
            icon=":material/download:",
            help=f"All {len(table)} rows of this table, in full.",
            on_click="ignore",
            key=f"prices/csv/{name}",
        )
    rows = cells.filled(cells.matching(table, words or ""))
    st.caption(caption(rows, len(table)))
    if rows.empty:
        st.info(
            f"No row of this table has all of: {formats.plain(words or '')}. Take a word out, or "
            "look in another table.",
            icon=":material/search_off:",
        )
        return
    chosen = st.dataframe(
        styled(rows),
        hide_index=True,
        placeholder="–",
        height=min(HEIGHT_PX, 35 * (len(rows) + 1) + 3),
        column_config=_columns(rows),
        on_select="rerun",
        selection_mode="single-row",
        key=f"prices/table/{name}/{words}",
        alt=f"{name} of the catalogue: {len(rows)} rows with price, source and date.",
    )
    _details(rows, chosen.selection.rows)


def caption(table: pd.DataFrame, of: int) -> str:
    """How many rows are shown, how old what they say is, and how to read them."""
    rows = "row" if of == 1 else "rows"
    number = f"{of} {rows}" if len(table) == of else f"{len(table)} of {of} {rows}"
    if table.empty:
        return f"{number}."
    newest, oldest = int(table["Age (days)"].min()), int(table["Age (days)"].max())
    span = f"{oldest}" if newest == oldest else f"{newest} to {oldest}"
    return (
        f"{number}, read {span} {'day' if span == '1' else 'days'} ago. A click on a heading "
        "sorts; a tick at the left of a row shows its source in full below."
    )


def styled(table: pd.DataFrame) -> Styler:
    """Numbers stay numbers, so that they sort, and are shown as text of this page."""
    styler = table.style
    for name in table.select_dtypes("number").columns:
        styler = styler.format(partial(cells.number_text, str(name)), subset=[name], na_rep="–")
    return styler.map(_faint, subset=[name for name in ("Status",) if name in table])


def _faint(value: object) -> str:
    """What is out of force or not believed is set apart, in weight as well as in words."""
    return "" if value in {"current", tables.USED} else "font-style: italic; opacity: 0.75"


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    first, named = str(table.columns[0]), formats.money().named
    return {
        first: st.column_config.TextColumn(pinned=True, width=220),
        "Source": st.column_config.LinkColumn(display_text=r"https?://(?:www\.)?([^/]+)"),
        "Read": st.column_config.DateColumn(format="YYYY-MM-DD"),
        "Note": st.column_config.TextColumn(width="large"),
        "Verdict": st.column_config.TextColumn(width="medium"),
        named("Low (USD)"): st.column_config.Column(help="The least that a source says."),
        named("High (USD)"): st.column_config.Column(help="The most that a source says."),
        "Dated": st.column_config.Column(help="The date that the source itself gives."),
        "Score": st.column_config.Column(
            help="Mean over the tasks of this one benchmark. Scores of different benchmarks say "
            "nothing of each other."
        ),
        "Timed": st.column_config.Column(
            help="What the source timed. The model call alone, without tokenizing and HTTP, is a "
            "ceiling of the card: it never states a server's rate."
        ),
        "Implied MFU": st.column_config.Column(
            help="Share of the card's dense peak that the rate would need, attention counted."
        ),
        "Age (days)": st.column_config.NumberColumn(
            help="Days since the source was read. Age never removes a price: it only says how "
            "long nobody has looked."
        ),
    }


def _details(table: pd.DataFrame, rows: Sequence[int]) -> None:
    """Everything known of the chosen row, as text that can be read and copied."""
    if not rows or rows[0] >= len(table):
        return
    record = {str(name): value for name, value in table.iloc[rows[0]].to_dict().items()}
    title = str(record[str(table.columns[0])])
    with st.container(border=True):
        st.markdown(f"**{formats.plain(title)}**")
        st.markdown(details_text(record, skip=[str(table.columns[0])]))


def details_text(record: Mapping[str, object], skip: Sequence[str]) -> str:
    """The fields of a row as markdown; an address is a link."""
    lines = []
    for name, text in cells.fields_of(record, skip):
        shown = f"<{text}>" if name == "Source" else formats.plain(text)
        lines.append(f"- {formats.plain(name)}: {shown}")
    return "\n".join(lines)


def show_doubts(groups: Sequence[Doubts]) -> None:
    """What deserves doubt, each kind folded with its count."""
    for group in groups:
        with st.expander(f"{group.heading} ({len(group.sentences)})", icon=":material/warning:"):
            st.markdown("\n".join(f"- {formats.plain(line)}" for line in group.sentences))
