"""Pages with a history, and pages whose parts are broken."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import CatalogError
from core.settings import load_settings
from core.store.open import open_store
from dashboard.resources.cached import cached_catalogue
from tests.dashboard.past_runs import PutRun, write_run

OpenPage = Callable[[str], AppTest]


@pytest.fixture
def put_run(data_dir: Path) -> Iterator[PutRun]:
    """Write runs into the store that the page will open."""
    assert data_dir  # the settings below read the variable that it sets
    store = open_store(load_settings())
    yield partial(write_run, store)
    store.close()


@pytest.fixture
def open_page(page: AppTest) -> OpenPage:
    """Open one page of the app by the name of its file and run it."""

    def open_named(name: str) -> AppTest:
        page.run()
        page.switch_page(f"app_pages/{name}_page.py")
        return page.run()

    return open_named


@pytest.fixture
def broken_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue that does not load."""

    def refuse(_folder: Path, **_cache: Path) -> None:
        raise CatalogError("api/alpha.toml, prices[0].usd is $zero*: write a number")

    monkeypatch.setattr(cached_catalogue, "joined_catalog", refuse)


@pytest.fixture
def broken_store(data_dir: Path) -> None:
    """A data folder that is a file."""
    data_dir.write_text("not a folder")
