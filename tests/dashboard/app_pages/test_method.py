"""The page Method: formulas that are in the code, and claims that are checked by it."""

import importlib
import re
from pathlib import Path

import pytest

from core.cost.break_even import TIE_RELATIVE
from core.decide.note_claims import check_note
from core.probe.statistics import requests_for_interval
from core.serving.physics import SUSPICIOUS_MFU
from core.units import AVERAGE_MONTH, THIRTY_DAYS
from dashboard import resources
from dashboard.components import texts
from tests.dashboard.app_pages.conftest import OpenPage

NAMES = sorted(path.stem for path in texts.FOLDER.glob("method-*.md"))


def test_formulas_limits_and_claims_are_shown(open_page: OpenPage) -> None:
    """Every text of the method is on the page, and every claim with its finding."""
    page = open_page("method")
    said = "\n".join(str(element.value) for element in page.markdown)
    assert not page.exception
    assert [name for name in NAMES if texts.text(name) not in said] == []
    for claim in check_note(resources.catalog()):
        assert claim.explanation in said.replace("\\", "")


@pytest.mark.usefixtures("broken_catalogue")
def test_without_a_catalogue_the_formulas_stay(open_page: OpenPage) -> None:
    """Only the claims need prices."""
    page = open_page("method")
    assert not page.exception
    assert any("What an API costs" in str(element.value) for element in page.markdown)
    assert any("claims cannot be checked" in str(error.value) for error in page.error)


@pytest.mark.usefixtures("broken_store")
def test_without_a_store_it_is_whole(open_page: OpenPage) -> None:
    """The method needs no database."""
    page = open_page("method")
    assert not page.exception
    assert any("13 claims" in str(element.value) for element in page.markdown)


@pytest.mark.parametrize("name", NAMES)
def test_every_function_that_a_text_names_exists(name: str) -> None:
    """A formula names the function that computes it, and a renamed one fails here."""
    for dotted in re.findall(r"`(core\.[\w.]+)`", texts.text(name)):
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


@pytest.mark.parametrize("name", texts.FORMULAS)
def test_every_section_of_formulas_names_its_functions(name: str) -> None:
    """No formula floats free of the code."""
    assert "In the code: `core." in texts.text(name)


@pytest.mark.parametrize("name", NAMES)
def test_formulas_are_closed(name: str) -> None:
    """An open formula would swallow the text behind it."""
    text = texts.text(name)
    assert text.count("$$") % 2 == 0
    for paragraph in re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL).split("\n\n"):
        assert paragraph.count("$") % 2 == 0, paragraph


def test_the_numbers_in_the_texts_are_those_of_the_code() -> None:
    """A number in a text is recomputed, so that it cannot grow stale."""
    latency, capacity = texts.text("method-latency"), texts.text("method-capacity")
    conventions = texts.text("method-conventions")
    assert f"Below {requests_for_interval(0.95)} requests a p95" in latency
    assert f"below {requests_for_interval(0.99)} a p99" in latency
    assert f"more than {SUSPICIOUS_MFU:.0%}".replace("%", " %") in capacity
    assert TIE_RELATIVE == 1e-9
    assert "within a billionth" in conventions
    for calendar in (THIRTY_DAYS, AVERAGE_MONTH):
        assert f"{calendar.hours_per_month:g} hours" in conventions


def test_the_page_reads_every_text_it_has() -> None:
    """A file that no page shows is a file that nobody keeps right."""
    page = (texts.FOLDER.parent / "app_pages" / "method.py").read_text(encoding="utf-8")
    read = {*texts.FORMULAS, *re.findall(r'"(method-\w+)"', page)}
    assert read == set(NAMES)
