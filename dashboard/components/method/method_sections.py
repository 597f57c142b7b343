"""The sections of the method: contents, formulas, and a link from each to its functions."""

import re
from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.components.method.method_texts import CHAPTERS, CODE, Section, section
from dashboard.components.method.section_link import follow_section_link
from dashboard.resources.source import Code, code_of

CONTENTS: Final = "contents"


def show_chapters() -> None:
    """Contents, then every section under the heading of its chapter."""
    with st.container(key="method/contents"):
        st.subheader("Contents", anchor=CONTENTS)
        st.markdown(contents())
    for chapter in CHAPTERS:
        st.header(chapter.title, anchor=False, divider="gray")
        for name in chapter.sections:
            _show(name)
    follow_section_link()


def contents() -> str:
    """One line a chapter, with a link to each of its sections."""
    lines = []
    for chapter in CHAPTERS:
        sections = [section(name) for name in chapter.sections]
        links = " · ".join(f"[{one.title}](#{one.anchor})" for one in sections)
        lines.append(f"- **{chapter.title}:** {links}")
    return "\n".join(lines)


@st.fragment
def _show(name: str) -> None:
    """One section. A fragment: to open a function draws nothing else of the page again."""
    shown = section(name)
    st.subheader(shown.title, anchor=shown.anchor)
    st.markdown(unbroken(shown.body))
    _functions(shown)


def unbroken(body: str) -> str:
    """No line ends between a number and its per cent sign."""
    return re.sub(r"(?<=\d) %", f"{formats.NO_BREAK}%", body)


def _functions(shown: Section) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(CODE, width="content")
        for dotted in shown.functions:
            pressed = st.button(
                f"`{label(dotted)}`",
                key=f"method/{shown.anchor}/{dotted}",
                type="tertiary",
                help=dotted.replace("_", r"\_"),
            )
            if pressed:
                _dialog(dotted)


def label(dotted: str) -> str:
    """The last two parts of a name: a function with its module, a method with its class."""
    return ".".join(dotted.split(".")[-2:])


@st.dialog("In the code", width="large")
def _dialog(dotted: str) -> None:
    """The source of one function, read when it is asked for."""
    code = code_of(dotted)
    st.markdown(f"`{code.name}`  \n{place(code)}")
    st.code(code.source, wrap_lines=True)
    if code.module_doc:
        st.caption("Its module says:")
        st.code(code.module_doc, language=None, wrap_lines=True)


def place(code: Code) -> str:
    """File and line."""
    return f"`{code.file}`" + (f", line {code.line}" if code.line is not None else "")
