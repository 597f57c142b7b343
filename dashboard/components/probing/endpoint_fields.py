"""The fold of the probe's form that says more about a typed endpoint: format, header, fields."""

import streamlit as st

from dashboard.resources.probing import FORMATS, MoreOfEndpoint

BEARER = "Authorization"


def more_about(name: str = "") -> MoreOfEndpoint:
    """What was typed in the fold; ``name`` tells the forms of several endpoints apart."""
    with st.expander("More about this endpoint", icon=":material/tune:"):
        wire = st.selectbox(
            "It speaks",
            options=list(FORMATS),
            format_func=FORMATS.__getitem__,
            key=f"probe/wire{name}",
        )
        key_header = st.text_input(
            "Header of the key",
            value=BEARER,
            help="Bearer and the key in Authorization, the key alone in any other: api-key.",
            key=f"probe/header{name}",
            max_chars=100,
        )
        query = st.text_area(
            "Parameters of the address, one a line",
            placeholder="api-version=2024-10-21",
            help="They are stored with the run: no key belongs here.",
            key=f"probe/query{name}",
            height=68,
            max_chars=2_000,
        )
        body = st.text_area(
            "Further fields of each request, one a line",
            placeholder='input_type="query"\ntruncate=true',
            help='NAME=JSON: a text in double quotes, a number, true or false. "input" and '
            '"model" are filled already.',
            key=f"probe/body{name}",
            height=68,
            max_chars=4_000,
        )
    return MoreOfEndpoint(wire, key_header, _lines(query), _lines(body))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())
