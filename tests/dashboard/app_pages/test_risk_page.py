"""The page Risk: what could change the answer, and what to measure first."""

from collections.abc import Hashable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.cost.many_scenarios.laws import LawKind
from core.decide.result.belief import Range
from tests.dashboard.app_pages.conftest import OpenPage


def words(page: AppTest) -> str:
    """All markdown of the page, without the escapes."""
    return "\n".join(str(part.value).replace("\\", "") for part in page.markdown)


def table(page: AppTest, heading: str) -> list[dict[Hashable, Any]]:
    """The first table on the page with a column of this name."""
    found = next(frame.value for frame in page.dataframe if heading in frame.value.columns)
    return found.to_dict("records")


def test_it_says_what_to_measure_first_and_what_is_worth_nothing(open_page: OpenPage) -> None:
    """In numbers that the table repeats; at ten million requests a day dollars depend on it.

    Of those whose limit is known to let so much through.
    """
    page = open_page("risk")
    page.session_state["in/q"] = 10_000_000.0
    page.session_state["in/o"] = ["databricks/qwen3-embedding-0-6b", "owned/rtx-4080"]
    page.run()
    assert not page.exception
    text = words(page)
    assert "first: knowing it is worth up to $" in text
    assert "is worth nothing" in text
    rows = table(page, "Worth knowing (USD/month)")
    assert rows[0]["Worth knowing (USD/month)"] == max(
        row["Worth knowing (USD/month)"] for row in rows
    )


def test_the_chances_of_all_options_sum_to_one(open_page: OpenPage) -> None:
    """Each option that can serve the volume has its share."""
    rows = table(open_page("risk"), "Chance cheapest")
    assert sum(float(str(row["Chance cheapest"])) for row in rows) == pytest.approx(1.0)


def test_at_the_horizon_growth_counts(open_page: OpenPage) -> None:
    """Another volume, another answer."""
    page = open_page("risk")
    page.session_state["in/g"] = 0.2
    page.run()
    page.segmented_control(key="risk/when").set_value("Volume at the horizon").run()
    assert not page.exception
    assert "886 B" in words(page).replace("\u00a0", " ")
    inputs = table(page, "Worth knowing (USD/month)")
    assert "Growth per month" in {row["Input"] for row in inputs}


def test_every_flip_is_found_and_said(open_page: OpenPage) -> None:
    """A button, then sentences with both values, and a chart."""
    page = open_page("risk")
    page.button(key="risk/look").click().run(timeout=120)
    text = words(page).replace("\u00a0", " ")
    assert not page.exception
    # By means: $26.51 of HF's for a request of 45 to 180 ms, less Cloudflare's other costs.
    assert "Price of Cloudflare bge-m3 above $0.0176" in text
    assert "(now $0.012 per 1M tokens): HF Inference (bge-large) wins." in text


def test_a_flip_is_marked_at_its_slider_until_something_else_is_turned(open_page: OpenPage) -> None:
    """Longer texts than bge-large reads change the answer: the slider of the length says so."""
    page = open_page("risk")
    page.multiselect(key="in/o").set_value(["databricks/bge-large-en", "aws/g6.xlarge"]).run()
    page.button(key="risk/look").click().run(timeout=120)
    marks = [str(part.value).replace("\\", "") for part in page.caption if "◆" in part.value]
    assert len(marks) == 1
    assert "from 517: nobody can serve" in marks[0] or "from 518: nobody" in marks[0]
    page.select_slider(key="in/t").set_value(400.0).run()
    assert any("◆" in part.value for part in page.caption)
    page.select_slider(key="in/peak").set_value(5.0).run()
    assert not any("◆" in part.value for part in page.caption)


def test_a_million_samples_are_shown_with_their_errors(open_page: OpenPage) -> None:
    """The run goes through its batches and keeps what it found."""
    page = open_page("risk")
    page.button(key="risk/long/start").click().run(timeout=120)
    assert not page.exception
    assert "From 1,000,000 samples:" in words(page)
    rows = table(page, "Figure")
    assert all(float(str(row["± (1 s.e.)"])) >= 0 for row in rows)


def test_one_option_leaves_nothing_to_choose(open_page: OpenPage) -> None:
    """No traceback, no worth; and with none a sentence."""
    page = open_page("risk")
    page.multiselect(key="in/o").set_value(["openai/text-embedding-3-small"]).run()
    assert not page.exception
    assert "Nothing that is not known could change the answer" in words(page)
    page.multiselect(key="in/o").set_value([]).run()
    assert not page.exception
    assert "there is nothing to choose between" in words(page)


def test_a_range_that_makes_no_sense_is_said_and_not_used(open_page: OpenPage) -> None:
    """The sentence names the input; the range of the sources stays in force."""
    page = open_page("risk")
    page.session_state["risk/ranges"] = (("labour", Range(LawKind.LOG_UNIFORM, 9_000, 100)),)
    page.run()
    assert not page.exception
    said = [str(part.value).replace("\\", "") for part in page.warning]
    assert any("Labour: the range is upside down" in sentence for sentence in said)
    page.session_state["risk/ranges"] = (("labour", Range(LawKind.TWO_STATES, 2_000, 4_000)),)
    page.run()
    assert not page.warning
    page.button(key="risk/reset").click().run()
    assert page.session_state["risk/ranges"] == ()
