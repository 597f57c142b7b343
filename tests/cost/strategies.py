"""Random costs for the laws: APIs with and without tiers, self-hosting with replicas."""

import math
from dataclasses import replace

from hypothesis import strategies as st

from core.cost.by_replica.hosted_bill import HostedBill, HoursAlike
from core.cost.by_use.flat_bill import ApiBill
from core.cost.by_use.usage_bill import UsageBill
from core.cost.curve.breakdown import CostLine

usd_per_mtok = st.floats(0.001, 1.0)
volumes = st.floats(0, 13).map(lambda exponent: 10.0**exponent)


@st.composite
def api_bills(draw: st.DrawFn) -> ApiBill:
    """A token price in one to four graduated tiers, in any order of price."""
    prices = draw(st.lists(usd_per_mtok, min_size=1, max_size=4))
    bounds = draw(
        st.lists(
            st.floats(1.0, 1e7),
            min_size=len(prices) - 1,
            max_size=len(prices) - 1,
            unique=True,
        )
    )
    tiers = tuple(zip([*sorted(bounds), math.inf], prices, strict=True))
    return ApiBill(tiers, 1e6, "M tokens")


def by_the_token(usd_per_token: float) -> UsageBill:
    """An API at one price."""
    return UsageBill(((math.inf, usd_per_token * 1e6),), 1e6, "M tokens")


@st.composite
def hosted_bills(draw: st.DrawFn) -> HostedBill:
    """Replicas of 1e8 to 1e12 tokens a month, some with energy that is billed by the token."""
    idle_usd = draw(st.one_of(st.none(), st.floats(0.1, 100.0)))
    return HostedBill(
        capacity_tokens_per_month=10.0 ** draw(st.floats(8, 12)),
        spare_replicas=draw(st.integers(0, 3)),
        labour_usd_per_month=draw(st.sampled_from([0.0, 500.0, 1_500.0])),
        acquisition=CostLine("Rent", draw(st.floats(1.0, 5_000.0)), "rent"),
        idle_energy=None if idle_usd is None else CostLine("Energy, idle", idle_usd, "idle"),
        active_usd_per_token=draw(st.sampled_from([0.0, 3e-10])),
        active_explanation="energy",
    )


@st.composite
def following_bills(draw: st.DrawFn) -> HostedBill:
    """Fleets that follow the load over two to five groups of hours, with a minimum.

    Of some a part of the work can wait, so that they pay for full replicas at least.
    """
    load = st.one_of(st.just(0.0), st.floats(1e-6, 1.0))
    loads = draw(st.lists(load, min_size=1, max_size=4, unique=True))
    lengths = draw(st.lists(st.integers(1, 12), min_size=len(loads) + 1, max_size=len(loads) + 1))
    parts = zip(lengths, (*loads, 1.0), strict=True)
    return replace(
        draw(hosted_bills()),
        minimum_replicas=draw(st.integers(0, 4)),
        hours=tuple(HoursAlike(length / sum(lengths), load) for length, load in parts),
        mean_load=draw(st.sampled_from([0.0, 1.0]) | st.floats(0.01, 1.0)),
    )


bills = st.one_of(api_bills(), hosted_bills(), following_bills())
