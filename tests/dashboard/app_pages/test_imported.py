"""An imported run is called so wherever its number is on the page."""

import pytest
from streamlit.testing.v1 import AppTest

from core.scenario import Scenario
from core.store.runs import RunState
from dashboard.components.compare.latency_panel import latency_text
from dashboard.components.compare.option_table import csv
from dashboard.components.compare.provenance_box import option_sources
from dashboard.figures.compare.latency_figure import LatencyRow
from dashboard.resources import history
from dashboard.resources.cached import cached_answer, cached_store
from tests.dashboard.app_pages.conftest import OpenPage
from tests.dashboard.past_runs import PutRun, api_plan, whole_run

PLAN = api_plan("openai/text-embedding-3-small")
FROM = "a stranger's desk"


@pytest.fixture
def imported(put_run: PutRun) -> str:
    """A run of a default option that came from a file."""
    return put_run(PLAN, RunState.DONE, whole_run(PLAN), imported_from=FROM)


def p95_cells(page: AppTest) -> dict[str, str]:
    """Option -> p95, as the first screen's table has them."""
    table = next(frame.value for frame in page.dataframe if "Can serve" in frame.value)
    return dict(zip(table["Option"], table["p95"], strict=True))


def test_the_first_screen_does_not_use_it_until_it_is_chosen_and_then_says_imported(
    page: AppTest, imported: str
) -> None:
    """In the table, the chart, its words for who cannot see it, the sources and the CSV."""
    page.run()
    assert not any("imported" in cell for cell in p95_cells(page).values())
    history.adopt(imported, 0)
    page.run()
    assert p95_cells(page)["OpenAI 3-small"] == "29\u00a0ms, imported"
    snapshot = cached_answer.snapshot(Scenario())
    row = next(row for row in snapshot.rows if row.option.id == PLAN.subject.option_id)
    drawn = LatencyRow(row.option.label, row.measured, row.published)
    assert drawn.name == "imported: OpenAI 3-small"
    assert latency_text(drawn).endswith(f", imported from {FROM}")
    assert f"imported from {FROM}" in option_sources(row, {})
    assert f'"{FROM}"' in csv([row]).decode()
    assert row.slo_reason.startswith("Imported p95")


def test_the_latency_page_says_where_a_run_is_from_and_asks(
    open_page: OpenPage, imported: str
) -> None:
    """In the list, in the heading, among the circumstances, and beside the button."""
    page = open_page("latency")
    history_table = next(frame.value for frame in page.dataframe if "Mode" in frame.value)
    assert history_table["Where"].tolist() == [f"imported from {FROM}, a test"]
    said = " ".join(str(part.value) for part in page.markdown).replace("\\", "")
    assert ", imported" in next(part for part in said.split("#####") if "Label of" in part)
    assert f"This run was imported from {FROM}." in said
    assert "is not judged by it until you choose it" in said
    assert f"Imported from: {FROM}" in said
    button = page.button(key="latency/adopt/0")
    assert button.label == "Use this imported run in the scenario"
    button.click().run()
    said = " ".join(str(part.value) for part in page.markdown).replace("\\", "")
    assert "is judged by it: you chose it" in said
    assert cached_store.measurements()[PLAN.subject.option_id].run_id == imported
    assert not page.exception
