"""Crossings, jumps, touches and ties of two costs."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_use.flat_bill import ApiBill, flat_bill
from core.cost.curve.break_even import MAX_STEPS, TIE_RELATIVE, CrossingKind, Meeting, meetings
from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import Piecewise, affine
from tests.cost.strategies import api_bills, bills, hosted_bills, volumes
from tests.oracles.pieces import staircase

Bill = ApiBill | HostedBill


def sign(a: Piecewise, b: Piecewise, tokens: float) -> int:
    """Sign of a - b at a volume, 0 within the tolerance of a tie."""
    first, second = float(a.at(tokens)), float(b.at(tokens))
    if abs(first - second) <= TIE_RELATIVE * max(abs(first), abs(second)):
        return 0
    return int(math.copysign(1, first - second))


def predicted_sign(events: tuple[Meeting, ...], at_start: int, tokens: float) -> int:
    """Sign of a - b that the list of events implies at a volume away from all of them."""
    current = at_start
    for event in events:
        if event.tokens_per_month >= tokens:
            break
        until = event.until_tokens_per_month
        current = 0 if until is not None and until >= tokens else event.sign_above
    return current


def kinds_and_places(events: tuple[Meeting, ...]) -> list[tuple[str, float]]:
    """Events in short."""
    return [(event.kind.value, round(event.tokens_per_month, 2)) for event in events]


def test_an_api_at_one_and_a_half_against_a_thousand_a_replica() -> None:
    """Replicas of 1,000 units at 1,000 meet an API at 1.5 a unit in every way there is."""
    api = affine(0.0, 1.5)
    replicas = staircase(0.0, 0.0, 1_000.0, 1_000.0, least=0)  # no volume, no replica
    found = meetings(replicas, api)
    assert kinds_and_places(found.events) == [
        ("touch", 0.0),
        ("cross", 666.67),
        ("jump", 1000.0),
        ("cross", 1333.33),
        ("touch", 2000.0),
    ]
    assert found.first_cheaper_tokens == pytest.approx(2_000 / 3)
    assert found.cheaper_for_good_tokens == pytest.approx(4_000 / 3)
    assert found.examined_to_tokens == math.inf


@given(st.floats(1, 1e5), st.floats(0, 1e-7), st.floats(1e-9, 1e-6))
def test_two_straight_costs_cross_at_fixed_over_margin(
    fixed: float, variable: float, margin: float
) -> None:
    """V* = F / (p - v), and only there."""
    found = meetings(affine(fixed, variable), affine(0.0, variable + margin))
    (event,) = found.events
    assert event.kind is CrossingKind.CROSS
    # The margin itself is only as exact as the difference of the two prices.
    exact = fixed / ((variable + margin) - variable)
    assert event.tokens_per_month == pytest.approx(exact, rel=1e-9)
    assert (event.sign_below, event.sign_above) == (1, -1)
    assert found.first_cheaper_tokens == found.cheaper_for_good_tokens == event.tokens_per_month


@settings(max_examples=300, deadline=None)
@given(bills, bills, volumes)
def test_the_events_tell_who_is_cheaper_everywhere(one: Bill, other: Bill, tokens: float) -> None:
    """Away from the events, the sign they imply is the sign of the costs themselves."""
    a, b = one.curve(), other.curve()
    found = meetings(a, b)
    assume(tokens < found.examined_to_tokens)
    places = np.array(
        [
            place
            for event in found.events
            for place in (event.tokens_per_month, event.until_tokens_per_month)
            if place is not None
        ]
    )
    assume(not np.any(np.isclose(places, tokens, rtol=1e-6, atol=1e-3)))
    actual = sign(a, b, tokens)
    assume(actual != 0)
    assert predicted_sign(found.events, found.sign_at_start, tokens) == actual


@settings(max_examples=200, deadline=None)
@given(hosted_bills(), api_bills())
def test_the_costs_are_equal_at_every_cross(hosted: HostedBill, api: ApiBill) -> None:
    """At a cross both one-sided limits agree between the two costs."""
    a, b = hosted.curve(), api.curve()
    for event in meetings(a, b).events:
        if event.kind is CrossingKind.CROSS:
            place = event.tokens_per_month
            assert float(a.at(place)) == pytest.approx(float(b.at(place)), rel=1e-8)


@settings(max_examples=200, deadline=None)
@given(hosted_bills(), bills)
def test_the_order_turns_between_the_limits_of_every_jump(hosted: HostedBill, other: Bill) -> None:
    """At a jump the limit from below and the limit from above have opposite signs, or touch 0."""
    a, b = hosted.curve(), other.curve()
    for event in meetings(a, b).events:
        if event.kind is CrossingKind.JUMP:
            place = event.tokens_per_month
            below = float(a.at(place) - b.at(place))
            above = float(a.just_above(place) - b.just_above(place))
            slack = 1e-9 * float(a.at(place))
            assert event.sign_below * below >= -slack
            assert event.sign_above * above >= -slack
            assert event.sign_below == -event.sign_above


@settings(max_examples=200, deadline=None)
@given(bills, bills)
def test_turned_around_every_sign_turns(one: Bill, other: Bill) -> None:
    """Cost b against a has the events of a against b with opposite signs."""
    there = meetings(one.curve(), other.curve())
    back = meetings(other.curve(), one.curve())
    assert [(e.kind, e.sign_below, e.sign_above) for e in there.events] == [
        (e.kind, -e.sign_below, -e.sign_above) for e in back.events
    ]
    assert there.sign_at_start == -back.sign_at_start
    assert there.sign_in_the_end == -back.sign_in_the_end


@given(bills)
def test_a_cost_ties_with_itself_for_good(bill: Bill) -> None:
    """One tie from zero volume to infinity, and nothing else."""
    found = meetings(bill.curve(), bill.curve())
    (event,) = found.events
    assert event.kind is CrossingKind.TIE
    assert (event.tokens_per_month, event.until_tokens_per_month) == (0.0, math.inf)
    assert found.never_cheaper
    assert found.first_cheaper_tokens is None
    assert found.cheaper_for_good_tokens is None


def test_a_tie_on_a_stretch_is_one_closed_interval() -> None:
    """Two tariffs that share their first tier part at its bound, which is no crossing."""
    a = ApiBill(((100.0, 0.1), (math.inf, 0.05)), 1.0, "units").curve()
    b = ApiBill(((100.0, 0.1), (math.inf, 0.08)), 1.0, "units").curve()
    (event,) = meetings(a, b).events
    assert event.kind is CrossingKind.TIE
    assert (event.tokens_per_month, event.until_tokens_per_month) == (0.0, 100.0)
    assert (event.sign_below, event.sign_above) == (0, -1)
    assert meetings(a, b).first_cheaper_tokens == 100.0


def test_a_tie_in_the_middle_has_no_crossings_at_its_ends() -> None:
    """Cheaper below, equal for a tier, cheaper above: one event."""
    a = Piecewise(np.array([10.0, math.inf]), np.array([0.0, 5.0]), np.array([1.0, 0.5]))
    b = Piecewise(
        np.array([10.0, 20.0, math.inf]), np.array([2.0, 5.0, -5.0]), np.array([0.8, 0.5, 1.0])
    )
    (event,) = meetings(a, b).events
    assert event.kind is CrossingKind.TIE
    assert (event.tokens_per_month, event.until_tokens_per_month) == (10.0, 20.0)
    assert (event.sign_below, event.sign_above) == (-1, -1)
    assert meetings(a, b).cheaper_for_good_tokens == 20.0
    flatter = Piecewise(b.upper_tokens, np.array([2.0, 5.0, 11.0]), np.array([0.8, 0.5, 0.2]))
    (event,) = meetings(a, flatter).events
    assert (event.tokens_per_month, event.until_tokens_per_month) == (10.0, 20.0)
    assert (event.sign_below, event.sign_above) == (-1, 1)


def test_a_difference_within_a_billionth_is_a_tie() -> None:
    """Costs that differ by less than 1e-9 of themselves are equal; by more, they are not."""
    assert meetings(affine(0, 1.0), affine(0, 1.0 + 5e-10)).events[0].kind is CrossingKind.TIE
    (event,) = meetings(affine(0, 1.0), affine(0, 1.0 + 5e-9)).events
    assert event.kind is CrossingKind.TOUCH
    assert event.tokens_per_month == 0


def test_two_apis_touch_at_no_volume() -> None:
    """Both cost nothing there, and the cheaper one stays it."""
    found = meetings(affine(0, 0.02), affine(0, 0.1))
    (event,) = found.events
    assert (event.kind, event.tokens_per_month) == (CrossingKind.TOUCH, 0.0)
    assert (event.sign_below, event.sign_above) == (0, -1)
    assert found.first_cheaper_tokens == 0
    assert found.cheaper_for_good_tokens == 0


def test_a_crossing_exactly_at_a_tier_bound_is_one_cross() -> None:
    """The bound is a corner, not a step: one event, no tie of no length."""
    api = ApiBill(((100.0, 0.1), (math.inf, 0.05)), 1.0, "units").curve()
    found = meetings(affine(10.0, 0.0), api)
    assert kinds_and_places(found.events) == [("cross", 100.0)]


def test_one_card_at_two_prices_never_crosses() -> None:
    """Equal staircases go up together: the dearer stays dearer, and nothing is left unexamined."""
    found = meetings(staircase(0.0, 0.0, 1e9, 500.0), staircase(0.0, 0.0, 1e9, 501.0))
    assert found.events == ()
    assert (found.sign_at_start, found.sign_in_the_end) == (-1, -1)
    assert found.examined_to_tokens == math.inf


def test_a_slow_machine_is_followed_over_all_its_steps() -> None:
    """A replica of a hundred thousand tokens a month crosses after millions of steps, exactly."""
    slow = staircase(1_000_000.0, 0.0, 1e5, 0.001)
    found = meetings(slow, affine(0.0, 0.02e-6))
    assert found.examined_to_tokens == math.inf
    first = found.first_cheaper_tokens
    assert first is not None
    assert first / 1e5 > 1e8
    assert sign(slow, affine(0.0, 0.02e-6), first * (1 - 1e-3)) == 1
    assert sign(slow, affine(0.0, 0.02e-6), first * (1 + 1e-3)) == -1


def test_parallel_costs_say_how_far_they_were_followed() -> None:
    """With equal slopes the meetings never end: the list stops, and says where."""
    bill = HostedBill(1_000.0, 0, 0.0, CostLine("Rent", 1_000.0, "rent"))
    api = flat_bill(1.0, 1.0, "units").curve()
    found = meetings(bill.curve(), api)
    assert found.examined_to_tokens == pytest.approx(MAX_STEPS * 1_000.0)
    assert found.sign_in_the_end == 0
    assert found.never_cheaper
    assert {event.kind for event in found.events} == {CrossingKind.TOUCH}
    assert len(found.events) >= MAX_STEPS - 2


@settings(max_examples=200, deadline=None)
@given(hosted_bills(), api_bills())
def test_never_is_never(hosted: HostedBill, api: ApiBill) -> None:
    """What is said never to be cheaper is not cheaper at any volume, however huge."""
    a, b = hosted.curve(), api.curve()
    if not meetings(a, b).never_cheaper:
        return
    whole = np.arange(1, 2_000) * a.stairs[0].tokens
    far = np.geomspace(1.0, 1e18, 2_000)
    for place in (whole.astype(np.float64), far.astype(np.float64), b.upper_tokens[:-1]):
        assert np.all(a.at(place) >= b.at(place) * (1 - 1e-9))


@settings(max_examples=200, deadline=None)
@given(hosted_bills(), api_bills())
def test_the_first_volume_is_the_first(hosted: HostedBill, api: ApiBill) -> None:
    """Below it the challenger is nowhere cheaper; just above it, it is."""
    a, b = hosted.curve(), api.curve()
    first = meetings(a, b).first_cheaper_tokens
    if first is None or first == 0:
        return
    steps = np.arange(1, min(5_000, int(first / a.stairs[0].tokens)) + 1) * a.stairs[0].tokens
    below = np.concatenate((np.geomspace(1.0, first, 500), steps[steps < first]))
    assert np.all(a.at(below) >= b.at(below) * (1 - 1e-8))
    assert float(a.just_above(first)) <= float(b.just_above(first)) * (1 + 1e-8)


@settings(max_examples=200, deadline=None)
@given(hosted_bills(), api_bills())
def test_for_good_is_for_good(hosted: HostedBill, api: ApiBill) -> None:
    """Beyond that volume the challenger is cheaper at every step and far beyond."""
    a, b = hosted.curve(), api.curve()
    found = meetings(a, b)
    last = found.cheaper_for_good_tokens
    if last is None:
        return
    start = max(last, 1.0)
    k = np.floor(start / a.stairs[0].tokens) + np.arange(1, 2_000)
    beyond = np.concatenate(
        (np.geomspace(start * (1 + 1e-6), start * 1e6, 500), k * a.stairs[0].tokens)
    )
    assert np.all(a.at(beyond) <= b.at(beyond) * (1 + 1e-8))
    assert np.all(a.just_above(beyond) <= b.just_above(beyond) * (1 + 1e-8))


FLEET = HostedBill(1e9, 1, 500.0, CostLine("Rent", 600.0, "rent"), active_usd_per_token=1e-8)
SMALL_FLEET = HostedBill(3e8, 0, 0.0, CostLine("Rent", 200.0, "rent"))
TIERED = ApiBill(((2e3, 0.6), (2e4, 0.4), (math.inf, 1.2)), 1e6, "M tokens")


@pytest.mark.parametrize("factor", [1e-6, 1e-2, 1e3])
@pytest.mark.parametrize("other", [TIERED.curve(), SMALL_FLEET.curve(), affine(0.0, 8e-7)])
def test_neither_currency_nor_the_unit_of_volume_moves_a_meeting(
    factor: float, other: Piecewise
) -> None:
    """A cost in another currency meets at the same volumes, one in other units at as many."""

    def in_currency(cost: Piecewise) -> Piecewise:
        stairs = tuple(replace(stair, usd=stair.usd * factor) for stair in cost.stairs)
        fixed, slope = cost.usd_fixed * factor, cost.usd_per_token * factor
        return Piecewise(cost.upper_tokens, fixed, slope, stairs)

    def in_units(cost: Piecewise) -> Piecewise:
        stairs = tuple(replace(stair, tokens=stair.tokens * factor) for stair in cost.stairs)
        slope = cost.usd_per_token / factor
        return Piecewise(cost.upper_tokens * factor, cost.usd_fixed, slope, stairs)

    plain = kinds_and_places(meetings(FLEET.curve(), other).events)
    assert plain
    for turned, scale in ((in_currency, 1.0), (in_units, factor)):
        found = kinds_and_places(meetings(turned(FLEET.curve()), turned(other)).events)
        assert [kind for kind, _ in found] == [kind for kind, _ in plain]
        places = [place / scale for _, place in found]
        assert places == pytest.approx([place for _, place in plain], rel=1e-6)


@given(st.floats(1.0, 1e6), st.floats(1e-12, 1e-3), st.floats(1e-6, 1.0))
def test_one_fixed_part_ties_at_no_volume_alone(fixed: float, slope: float, more: float) -> None:
    """However small the margin is beside it: it is a touch, not a tie for ever."""
    found = meetings(affine(fixed, slope), affine(fixed, slope * (1 + more)))
    (event,) = found.events
    assert (event.kind, event.tokens_per_month) == (CrossingKind.TOUCH, 0.0)
    assert (found.sign_at_start, found.sign_in_the_end) == (-1, -1)
    assert found.first_cheaper_tokens == found.cheaper_for_good_tokens == 0


def test_a_replica_and_the_same_with_a_margin_on_top_do_not_tie() -> None:
    """$167 a replica on both sides, and two cents a million on one: that one is never cheaper."""
    plain = staircase(0.0, 0.0, 1e10, 167.0)
    dearer = replace(plain, usd_per_token=np.array([2e-8]))
    assert meetings(dearer, plain).never_cheaper
    assert meetings(plain, dearer).first_cheaper_tokens == 0


@pytest.mark.parametrize("left", [-7e-15, 7e-15, -4e-10])
def test_what_rounding_leaves_of_nothing_is_no_break_even(left: float) -> None:
    """Dearer from the first token on, though its digits say less than nothing at no volume."""
    dearer = Piecewise(np.array([1e3, math.inf]), np.array([left, 0.0]), np.array([3e-8, 3e-8]))
    found = meetings(dearer, affine(0.0, 1e-8))
    assert found.first_cheaper_tokens is None
    assert found.never_cheaper
    assert all(event.kind is CrossingKind.TOUCH for event in found.events)


@given(st.floats(1e-8, 1e3), st.floats(1e-9, 1e3))
def test_nothing_turns_within_the_first_token(fixed: float, usd_per_token: float) -> None:
    """A fixed part that half a token makes good is made good from the start."""
    found = meetings(affine(fixed, 0.0), affine(0.0, usd_per_token))
    assert all(e.tokens_per_month == 0 or e.tokens_per_month >= 1 for e in found.events)
    assert found.first_cheaper_tokens == pytest.approx(
        fixed / usd_per_token if fixed / usd_per_token >= 1 else 0.0
    )


def test_far_out_a_margin_decides_that_a_fixed_part_drowns() -> None:
    """A million either way up to ten tokens, and a billionth less for each beyond them."""
    bounds, fixed = np.array([10.0, math.inf]), np.array([1e6, 1e6])
    cheap = Piecewise(bounds, fixed, np.array([0.0, 1e-9]))
    dear = Piecewise(bounds, fixed, np.array([0.0, 2e-9]))
    for a, b, sign_of in ((cheap, dear, -1), (dear, cheap, 1), (cheap, cheap, 0)):
        found = meetings(a, b)
        assert found.sign_in_the_end == sign_of
        (event,) = found.events
        assert (event.kind, event.tokens_per_month) == (CrossingKind.TIE, 0.0)
        assert event.until_tokens_per_month == (10.0 if sign_of else math.inf)


def test_steps_of_nearly_one_length_drift_apart() -> None:
    """Lengths half a billionth apart are two: the longer is cheaper beside every tenth step."""
    longer = staircase(0.0, 0.0, 1e12 * (1 + 5e-10), 500.0)
    shorter = staircase(0.0, 0.0, 1e12, 500.0)
    found = meetings(longer, shorter)
    assert found.first_cheaper_tokens == pytest.approx(3e12, rel=0.7)
    assert not found.never_cheaper
    between = 1e13 * (1 + 2.5e-10)
    assert sign(longer, shorter, between) == -1
    assert meetings(shorter, longer).first_cheaper_tokens is None


def test_a_cost_one_step_below_touches_where_each_step_begins() -> None:
    """1,000 for each 1,000 tokens against one a token and 1,000 more: equal just above a step."""
    replicas, api = staircase(0.0, 0.0, 1_000.0, 1_000.0), affine(1_000.0, 1.0)
    found = meetings(replicas, api)
    assert {event.kind for event in found.events} == {CrossingKind.TOUCH}
    places = [event.tokens_per_month for event in found.events]
    assert places[:3] == pytest.approx([0.0, 1_000.0, 2_000.0])
    assert math.isfinite(found.examined_to_tokens)
    assert found.sign_at_start == -1
    back = meetings(api, replicas)
    assert [event.tokens_per_month for event in back.events] == pytest.approx(places)


def test_where_only_the_last_piece_parts_two_costs_the_end_is_read_far_out() -> None:
    """Equal to a bound, and beyond it by a margin that is no rounding: a tie up to there."""
    bounds = np.array([10.0, math.inf])
    cheap = Piecewise(bounds, np.array([5.0, 5.0]), np.array([0.0, 1.0]))
    dear = Piecewise(bounds, np.array([5.0, 5.0]), np.array([0.0, 2.0]))
    found = meetings(cheap, dear)
    assert (found.sign_at_start, found.sign_in_the_end) == (0, -1)
    parted = Piecewise(bounds, np.array([5.0, 8.0]), np.array([0.0, 0.0]))
    level = Piecewise(bounds, np.array([5.0, 5.0]), np.array([0.0, 0.0]))
    found = meetings(level, parted)
    assert (found.sign_at_start, found.sign_in_the_end) == (0, -1)


def test_a_margin_decides_beyond_a_bound_up_to_which_two_costs_are_plainly_apart() -> None:
    """$50 more up to ten tokens; beyond them a million either way, and a billionth less a token."""
    bounds = np.array([10.0, math.inf])
    cheap = Piecewise(bounds, np.array([100.0, 1e6]), np.array([0.0, 1e-9]))
    dear = Piecewise(bounds, np.array([50.0, 1e6]), np.array([0.0, 2e-9]))
    found = meetings(cheap, dear)
    assert (found.sign_at_start, found.sign_in_the_end) == (1, -1)
    assert found.cheaper_for_good_tokens == 10.0
