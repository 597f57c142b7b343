"""A page that runs, and a browser."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.benchmarks.browser import chromium
from tests.benchmarks.server import PAGE, streamlit
from tests.conftest import need

ADDED = "page.example.com,*.example.org"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page with an empty data folder, to which its owner has given more names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREAKEVEN_ALLOWED_HOSTS", ADDED)
        with streamlit("run", str(PAGE)) as (url, _):
            yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    need(shutil.which("chromium"), "chromium")
    with chromium() as started:
        yield started
