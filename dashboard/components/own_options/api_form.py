"""An API of one's own, typed."""

from typing import Final

import streamlit as st

from core.catalog.schema import PriceUnit, WireFormat
from dashboard import formats
from dashboard.components.own_options.form_fields import (
    MOST_ADDRESS,
    Defaults,
    add_button,
    area,
    key,
    lines,
    model,
    number,
    text,
    whole,
)
from dashboard.components.shared.meant_endpoint import show_mends
from dashboard.resources.probing import format_text
from dashboard.state import session

FIELDS: Final = (
    *("name", "base_url", "wire_model", "wire", "usd", "unit"),
    *("model", "max_tokens", "seconds_per_request", "area"),
    *("key_header", "query", "body"),
)
UNITS: Final = (
    PriceUnit.PER_MTOK,
    PriceUnit.PER_MCHAR,
    PriceUnit.PER_REQUEST,
    PriceUnit.PER_SECOND,
)
NOTHING: Final[Defaults] = {}
USUAL: Final = WireFormat.OPENAI_COMPATIBLE.value


def api_form(form: str, defaults: Defaults = NOTHING, closes: str = "") -> None:
    """Address, model, price and place; ``form`` tells several on one page apart."""
    text(form, "name", "Name", defaults.get("name", ""), placeholder="Lab server")
    text(
        form,
        "base_url",
        "Base address",
        defaults.get("base_url", ""),
        placeholder="http://localhost:8080/v1",
        max_chars=MOST_ADDRESS,
    )
    if address := session.get(key(form, "base_url"), default=""):
        show_mends(address, session.get(key(form, "wire"), default=USUAL))
    left, right = st.columns(2)
    with left:
        text(form, "wire_model", "Model there", defaults.get("wire_model", ""))
    with right:
        formats_known = [wire.value for wire in WireFormat]
        first = formats_known.index(defaults.get("wire", USUAL))
        st.selectbox(
            "It speaks",
            options=formats_known,
            index=first,
            format_func=format_text,
            key=key(form, "wire"),
        )
    left, right = st.columns(2)
    with left:
        number(form, "usd", "Price (USD)", 0.0, format="%.6g", help="0: it is free.")
    with right:
        unit = st.selectbox(
            "Unit",
            options=UNITS,
            format_func=formats.PRICE_UNITS.__getitem__,
            key=key(form, "unit"),
        )
    if unit is PriceUnit.PER_SECOND:
        number(form, "seconds_per_request", "Seconds billed for a request")
    with st.expander("Model, limit and place"):
        model(
            form,
            "The same model in the catalogue",
            "Vectors of one model mix. Empty: the model that the catalogue has under this name, or "
            "one of its own.",
        )
        whole(form, "max_tokens", "Longest text that it reads (tokens)")
        area(form)
        text(form, "key_header", "Header of its key", defaults.get("key_header", ""))
        lines(
            form,
            "query",
            "Parameters of the address",
            defaults.get("query", ""),
            placeholder="api-version=2024-10-21",
        )
        lines(
            form,
            "body",
            "Further fields of each request",
            defaults.get("body", ""),
            placeholder='input_type="query"\ntruncate=true',
        )
    add_button("api", form, FIELDS, closes)
