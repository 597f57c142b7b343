"""The verdict in words: every state of it, every number from the model."""

from dataclasses import replace

from core.catalog.schema import PriceUnit
from core.decide.result.curves import NeverReason
from core.decide.result.snapshot import Payback
from dashboard import formats
from dashboard.components.compare.verdict_text import VerdictText, never_ahead, verdict_text
from tests.dashboard.conftest import Answer, Ask


def told(answer: Answer) -> VerdictText:
    """The verdict of an answer."""
    return verdict_text(answer.snapshot, answer.scenario)


def test_it_says_what_to_use_what_it_costs_and_at_which_volume(ask: Ask) -> None:
    """The headline names what costs least on average of all that can serve, that mean, the volume.

    Where the mean is one over a range it says so; where nothing is uncertain it is the bill.
    """
    answer = ask()
    winner = answer.snapshot.verdict.winner
    assert winner is not None
    headline = told(answer).headline
    assert winner.option.label in headline
    assert f"{formats.usd_per_month(winner.mean_usd_per_month)} on average" in headline
    certain = told(ask(options=("alpha/tiered",))).headline
    assert "$125/month at" in certain
    assert formats.tokens_per_month(answer.snapshot.tokens_per_month) in headline


def test_nothing_chosen_asks_for_a_choice(ask: Ask) -> None:
    """Without options there is nothing to recommend."""
    assert told(ask(options=())).headline == "Choose at least one option to compare."


def test_none_that_can_serve_says_why_each_cannot(ask: Ask) -> None:
    """Where every option is beyond its limit, the limits are told."""
    answer = ask(requests_per_day=1e9, options=("alpha/flat",))
    text = told(answer)
    assert text.headline.startswith("None of the chosen options can serve")
    assert answer.snapshot.rows[0].infeasible_reason.rstrip(".") in text.reasons[0]


def test_a_small_bill_is_said_to_be_too_small_to_matter(ask: Ask) -> None:
    """Nobody should spend a day on a bill of a few dollars."""
    assert any("too small to matter" in reason for reason in told(ask(100)).reasons)
    assert not any("too small" in reason for reason in told(ask(1e8)).reasons)


def test_the_self_hosted_alternative_is_priced_with_its_duty_cycle(ask: Ask) -> None:
    """Where an API wins, the reader sees what a card would cost and how idle it would be."""
    answer = ask()
    hosted = answer.snapshot.verdict.self_hosted
    assert hosted is not None
    text = " ".join(told(answer).reasons)
    assert f"{formats.usd_per_month(hosted.mean_usd_per_month)} on average" in text
    assert f"duty cycle of {formats.percent(hosted.duty_cycle)}" in text


def test_a_break_even_ahead_is_told_with_its_distance(ask: Ask) -> None:
    """The first volume from which self-hosting is cheaper, and how far that is."""
    answer = ask()
    pair = answer.snapshot.verdict.break_even
    assert pair is not None
    assert pair.first_tokens_per_month is not None
    text = " ".join(told(answer).reasons)
    assert formats.tokens_per_month(pair.first_tokens_per_month) in text
    assert "times your volume" in text
    labels = {row.option.id: row.option.label for row in answer.snapshot.rows}
    assert f"{labels[pair.challenger_id]} breaks even with {labels[pair.incumbent_id]}" in text


def test_between_a_first_and_a_last_break_even_both_are_told(ask: Ask) -> None:
    """A lead that the next step takes away is never told as if it lasted."""
    answer = ask(requests_per_day=9e5)
    verdict = answer.snapshot.verdict
    assert verdict.break_even is not None
    here = verdict.tokens_per_month
    first, last = here * 0.99, here * 1.02
    pair = replace(verdict.break_even, first_tokens_per_month=first, for_good_tokens_per_month=last)
    snapshot = replace(answer.snapshot, verdict=replace(verdict, break_even=pair))
    text = " ".join(verdict_text(snapshot, answer.scenario).reasons)
    assert f"at {formats.tokens_per_month(first)} (and" in text
    assert f"for good from {formats.tokens_per_month(last)}" in text


def test_an_owned_card_is_said_to_be_priced_without_its_host(ask: Ask) -> None:
    """A card does not run by itself: a verdict that rests on one says what is not counted."""
    bought = ask(options=("alpha/flat", "owned/gpu-home"))
    assert any("host computer" in reason for reason in told(bought).reasons)
    rented = ask(options=("alpha/flat", "rent/l-1"))
    assert not any("host computer" in reason for reason in told(rented).reasons)


def test_growth_gives_the_month_of_break_even(ask: Ask) -> None:
    """With growth the break-even has a date; with too little of it, that is said."""
    far = ask(growth=0.25)
    months = far.snapshot.verdict.months_to_break_even
    assert months is not None
    assert f"growth a month that is in {formats.months(months)}" in " ".join(told(far).reasons)
    near = ask(requests_per_day=10, growth=0.001)
    assert "your growth does not lead there in 36 months" in " ".join(told(near).reasons)


def test_self_hosting_that_wins_is_told_with_its_replicas(ask: Ask) -> None:
    """Above the break-even the answer is to run one's own, and how many."""
    answer = ask(requests_per_day=3e8)
    winner = answer.snapshot.verdict.winner
    assert winner is not None
    assert winner.replicas is not None
    headline = told(answer).headline
    assert headline.startswith("Run your own")
    assert f"{winner.replicas:,} × {winner.option.label}" in headline


def test_never_says_the_floor_and_what_would_change_it(ask: Ask) -> None:
    """Where self-hosting never catches up, its lowest cost and the price that would do are told."""
    answer = ask()
    verdict = answer.snapshot.verdict
    assert verdict.break_even is not None
    never = NeverReason(0.018, 0.537, PriceUnit.PER_HOUR, 0.899)
    pair = replace(
        verdict.break_even,
        crossings=(),
        first_tokens_per_month=None,
        for_good_tokens_per_month=None,
        never=never,
    )
    snapshot = replace(answer.snapshot, verdict=replace(verdict, break_even=pair))
    text = " ".join(verdict_text(snapshot, answer.scenario).reasons).replace("\xa0", " ")
    assert "never embeds below $0.018 per 1M" in text
    assert "3x peak and 60 % ceiling" in text
    assert "under $0.537/h or at a utilisation ceiling above 90 %" in text
    hopeless = replace(never, price_that_would_change_it=None, ceiling_that_would_change_it=1.4)
    snapshot = replace(
        answer.snapshot, verdict=replace(verdict, break_even=replace(pair, never=hopeless))
    )
    text = " ".join(verdict_text(snapshot, answer.scenario).reasons)
    assert "no price of the card would change that" in text


def test_a_latency_that_is_not_known_is_said(ask: Ask) -> None:
    """A recommendation without a measurement does not hide that."""
    assert told(ask()).reasons[-1].endswith("is not measured yet.")


def test_each_option_that_never_gets_ahead_is_told(ask: Ask) -> None:
    """Every self-hosted option without a break-even has its sentence, and no other has one."""
    answer = ask()
    verdict = answer.snapshot.verdict
    assert verdict.break_even is not None
    never = [
        pair
        for pair in answer.curves.break_evens
        if pair.incumbent_id == verdict.break_even.incumbent_id and pair.never is not None
    ]
    assert len(list(never_ahead(answer.curves, verdict))) == len(never)


def test_a_payback_is_told_where_there_is_one_and_when_it_is_lost(ask: Ask) -> None:
    """A month, a loss after it, or not a word where the card never pays for itself."""
    answer = ask()
    for payback, words in (
        (Payback(None, None, holds_at_horizon=False, lost_in_month=None), None),
        (Payback(9, 8.6, holds_at_horizon=True, lost_in_month=None), "paid for it by month 9."),
        (Payback(9, 8.6, holds_at_horizon=False, lost_in_month=12), "lost again in month 12"),
    ):
        verdict = replace(answer.snapshot.verdict, payback=payback)
        told_so = verdict_text(replace(answer.snapshot, verdict=verdict), answer.scenario)
        said = " ".join(told_so.reasons)
        assert (words in said) if words else ("What the card saves" not in said)


def test_the_headline_says_whose_terms_are_in_the_bill(ask: Ask) -> None:
    """A discount and a reservation are named; what the label says is not said twice."""
    answer = ask(options=("alpha/flat",), discounts=(("alpha", 0.25),))
    assert "(25 % off list: your discount): $" in told(answer).headline
    mine = ask(options=("owned/gpu-home",), owned=(("owned/gpu-home", 3),))
    assert told(mine).headline.count("already yours") == 1


def test_a_break_even_beyond_ones_own_cards_is_said_to_be(ask: Ask) -> None:
    """By what they carry; bought as they are needed there is no such end."""
    both = ("owned/gpu-home", "alpha/flat")
    mine = ask(options=both, owned=(("owned/gpu-home", 1),), peak_to_mean=10)
    assert any("that yours carry" in reason for reason in told(mine).reasons)
    bought = ask(options=both, peak_to_mean=10)
    assert not any("that yours carry" in reason for reason in told(bought).reasons)
