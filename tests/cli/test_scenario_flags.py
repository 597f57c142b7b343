"""Every field of a scenario can be typed; what is unknown is refused with what there is."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from core.cli.asking.typed_question import Asked, question_from
from core.cli.scenario_flags import WHOLE, asked_by, sections_of
from core.scenario import Choice, Knob, Scenario, limits
from tests.cli.terminal import breakeven

OTHERS = {
    "hosting.model": "nobody/knows",
    "workload.hour_weights": ",".join(["2", *["1"] * 23]),
    "calendar.hours_per_month": "730",
    "calendar.days_per_month": "31",
    "demands.budget_usd_per_month": "500",
    "documents.options": "voyage/voyage-4-large",
    "demands.languages": "de,fr",
}
"""Another value for what is no number with limits and no choice."""
FIELDS = [f"{section}.{name}" for section, names in sections_of().items() for name in names]


def another(path: str) -> str:
    """A text that is allowed for a field and is not its default."""
    section, name = path.split(".")
    if path in OTHERS:
        return OTHERS[path]
    model: Any = Scenario.model_fields[section].annotation
    info = model.model_fields[name]
    choice = next((mark for mark in info.metadata if isinstance(mark, Choice)), None)
    if choice is not None:
        return next(word for value, word in choice.words if value != info.default)
    assert any(isinstance(mark, Knob) for mark in info.metadata), f"no flag can ask {path}"
    ends = limits(model, name)
    return f"{next(end for end in ends if end != info.default):.15g}"


@pytest.mark.parametrize("path", FIELDS)
def test_every_field_can_be_typed(path: str) -> None:
    """Read off the declarations: what is typed is asked, and nothing else changes."""
    section, name = path.split(".")
    question = question_from(None, Asked(asked_by([f"{path}={another(path)}"], {})))
    found, usual = question.model_dump(), Scenario().model_dump()
    assert found[section][name] != usual[section][name]
    found[section][name] = usual[section][name]
    assert found == usual


def test_what_has_no_fields_has_a_flag_of_its_own() -> None:
    """Together they are all that a scenario has."""
    assert {*sections_of(), *WHOLE} == set(Scenario.model_fields)
    for name in sections_of():
        kind = Scenario.model_fields[name].annotation
        assert name == "calendar" or (isinstance(kind, type) and issubclass(kind, BaseModel))


def test_region_tier_price_and_any_field_are_asked_together(tmp_path: Path) -> None:
    """On top of a file; what the file says besides stays."""
    file = tmp_path / "scenario.json"
    file.write_text('{"prices": [["aws/g6.xlarge", 9]], "workload": {"peak_to_mean": 2}}')
    done = breakeven(
        tmp_path, "compare", "--json", "--scenario", str(file), "--region", "eu",
        "--tier", "openai=tier 2", "--price", "aws/g6.xlarge=0.5", "--price", "this-machine=0.1",
        "--set", "workload.length_cv=1", "--set", "hosting.autoscale=yes",
        "--limit", "cloudflare:rpm=9000",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    asked = Scenario.model_validate(document["scenario"])
    assert asked.objective.region == "eu"
    assert dict(asked.tiers) == {"openai": "tier 2"}
    assert dict(asked.limits) == {"cloudflare:requests_per_minute": 9000.0}
    assert dict(asked.prices) == {"aws/g6.xlarge": 0.5, "this-machine": 0.1}
    assert (asked.workload.length_cv, asked.workload.peak_to_mean) == (1, 2)
    assert asked.hosting.autoscale
    rows = {row["id"]: row for row in document["options"]}
    assert rows["openai/text-embedding-3-small"]["rate_limit_tier"] == "tier 2"
    own = rows["cloudflare/bge-m3"]
    assert (own["rate_limit"], own["rate_limit_tier"]) == ("9,000 requests a minute", "yours")
    assert own["grades"]["rate_limit"] is None


def test_what_is_yours_and_what_you_pay_is_said_everywhere(tmp_path: Path) -> None:
    """Own cards, a discount and a term: in the JSON, and in the terminal's own table."""
    flags = (
        "--option", "owned/rtx-4080", "--option", "openai/text-embedding-3-small",
        "--option", "aws/g6.xlarge", "--own", "owned/rtx-4080=4", "--discount", "openai=0.2",
        "--set", "hosting.reserved_term=3y", "--requests-per-day", "400000",
    )  # fmt: skip
    done = breakeven(tmp_path, "compare", "--json", *flags)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    asked = Scenario.model_validate(document["scenario"])
    assert dict(asked.owned) == {"owned/rtx-4080": 4}
    assert dict(asked.discounts) == {"openai": 0.2}
    rows = {row["id"]: row for row in document["options"]}
    mine = rows["owned/rtx-4080"]
    assert (mine["already_yours"], mine["price_terms"]) == (4, "already yours")
    assert mine["grades"]["price"] is None
    api = rows["openai/text-embedding-3-small"]
    assert api["usd_per_month"] == pytest.approx(6_000 * 0.016)
    assert (api["already_yours"], api["grades"]["price"]) == (None, "published")
    assert api["price_terms"] == "20 % off list: your discount"
    assert "people's time around it is left out" in api["notes"]
    assert any(note.startswith("4 cards already yours: ") for note in mine["notes"])
    reserved = "reserved for 3 years (40 % off: assumed)"
    assert rows["aws/g6.xlarge"]["price_terms"] == reserved
    told = " ".join(breakeven(tmp_path, "compare", *flags).stdout.replace("│", " ").split())
    for words in ("(already yours)", "20 % off list", "reserved for 3 years"):
        assert words in told


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--region", "mars"), "'mars' is unknown. There are: '' (any place), eu"),
        (("--tier", "openai=tier 99"), "'openai' has no tier 'tier 99'; the catalogue has: free"),
        (("--tier", "nobody=tier 1"), "no provider 'nobody' with tiers; it has: "),
        (("--tier", "openai"), "write PROVIDER=TIER"),
        (("--limit", "openai=5"), "write PROVIDER:rpm=NUMBER, counted rpm, texts or tpm"),
        (("--limit", "openai:rpm=0"), "it must be a number from 1 to 1,000,000,000,000, not 0"),
        (("--limit", "nobody:rpm=5"), "the catalogue has no provider 'nobody'"),
        (
            ("--own", "owned/rtx-4080=0"),
            "--own owned/rtx-4080: it must be a number from 1 to 1,000",
        ),
        (("--own", "owned/rtx-4080=-1"), "from 1 to 1,000,000, not -1"),
        (("--own", "owned/rtx-4080=1000001"), "from 1 to 1,000,000, not 1000001"),
        (("--own", "owned/rtx-4080=1.5"), "it must be a whole number, not 1.5"),
        (("--own", "owned/rtx-4080"), "write ID=NUMBER, such as owned/rtx-4090=4"),
        (("--own", "owned/nothing=4"), "--own: 'owned/nothing' is not compared. There are: "),
        (("--own", "aws/g6.xlarge=4"), "aws/g6.xlarge is rented, and nobody's own"),
        (("--discount", "openai=-0.1"), "--discount openai: it must be a number from 0 to 0.95"),
        (("--discount", "openai=0.96"), "from 0 to 0.95, not 0.96"),
        (("--discount", "nobody=0.1"), "discounts: the catalogue has no provider 'nobody'"),
        (("--set", "workload.cached_share=1"), "it must be a number from 0 to 0.99, not 1"),
        (("--price", "nobody=1"), "'nobody' is not compared. There are: openai/"),
        (("--price", "aws/g6.xlarge=x"), "--price aws/g6.xlarge: it must be a number from 0 to"),
        (("--price", "aws/g6.xlarge=nan"), "from 0 to 1,000,000, not nan"),
        (("--price", "aws/g6.xlarge=-1"), "from 0 to 1,000,000, not -1"),
        (("--price", "this-machine=1", "--price", "this-machine=2"), "this-machine is given twice"),
        (("--set", "length_cv=1"), "write SECTION.FIELD=VALUE"),
        (("--set", "work.length_cv=1"), "no section 'work'. There are: workload, objective"),
        (("--set", "workload.cv=1"), "no field 'cv'. It has: requests_per_day"),
        (("--set", "workload.length_cv=9"), "workload.length_cv: it must be a number from 0 to 5"),
        (("--set", "workload.hour_weights=1,2"), "give 24 or 168 hour weights, not 2"),
        (("--set", "workload.long_texts=burn"), "There are: cut (are cut), chunk"),
        (("--set", "hosting.autoscale=maybe"), "'maybe' is unknown. There are: no, yes"),
        (("--set", "prices.x=1"), "--set prices: use --price"),
        (("--set", "workload.length_cv=1", "--set", "workload.length_cv=2"), "is given twice"),
        (("--requests-per-day", "5", "--set", "workload.requests_per_day=6"), "is given twice"),
    ],
)
def test_what_is_unknown_is_refused_with_what_there_is(
    tmp_path: Path, typed: tuple[str, ...], said: str
) -> None:
    """One sentence or two, and nothing is compared instead."""
    refused = breakeven(tmp_path, "compare", *typed)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert said in " ".join(refused.stderr.split())
