"""An address that names a section of the page leads there."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SCRIPT: Final = Path(__file__).with_suffix(".js")


def follow_section_link() -> None:
    """Bring the section after the # of the address into view, once, when the page is first drawn.

    It takes no room on the page. The reader's first touch of page or keyboard ends it.
    """
    _renderer()(key="section-link", height=1)


@cache
def _renderer() -> "ComponentRenderer":
    return st.components.v2.component(
        "breakeven.section_link", html="<span></span>", js=SCRIPT.read_text(encoding="utf-8")
    )
