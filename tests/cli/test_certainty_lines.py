"""How sure a comparison is, in a terminal and as JSON."""

import json
from pathlib import Path

import pytest

from core.catalog.schema import Catalog
from core.cli.certainty_lines import certainty_document, certainty_lines, spread_document
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.risk_result import Certainty
from core.decide.result.snapshot import Snapshot
from core.scenario import Scenario, Workload
from tests.cli.terminal import breakeven

CARD, API = "owned/rtx-4080", "openai/text-embedding-3-large"


def asked(scenario: Scenario, catalog: Catalog) -> tuple[Snapshot, Certainty]:
    """The answer, and how sure it is."""
    case = Case(scenario, catalog)
    drawn = curves(case)
    shot = at_volume(drawn, case)
    return shot, drawn.by_mean.certainty(shot.tokens_per_month, decisive=shot.verdict.too_close)


@pytest.fixture
def tie() -> Scenario:
    """A card that is cheaper as stated, and an API that is cheaper on average."""
    return Scenario(
        workload=Workload(requests_per_day=25e9 / 15_000),
        options=(API, CARD),
        prices=((API, 0.12),),
        limits=(("openai:requests_per_minute", 1e5), ("openai:tokens_per_minute", 1e8)),
    )


def test_a_tie_says_what_would_decide_it_and_both_winners(tie: Scenario, catalog: Catalog) -> None:
    """Mean, chance, regret, the one thing to find out, and who is the cheapest as stated."""
    shot, sure = asked(tie, catalog)
    lines = list(certainty_lines(shot.verdict, sure))
    text = " ".join(lines)
    assert lines[0] == "OpenAI 3-large costs $3,000.00 a month."
    assert "It is the cheapest with a chance of" in text
    assert "Too close to call: NVIDIA RTX 4080 (owned) costs $3,113" in text
    assert sure.decisive is not None
    assert f"{sure.decisive.belief.to_find_out}: it would decide it" in text
    assert "With every input as stated NVIDIA RTX 4080 (owned) would be the cheapest" in text
    document = certainty_document(shot.verdict, sure)
    assert document["cheapest_as_stated"] == CARD
    assert document["too_close"] is True
    assert document["would_decide"]["worth_usd_per_month"] == sure.decisive.worth.value
    assert document["regret_usd_per_month"] == sure.regret.value > 0


def test_a_range_is_said_with_its_median(catalog: Catalog) -> None:
    """Of a card alone: nothing is close, and its cost has a range."""
    shot, sure = asked(Scenario(options=(CARD,)), catalog)
    lines = list(certainty_lines(shot.verdict, sure))
    assert len(lines) == 2
    assert "on average: 9 of 10 from $" in lines[0]
    assert "median $" in lines[0]
    (row,) = shot.rows
    spread = spread_document(row, sure)
    assert spread["p5_usd_per_month"] < spread["median_usd_per_month"] < spread["p95_usd_per_month"]
    assert spread["mean_usd_per_month"] == row.mean_usd_per_month
    assert spread["chance_cheapest"] == 1


def test_where_nobody_can_serve_nothing_is_said(catalog: Catalog) -> None:
    """No winner, no figures: absent, not 0."""
    shot, sure = asked(Scenario(options=("aws/p3.2xlarge",)), catalog)
    assert list(certainty_lines(shot.verdict, sure)) == []
    assert certainty_document(shot.verdict, sure)["mean_usd_per_month"] is None
    assert spread_document(shot.rows[0], sure)["chance_cheapest"] is None


def test_the_command_says_and_prints_it(tmp_path: Path) -> None:
    """Terminal and JSON of the default question: an API, too close to another to call."""
    told = breakeven(tmp_path, "compare")
    assert "Too close to call:" in told.stdout
    document = json.loads(breakeven(tmp_path, "compare", "--json").stdout)
    assert document["too_close"] is True
    winner = next(row for row in document["options"] if row["id"] == document["winner"])
    assert winner["mean_usd_per_month"] == document["mean_usd_per_month"]
    assert winner["chance_cheapest"] == document["chance_cheapest"]
    never = ("--set", "objective.close_share=0")
    assert json.loads(breakeven(tmp_path, "compare", "--json", *never).stdout)["too_close"] is False
