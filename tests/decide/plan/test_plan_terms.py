"""Which terms of a plan make sense."""

from typing import Any

import pytest

from core.decide.plan.plan_terms import Decline, PlanTerms, terms_of
from core.errors import ModelInputError
from core.scenario import Scenario, Vectors, Workload


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("corpus_tokens", 0.0, -1.0),
        ("kept_share", 1.0, 1.01),
        ("kept_share", 0.0, -0.01),
        ("setup_usd", 0.0, -1.0),
        ("move_usd", 0.0, -1.0),
        ("refit_usd", 0.0, -1.0),
        ("cutover_months", 24.0, 24.01),
        ("cutover_months", 0.0, -0.01),
        ("storage_usd_per_gb_month", 0.0, -0.01),
        ("index_overhead", 0.0, -0.01),
        ("commitment_months", 0, -1),
        ("card_value_lost_per_year", 1.0, 1.01),
        ("card_value_lost_per_year", 0.0, -0.01),
        ("credits_usd", 0.0, -1.0),
        ("least_saving_usd", 0.0, -1.0),
    ],
)
def test_each_term_is_taken_up_to_its_limit_and_refused_beyond(
    field: str, good: float, bad: float
) -> None:
    """Its last good value, and the first that makes no sense."""
    terms: dict[str, Any] = {field: good}
    assert getattr(PlanTerms(**terms), field) == good
    with pytest.raises(ModelInputError):
        PlanTerms(**(terms | {field: bad}))


def test_prices_fall_from_a_rise_of_double_to_nearly_all() -> None:
    """In order, from -100 % to 99 % a year."""
    assert Decline(-1.0, 0.0, 0.99).high == 0.99
    assert Decline(0.2, 0.2, 0.2).value == 0.2
    for low, value, high in ((-1.01, 0.0, 0.0), (0.0, 0.0, 1.0), (0.2, 0.1, 0.3), (0.0, 0.4, 0.3)):
        with pytest.raises(ModelInputError):
            Decline(low, value, high)


def test_the_terms_of_a_scenario_are_its_corpus_and_its_storage() -> None:
    """What is said there need not be said again."""
    asked = Scenario(
        workload=Workload(corpus_tokens=7e9),
        vectors=Vectors(usd_per_gb_month=0.5, index_overhead=0.25),
    )
    terms = terms_of(asked)
    assert (terms.corpus_tokens, terms.storage_usd_per_gb_month) == (7e9, 0.5)
    assert terms.index_overhead == 0.25
