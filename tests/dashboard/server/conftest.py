"""A page that runs."""

from collections.abc import Iterator

import pytest

from tests.benchmarks.server import PAGE, streamlit

ADDED = "page.example.com,*.example.org"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A page with an empty data folder, to which its owner has given more names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREAKEVEN_ALLOWED_HOSTS", ADDED)
        with streamlit("run", str(PAGE)) as (url, _):
            yield url
