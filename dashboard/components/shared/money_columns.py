"""Tables in the reader's currency: whatever a column's name says is in USD.

A column of amounts names its unit, "5 % (USD/month)" or "usd_per_month": its numbers are turned,
and so is its name. A table with its unit in each row is turned where it is made.
"""

from typing import Any

import pandas as pd
import streamlit as st

from core.money import is_of_usd
from dashboard import formats


def in_money(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its columns of USD in the reader's currency, and named so."""
    money = formats.money()
    if money.rate is None:
        return table
    columns = {str(name): _turned(table[name]) for name in table if is_of_usd(str(name))}
    return table.assign(**columns).rename(columns=lambda name: money.named(str(name)))


def _turned(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Numbers are turned; what is no number, as an absent one, stays."""
    money = formats.money()
    if pd.api.types.is_numeric_dtype(column):
        return column / money.usd
    return column.map(lambda cell: money.of(cell) if isinstance(cell, int | float) else cell)


def whole_amounts() -> Any:
    """How a column of whole amounts in the reader's currency is drawn: $1,162."""
    return st.column_config.NumberColumn(format=f"{formats.money().sign}%,.0f")
