"""Choosing a run in a real browser: the table is a canvas, which no other test can tick."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from core.settings import Settings
from core.store.open import open_store
from core.store.runs import RunState
from tests.benchmarks.server import PAGE, streamlit
from tests.dashboard.past_runs import api_plan, local_plan, whole_run, write_run

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
ROW_PX = 35


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A page over a store with three runs: of this machine, then two of an API."""
    url = SecretStr(f"sqlite:///{tmp_path / 'history.db'}")
    store = open_store(Settings(data_dir=tmp_path, database_url=url))
    plan = api_plan()
    write_run(store, plan, RunState.LOST, whole_run(plan)[:9], age_days=3, error="It died.")
    write_run(store, plan, RunState.DONE, whole_run(plan, failures=[9]), age_days=2)
    write_run(store, local_plan(), RunState.DONE, whole_run(local_plan()), age_days=1)
    store.close()
    monkeypatch.setenv("BREAKEVEN_DATABASE_URL", url.get_secret_value())
    with streamlit("run", str(PAGE)) as (found, _):
        yield found


def tick(page: Page, row: int) -> None:
    """Click the box at the left of a row of the history, counted from 1."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + (row + 0.5) * ROW_PX)


def expect_run(page: Page, words: str) -> None:
    """Wait until the run shown is the one with these words in its heading."""
    heading = page.get_by_role("heading", level=5).filter(has_text=words)
    expect(heading).to_be_visible(timeout=PATIENCE_MS)


def test_a_run_is_chosen_by_its_row_and_by_its_name(browser: Browser, address: str) -> None:
    """Row and name stay in step: a run chosen by name drops the tick of another."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/latency")
    expect_run(page, "This machine")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE_MS)
    tick(page, 3)
    expect_run(page, "lost after 9 of 83 requests")
    page.get_by_role("combobox", name="Run").click()
    page.get_by_role("option").filter(has_text="Label of alpha/flat · open loop · done").click()
    expect_run(page, "Label of alpha/flat: 2026-01-13 12:00 UTC, done")
    # Had the third row kept its tick, this click would take it away and choose nothing.
    tick(page, 3)
    expect_run(page, "lost after 9 of 83 requests")
    page.close()
