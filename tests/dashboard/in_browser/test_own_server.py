"""A server in a private network: typed, or of a link, on one's own page and on a shared one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.benchmarks.server import PAGE, streamlit
from tests.catalog.own.own_texts import MINE, write
from tests.dashboard.in_browser.test_story import PATIENCE_MS, start_probe, type_into
from tests.runs.working.stopped import wait_for_requests
from tests.servers.ground_truth import Config, GroundTruthServer

pytestmark = pytest.mark.browser

Serve = Callable[..., GroundTruthServer]


@pytest.fixture
def server(private_address: str, embedding_server: Serve) -> GroundTruthServer:
    """A server that listens at a private address alone."""
    return embedding_server(Config(address=private_address))


def chosen(page: Page, dialog: Locator, name: str) -> None:
    """Choose what to probe."""
    dialog.get_by_role("combobox", name="What to probe").click()
    page.get_by_role("option", name=name).first.click()


def typed(page: Page, server: GroundTruthServer) -> None:
    """Type the server's address into the form, and start."""

    def fill(dialog: Locator) -> None:
        chosen(page, dialog, "Custom OpenAI-compatible endpoint")
        type_into(dialog, "Base address", server.base_url)
        type_into(dialog, "Model", "ground-truth")

    start_probe(page, fill)


def test_on_ones_own_page_a_typed_address_is_probed_and_a_link_s_is_asked_about_once(
    browser: Browser,
    server: GroundTruthServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The question shows host and port; the answer outlives the session."""
    authority = server.origin.removeprefix("http://")
    write(tmp_path, "api/mine.toml", MINE.replace("https://api.mine.example", server.origin))
    monkeypatch.setenv("BREAKEVEN_CATALOG_DIR", str(tmp_path))
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page()
        for asked in (True, False):
            page.goto(f"{address}/?o=mine/small,openai/text-embedding-3-small")
            page.get_by_role("button", name="Probe provider").click(timeout=PATIENCE_MS)
            dialog = page.get_by_role("dialog")
            chosen(page, dialog, "Mine small")
            start = dialog.get_by_role("button", name="Start")
            if asked:
                expect(dialog.get_by_text(f"Nobody has typed {authority} here")).to_be_visible(
                    timeout=PATIENCE_MS
                )
                expect(start).to_be_disabled()
                dialog.get_by_role("button", name=f"I know {authority}").click()
            expect(dialog.get_by_text(f"Sends to {server.origin}")).to_be_visible(
                timeout=PATIENCE_MS
            )
            expect(start).to_be_enabled(timeout=PATIENCE_MS)
            expect(dialog.get_by_text("Nobody has typed")).to_have_count(0)
        assert not server.connections
        page.keyboard.press("Escape")
        typed(page, server)
        wait_for_requests(server, 3)
        page.close()


def test_on_a_page_that_others_reach_the_setting_alone_allows_it(
    browser: Browser, server: GroundTruthServer
) -> None:
    """The refusal names the setting, and nothing was sent."""
    with streamlit("run", str(PAGE), listens="0.0.0.0") as (address, _):  # noqa: S104 -- the point
        page = browser.new_page()
        page.goto(address)
        typed(page, server)
        refusal = page.get_by_role("dialog").get_by_text("BREAKEVEN_ALLOW_NETWORKS=10.0.0.0/8")
        expect(refusal).to_be_visible(timeout=PATIENCE_MS)
        page.close()
    assert not server.connections
