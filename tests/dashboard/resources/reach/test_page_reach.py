"""Whose page it is: where others may reach it, no word of a visitor opens a private address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config

from core.catalog.own.joined import joined_catalog
from core.runs.starting.candidates import Candidate, catalogue_candidate, custom_candidate
from core.runs.trust.confirmed import confirmed_servers
from dashboard.resources.cached import cached_store
from dashboard.resources.reach import page_reach
from tests.catalog.own.own_texts import MINE, write

OPENAI = "openai/text-embedding-3-small"
TYPED = custom_candidate("http://10.0.0.5:8080/v1", "m")


@pytest.fixture(autouse=True)
def _nothing_cached(data_dir: Path) -> Iterator[None]:
    assert data_dir
    st.cache_resource.clear()
    before = config.get_option("server.address")
    yield
    config.set_option("server.address", before)
    st.cache_resource.clear()


@pytest.fixture
def own(tmp_path: Path) -> Candidate:
    """An option of a folder of one's own."""
    write(tmp_path, "api/mine.toml", MINE.replace("https://api.mine.example", "http://tei"))
    return catalogue_candidate(joined_catalog(tmp_path).catalog, "mine/small")


@pytest.mark.parametrize("place", ["localhost", "127.0.0.1", "::1", "127.1"])
def test_on_a_page_of_ones_own_what_is_typed_or_confirmed_is_allowed(
    place: str, own: Candidate
) -> None:
    """A word for one server is none for another, and a provider's server needs none."""
    config.set_option("server.address", place)
    provider = catalogue_candidate(joined_catalog(Path("/none")).catalog, OPENAI)
    asked = [TYPED, own, provider]
    assert page_reach.foreign_servers(asked) == ("tei:80",)
    assert page_reach.servers_allowed(asked) == ("10.0.0.5:8080",)
    page_reach.confirm(["tei:80"])
    assert page_reach.foreign_servers(asked) == ()
    assert page_reach.servers_allowed(asked) == ("10.0.0.5:8080", "tei:80")


@pytest.mark.parametrize(
    ("place", "hosts"),
    [
        *(("0.0.0.0", ""), ("::", ""), ("", ""), (None, ""), ("192.168.1.5", "")),  # noqa: S104
        *(("page.example.com", ""), ("localhost", "page.example.com")),
    ],
)
def test_on_a_page_that_others_reach_no_word_counts(
    place: str | None, hosts: str, own: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listening elsewhere, or behind a proxy by another name; nothing is kept for others."""
    monkeypatch.setenv("BREAKEVEN_ALLOWED_HOSTS", hosts)
    config.set_option("server.address", place)
    page_reach.confirm(["tei:80"])
    assert confirmed_servers(cached_store.settings().data_dir) == frozenset()
    assert page_reach.foreign_servers([TYPED, own]) == ("tei:80",)
    assert page_reach.servers_allowed([TYPED, own]) == ()
