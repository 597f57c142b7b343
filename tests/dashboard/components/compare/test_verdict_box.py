"""How sure the verdict is, beside it."""

from core.decide.result.snapshot import Snapshot
from dashboard.components.compare.verdict_box import doubt
from tests.dashboard.conftest import Ask


def winner_of(snapshot: Snapshot) -> str:
    """Id of the winner."""
    assert snapshot.verdict.winner is not None
    return snapshot.verdict.winner.option.id


def test_a_doubtful_answer_says_how_often_it_holds(ask: Ask) -> None:
    """The share of the samples in which the winner is the cheapest."""
    snapshot = ask().snapshot
    text = doubt(snapshot, {winner_of(snapshot): 0.48})
    assert "cheapest in 48\u00a0% of the samples" in text


def test_a_sure_answer_needs_no_word(ask: Ask) -> None:
    """Nor does one of which nothing is known, or none at all."""
    snapshot = ask().snapshot
    assert doubt(snapshot, {winner_of(snapshot): 0.97}) == ""
    assert doubt(snapshot, {}) == ""
    assert doubt(ask(options=()).snapshot, {}) == ""
