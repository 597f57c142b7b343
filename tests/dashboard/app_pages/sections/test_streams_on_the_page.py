"""Documents beside the queries on the first screen: pairs, their costs, and a cheaper one."""

import json
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from core.scenario import Documents, Scenario
from dashboard.components.compare.streams_panel import WAITING
from dashboard.components.compare.verdict_box import QUERIES_ALONE
from dashboard.resources import deciding
from dashboard.state.link import Known, decode, encode
from tests.cli.terminal import breakeven
from tests.dashboard.app_pages.test_compare_page import everything, go_to, parameter

LARGE, LITE = "voyage/voyage-4-large", "voyage/voyage-4-lite"
LINK: Final = {"q": "300000", "t": "100", "dq": "100000", "dt": "400", "o": LARGE}
FLAGS: Final = (
    *("--requests-per-day", "300000", "--set", "workload.tokens_per_request=100"),
    *("--set", "documents.requests_per_day=1e5", "--set", "documents.tokens_per_request=400"),
    *("--option", LARGE),
)


def test_page_terminal_and_json_say_the_same_of_both_streams(page: AppTest, tmp_path: Path) -> None:
    """The answer and the family's cheaper pair; one click compares it, and the sentence is gone."""
    go_to(page, **LINK)
    assert not page.exception
    document = json.loads(breakeven(tmp_path, "compare", "--json", *FLAGS).stdout)["streams"]
    assert QUERIES_ALONE in everything(page)
    assert document["best"]["sentence"] in everything(page)
    cheaper = document["cheaper_pair"]
    assert (cheaper["queries"], cheaper["documents"]) == (LITE, LARGE)
    assert cheaper["sentence"] in everything(page)
    told = " ".join(breakeven(tmp_path, "compare", *FLAGS).stdout.split())
    assert document["best"]["sentence"] in told
    assert cheaper["sentence"] in told
    page.button(key="streams/cheaper").click().run()
    assert not page.exception
    assert parameter(page, "o") == f"{LARGE},{LITE}"
    tables = [frame.value for frame in page.dataframe]
    pairs = next(table for table in tables if "Documents by" in table)
    assert ["Voyage 4-lite", "Voyage 4-large"] in pairs.iloc[:, :2].to_numpy().tolist()
    parts = pairs["Queries (USD/month)"] + pairs["Documents (USD/month)"]
    assert pairs["Both (USD/month)"].to_numpy() == pytest.approx(parts.to_numpy())


def test_without_documents_the_page_says_nothing_of_them(page: AppTest) -> None:
    """Nor does its link."""
    page.run()
    assert "Queries and documents" not in everything(page)
    assert QUERIES_ALONE not in everything(page)
    assert encode(Scenario()) == {}


def test_a_link_carries_the_documents() -> None:
    """There and back, each of its fields."""
    documents = Documents(
        requests_per_day=1_234.5, tokens_per_request=321, length_cv=0.7, within_hours=48
    )
    scenario = Scenario(documents=documents)
    assert decode({k: [v] for k, v in encode(scenario).items()}, Known())[0].documents == documents


def test_while_the_volume_moves_both_streams_wait(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step of the slider asks for no pair."""
    go_to(page, **LINK)
    monkeypatch.setattr(deciding, "with_family", None)  # would be called
    page.session_state["compare/dragging"] = True
    go_to(page, **(LINK | {"q": "400000"}))
    assert not page.exception
    assert WAITING in everything(page)
