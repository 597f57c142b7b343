"""How sure the verdict is, beside it: range, chance, regret, a tie and what would decide it."""

from dataclasses import replace

import pytest

from core.cost.many_scenarios.laws import Law, LawKind
from core.cost.many_scenarios.value_of_information import Estimated
from core.decide.result.belief import Belief
from core.decide.result.risk_result import Certainty, Decisive, OptionRisk
from core.decide.result.snapshot import Snapshot, Verdict
from dashboard import formats
from dashboard.components.compare.certainty_text import (
    WAITING,
    decisive_text,
    how_sure,
    stated_text,
    too_close_text,
)
from dashboard.components.compare.verdict_text import verdict_text
from tests.dashboard.conftest import Ask

NOTHING = Certainty((), Estimated(0.0, 0.0), None)


def sure(snapshot: Snapshot, chance: float, high_usd: float, regret_usd: float = 0.0) -> Certainty:
    """The winner costs $100 to so much, and is the cheapest with this chance."""
    assert snapshot.verdict.winner is not None
    name = snapshot.verdict.winner.option.id
    option = OptionRisk(name, name, Estimated(chance, 0.0), 100.0, 150.0, high_usd, 160.0)
    return Certainty((option,), Estimated(regret_usd, 0.0), None)


def test_an_answer_says_its_chance_its_range_and_what_being_wrong_costs(ask: Ask) -> None:
    """Beside the mean: where 9 of 10 costs lie, the median, and the regret."""
    snapshot = ask().snapshot
    text = how_sure(snapshot, sure(snapshot, 0.48, 250.0, 12.0)).replace("\u00a0", " ")
    assert text == (
        "The cheapest with a chance of 48 %; being wrong costs $12 a month on average; "
        "9 of 10 from $100 to $250, median $150."
    )


def test_what_is_not_worth_a_word_is_left_out(ask: Ask) -> None:
    """A narrow range and a regret of cents; without a winner there is no line at all."""
    snapshot = ask().snapshot
    text = how_sure(snapshot, sure(snapshot, 0.97, 101.0)).replace("\u00a0", " ")
    assert text == "The cheapest with a chance of 97 %."
    assert how_sure(snapshot, None) == how_sure(snapshot, NOTHING) == WAITING
    assert how_sure(ask(options=()).snapshot, NOTHING) == ""


def close(ask: Ask) -> Verdict:
    """Two APIs of $150 a month."""
    verdict = ask(options=("alpha/flat", "beta/characters")).snapshot.verdict
    assert verdict.too_close
    return verdict


def test_a_tie_is_said_with_both_and_what_decides_nothing(ask: Ask) -> None:
    """The same bill twice: no difference below $20 decides."""
    (text,) = too_close_text(close(ask))
    assert text.startswith("Too close to call: Beta by the character costs $150/month, the same")
    assert "below $20 a month decides nothing" in text
    assert list(too_close_text(ask().snapshot.verdict)) == []


@pytest.mark.parametrize(
    ("name", "label", "to_do"),
    [
        ("throughput/l4", "Throughput of NVIDIA L4", "Measure your own throughput of NVIDIA L4"),
        ("seconds/a/b", "Seconds of an API", "Measure the seconds of an API"),
        ("labour", "Labour", "Find out the labour"),
    ],
)
def test_what_would_decide_is_named_with_its_worth(
    ask: Ask, name: str, label: str, to_do: str
) -> None:
    """The one thing to find out, or that there is none; nothing where it is not close."""
    belief = Belief(name, label, "USD", Law(LawKind.LOG_UNIFORM, 1, 2, 4), ".")
    found = replace(NOTHING, decisive=Decisive(belief, Estimated(37.0, 1.0)))
    (text,) = decisive_text(close(ask), found)
    assert text == f"{to_do}: it would decide it, and is worth up to $37 a month."
    (none,) = decisive_text(close(ask), NOTHING)
    assert "would decide it: take either" in none
    assert list(decisive_text(ask().snapshot.verdict, found)) == []
    assert list(decisive_text(close(ask), None)) == []


def test_another_winner_as_stated_is_told_with_both_figures(ask: Ask) -> None:
    """A card at the corner of its range: cheaper as stated, dearer on average."""
    api = "alpha/flat"
    stated = ask(options=("rent/l-1",)).snapshot.rows[0]
    assert stated.usd_per_month is not None
    assert stated.mean_usd_per_month is not None
    between = (stated.usd_per_month + stated.mean_usd_per_month) / 2
    per_mtok = between / ask().snapshot.tokens_per_month * 1e6
    answer = ask(options=(api, "rent/l-1"), prices=((api, per_mtok),))
    verdict = answer.snapshot.verdict
    assert verdict.winner is not None
    assert verdict.winner.option.id == api
    assert verdict.stated_winner is not None
    assert verdict.stated_winner.option.id == "rent/l-1"
    (text,) = stated_text(verdict)
    for figure in (stated.usd_per_month, between, stated.mean_usd_per_month):
        assert formats.usd_per_month(figure) in text
    assert stated.option.label in text
    assert verdict.winner.option.label in text
    assert text in verdict_text(answer.snapshot, answer.scenario).reasons
    assert list(stated_text(ask().snapshot.verdict)) == []
