"""From a person's own pairs to recall beside cost, in a real browser."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.runs.places.folders import models_folder
from tests.benchmarks.server import PAGE, served
from tests.catalog.own.own_texts import MINE, write
from tests.servers.ground_truth import Config, GroundTruthServer

pytestmark = [pytest.mark.browser, pytest.mark.local_model]

PATIENCE_MS = 120_000
Serve = Callable[..., GroundTruthServer]


def write_pairs(path: Path) -> None:
    """30 queries: the model of this machine knows what belongs together, the stand-in does not."""
    things = ("bread", "a bicycle", "the moon", "a violin", "coffee", "a passport")
    asked = ("Where do I get {}?", "Who made {} first?", "What does {} cost?", "Is {} old?")
    rows = [f"{ask.format(thing)},About {thing}: {ask.format('it')}" for ask in asked
            for thing in things]  # fmt: skip
    rows += [f"How heavy is {thing}?,The weight of {thing} in kilograms" for thing in things]
    path.write_text("\n".join(["query,relevant", *rows]), encoding="utf-8")


def recall_cells(page: Page, rows: int) -> list[str]:
    """The column Recall of the first page's table, from what its canvas says to screen readers."""
    grid = page.get_by_test_id("stDataFrame").last.locator("[role=grid]")
    heading = grid.locator("[role=columnheader]", has_text="Recall")
    heading.wait_for(state="attached", timeout=PATIENCE_MS)
    column = heading.get_attribute("aria-colindex")
    cells = grid.locator(f"[role=gridcell][aria-colindex='{column}']")
    expect(cells).to_have_count(rows, timeout=PATIENCE_MS)
    return [text.replace("\xa0", " ") for text in cells.all_text_contents()]


def test_own_pairs_become_recall_beside_cost(
    browser: Browser,
    embedding_server: Serve,
    exported_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Upload, confirm, start; then a sentence tells the two apart, and the first page has both."""
    data, own, file = tmp_path / "data", tmp_path / "own", tmp_path / "pairs.csv"
    write_pairs(file)
    shutil.copytree(exported_model, models_folder(data), copy_function=os.link)
    server = embedding_server(Config())
    write(own, "api/mine.toml", MINE.replace("https://api.mine.example", server.origin))
    monkeypatch.setenv("BREAKEVEN_CATALOG_DIR", str(own))
    with served("run", str(PAGE), data=data) as page_server:
        page = browser.new_page(viewport={"width": 1440, "height": 1200})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{page_server.url}/plan?o=this-machine,mine/small")
        page.get_by_text("What a cheaper model would lose").click(timeout=PATIENCE_MS)
        page.locator("input[type=file]").first.set_input_files(file)
        page.get_by_text("30 queries over 30 documents").wait_for(timeout=PATIENCE_MS)
        start = page.get_by_role("button", name="Test quality")
        expect(start).to_be_disabled(timeout=PATIENCE_MS)
        assert not server.truths
        page.get_by_role("button", name=f"I know {server.origin[7:]}").click()
        page.get_by_text("60 texts to 2 models: 120 in all").wait_for(timeout=PATIENCE_MS)
        expect(start).to_be_enabled(timeout=PATIENCE_MS)
        start.click()
        page.get_by_text("Newest test").wait_for(timeout=PATIENCE_MS)
        sentence = page.get_by_text("points less of what is relevant (recall@10) than This machine")
        expect(sentence.first).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_role("link", name="Compare").click()
        cells = recall_cells(page, 2)
        assert all("@10" in cell for cell in cells)
        assert cells[0] != cells[1]
        page.close()
        assert not complaints
