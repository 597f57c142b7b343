"""Who is cheapest at every volume."""

import math
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_use.flat_bill import ApiBill
from core.cost.curve.break_even import MAX_STEPS
from core.cost.curve.envelope import Lead, lower_envelope
from core.cost.curve.piecewise import Piecewise, affine
from tests.cost.strategies import bills, volumes
from tests.oracles.pieces import staircase

Bill = ApiBill | HostedBill
ceilings = st.one_of(st.just(math.inf), st.just(0.0), volumes)
contests = st.lists(st.tuples(bills, ceilings), min_size=1, max_size=6)


def lead_at(leads: list[Lead], tokens: float) -> int | None:
    """Index of the leader at a volume; None where nobody leads."""
    for lead in leads:
        if lead.from_tokens < tokens <= lead.to_tokens:
            return lead.index
    return None


@settings(max_examples=150, deadline=None)
@given(contests, volumes)
def test_the_leader_is_the_cheapest_of_those_who_can_serve(
    contest: list[tuple[Bill, float]], tokens: float
) -> None:
    """Brute force at any volume agrees, up to what two nearly parallel costs may differ by."""
    costs = [bill.curve() for bill, _ in contest]
    limits = [ceiling for _, ceiling in contest]
    usd = [
        float(cost.at(tokens)) if tokens <= limit else math.inf
        for cost, limit in zip(costs, limits, strict=True)
    ]
    leader = lead_at(lower_envelope(costs, limits), tokens)
    if leader is None:
        assert min(usd) == math.inf or any(np.isclose(tokens, limit) for limit in limits)
        return
    close_to_a_ceiling = any(np.isclose(tokens, limit, rtol=1e-8) for limit in limits)
    assert close_to_a_ceiling or usd[leader] <= min(usd) * (1 + 1 / MAX_STEPS)


@settings(max_examples=150, deadline=None)
@given(contests)
def test_the_leads_tile_the_axis(contest: list[tuple[Bill, float]]) -> None:
    """They rise from zero without overlap; if somebody serves without limit, without gap."""
    leads = lower_envelope([bill.curve() for bill, _ in contest], [c for _, c in contest])
    assert all(lead.from_tokens < lead.to_tokens for lead in leads)
    for lower, upper in pairwise(leads):
        assert lower.to_tokens <= upper.from_tokens
        assert (lower.index, lower.to_tokens) != (upper.index, upper.from_tokens)
    if any(ceiling == math.inf for _, ceiling in contest):
        assert leads[0].from_tokens == 0
        assert leads[-1].to_tokens == math.inf
        assert all(lower.to_tokens == upper.from_tokens for lower, upper in pairwise(leads))


def test_beyond_its_ceiling_the_cheapest_cannot_lead() -> None:
    """A rate limit hands the lead to the next."""
    leads = lower_envelope([affine(0, 1.0), affine(0, 2.0)], [100.0, math.inf])
    assert leads == [Lead(0.0, 100.0, 0), Lead(100.0, math.inf, 1)]


def test_where_nobody_can_serve_nobody_leads() -> None:
    """A stretch beyond every ceiling is left out."""
    assert lower_envelope([affine(0, 1.0)], [100.0]) == [Lead(0.0, 100.0, 0)]
    assert lower_envelope([affine(0, 1.0)], [0.0]) == []
    assert lower_envelope([], []) == []


def test_of_equals_the_first_leads() -> None:
    """Two options at one price are one lead, not a flicker."""
    tied = [affine(0, 1.0), affine(0, 1.0), affine(5.0, 1.0)]
    assert lower_envelope(tied, [math.inf] * 3) == [Lead(0.0, math.inf, 0)]


def test_the_lead_is_lost_and_regained_at_steps() -> None:
    """Replicas lead on the stretches where they are well filled."""
    leads = lower_envelope([affine(0, 1.5), staircase(0, 0, 1_000.0, 1_000.0)], [math.inf] * 2)
    assert [(lead.index, round(lead.to_tokens, 2)) for lead in leads] == [
        (0, 666.67),
        (1, 1000.0),
        (0, 1333.33),
        (1, math.inf),
    ]


def test_of_two_that_cost_nothing_one_leads() -> None:
    """Equals at zero do not knock each other out."""
    assert lower_envelope([affine(0, 0), affine(0, 0)], [math.inf] * 2) == [Lead(0.0, math.inf, 0)]
    assert lower_envelope([affine(5, 0), affine(0, 0)], [math.inf] * 2) == [Lead(0.0, math.inf, 1)]


def test_a_cost_leads_from_its_floor_on() -> None:
    """Below it the dearer one does; it beats nobody there."""
    costs = [affine(0.0, 1.0), affine(0.0, 2.0)]
    leads = lower_envelope(costs, [math.inf, math.inf], [100.0, 0.0])
    assert [(lead.from_tokens, lead.to_tokens, lead.index) for lead in leads] == [
        (0.0, 100.0, 1),
        (100.0, math.inf, 0),
    ]


def test_a_fixed_difference_decides_though_it_drowns_far_out() -> None:
    """$10 less at one price of a token leads from 100 tokens on, though not at 1e24."""
    less = Piecewise(np.array([5.0, math.inf]), np.zeros(2), np.ones(2))
    costs = [affine(10.0, 1.0), less, affine(0.0, 0.5), affine(0.0, 3.0)]
    leads = lower_envelope(costs, [math.inf, math.inf, 100.0, 1e25])
    found = [(lead.from_tokens, lead.index) for lead in leads]
    assert found[:2] == [(0.0, 2), (100.0, 1)]


def test_a_stretch_that_nobody_serves_parts_two_leads() -> None:
    """One ends at 100 tokens, the next begins at 200."""
    costs, ceilings, floors = [affine(0, 1.0), affine(0, 2.0)], [100.0, math.inf], [0.0, 200.0]
    leads = lower_envelope(costs, ceilings, floors)
    assert leads == [Lead(0.0, 100.0, 0), Lead(200.0, math.inf, 1)]


@settings(max_examples=150, deadline=None)
@given(contests, st.randoms(use_true_random=False), volumes)
def test_the_order_of_the_options_does_not_matter(
    contest: list[tuple[Bill, float]], random: Random, tokens: float
) -> None:
    """Shuffled, the same option leads at any volume, or one that costs the same."""
    shuffled = random.sample(range(len(contest)), len(contest))
    costs = [bill.curve() for bill, _ in contest]
    limits = [ceiling for _, ceiling in contest]
    one = lead_at(lower_envelope(costs, limits), tokens)
    leads = lower_envelope([costs[i] for i in shuffled], [limits[i] for i in shuffled])
    other = lead_at(leads, tokens)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        there = shuffled[other]
        usd = [float(costs[i].at(tokens)) for i in (one, there)]
        assert one == there or usd[0] == pytest.approx(usd[1], rel=1 / MAX_STEPS)


@settings(max_examples=100, deadline=None)
@given(st.permutations([0.0, 2e-8, 5e-8, 1e-6]), st.floats(1.0, 1e5))
def test_of_one_fixed_part_the_flattest_leads(slopes: list[float], fixed: float) -> None:
    """Wherever it stands among the options, and however small the margin beside the fixed part."""
    leads = lower_envelope([affine(fixed, slope) for slope in slopes], [math.inf] * 4)
    assert leads == [Lead(0.0, math.inf, slopes.index(0.0))]


def test_who_serves_less_than_a_token_is_a_contender_up_to_there() -> None:
    """Half a token a month is a ceiling as any other; none at all is none."""
    costs = [affine(0, 1.0), affine(0, 2.0)]
    assert lower_envelope(costs, [0.5, math.inf]) == [Lead(0.0, 0.5, 0), Lead(0.5, math.inf, 1)]
    assert lower_envelope(costs, [0.0, math.inf]) == [Lead(0.0, math.inf, 1)]
