"""The page Prices: the whole catalogue, searchable, with its doubts."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.scenario import Scenario
from dashboard.resources.cached import cached_answer, cached_catalogue
from tests.catalog.own.own_texts import MINE, priced, write
from tests.conftest import need_module
from tests.dashboard.app_pages.conftest import OpenPage

SMALL = "openai/text-embedding-3-small"
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


def test_a_broken_folder_of_ones_own_is_a_box_and_the_rest_is_shown(
    data_dir: Path, open_page: OpenPage
) -> None:
    """File and row are named; the catalogue that ships is there as ever."""
    write(data_dir / "catalog", "api/mine.toml", MINE.replace("0.01", "0"))
    page = open_page("prices")
    assert not page.exception
    assert rows(page) > 0
    said = str(page.warning[0].value).replace("\\", "")
    assert "api/mine.toml, api_offers[0] (small).prices[0].usd" in said
    assert "Only the rows that ship are used." in said


def test_a_row_of_ones_own_is_in_the_table(data_dir: Path, open_page: OpenPage) -> None:
    """Beside what ships, and nothing is said of the folder."""
    write(data_dir / "catalog", "api/mine.toml", MINE)
    page = open_page("prices")
    assert not page.warning
    assert "Yours: Mine small" in set(page.dataframe[0].value.iloc[:, 0])


def test_newer_prices_are_shown_by_one_button_and_written_by_another(
    data_dir: Path, open_page: OpenPage
) -> None:
    """The real package; then the table has the row, the answer its price, and nothing differs."""
    need_module("genai_prices", "the extra prices (genai-prices)")
    day = (datetime.now(tz=UTC).date() - timedelta(days=1)).isoformat()
    text = priced("openai", "text-embedding-3-small", "0.5", day)
    file = write(data_dir / "catalog", "api/openai.toml", text)
    page = open_page("prices")
    before = rows(page)
    asked = page.session_state["scenario"]
    assert usd_of(SMALL, asked) == 0.5
    page.button(key="prices/compare").click().run()
    assert not page.exception
    (shown,) = [t.value for t in page.dataframe if "Theirs over ours" in t.value]
    row = shown[shown["Option"] == SMALL].iloc[0]
    assert (row["Ours (USD)"], row["Theirs (USD)"]) == (0.5, 0.02)
    assert file.read_text() == text
    page.button(key="prices/write").click().run()
    assert not page.exception
    assert file.read_text() != text
    assert rows(page) == before + len(shown)
    assert any("no newer price" in str(box.value) for box in page.success)
    assert usd_of(SMALL, asked) == 0.02


def usd_of(option_id: str, asked: Scenario) -> float | None:
    """The price that the page's answer rests on."""
    rows = cached_answer.snapshot(asked).rows
    return next(row.option.price.usd for row in rows if row.option.id == option_id)


def test_without_the_package_the_page_says_how_to_install_it(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a sentence; the rest of the page stays."""
    monkeypatch.setitem(sys.modules, "genai_prices.data", None)
    page = open_page("prices")
    page.button(key="prices/compare").click().run()
    assert not page.exception
    said = str(page.error[0].value).replace("\\", "")
    assert 'pip install -e ".[prices]"' in said
    assert rows(page) > 0


def test_what_cannot_be_written_is_said(data_dir: Path, open_page: OpenPage) -> None:
    """A folder that became a file meanwhile: a sentence, and the page is as it was."""
    need_module("genai_prices", "the extra prices (genai-prices)")
    day = (datetime.now(tz=UTC).date() - timedelta(days=1)).isoformat()
    text = priced("openai", "text-embedding-3-small", "0.5", day)
    file = write(data_dir / "catalog", "api/openai.toml", text)
    page = open_page("prices")
    page.button(key="prices/compare").click().run()
    file.unlink()
    file.parent.rmdir()
    file.parent.write_text("")
    page.button(key="prices/write").click().run()
    assert not page.exception
    assert any("cannot be written" in str(box.value) for box in page.error)
