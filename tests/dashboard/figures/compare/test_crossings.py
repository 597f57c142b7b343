"""Which meetings are marked."""

from itertools import pairwise

import pytest

from dashboard.figures.compare.crossings import LABEL_DISTANCE, labelled, marks
from tests.dashboard.conftest import Ask


def test_each_change_of_the_lead_is_marked_where_it_happens(ask: Ask) -> None:
    """The marks of the lead are the borders between the stretches of the cheapest."""
    answer = ask()
    borders = [lead.to_tokens_per_month for lead in answer.curves.winners[:-1]]
    found = [m for m in marks(answer.curves, answer.snapshot.verdict) if m.lead_changes]
    assert [m.tokens_per_month for m in found] == borders
    assert borders


def test_a_mark_lies_on_both_curves(ask: Ask) -> None:
    """At a meeting with the API the marked cost is the API's own."""
    answer = ask()
    verdict = answer.snapshot.verdict
    assert verdict.break_even is not None
    costs = {c.option.id: c.cost for c in answer.curves.curves}
    api = costs[verdict.break_even.incumbent_id]
    assert api is not None
    against = [m for m in marks(answer.curves, verdict) if not m.lead_changes]
    for mark in against:
        assert mark.usd_per_month == pytest.approx(float(api.at(mark.tokens_per_month)))


def test_labels_keep_their_distance(ask: Ask) -> None:
    """Two labelled meetings are never so near that their names would lie on each other."""
    answer = ask()
    volumes = sorted(
        m.tokens_per_month for m in labelled(marks(answer.curves, answer.snapshot.verdict))
    )
    assert all(b / a >= LABEL_DISTANCE for a, b in pairwise(volumes))


def test_a_change_of_the_lead_says_how_it_comes(ask: Ask) -> None:
    """A plain crossing, a step, a limit and a mean are told apart by what the curves do there."""
    answer = ask()
    costs = {c.option.id: c for c in answer.curves.curves}
    leads = answer.curves.winners
    found = [m for m in marks(answer.curves, answer.snapshot.verdict) if m.lead_changes]
    assert found
    for (before, after), mark in zip(pairwise(leads), found, strict=True):
        one, other = costs[before.option_id], costs[after.option_id]
        assert one.cost is not None
        assert other.cost is not None
        volume = mark.tokens_per_month
        equal = one.cost.at(volume) == pytest.approx(other.cost.at(volume), rel=1e-9)
        if one.option.ceiling_tokens_per_month == volume:
            assert "limit" in mark.how
        elif any(answer.curves.by_mean.varies(lead.option_id) for lead in (before, after)):
            assert mark.how == "the mean costs cross"
            assert mark.text.endswith("becomes cheapest on average")
        else:
            assert mark.how == ("the lines cross" if equal else "at a step")
