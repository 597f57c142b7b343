"""`breakeven compare` with demands: who is out by what evidence, and what to relax."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.scenario import Scenario
from tests.cli.terminal import breakeven


def document(folder: Path, *typed: str) -> dict[str, Any]:
    """What it prints as JSON."""
    done = breakeven(folder, "compare", "--json", *typed)
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_demands_are_asked_together_and_answered_by_evidence(tmp_path: Path) -> None:
    """Each row says by which demand it is out, how well that is founded, and what to relax."""
    found = document(
        tmp_path, "--region", "eu", "--budget", "100", "--language", "de", "--language", "fr",
        "--zero-retention", "--set", "demands.least_tokens=500",
        "--option", "ovhcloud/bge-m3", "--option", "cloudflare/bge-m3",
        "--option", "aws/g6.xlarge", "--option", "openai/text-embedding-3-small",
    )  # fmt: skip
    asked = Scenario.model_validate(found["scenario"])
    assert asked.demands.budget_usd_per_month == 100
    assert asked.demands.languages == ("de", "fr")
    assert (asked.demands.retention.value, asked.demands.least_tokens) == ("zero", 500)
    assert found["winner"] == "ovhcloud/bge-m3"
    assert found["relaxations"] == []
    rows = {row["id"]: row for row in found["options"]}
    out = rows["cloudflare/bge-m3"]
    assert (out["obstacle"], out["evidence"]) == ("place", "claimed")
    assert out["relax"][0] == "Allow other regions."
    assert len(rows["aws/g6.xlarge"]["relax"]) == 3  # place, language, budget
    unsaid = rows["openai/text-embedding-3-small"]["unknown"]
    assert {one["about"] for one in unsaid} == {"place", "retention", "language"}


def test_contradicting_demands_name_the_one_to_relax(tmp_path: Path) -> None:
    """A budget of 0: in JSON with the field that it sets, in the terminal as a sentence."""
    found = document(tmp_path, "--budget", "0")
    assert found["winner"] is None
    first = found["relaxations"][0]
    assert first["demands"] == ["budget"]
    usd = first["changes"]["demands.budget_usd_per_month"]
    assert usd == pytest.approx(first["usd_per_month"])
    again = document(tmp_path, "--budget", repr(usd))
    assert again["winner"] == first["id"]
    told = breakeven(tmp_path, "compare", "--budget", "0", "--currency", "EUR")
    text = " ".join(told.stdout.split())
    assert "The one demand to relax: Raise the budget to €" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--budget", "-1"), "must be a number from 0 to 1,000,000,000,000, not -1"),
        (("--budget", "nan"), "must be a number from 0 to 1,000,000,000,000, not nan"),
        (("--budget", "1e13"), "must be a number from 0 to 1,000,000,000,000, not 1e13"),
        (("--language", "klingon"), "demands.languages: no language 'klingon'; there are: ar, bg"),
        (("--set", "demands.retention=maybe"), "'maybe' is unknown. There are: '' (yes), zero"),
        (("--set", "demands.least_tokens=-5"), "it must be a number from 0 to 1,000,000, not -5"),
    ],
)
def test_a_demand_that_cannot_be_is_refused_by_name(
    tmp_path: Path, typed: tuple[str, ...], said: str
) -> None:
    """What, the limits, what was given."""
    refused = breakeven(tmp_path, "compare", *typed)
    assert refused.returncode == 2
    assert said in " ".join(refused.stderr.split())
