"""`breakeven compare`: the same numbers as the page's, for a terminal or a program."""

import json
from pathlib import Path

import pytest

from core.catalog.load import load_catalog
from core.cli.commands.compare_command import plain
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.scenario import Scenario
from tests.catalog.own.own_texts import MINE, write
from tests.cli.terminal import breakeven


def test_the_json_is_what_the_model_computes(tmp_path: Path) -> None:
    """Every option with its cost, the winner, the break-evens, and the scenario that was asked."""
    done = breakeven(tmp_path, "compare", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    question, catalog = Scenario(), load_catalog()
    found = curves(Case(question, catalog))
    snapshot = at_volume(found, Case(question, catalog))
    assert Scenario.model_validate(document["scenario"]) == question
    assert [row["id"] for row in document["options"]] == [row.option.id for row in snapshot.rows]
    assert [row["usd_per_month"] for row in document["options"]] == [
        row.usd_per_month for row in snapshot.rows
    ]
    assert snapshot.verdict.winner is not None
    assert document["winner"] == snapshot.verdict.winner.option.id
    assert len(document["break_evens"]) == len(found.break_evens)


def test_another_volume_and_another_scenario_are_asked(tmp_path: Path) -> None:
    """By an option, or by a file that states what differs."""
    volume = json.loads(
        breakeven(tmp_path, "compare", "--json", "--requests-per-day", "5000").stdout
    )
    assert volume["scenario"]["workload"]["requests_per_day"] == 5_000
    file = tmp_path / "scenario.json"
    file.write_text('{"workload": {"requests_per_day": 7000}}')
    other = json.loads(breakeven(tmp_path, "compare", "--json", "--scenario", str(file)).stdout)
    assert other["scenario"]["workload"]["requests_per_day"] == 7_000
    assert other["tokens_per_month"] == pytest.approx(volume["tokens_per_month"] * 1.4)


def test_options_are_named_one_by_one_with_their_models(tmp_path: Path) -> None:
    """Two models on one machine stand side by side; what cannot run says why in its row."""
    asked = ("aws/g6.xlarge", "aws/g6.xlarge@BAAI/bge-m3", "aws/g6.xlarge@nobody/knows")
    flags = [word for name in asked for word in ("--option", name)]
    done = breakeven(tmp_path, "compare", "--json", *flags)
    assert done.returncode == 0, done.stderr
    rows = {row["id"]: row for row in json.loads(done.stdout)["options"]}
    assert set(rows) == set(asked)
    assert [rows[name]["model"] for name in asked[:2]] == ["BAAI/bge-large-en-v1.5", "BAAI/bge-m3"]
    assert rows[asked[1]]["label"] == "AWS g6.xlarge (L4) with bge-m3"
    assert "no model nobody/knows" in rows[asked[2]]["unpriced_reason"]


def test_the_table_marks_the_winner(tmp_path: Path) -> None:
    """One line an option, the cheapest feasible one marked."""
    done = breakeven(tmp_path, "compare")
    assert done.returncode == 0
    assert "tokens a month, cheapest on average first" in done.stdout
    assert done.stdout.count("» ") == 1


def test_numbers_that_json_does_not_know_become_null() -> None:
    """A reader in another language must be able to read every document."""
    found = plain({"a": [1.0, float("inf"), {"b": float("nan")}], "c": "x", "d": None})
    assert found == {"a": [1.0, None, {"b": None}], "c": "x", "d": None}


NO_SCENARIOS = [
    "{",
    "[]",
    '{"surprise": 1}',
    '{"workload": {"peak": "x"}}',
    '{"calendar": {"hours_per_month": 0, "days_per_month": 30}}',
    '{"calendar": {"hours_per_month": 1e999, "days_per_month": 30}}',
    '{"prices": [["aws/g6.xlarge", NaN]]}',
    "[" * 10_000,
]


@pytest.mark.parametrize("text", NO_SCENARIOS, ids=range(len(NO_SCENARIOS)))
def test_what_is_no_scenario_is_a_sentence(tmp_path: Path, text: str) -> None:
    """With its place, and no traceback."""
    file = tmp_path / "scenario.json"
    file.write_text(text)
    done = breakeven(tmp_path, "compare", "--scenario", str(file))
    assert done.returncode == 2
    assert "This scenario cannot be asked" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_share_of_tokens_that_may_be_lost_can_be_asked(tmp_path: Path) -> None:
    """In a file and by an option; each row says what it loses, and who loses too much is out."""
    file = tmp_path / "scenario.json"
    file.write_text('{"workload": {"length_cv": 1}, "options": ["aws/g6.xlarge"]}')
    strict = json.loads(breakeven(tmp_path, "compare", "--json", "--scenario", str(file)).stdout)
    asked = ("compare", "--json", "--scenario", str(file), "--max-lost-share", "0.4")
    loose = json.loads(breakeven(tmp_path, *asked).stdout)
    for document, serves in ((strict, False), (loose, True)):
        (row,) = document["options"]
        assert row["lost_share"] == pytest.approx(0.3148, abs=1e-4)
        assert row["feasible"] is serves
    refused = breakeven(tmp_path, "compare", "--max-lost-share", "2")
    assert refused.returncode != 0
    assert "objective.max_lost_share" in refused.stderr


def test_the_share_of_texts_that_may_stay_unanswered_can_be_asked(tmp_path: Path) -> None:
    """Half of the attempts fail, three are made: an eighth of the texts has no answer."""
    file = tmp_path / "scenario.json"
    api = "openai/text-embedding-3-small"
    file.write_text(json.dumps({"serverless": {"failure_rate": 0.5}, "options": [api]}))
    strict = json.loads(breakeven(tmp_path, "compare", "--json", "--scenario", str(file)).stdout)
    asked = ("compare", "--json", "--scenario", str(file), "--max-unanswered-share", "0.2")
    loose = json.loads(breakeven(tmp_path, *asked).stdout)
    for document, serves in ((strict, False), (loose, True)):
        (row,) = document["options"]
        assert row["unanswered_share"] == 0.125
        assert row["feasible"] is serves
        assert ("10 attempts would mend that" in row["infeasible_reason"]) is not serves
    table = breakeven(tmp_path, "compare", "--scenario", str(file)).stdout
    assert "12.5 %" in table


@pytest.mark.parametrize(
    ("flag", "value", "limits"),
    [
        ("--requests-per-day", "0", "from 1 to"),
        ("--requests-per-day", "-1", "from 1 to"),
        ("--max-lost-share", "2", "from 0 to 1"),
        ("--max-unanswered-share", "-1", "from 0 to 1"),
    ],
)
def test_a_flag_outside_its_limits_is_refused_in_a_sentence(
    tmp_path: Path, flag: str, value: str, limits: str
) -> None:
    """Nothing is silently asked instead: the field, its limits and what was given are said."""
    refused = breakeven(tmp_path, "compare", flag, value)
    assert refused.returncode == 2
    assert refused.stdout == ""
    field = flag.removeprefix("--").replace("-", "_")
    assert field in refused.stderr
    assert limits in refused.stderr
    assert f"not {value}" in refused.stderr


def test_a_folder_of_ones_own_is_compared_and_a_broken_one_is_named(tmp_path: Path) -> None:
    """Its offer is an option; refused, the rest is answered as ever and stderr says why."""
    write(tmp_path / "catalog", "api/mine.toml", MINE)
    file = tmp_path / "scenario.json"
    file.write_text('{"options": ["mine/small", "openai/text-embedding-3-small"]}')
    done = breakeven(tmp_path, "compare", "--json", "--scenario", str(file))
    assert json.loads(done.stdout)["winner"] == "mine/small"
    elsewhere = write(tmp_path / "other", "api/mine.toml", MINE.replace("0.01", "0"))
    folder = {"BREAKEVEN_CATALOG_DIR": str(elsewhere.parents[1])}
    done = breakeven(tmp_path, "compare", "--json", variables=folder)
    assert done.returncode == 0
    assert json.loads(done.stdout)["winner"] is not None
    assert "api/mine.toml, api_offers[0] (small).prices[0].usd" in done.stderr
    assert json.loads(breakeven(tmp_path, "doctor", "--json", variables=folder).stdout)


def test_the_prices_of_a_day_can_be_asked(tmp_path: Path) -> None:
    """An offer without a price by then says so; what is no day is a sentence."""
    done = breakeven(tmp_path, "compare", "--json", "--as-of", "2026-06-01")
    document = json.loads(done.stdout)
    assert document["scenario"]["as_of"] == "2026-06-01"
    rows = {row["id"]: row for row in document["options"]}
    assert rows["openai/text-embedding-ada-002"]["usd_per_mtok"] == pytest.approx(0.4)
    assert "No price is known by 2026-06-01" in rows["cloudflare/bge-m3"]["unpriced_reason"]
    assert "prices as of 2026-06-01" in breakeven(tmp_path, "compare", "--as-of", "20260601").stdout
    for day in ("2026-13-01", "yesterday", "1999-12-31"):
        refused = breakeven(tmp_path, "compare", "--as-of", day)
        assert refused.returncode == 2
        assert f"--as-of '{day}' is no day" in refused.stderr


def test_amounts_are_shown_in_the_currency_that_is_asked(tmp_path: Path) -> None:
    """In the table and in fields of their own; every field of USD stays, and typed prices are."""
    dollars = json.loads(breakeven(tmp_path, "compare", "--json").stdout)
    pounds = json.loads(
        breakeven(tmp_path, "compare", "--json", "--currency", "gbp", "--rate", "2").stdout
    )
    assert pounds["currency"]["code"] == "GBP"
    assert pounds["currency"]["usd_for_one"] == 2
    assert pounds["currency"]["source"] == "yours"
    assert dollars["currency"] == {"code": "USD", "usd_for_one": 1, "dated": None, "source": None}
    for ours, theirs in zip(pounds["options"], dollars["options"], strict=True):
        assert ours["usd_per_month"] == theirs["usd_per_month"] == theirs["shown_per_month"]
        if ours["usd_per_month"] is not None:
            assert ours["shown_per_month"] == ours["usd_per_month"] / 2
    table = breakeven(tmp_path, "compare", "--currency", "EUR").stdout
    assert "€ a month" in table
    assert "1 EUR = 1.1637 USD on 2026-05-27" in " ".join(table.split())


def test_a_currency_without_a_rate_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Nothing is assumed: who wants it says what it is worth."""
    refused = breakeven(tmp_path, "compare", "--currency", "CHF")
    assert refused.returncode == 2
    assert "no rate of CHF" in " ".join(refused.stderr.split())
