"""The limits of a question: each stands once, on its field, and holds at every door."""

import json
import math
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from core.refusals import first_fault
from core.scenario import (
    HIGHEST_PRICE_USD,
    LOWEST_PRICE_USD,
    Demands,
    Documents,
    Hosting,
    Objective,
    Scenario,
    Serverless,
    Vectors,
    Workload,
    limits,
)
from core.units import AVERAGE_MONTH, Calendar
from dashboard.state.inputs import INPUTS

NO_NUMBERS = (math.nan, math.inf, -math.inf)
PARTS: dict[str, type[BaseModel]] = {
    "workload": Workload,
    "objective": Objective,
    "serverless": Serverless,
    "hosting": Hosting,
    "vectors": Vectors,
    "demands": Demands,
    "documents": Documents,
}
NUMBERS = [
    (section, name)
    for section, part in PARTS.items()
    for name, info in part.model_fields.items()
    if info.annotation in (int, float)
]


def refusal(question: dict[str, Any]) -> str:
    """What a question with this in it is answered."""
    with pytest.raises(ValidationError) as refused:
        Scenario.model_validate(question)
    return first_fault(refused.value, Scenario)


@pytest.mark.parametrize(("section", "name"), NUMBERS)
def test_every_number_has_both_limits_and_its_refusal_names_them(section: str, name: str) -> None:
    """What, the limits, what was given; no number is neither finite nor limited."""
    low, high = limits(PARTS[section], name)
    assert -math.inf < low < high < math.inf
    for wrong in (low - 1, high * 2 + 1, *NO_NUMBERS):
        said = refusal({section: {name: wrong}})
        assert said.startswith(f"{section}.{name}: it must be a number from")
        assert f"{low:,.15g} to {high:,.15g}, not {wrong:.6g}" in said


def test_a_controls_limits_are_those_of_its_field() -> None:
    """A slider, a link and a file cannot disagree."""
    for entry in INPUTS.values():
        assert (entry.low, entry.high) == limits(PARTS[entry.section], entry.field)


@pytest.mark.parametrize("hours", [0, -1, 745, 1e300, *NO_NUMBERS])
@pytest.mark.parametrize("field", ["hours_per_month", "days_per_month"])
def test_a_month_has_hours_and_days(field: str, hours: float) -> None:
    """From a file as from a program that made the calendar itself."""
    month = {"hours_per_month": 720.0, "days_per_month": 30.0} | {field: hours}
    most = {"hours_per_month": 744, "days_per_month": 31}[field]
    for calendar in (month, Calendar(**month)):
        said = refusal({"calendar": calendar})
        assert said.startswith(f"calendar.{field}: it must be a number from 1 to {most}, not ")


@pytest.mark.parametrize("usd", [-4, -1e-9, 1e7, *NO_NUMBERS])
def test_an_own_price_is_money(usd: float) -> None:
    """No negative one, no infinite one."""
    said = refusal({"prices": [["aws/g6.xlarge", usd]]})
    assert f"from {LOWEST_PRICE_USD:g} to {HIGHEST_PRICE_USD:,.0f}, not " in said


@pytest.mark.parametrize(
    "question",
    [
        {"workload": {"hour_weights": [1e300] * 24}},
        {"workload": {"hour_weights": [-1.0] * 24}},
        {"workload": {"hour_weights": [1.0] * 23}},
        {"workload": {"hour_weights": [0.0] * 24}},
        {"options": ["x"] * 25},
        {"options": ["x" * 301]},
        {"options": ["a\u202eb"]},
        {"prices": [["x", 1.0]] * 201},
        {"hosting": {"model": "a\x00b"}},
        {"hosting": {"model": "m" * 121}},
    ],
)
def test_lists_and_names_have_limits_too(question: dict[str, Any]) -> None:
    """So many, so long, and to be seen."""
    said = refusal(question)
    assert said.isprintable()
    assert len(said) < 200


@pytest.mark.parametrize(
    "question",
    [
        {"workload": {"requests_per_day": 500 * 86_400, "tokens_per_request": 12}},
        {"workload": {"requests_per_day": 1e12 / 30 / 500, "tokens_per_request": 500}},
        {"workload": {"corpus_tokens": 1e12, "requests_per_day": 1, "tokens_per_request": 1}},
        {"calendar": {"hours_per_month": 744, "days_per_month": 31}},
        {"calendar": {"hours_per_month": 672, "days_per_month": 28}},
        {"calendar": {"hours_per_month": 176, "days_per_month": 22}},
        {"calendar": {"hours_per_month": 1, "days_per_month": 30}},
        {"calendar": {"hours_per_month": 730, "days_per_month": 365 / 12}},
        {"objective": {"slo_p95_s": 0.05, "horizon_months": 60}},
        {"workload": {"growth_per_month": 0.2}},
        {"prices": [["owned/rtx-4090", 0.0]]},
        {"workload": {"hour_weights": [1e9, *[0.0] * 23]}},
    ],
)
def test_what_people_have_can_be_asked(question: dict[str, Any]) -> None:
    """500 requests a second, 1 T tokens a month, any month of the year, cards that are there."""
    asked = Scenario.model_validate_json(json.dumps(question))
    assert Scenario.model_validate(asked.model_dump()) == asked


def test_a_part_that_was_made_elsewhere_is_checked() -> None:
    """A copy may hold anything; the question may not."""
    forged = Workload().model_copy(update={"requests_per_day": -1.0})
    assert "workload.requests_per_day" in refusal({"workload": forged})
    assert Scenario(calendar=AVERAGE_MONTH).calendar == AVERAGE_MONTH
