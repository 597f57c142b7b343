"""What a person types of his own machines, rates and cards becomes options of the page."""

from collections.abc import Iterator
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.errors import CatalogError
from core.runs.starting.candidates import custom_candidate, plan_for
from dashboard.resources import own_options
from dashboard.resources.cached import cached_catalogue
from tests.dashboard.app_pages.conftest import OpenPage
from tests.dashboard.past_runs import PutRun, whole_run

CHOSEN = ("card", "had", "unit")
"""Fields that others depend on: they are set first."""


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    """What a test adds is no option of the next one."""
    yield
    cached_catalogue.read_again()


def typed(page: AppTest, kind: str, **fields: Any) -> AppTest:
    """Choose a form, fill it in, press its button."""
    choose(page, kind)
    for name, value in fields.items():
        if name in CHOSEN:
            widget_of(page, f"own/page-{kind}/{name}").set_value(value).run()
    for name, value in fields.items():
        if name not in CHOSEN:
            widget_of(page, f"own/page-{kind}/{name}").set_value(value)
    return page.button(key=f"own/page-{kind}/add").click().run()


def choose(page: AppTest, kind: str) -> None:
    """Show a form, if it is not there."""
    kinds = page.segmented_control(key="own/kind")
    word = "API" if kind == "api" else kind.capitalize()
    if kinds.value != word:
        kinds.set_value(word).run()


def widget_of(page: AppTest, key: str) -> Any:
    """The widget with a key, of whatever kind it is."""
    typed_in = (page.text_input, page.text_area, page.number_input)
    kinds = (*typed_in, page.selectbox, page.segmented_control)
    (widget,) = [one for kind in kinds for one in kind if one.key == key]
    return widget


def test_machine_rate_and_card_are_added_compared_and_removed(open_page: OpenPage) -> None:
    """Each is read by its own form; the comparison has them at once."""
    page = open_page("prices")
    card = {"dense_tflops": 900.0, "bandwidth_gb_s": 3900.0, "memory_gb": 94.0, "tdp_w": 400.0}
    page = typed(page, "card", name="H 300", usd_new=30_000.0, **card)
    assert "Yours\\: H 300 (owned)" in page.success[0].value
    page = typed(
        page, "machine", name="Rack", card="h-300", had="bought", usd=9000.0, life_months=48
    )
    assert "Yours\\: Rack" in page.success[0].value, [error.value for error in page.error]
    rate = {"tokens_per_s": 12_000.0, "tokens_per_text": 512.0}
    page = typed(page, "rate", of="rack/h-300", model="BAAI/bge-m3", **rate)
    assert not page.error
    assert not page.exception
    options = page.query_params["o"]
    assert "owned/h-300" in str(options)
    assert "rack/h-300@BAAI/bge-m3" in str(options)
    page.button(key="own/remove/owned/h-300").click().run()
    assert cached_catalogue.catalog().card("h-300") is not None, "a machine rests on it"
    page.button(key="own/remove/rack/h-300").click().run()
    assert "rack/" not in str(page.query_params.get("o"))
    page.button(key="own/remove/owned/h-300").click().run()
    assert cached_catalogue.catalog().card("h-300") is None


def test_an_api_keeps_every_sign_of_its_values_and_its_address_is_mended(
    open_page: OpenPage,
) -> None:
    """One parameter a line: & and = are part of a value; what was changed stands below."""
    page = open_page("prices")
    choose(page, "api")
    widget_of(page, "own/page-api/base_url").set_value("localhost:8080/v1/embeddings").run()
    said = " ".join(caption.value for caption in page.caption)
    assert "The address was mended" in said
    assert "/embeddings was taken off" in said
    typed(
        page,
        "api",
        name="Lab",
        wire_model="bge-m3",
        query="filter=a&b=c\nversion=2",
        body='user="x&y=z"\ntruncate=true',
    )
    assert not page.exception
    assert not page.error, [error.value for error in page.error]
    found = cached_catalogue.catalog().find_api("lab/bge-m3")
    assert found is not None
    endpoint = found[0].endpoint
    assert endpoint is not None
    assert str(endpoint.base_url) == "http://localhost:8080/v1"
    assert dict(endpoint.query) == {"filter": "a&b=c", "version": "2"}
    assert dict(endpoint.body) == {"user": "x&y=z", "truncate": True}


def test_one_of_mine_is_mended_under_its_name(open_page: OpenPage) -> None:
    """Refused at first, for it would take the place of another; then asked for."""
    fields = {"name": "Lab", "base_url": "http://localhost:1/v1", "wire_model": "m"}
    page = typed(open_page("prices"), "api", **fields)
    page = typed(page, "api", usd=2.0, **fields)
    assert "already have lab" in page.error[0].value
    page.checkbox(key="own/page-api/replace").check()
    page = page.button(key="own/page-api/add").click().run()
    assert not page.error
    assert cached_catalogue.list_price("lab/m")[0] == 2.0


def test_what_is_missing_is_said_in_a_sentence(open_page: OpenPage) -> None:
    """Nothing is written, and what was typed stays."""
    page = open_page("prices")
    for kind, fields, said in (
        ("api", {"name": "x"}, "base"),
        ("machine", {"name": "x"}, "needs a card, or a cpu"),
        ("rate", {"of": "owned/l4"}, "model"),
    ):
        page = typed(page, kind, **fields)
        assert said in page.error[0].value
    assert cached_catalogue.catalog().own_providers == frozenset()


def test_where_strangers_reach_the_page_nothing_is_added(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As no address may be typed there."""
    monkeypatch.setenv("BREAKEVEN_ALLOW_CUSTOM_BASE_URL", "false")
    page = open_page("prices")
    assert any("options add" in info.value for info in page.info)
    assert not [one for one in page.segmented_control if one.key == "own/kind"]


def test_a_probed_address_is_added_from_its_run(open_page: OpenPage, put_run: PutRun) -> None:
    """Address and model are there already; what was measured is then the option's."""
    candidate = custom_candidate("http://localhost:8123/v1", "bge-m3")
    schedule = {"kind": "open_loop", "requests": 5, "rate_per_s": 10.0}
    plan = plan_for(candidate, None, texts=("one",), schedule=schedule)
    put_run(plan, samples=whole_run(plan))
    page = open_page("latency")
    page.button(key="latency/as-option").click().run()
    assert widget_of(page, "own/run-api/base_url").value == "http://localhost:8123/v1"
    assert widget_of(page, "own/run-api/wire_model").value == "bge-m3"
    page.button(key="own/run-api/add").click().run()
    assert not page.exception
    assert "Yours\\: localhost-8123 bge-m3" in page.success[0].value


def test_where_strangers_reach_the_page_nothing_of_mine_is_taken_out(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As nothing can be added there: the button is off, and what it calls refuses."""
    fields = {"name": "Lab", "base_url": "http://localhost:1/v1", "wire_model": "m"}
    typed(open_page("prices"), "api", **fields)
    monkeypatch.setenv("BREAKEVEN_ALLOW_CUSTOM_BASE_URL", "false")
    st.cache_resource.clear()
    page = open_page("prices")
    assert page.button(key="own/remove/lab/m").disabled
    with pytest.raises(CatalogError, match="nothing can be removed"):
        own_options.remove("lab/m")
    assert cached_catalogue.catalog().find_api("lab/m") is not None
