"""The page One-off job: what to type, the answer, the chart, every way as a table."""

import pytest
from streamlit.testing.v1 import AppTest

from core.catalog.load import load_catalog
from core.decide.case import Case
from core.decide.job.job_words import headline
from core.decide.job.one_off_job import OneOffJob
from core.scenario import Scenario, Workload
from tests.dashboard.app_pages.conftest import OpenPage


def words(page: AppTest) -> str:
    """All markdown, captions and remarks of the page, without the escapes."""
    parts = (*page.markdown, *page.caption, *page.info)
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


def asked(page: AppTest, **values: float | str) -> AppTest:
    """The page with these fields, by their URL keys."""
    for key, value in values.items():
        page.session_state[f"in/{key}"] = value
    page.run()
    assert not page.exception
    return page


def test_without_a_corpus_it_says_what_to_type(open_page: OpenPage) -> None:
    """No table, no chart, and an example."""
    page = open_page("job")
    assert not page.exception
    assert "such as 10e9" in words(page)
    assert not page.dataframe


def test_the_answer_is_that_of_the_model(open_page: OpenPage) -> None:
    """The same headline as the terminal's; the table has the cheapest first, with evidence."""
    page = asked(open_page("job"), corpus=10e9, days=14.0)
    load = Workload(corpus_tokens=10e9, backfill_days=14.0)
    answer = OneOffJob(Case(Scenario(workload=load), load_catalog())).answer
    assert headline(answer) in words(page)
    table = next(frame.value for frame in page.dataframe if "Way" in frame.value.columns)
    assert "Then" not in table.columns
    costs = [usd for usd in table["Job (USD)"] if usd == usd]
    assert costs == sorted(costs)
    assert {"predicted", "published"} & set(table["Rate is"])


def test_what_comes_afterwards_is_in_the_table_and_in_the_sentence(open_page: OpenPage) -> None:
    """A column for who, a month's cost, and all of it over the horizon."""
    page = asked(open_page("job"), corpus=10e9, days=14.0, after=50e6, jobvec="hosted")
    table = next(frame.value for frame in page.dataframe if "Way" in frame.value.columns)
    assert {"Then", "Then (USD/month)", "In all (USD)"} <= set(table.columns)
    assert "over 36 months" in words(page)


def test_its_fields_stand_once_whatever_is_unfolded(open_page: OpenPage) -> None:
    """The sidebar's fold leaves out what the page asks by itself."""
    page = open_page("job")
    page.session_state["fold/corpus"] = True
    page.run()
    assert not page.exception
    labels = [field.label for field in page.number_input]
    assert labels.count("Corpus to embed at the start (tokens)") == 1


@pytest.mark.parametrize("corpus", [0.0, 10e9])
def test_compare_points_to_it_where_there_is_a_corpus(open_page: OpenPage, corpus: float) -> None:
    """One sentence on what the corpus costs; none without one."""
    page = asked(open_page("compare"), corpus=corpus)
    assert ("is no part of the monthly cost" in words(page)) is (corpus > 0)
