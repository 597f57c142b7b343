"""The local engine on the page Latency."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.engines.common.status import EngineStatus
from core.scenario import THIS_MACHINE, Scenario
from core.settings import load_settings
from core.store.open import open_store
from dashboard.resources import engine
from tests.dashboard.app_pages.conftest import OpenPage
from tests.dashboard.app_pages.test_latency_page import texts
from tests.dashboard.sweeps import report, write_sweep


@pytest.fixture
def swept(data_dir: Path) -> None:
    """A store with a finished sweep."""
    assert data_dir
    store = open_store(load_settings())
    write_sweep(store, report(notes=("Out of memory: batches of 512 tokens from now on.",)))
    store.close()


def compared(page: AppTest) -> tuple[str, ...]:
    """The options that the session compares."""
    scenario: Scenario = page.session_state["scenario"]
    return scenario.options


def test_before_a_sweep_it_says_what_one_does(open_page: OpenPage) -> None:
    """No empty charts, and the button is there."""
    page = open_page("latency")
    assert not page.exception
    assert "Not measured yet. A sweep takes about a minute" in texts(page)


@pytest.mark.usefixtures("swept")
def test_a_sweep_is_shown_with_fit_mfu_and_prediction(open_page: OpenPage) -> None:
    """Rates, verdict, both loads with their error and what limits them, and the notes."""
    page = open_page("latency")
    assert not page.exception
    metrics = {m.label: str(m.value).replace("\xa0", " ") for m in page.metric}
    assert metrics["Full batches"] == "5,000 tokens/s"
    assert metrics["MFU"] == "31 %"
    assert metrics["Energy"] == "unknown"
    said = texts(page).replace("\xa0", " ")
    assert "a good server" in said
    assert "p95 predicted 60 ms, measured 50 ms, +20%" in said
    assert "what is off is the batch times, not the queue" in said
    assert "batches of 512 tokens" in said
    assert "Predicted, not measured" in said


@pytest.mark.usefixtures("swept")
def test_what_a_card_would_do_is_a_prediction_with_a_range(open_page: OpenPage) -> None:
    """By the law of size, for every card of the catalogue; of an unknown model nothing."""
    open_page("latency")
    rows = engine.predicted("sentence-transformers/all-MiniLM-L6-v2", Scenario())
    assert rows
    for row in rows:
        assert row.basis == "predicted"
        assert row.high_tokens_per_s > 4 * row.low_tokens_per_s
        assert row.low_tokens_per_s < row.tokens_per_s < row.high_tokens_per_s
    assert engine.predicted("nobody/knows", Scenario()) == ()


def test_without_the_local_model_the_button_says_what_is_missing(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence with the command instead of a form that fails."""
    bare = EngineStatus(versions=(), missing=("torch",), device="cpu", device_reason="no torch")
    monkeypatch.setattr(engine, "engine_status", lambda: bare)
    page = open_page("latency")
    assert not page.exception
    assert engine.missing().startswith("not installed: torch. Run: python -m pip install")


@pytest.mark.usefixtures("swept")
def test_what_the_sweep_replaces_stands_beside_it(open_page: OpenPage) -> None:
    """Before and measured, by figure."""
    page = open_page("latency")
    (table,) = [t.value for t in page.dataframe if "Measured here" in t.value.columns]
    rows = {row["Figure"]: row for row in table.to_dict("records")}
    assert rows["Throughput in full batches"]["Before"] == "nothing: it was not measured"
    assert rows["Throughput in full batches"]["Measured here"].endswith("tokens/s")
    assert rows["Start of a batch"]["Measured here"] == "2 ms"


@pytest.mark.usefixtures("swept")
def test_one_click_takes_this_machine_into_the_comparison_and_one_out(open_page: OpenPage) -> None:
    """And the link says so."""
    page = open_page("latency")
    button = page.button(key="engine/compare")
    assert button.label == "Leave this machine out"
    page = button.click().run()
    assert not page.exception
    assert THIS_MACHINE not in compared(page)
    page = page.button(key="engine/compare").click().run()
    assert page.button(key="engine/compare").label == "Leave this machine out"
    assert THIS_MACHINE in compared(page)
