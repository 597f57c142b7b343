"""The page Method: formulas that are in the code, and claims that are checked by it."""

import importlib
import re
from pathlib import Path

import pytest

from core.decide.seed_note.note_claims import check_note
from dashboard.components.method import method_texts
from dashboard.components.method.method_sections import unbroken
from dashboard.resources.cached import cached_catalogue
from dashboard.resources.source import code_of
from tests.dashboard.app_pages.conftest import OpenPage

NAMES = sorted(path.stem for path in method_texts.FOLDER.glob("method-*.md"))


def test_formulas_limits_and_claims_are_shown(open_page: OpenPage) -> None:
    """Every text of the method is on the page, and every claim with its finding."""
    page = open_page("method")
    said = "\n".join(str(element.value) for element in page.markdown)
    assert not page.exception
    others = [method_texts.text(name) for name in NAMES if name not in method_texts.FORMULAS]
    bodies = [unbroken(method_texts.section(name).body) for name in method_texts.FORMULAS]
    assert [text for text in (*others, *bodies) if text not in said] == []
    headings = {str(heading.value) for heading in (*page.header, *page.subheader)}
    assert {chapter.title for chapter in method_texts.CHAPTERS} <= headings
    assert {method_texts.section(name).title for name in method_texts.FORMULAS} <= headings
    for claim in check_note(cached_catalogue.catalog()):
        assert claim.explanation in said.replace("\\", "")


@pytest.mark.usefixtures("broken_catalogue")
def test_without_a_catalogue_the_formulas_stay(open_page: OpenPage) -> None:
    """Only the claims need prices."""
    page = open_page("method")
    assert not page.exception
    assert any("All-units tiers" in str(element.value) for element in page.markdown)
    assert any("claims cannot be checked" in str(error.value) for error in page.error)


@pytest.mark.usefixtures("broken_store")
def test_without_a_store_it_is_whole(open_page: OpenPage) -> None:
    """The method needs no database."""
    page = open_page("method")
    assert not page.exception
    assert any("13 claims" in str(element.value) for element in page.markdown)


def test_nothing_of_the_code_is_drawn_before_it_is_asked_for(open_page: OpenPage) -> None:
    """The page has one button a function and no source at all."""
    page = open_page("method")
    found = [method_texts.section(name) for name in method_texts.FORMULAS]
    keys = {f"method/{one.anchor}/{dotted}" for one in found for dotted in one.functions}
    assert {button.key for button in page.button if _of_the_method(button.key)} == keys
    assert not page.code


def _of_the_method(key: str | None) -> bool:
    return (key or "").startswith("method/")


@pytest.mark.parametrize(
    ("anchor", "dotted"),
    [
        (section.anchor, dotted)
        for section in map(method_texts.section, method_texts.FORMULAS)
        for dotted in section.functions[:1]
    ],
)
def test_a_function_opens_with_its_source_and_place(
    open_page: OpenPage, anchor: str, dotted: str
) -> None:
    """A click shows the code with its docstring, its file, its line and its module's words."""
    page = open_page("method")
    page.button(key=f"method/{anchor}/{dotted}").click().run()
    assert not page.exception
    expected = code_of(dotted)
    assert [str(block.value) for block in page.code] == [
        expected.source.strip(),
        expected.module_doc,
    ]
    said = "\n".join(str(element.value) for element in page.markdown)
    assert f"`{expected.file}`, line {expected.line}" in said


@pytest.mark.parametrize("name", method_texts.FORMULAS)
def test_every_function_that_a_section_names_has_a_source(name: str) -> None:
    """Each link leads to code that says what it does."""
    for dotted in method_texts.section(name).functions:
        found = code_of(dotted)
        assert found.line is not None
        assert '"""' in found.source, f"{dotted} has no docstring"
        assert found.module_doc, f"the module of {dotted} has no docstring"


@pytest.mark.parametrize("name", NAMES)
def test_every_function_that_a_text_names_exists(name: str) -> None:
    """A formula names the function that computes it, and a renamed one fails here."""
    for dotted in re.findall(r"`(core\.[\w.]+)`", method_texts.text(name)):
        found = _resolve(dotted)
        assert found is not None, f"{name}.md names {dotted}, which is not there"


def _resolve(dotted: str) -> object:
    """The object behind a dotted name: a module, then attributes of it."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        if Path(*parts[:cut]).with_suffix(".py").exists():
            found: object = importlib.import_module(".".join(parts[:cut]))
            for attribute in parts[cut:]:
                found = getattr(found, attribute, None)
            return found
    return None


@pytest.mark.parametrize("name", method_texts.FORMULAS)
def test_every_section_of_formulas_names_its_functions(name: str) -> None:
    """No formula floats free of the code."""
    assert "In the code: `core." in method_texts.text(name)


@pytest.mark.parametrize("name", NAMES)
def test_formulas_are_closed(name: str) -> None:
    """An open formula would swallow the text behind it."""
    text = method_texts.text(name)
    assert text.count("$$") % 2 == 0
    for paragraph in re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL).split("\n\n"):
        assert paragraph.count("$") % 2 == 0, paragraph


def test_the_page_reads_every_text_it_has() -> None:
    """A file that no page shows is a file that nobody keeps right."""
    page = (method_texts.FOLDER.parent / "app_pages" / "method_page.py").read_text(encoding="utf-8")
    read = {*method_texts.FORMULAS, *re.findall(r'"(method-\w+)"', page)}
    assert read == set(NAMES)
