"""`breakeven plan`: the page's plan for a terminal or a program."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.catalog.load import load_catalog
from core.decide.advice.recommend import recommend
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import terms_of
from core.scenario import Objective, Scenario, Workload
from tests.cli.terminal import breakeven

GROWING = ("--growth", "0.1", "--months", "24", "--requests-per-day", "2e7")


def answer(folder: Path, *flags: str) -> Any:
    """The JSON of a plan."""
    done = breakeven(folder, "plan", "--json", *flags)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_json_is_what_the_page_computes(tmp_path: Path) -> None:
    """The same recommendation, path and figures, and the scenario that was asked."""
    document = answer(tmp_path, *GROWING)
    question = Scenario(
        workload=Workload(requests_per_day=2e7, growth_per_month=0.1),
        objective=Objective(horizon_months=24),
    )
    case = Case(question, load_catalog())
    drawn = curves(case)
    found = recommend(drawn, at_volume(drawn, case), case, terms=terms_of(question))
    planned = plan(drawn, case, terms_of(question))
    assert Scenario.model_validate(document["scenario"]) == question
    assert found.option is not None
    assert planned.best is not None
    assert document["recommendation"]["option"] == found.option.option.id
    assert document["plan"]["best"]["usd"] == pytest.approx(planned.best.usd)
    assert [step["id"] for step in document["plan"]["best"]["steps"]] == [
        step.option_id for step in planned.best.steps
    ]
    assert len(document["plan"]["tokens_per_month"]) == 24
    assert {row["id"] for row in document["options"]} == set(question.options)
    assert document["why"]["what"].startswith("Use ")


def test_the_terminal_says_what_when_and_for_how_much(tmp_path: Path) -> None:
    """Why, the path in a sentence, its steps, and what else would cost more."""
    done = breakeven(tmp_path, "plan", *GROWING)
    assert done.returncode == 0, done.stderr
    assert "The cheapest path" in done.stdout
    assert "in all" in done.stdout
    assert "known to do the job" in done.stdout


def test_terms_that_are_typed_change_the_path(tmp_path: Path) -> None:
    """A set-up that costs nothing is never dearer than one of $15,000."""
    dear = answer(tmp_path, *GROWING)
    cheap = answer(tmp_path, *GROWING, "--term", "setup_usd=0", "--term", "api_decline=0:0.1:0.2")
    assert (cheap["terms"]["setup_usd"], dear["terms"]["setup_usd"]) == (0, 15_000)
    assert cheap["terms"]["api_decline"] == {"low": 0.0, "value": 0.1, "high": 0.2}
    assert cheap["plan"]["best"]["usd"] <= dear["plan"]["best"]["usd"]


def test_the_option_in_use_is_where_one_begins(tmp_path: Path) -> None:
    """Staying with it costs nothing once; what saves less than a move costs is not moved to."""
    document = answer(tmp_path, "--current", "openai/text-embedding-3-small")
    assert document["recommendation"]["current"] == "openai/text-embedding-3-small"
    assert document["recommendation"]["advice"] == "stay"


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--term", "tea=1"), "there is no term 'tea'. There are: kept_share"),
        (("--term", "setup_usd=-1"), "labour of setting up"),
        (("--term", "setup_usd=much"), "it must be a number, not 'much'"),
        (("--term", "api_decline=0:1"), "give one rate, or low:middle:high"),
        (("--term", "commitment_months=1.5"), "months of commitment"),
        (("--term", "setup_usd"), "write NAME=VALUE"),
        (("--current", "nobody/knows"), "--current: 'nobody/knows' is not compared"),
        (("--months", "0"), "--months must be a whole number from 1 to 120, not 0"),
    ],
)
def test_a_term_that_cannot_be_is_refused_by_name(
    tmp_path: Path, flags: tuple[str, ...], sentence: str
) -> None:
    """What, where, and what there is."""
    done = breakeven(tmp_path, "plan", *flags)
    assert done.returncode != 0
    assert sentence in " ".join(done.stderr.split())


def test_a_discount_is_asked_for_and_a_typed_one_counts(tmp_path: Path) -> None:
    """By list price a huge month says so, in JSON and in words; with a discount it costs less."""
    asked = (
        "--option", "openai/text-embedding-3-small", "--growth", "0.2", "--limit",
        "openai:rpm=1e9", "--limit", "openai:tpm=1e12",
    )  # fmt: skip
    (listed,) = answer(tmp_path, *asked)["plan"]["best"]["steps"]
    assert "a discount is negotiated; type yours" in listed["discount_to_ask_for"]
    (off,) = answer(tmp_path, *asked, "--discount", "openai=0.5")["plan"]["best"]["steps"]
    assert off["discount_to_ask_for"] is None
    assert off["running_usd"] == pytest.approx(listed["running_usd"] / 2)
    words = " ".join(breakeven(tmp_path, "plan", *asked).stdout.split())
    assert "a discount is negotiated; type yours" in words


def test_what_is_yours_and_what_must_hold_is_said_as_of_the_comparison(tmp_path: Path) -> None:
    """The same flags with the same words: a budget that nobody meets leaves no path."""
    document = answer(tmp_path, "--budget", "0", "--region", "eu", "--language", "de")
    demands = document["scenario"]["demands"]
    assert (demands["budget_usd_per_month"], demands["languages"]) == (0, ["de"])
    assert document["scenario"]["objective"]["region"] == "eu"
    assert document["recommendation"]["option"] is None
    assert document["plan"]["best"] is None
