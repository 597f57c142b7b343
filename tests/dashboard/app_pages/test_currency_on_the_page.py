"""Every page in the reader's currency: nothing of USD is left but what is typed, or spent."""

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.money import Money, Rate
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.option_table import csv
from dashboard.components.compare.verdict_text import verdict_text
from dashboard.resources.cached import cached_answer

RATE = 2.0
POUNDS = Money("GBP", Rate(RATE, "2026-11-30", "yours"))
AMOUNT = re.compile(r"\$ ?\d")


@pytest.fixture
def in_pounds(page: AppTest) -> AppTest:
    """The page in pounds of two dollars."""
    for name, value in (("cur", "GBP"), ("fx", str(RATE)), ("fxday", "2026-11-30"), ("g", "0.1")):
        page.query_params[name] = value
    return page.run()


def said(page: AppTest) -> Iterator[str]:
    """All text of the page's body."""
    for kind in (page.main.markdown, page.main.caption, page.main.info):
        yield from (str(part.value).replace("\\", "") for part in kind)


@pytest.mark.parametrize("name", ["compare", "plan", "risk", "prices"])
def test_a_page_in_pounds_names_no_dollars(in_pounds: AppTest, name: str) -> None:
    """Sentences, headings of tables and texts in cells; sums appear with the pound's sign."""
    page = in_pounds if name == "compare" else in_pounds.switch_page(f"app_pages/{name}_page.py")
    page.run()
    assert not page.exception
    words = [text for text in said(page) if "sources disagree" not in text.casefold()]
    assert any("£" in text for text in words) is (name in {"compare", "plan", "prices"})
    if name != "prices":  # there sources are quoted in their own words
        assert [text for text in words if AMOUNT.search(text)] == []
    tables = [part.value for part in page.dataframe if "Low" not in part.value]
    headings = [str(column) for table in tables for column in table]
    assert [heading for heading in headings if "USD" in heading] == []
    assert [heading for heading in headings if "GBP" in heading]


def test_the_headline_and_the_table_are_those_of_the_model_at_the_rate(in_pounds: AppTest) -> None:
    """The model computes in USD; what is read is turned once."""
    asked = Scenario()
    load = asked.workload.model_copy(update={"growth_per_month": 0.1})
    asked = asked.model_copy(update={"workload": load})
    snapshot = cached_answer.snapshot(asked)
    with formats.showing(POUNDS):
        expected = formats.plain(verdict_text(snapshot, asked).headline)
        record = csv(snapshot.rows).decode().splitlines()
    assert any(text.startswith(f"## {expected}".replace("\\", "")) for text in said(in_pounds))
    table = in_pounds.dataframe[-1].value
    usd = [row.usd_per_month for row in snapshot.rows if row.usd_per_month is not None]
    assert table["GBP/month"].dropna().tolist() == pytest.approx([each / RATE for each in usd])
    assert "gbp_per_month" in record[0]
    assert "usd" not in record[0]


def test_a_call_made_later_keeps_the_currency_of_its_page() -> None:
    """A file is made when it is asked for, outside of the session that asked."""
    with formats.showing(POUNDS):
        later = formats.as_now(lambda: formats.usd(10.0))
    assert later() == "£5.00"
    assert formats.usd(10.0) == "$10"


def test_what_is_typed_and_what_probes_cost_stay_in_dollars(in_pounds: AppTest) -> None:
    """The sliders of own prices and the caps are what they were: typed, and held, in USD."""
    page = in_pounds
    for fold in ("prices", "owned"):
        page.session_state[f"fold/{fold}"] = True
    page.run()
    prices = [s for s in page.sidebar.select_slider if str(s.key).startswith("price/")]
    assert prices
    assert all(str(choice).startswith(("$", "no price")) for s in prices for choice in s.options)
    next(button for button in page.button if button.label == "Probe provider").click().run()
    assert any(
        "$0.05 a run and $1.00 a day" in str(part.value).replace("\\", "")
        for part in (*page.markdown, *page.caption)
    )
