"""Errors as sentences: what a person sees instead of a traceback."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from core.errors import BreakevenError
from dashboard import formats
from dashboard.resources import hiding
from dashboard.state import session


def show(error: BreakevenError, consequence: str = "") -> None:
    """Show an error of ours as its sentence, and what on this page goes without because of it."""
    text = sentence_of(error)
    st.error(f"{text}  \n{consequence}" if consequence else text, icon=":material/error:")


def sentence_of(error: BreakevenError) -> str:
    """What an error of ours says, safe for markdown and without a secret."""
    return formats.plain(hiding.hide(str(error)))


@contextmanager
def shown(consequence: str = "") -> Iterator[None]:
    """Run a part of the page; an error of ours ends this part alone, with its sentence."""
    try:
        yield
    except BreakevenError as error:
        show(error, consequence)


def show_refusal(sentences: str) -> None:
    """Say why a folder of one's own is not read; draw nothing where it is."""
    if sentences:
        lines = "  \n".join(formats.plain(hiding.hide(line)) for line in sentences.splitlines())
        st.warning(f"{lines}  \nOnly the rows that ship are used.", icon=":material/folder_off:")


def show_reports(sentences: Sequence[str]) -> None:
    """Say what of a link could not be used, until an input is changed or this is closed."""
    if not sentences:
        return
    lines = "\n".join(f"- {formats.plain(sentence)}" for sentence in sentences)
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        st.warning(
            f"Part of this link could not be used as it stands:\n{lines}",
            icon=":material/link_off:",
        )
        st.button(
            "Close",
            icon=":material/close:",
            type="tertiary",
            key="reports/close",
            on_click=session.clear_reports,
        )
