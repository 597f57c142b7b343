"""A page that is stopped, as a container's is, takes its probes along."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator
from pydantic import SecretStr

from core.runs.service import Runs
from core.settings import Settings
from core.store.open import open_store
from tests.benchmarks.server import PAGE, streamlit
from tests.dashboard.in_browser.test_story import show, start_probe, type_into
from tests.runs.working.stopped import faults_of_stop, wait_for_requests
from tests.servers.ground_truth import GroundTruthServer

pytestmark = pytest.mark.browser


def test_stopping_the_page_stops_its_probe(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    browser: Browser,
    embedding_server: Callable[..., GroundTruthServer],
) -> None:
    """SIGTERM to its process: nothing more is sent, the run is cancelled, nothing is held."""
    server = embedding_server()
    url = SecretStr(f"sqlite:///{tmp_path / 'runs.db'}")
    monkeypatch.setenv("BREAKEVEN_DATABASE_URL", url.get_secret_value())
    with streamlit("run", str(PAGE)) as (address, _):
        page = browser.new_page()
        show(page, address)

        def fill(dialog: Locator) -> None:
            dialog.get_by_role("combobox", name="What to probe").click()
            page.get_by_role("option", name="Custom OpenAI-compatible endpoint").click()
            type_into(dialog, "Base address", server.base_url)
            type_into(dialog, "Model", "ground-truth")
            type_into(dialog, "Requests per second", "1")

        start_probe(page, fill)
        wait_for_requests(server, 5)
    # The page was sent SIGTERM, and has ended.
    settings = Settings(data_dir=tmp_path, database_url=url)
    store = open_store(settings)
    (view,) = Runs(store, settings).recent()
    assert faults_of_stop(store, settings, view.run_id, server) == []
    store.close()
