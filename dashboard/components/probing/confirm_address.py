"""Asks once whether a server is meant that stands in a file or a link, and that nobody typed."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.resources.probing import Candidate
from dashboard.resources.reach import page_reach
from dashboard.state import session

CONFIRMED: Final = "probe/confirmed"
"""Servers that were confirmed in this session."""


def all_confirmed(asked: Sequence[Candidate]) -> bool:
    """Whether every server is meant; draws the question where one is not yet."""
    meant = session.get(CONFIRMED, default=())
    servers = [one for one in page_reach.foreign_servers(asked) if one not in meant]
    for server in servers:
        st.warning(
            f"Nobody has typed {formats.plain(server)} here: it stands in a file or a link. "
            "Your texts, and the key if you give one, would go there.",
            icon=":material/dns:",
        )
        st.button(
            f"I know {formats.plain(server)}",
            help="Asked once; kept on this computer, never in a link or an export.",
            key=f"probe/confirm/{server}",
            on_click=_confirm,
            args=(server,),
        )
    return not servers


def _confirm(server: str) -> None:
    session.put(CONFIRMED, (*session.get(CONFIRMED, default=()), server))
    page_reach.confirm((server,))
