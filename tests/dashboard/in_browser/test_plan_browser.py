"""The page Plan in a real browser: a file of requests becomes the load of the link."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.benchmarks.server import PAGE, streamlit

pytestmark = pytest.mark.browser

PATIENCE_MS = 120_000


def write_export(path: Path) -> None:
    """Three days: a request every ten minutes, every minute in the two busy hours."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    rows = ["timestamp,prompt_tokens"]
    for minute in range(3 * 24 * 60):
        at = start + timedelta(minutes=minute)
        if at.hour in (14, 15) or minute % 10 == 0:
            rows.append(f"{at.isoformat()},{300 if minute % 20 else 100}")
    path.write_text("\n".join(rows), encoding="utf-8")


def test_an_export_is_read_shown_and_taken_over(browser: Browser, tmp_path: Path) -> None:
    """Its volume, rhythm and lengths stand in the link afterwards; the page leaves no error."""
    export = tmp_path / "requests.csv"
    write_export(export)
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page(viewport={"width": 1440, "height": 1200})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.get_by_text("Import your own load").click(timeout=PATIENCE_MS)
        page.locator("input[type=file]").set_input_files(export)
        page.get_by_text("The rhythm is that of a day's 24 hours").wait_for(timeout=PATIENCE_MS)
        expect(page.get_by_text("Peak-to-mean ratio").last).to_be_visible()
        page.get_by_role("button", name="Use this load").click()
        page.wait_for_url("**hours=**", timeout=PATIENCE_MS)
        assert "q=" in page.url
        assert "cv=" in page.url
        page.get_by_role("button", name="Take it back").click()
        page.wait_for_url(lambda url: "hours=" not in url, timeout=PATIENCE_MS)
        page.close()
        assert not complaints
