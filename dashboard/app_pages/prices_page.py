"""The catalogue: every number with its source, and what in it deserves doubt."""

from datetime import UTC, datetime

import streamlit as st

from dashboard.components.own_options.own_panel import own_panel
from dashboard.components.prices import catalogue_view as view
from dashboard.components.prices.catalogue_doubts import doubts
from dashboard.components.prices.law_panel import law_panel
from dashboard.components.prices.newer_prices import newer_prices_panel
from dashboard.components.prices.rates_panel import rates_panel
from dashboard.components.shared import error_boxes
from dashboard.resources.cached import cached_catalogue

st.title("Prices")
st.markdown(
    "Every number that the comparison rests on, in the unit in which it is billed, with who says "
    "so and when that was read. Your own prices, in the sidebar, take the place of these in the "
    "comparison and change nothing here."
)
with error_boxes.shown("There are no prices to show until this is mended."):
    catalog = cached_catalogue.catalog()
    error_boxes.show_refusal(cached_catalogue.refusal())
    today = datetime.now(tz=UTC).date()
    tables = view.choices(catalog, today, cached_catalogue.implied_mfu)
    name = st.segmented_control(
        "Table",
        options=list(tables),
        default="API offers",
        required=True,
        key="prices/table",
        label_visibility="collapsed",
    )
    view.show_table(name, tables[name]())
    own_panel()
    newer_prices_panel()
    rates_panel(catalog, today, cached_catalogue.implied_mfu)
    law_panel()
    st.subheader("What deserves doubt")
    view.show_doubts(doubts(catalog, cached_catalogue.implied_mfu))
