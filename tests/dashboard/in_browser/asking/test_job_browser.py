"""The page One-off job in a real browser: type, read, take the table along."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.benchmarks.server import PAGE, streamlit
from tests.dashboard.browsing import settle, unfold

pytestmark = pytest.mark.browser

PATIENCE_MS = 120_000
CORPUS = "Corpus to embed at the start (tokens)"


def test_a_job_is_typed_answered_and_taken_along(browser: Browser, tmp_path: Path) -> None:
    """Its tokens and days stand in the link; the CSV has every way; Compare points back to it."""
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 1400})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/job")
        page.get_by_text("such as 10e9").wait_for(timeout=PATIENCE_MS)
        for label, typed in ((CORPUS, "10e9"), ("Deadline of the corpus (days)", "14")):
            field = page.get_by_role("spinbutton", name=label)
            field.fill(typed)
            field.press("Enter")
            settle(page)
        page.wait_for_url("**corpus=**", timeout=PATIENCE_MS)
        expect(page.get_by_role("heading", level=2).first).to_contain_text("in all")
        expect(page.get_by_text("Cost and days of every way").first).to_be_visible()
        # The sidebar's fold has the rest of its inputs, and none of the page's a second time.
        unfold(page, "Corpus and re-embedding")
        settle(page)
        expect(page.get_by_role("spinbutton", name=CORPUS)).to_have_count(1)
        with page.expect_download(timeout=PATIENCE_MS) as taken:
            page.get_by_test_id("stDownloadButton").last.click()
        file = tmp_path / "ways.csv"
        taken.value.save_as(file)
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) > 400
        assert "Job (USD)" in lines[0]
        page.get_by_role("link", name="Compare", exact=True).click()
        page.get_by_role("link", name="Weigh it by every way").click(timeout=PATIENCE_MS)
        expect(page.get_by_text("Ways, cheapest first")).to_be_visible(timeout=PATIENCE_MS)
        page.close()
        assert not complaints
