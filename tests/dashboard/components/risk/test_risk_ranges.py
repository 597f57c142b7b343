"""The editor of ranges: what was typed becomes a range, and nothing else does."""

import math

from core.cost.many_scenarios.laws import Law, LawKind
from core.decide.result.belief import Belief, Range
from dashboard.components.risk import risk_ranges

BELIEFS = (
    Belief("labour", "Labour", "USD/month", Law(LawKind.LOG_UNIFORM, 1_000, 1_500, 6_000), "A."),
    Belief("peak", "Peak", "x", Law(LawKind.LOG_UNIFORM, 2, 3, 4.5), "B."),
)


def test_an_edited_row_is_a_range_and_the_others_are_not() -> None:
    """Only what differs from the table counts."""
    before = risk_ranges._table(BELIEFS)
    after = before.copy()
    after.loc[0, "High"] = 2_000.0
    after.loc[0, "Law"] = "triangular"
    expected = {"labour": Range(LawKind.TRIANGULAR, 1_000, 2_000)}
    assert risk_ranges._changed(BELIEFS, before, after) == expected
    assert risk_ranges._changed(BELIEFS, before, before) == {}


def test_an_emptied_cell_is_the_value_itself() -> None:
    """Nothing typed is no number to draw from."""
    before = risk_ranges._table(BELIEFS)
    after = before.copy()
    after.loc[1, "Low"] = math.nan
    assert risk_ranges._changed(BELIEFS, before, after) == {
        "peak": Range(LawKind.LOG_UNIFORM, 3.0, 4.5)
    }


def test_a_changed_table_gets_an_editor_of_its_own() -> None:
    """Edits belong to the rows that they were made on."""
    assert risk_ranges._version(BELIEFS) != risk_ranges._version(BELIEFS[:1])
