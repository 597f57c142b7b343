"""A question that was kept before some demands moved says the same as it did."""

from typing import Any

import pytest
from pydantic import ValidationError

from core.scenario import HOME, Licence
from core.snapshot.asked_question import Question


@pytest.mark.parametrize(
    ("demands", "region", "licence"),
    [
        ({"stay_home": True}, HOME, Licence.NOT_FORBIDDEN),
        ({"stay_home": False, "commercial": False}, "eu", Licence.ANY),
        ({"commercial": True, "least_recall": 0.9}, "eu", Licence.NOT_FORBIDDEN),
        ({}, "eu", Licence.NOT_FORBIDDEN),
    ],
)
def test_what_page_plan_demanded_is_demanded_of_the_question(
    demands: dict[str, Any], region: str, licence: Licence
) -> None:
    """Staying at home is a place; another place that was asked beside it, home satisfied, too."""
    kept = {"version": 1, "scenario": {"objective": {"region": "eu"}}, "demands": demands}
    read = Question.model_validate(kept)
    assert read.scenario.objective.region == region
    assert read.scenario.demands.licence is licence
    assert read.demands.least_recall == demands.get("least_recall")
    assert Question.model_validate(read.model_dump()) == read


@pytest.mark.parametrize(
    "kept",
    [
        {"demands": {"stay_home": "yes"}},
        {"demands": {"stay_home": True}, "scenario": 5},
        {"demands": {"commercial": False}, "scenario": {"demands": []}},
    ],
)
def test_what_was_never_a_question_is_refused_as_before(kept: dict[str, Any]) -> None:
    """Nothing is made of it."""
    with pytest.raises(ValidationError):
        Question.model_validate(kept)
