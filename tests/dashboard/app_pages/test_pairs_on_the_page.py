"""A machine with a model of its own, and what the catalogue has cheaper: added with a click."""

import json
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1 import AppTest

from core.scenario import Scenario, Workload
from dashboard.components.compare.cheaper_hint import WAITING
from dashboard.resources import deciding
from dashboard.resources.cached import cached_answer
from dashboard.state.link import encode
from tests.cli.terminal import breakeven
from tests.dashboard.app_pages.test_compare_page import everything, go_to, parameter

M3: Final = "BAAI/bge-m3"
PAIR: Final = f"aws/g6.xlarge@{M3}"
OFTEN: Final = 1e7
DEAR: Final = "aws/p5.4xlarge"
"""An H100 by the hour."""
CHEAPER: Final = "A cheaper one is in the catalogue"


def test_a_machine_is_chosen_and_then_its_model(page: AppTest) -> None:
    """The pair stands beside the same machine without one, in the address too."""
    page.run()
    assert page.button(key="pair/add").disabled
    page.selectbox(key="pair/machine").set_value("aws/g6.xlarge").run()
    page.selectbox(key="pair/model").set_value(M3).run()
    page.button(key="pair/add").click().run()
    assert not page.exception
    assert parameter(page, "o") == ",".join((*Scenario().options, PAIR))
    names = list(page.dataframe[-1].value.iloc[:, 0])
    assert sum("AWS g6.xlarge (L4)" in str(name) for name in names) == 3  # alone, hybrid, pair
    assert sum("with bge-m3" in str(name) for name in names) == 1
    assert page.button(key="pair/add").disabled


def test_a_link_with_pairs_opens_as_it_was(page: AppTest) -> None:
    """Machines with three models beside an API; one price for a machine, whatever is on it."""
    asked = f"aws/g6.xlarge,{PAIR},aws/g6.xlarge@BAAI/bge-small-en-v1.5,cloudflare/bge-m3"
    page.session_state["fold/prices"] = True
    go_to(page, o=asked)
    assert not page.exception
    assert parameter(page, "o") == asked
    assert len(page.dataframe[-1].value) == 4
    prices = [str(s.key) for s in page.select_slider if str(s.key).startswith("price/")]
    assert prices == ["price/aws/g6.xlarge", "price/cloudflare/bge-m3"]


@pytest.mark.parametrize("where", ["compare", "plan"])
def test_a_cheaper_one_of_the_catalogue_is_one_click_away(page: AppTest, where: str) -> None:
    """The sentence is the model's own; the click adds the option, and the sentence is gone."""
    go_to(page, q=f"{OFTEN:g}", o=DEAR)
    if where == "plan":
        page.switch_page("app_pages/plan_page.py")
        page.run()
    scenario = Scenario(workload=Workload(requests_per_day=OFTEN), options=(DEAR,))
    winner = cached_answer.snapshot(scenario).verdict.winner
    cheaper = deciding.cheaper(scenario, winner).same_vectors
    assert cheaper is not None
    assert cheaper.sentence in everything(page)
    page.button(key=f"{where}/cheaper").click().run()
    assert not page.exception
    assert parameter(page, "o") == ",".join((*scenario.options, cheaper.row.option.id))
    assert CHEAPER not in everything(page)


def test_a_hybrid_that_nobody_composed_is_one_click_away(page: AppTest, tmp_path: Path) -> None:
    """A peak of ten times the mean: page, table and JSON name it in the same words."""
    dear = f"{DEAR}@{M3}"
    go_to(page, q="1e8", o=dear, labour="200", peak="10")
    assert not page.exception
    flags = ("--requests-per-day", "1e8", "--option", dear)
    asked = ("--set", "hosting.labour_usd_per_month=200", "--set", "workload.peak_to_mean=10")
    document = json.loads(breakeven(tmp_path, "compare", "--json", *flags, *asked).stdout)
    hybrid = document["cheaper_hybrid"]
    assert hybrid["sentence"] in everything(page)
    assert hybrid["id"].startswith("hybrid/")
    assert hybrid["saving_usd_per_month"] > 0
    page.button(key="compare/cheaper/hybrid").click().run()
    assert not page.exception
    assert parameter(page, "o") == f"{dear},{hybrid['id']}"
    assert hybrid["sentence"] not in everything(page)


def test_while_the_volume_moves_its_line_stays_and_nothing_is_searched(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search takes as long as several steps; nothing moves under the finger."""
    go_to(page, q=f"{OFTEN:g}", o=DEAR)
    lines = everything(page).count(CHEAPER)
    assert lines
    monkeypatch.setattr(deciding, "cheaper_elsewhere", None)  # would be called by a search
    page.session_state["compare/dragging"] = True
    go_to(page, q=f"{2 * OFTEN:g}", o=DEAR)
    assert not page.exception
    assert CHEAPER not in everything(page)
    assert everything(page).count(WAITING) >= lines


def test_a_bill_that_is_too_small_to_matter_needs_no_smaller_one(page: AppTest) -> None:
    """The default question says nothing of the catalogue."""
    page.run()
    assert CHEAPER not in everything(page)


def test_the_command_says_the_same(page: AppTest, tmp_path: Path) -> None:
    """In its table and in its JSON."""
    go_to(page, q=f"{OFTEN:g}", o=DEAR)
    flags = ("--requests-per-day", f"{OFTEN:g}", "--option", DEAR)
    document = json.loads(breakeven(tmp_path, "compare", "--json", *flags).stdout)
    found = document["cheaper_elsewhere"]
    assert found["sentence"] in everything(page)
    assert found["id"] not in document["scenario"]["options"]
    assert found["than"] == document["winner"]
    told = " ".join(breakeven(tmp_path, "compare", *flags).stdout.split())
    assert found["sentence"] in told
    assert found["id"] in told


def test_the_default_link_stays_empty() -> None:
    """Nothing of pairs is said where none is compared."""
    assert encode(Scenario()) == {}
