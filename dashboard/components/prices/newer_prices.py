"""Prices of another list that are newer: one button shows them, one writes them."""

from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from core.errors import BreakevenError
from dashboard import formats
from dashboard.components.shared import error_boxes
from dashboard.components.shared.money_columns import in_money
from dashboard.resources import price_news
from dashboard.resources.price_news import PriceNews
from dashboard.state import session

OPEN: Final = "prices/news"
FAULT: Final = "prices/news fault"


def newer_prices_panel() -> None:
    """Everything about newer prices on the page; one call is all that it needs."""
    st.subheader("Newer prices")
    st.markdown(
        "The Python package genai-prices is another list of prices, read offline. Where it is "
        "newer than the catalogue, its price can be added to a folder of your own; nothing that "
        "ships is changed."
    )
    st.button(
        "Compare with genai-prices",
        icon=":material/compare_arrows:",
        key="prices/compare",
        on_click=partial(session.put, OPEN, value=True),
    )
    if session.get(OPEN, default=False):
        with error_boxes.shown():
            _show(price_news.price_news())
        if fault := session.get(FAULT, default=""):
            st.error(fault, icon=":material/error:")


def _show(news: PriceNews) -> None:
    if not news.rows:
        st.success(f"{news.listed.name} has no newer price of what is in the catalogue.")
        return
    st.dataframe(in_money(news_table(news)), hide_index=True)
    number = f"{len(news.rows)} row" + ("" if len(news.rows) == 1 else "s")
    st.button(
        f"Write {number}",
        icon=":material/save:",
        key="prices/write",
        on_click=_write,
        help=f"Into {formats.plain(str(news.folder))}, each with its source and today's date.",
    )


def news_table(news: PriceNews) -> pd.DataFrame:
    """Ours beside theirs, in the unit as billed, with the ratio and both sources."""
    return pd.DataFrame(
        {
            "Option": row.option_id,
            "Ours (USD)": float(row.ours_usd),
            "Theirs (USD)": float(row.theirs_usd),
            "Theirs over ours": row.ratio,
            "Unit": formats.PRICE_UNITS[row.unit],
            "Our source": f"{row.our_source}, {row.our_date}",
            "Theirs": row.source,
        }
        for row in news.rows
    )


def _write() -> None:
    try:
        price_news.write_news()
        session.put(FAULT, "")
    except BreakevenError as error:
        session.put(FAULT, error_boxes.sentence_of(error))
