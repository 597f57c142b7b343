"""The page Prices: the whole catalogue, searchable, with its doubts."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.resources.cached import cached_catalogue
from tests.dashboard.app_pages.conftest import OpenPage

TABLES = (
    "API offers",
    "Machines",
    "Cards",
    "Processors",
    "Models",
    "Throughputs",
    "Latencies",
    "Assumptions",
)


def show(page: AppTest, table: str) -> AppTest:
    """Choose a table."""
    return page.segmented_control(key="prices/table").set_value(table).run()


def rows(page: AppTest) -> int:
    """How many rows the table shows."""
    return len(page.dataframe[0].value)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_shows_its_rows_with_their_sources(open_page: OpenPage, table: str) -> None:
    """Each has rows, and each row says of which kind its source is and when it was read."""
    page = show(open_page("prices"), table)
    shown = page.dataframe[0].value
    assert not page.exception
    assert len(shown) > 0
    assert set(shown["Confidence"]) <= {"high", "medium", "low"}
    assert shown["Read"].notna().all()


def test_every_price_ever_entered_is_there(open_page: OpenPage) -> None:
    """Superseded prices stay in sight: as many rows as prices."""
    page = open_page("prices")
    providers = cached_catalogue.catalog().providers
    assert rows(page) == sum(len(offer.prices) for p in providers for offer in p.api_offers)
    page = show(page, "Machines")
    assert rows(page) == sum(len(offer.prices) for p in providers for offer in p.machines)


def test_the_search_narrows_and_says_how_far(open_page: OpenPage) -> None:
    """Words in any order and case pick the rows that have them all."""
    page = open_page("prices")
    of = rows(page)
    page.text_input(key="prices/search/API offers").set_value("SMALL openai").run()
    shown = page.dataframe[0].value
    assert not page.exception
    assert 0 < len(shown) < of
    assert all("small" in str(row).lower() for row in shown.to_dict("records"))
    assert any(f"{len(shown)} of {of} rows" in str(text.value) for text in page.caption)


@pytest.mark.parametrize("words", ["no such thing", "$x^2$ [a](b) <i> `", "\\"])
def test_a_search_without_a_match_says_so(open_page: OpenPage, words: str) -> None:
    """Whatever is typed, the page stays whole and the words come back as they were typed."""
    page = open_page("prices")
    page.text_input(key="prices/search/API offers").set_value(words).run()
    assert not page.exception
    assert not page.dataframe
    assert "No row" in str(page.info[0].value)


def test_what_deserves_doubt_is_told(open_page: OpenPage) -> None:
    """Conflicts, figures that are not used and withdrawn offers are sentences on the page."""
    page = open_page("prices")
    said = "\n".join(str(text.value) for text in page.markdown).replace("\\", "")
    assert "sources say" in said
    assert "p3.2xlarge" in said
    assert "Impossible" in said
    assert "implied MFU" in said


@pytest.mark.usefixtures("broken_catalogue")
def test_a_broken_catalogue_is_a_sentence(open_page: OpenPage) -> None:
    """The file, row and mend are shown as written, and nothing else of the page."""
    page = open_page("prices")
    assert not page.exception
    assert not page.dataframe
    assert any("usd is \\$zero\\*" in str(error.value) for error in page.error)


@pytest.mark.usefixtures("broken_store")
def test_a_broken_store_does_not_concern_it(open_page: OpenPage) -> None:
    """Prices need no database."""
    page = open_page("prices")
    assert not page.exception
    assert rows(page) > 0
