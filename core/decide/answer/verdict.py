"""The answer: who costs least here on average, by how much, and until when."""

import math
from collections.abc import Sequence

import numpy as np

from core.cost.by_replica.hosted_bill import whole_replicas
from core.cost.curve.break_even import TIE_RELATIVE
from core.cost.curve.piecewise import Floats
from core.cost.over_months.growth import growth_volumes
from core.cost.over_months.payback import Payback, payback
from core.decide.answer.rows import rounding_apart
from core.decide.options.options import is_by_use, is_self_hosted
from core.decide.result.curves import BreakEven, Curves, OptionCurve
from core.decide.result.snapshot import OptionAtVolume, Verdict
from core.scenario import Scenario

SMALL_BILL_USD = 50.0
"""A bill under this a month is not worth an afternoon."""
SMALL_SHARE_OF_LABOUR = 0.01
LEAST_CLOSE_USD = 20.0
"""A month: a difference below this is too close to call, however small the bills are."""


def verdict_on(curves: Curves, scenario: Scenario, rows: Sequence[OptionAtVolume]) -> Verdict:
    """The verdict at the scenario's volume. ``rows`` stand by their means, the least first."""
    volume = scenario.tokens_per_month
    able = [row for row in rows if row.can_serve]
    winner = able[0] if able else None
    runner_up = able[1] if len(able) > 1 else None
    hosted = next((row for row in able if is_self_hosted(row.option)), None)
    api = next((row for row in able if is_by_use(row.option)), None)
    break_even = _between(curves, hosted, api)
    ends = None if winner is None else curves.by_mean.ends(winner.option.id, volume)
    return Verdict(
        tokens_per_month=volume,
        winner=winner,
        runner_up=runner_up,
        margin_usd_per_month=_margin(winner, runner_up),
        self_hosted=hosted,
        break_even=break_even,
        stops_winning_at_tokens_per_month=ends,
        too_dear_beyond=_too_dear_beyond(curves, winner, ends),
        months_to_break_even=months_to_break_even(break_even, scenario),
        payback=_payback(curves, hosted, api, scenario),
        too_small_to_matter=_too_small(winner, scenario.hosting.labour_usd_per_month),
        not_yet_known=_not_yet_known(rows, winner),
        stated_winner=_stated_winner(able),
        close_within_usd=_close_within(winner, scenario.objective.close_share),
    )


def _stated_winner(able: Sequence[OptionAtVolume]) -> OptionAtVolume | None:
    """The cheapest with every input as stated; None where it is the one that wins on average."""
    best = min(able, key=lambda row: rounding_apart(row.usd_per_month or 0.0), default=None)
    if best is None or best is able[0]:
        return None
    lead = (able[0].usd_per_month or 0.0) - (best.usd_per_month or 0.0)
    return best if lead > TIE_RELATIVE * (able[0].usd_per_month or 0.0) else None


def _close_within(winner: OptionAtVolume | None, share: float) -> float:
    """Difference of means that is too small to call, USD/month; 0 where any difference decides."""
    if winner is None or winner.mean_usd_per_month is None or share == 0:
        return 0.0
    return max(share * winner.mean_usd_per_month, LEAST_CLOSE_USD)


def _not_yet_known(
    rows: Sequence[OptionAtVolume], winner: OptionAtVolume | None
) -> OptionAtVolume | None:
    """The cheapest that may suit and is not known to, below the winner's bill."""
    most = math.inf if winner is None else winner.mean_usd_per_month or 0.0
    return next(
        (
            row
            for row in rows
            if row.feasible and row.unknown and row.mean_usd_per_month is not None
            if row.mean_usd_per_month < most * (1 - TIE_RELATIVE)
        ),
        None,
    )


def months_to_break_even(break_even: BreakEven | None, scenario: Scenario) -> float | None:
    """First month, counted from 1, whose volume reaches the first break-even.

    Month n has V0 (1 + g)^(n - 1) tokens: a whole month, nothing interpolated, equality counts.
    None where there is no break-even, no growth towards it, or none within the horizon.
    """
    if break_even is None or break_even.first_tokens_per_month is None:
        return None
    start, target = scenario.tokens_per_month, break_even.first_tokens_per_month
    if start >= target:
        return 1.0
    growth = scenario.workload.growth_per_month
    if growth <= 0:
        return None
    steps = math.log(target / start) / math.log1p(growth) - 1e-9
    last_month = scenario.objective.horizon_months
    return 1.0 + math.ceil(steps) if steps <= last_month - 1 else None


def _between(
    curves: Curves, hosted: OptionAtVolume | None, api: OptionAtVolume | None
) -> BreakEven | None:
    if hosted is None or api is None:
        return None
    wanted = (hosted.option.id, api.option.id)
    return next(
        (
            break_even
            for break_even in curves.break_evens
            if (break_even.challenger_id, break_even.incumbent_id) == wanted
        ),
        None,
    )


def _payback(
    curves: Curves, hosted: OptionAtVolume | None, api: OptionAtVolume | None, scenario: Scenario
) -> Payback | None:
    """Cards bought for each month's replicas against the API's bills, over the horizon.

    A card that growth asks for later is bought in its month, and one whose life is over is bought
    anew. What they cost to run, their resale left out, is what remains of the bill without the
    capital.
    """
    owned = hosted.option.bought if hosted is not None else None
    if hosted is None or api is None or owned is None:
        return None
    own, other = (_curve(curves, row.option.id) for row in (hosted, api))
    price = hosted.option.price.usd
    if own.cost is None or other.cost is None or not price:  # there is nothing to pay back
        return None
    bill = whole_replicas(own.bill)
    if bill is None:
        return None
    months = scenario.objective.horizon_months
    growth = scenario.workload.growth_per_month
    volumes = growth_volumes(scenario.tokens_per_month, growth, months)
    cards = bill.paid_replicas(volumes)
    running = own.cost.at(volumes) - cards * bill.acquisition.usd_per_month
    card_usd = price + owned.host_usd
    bought_later = _bought(cards, owned.life_months) - _first(cards)
    savings = other.cost.at(volumes) - running - bought_later * card_usd
    rate = scenario.hosting.discount_rate_per_year
    return payback(float(cards[0]) * card_usd, savings, rate)


def _bought(cards: Floats, lifetime_months: int) -> Floats:
    """Cards bought in each month so that as many as it needs are alive.

    The first month's are bought at time 0. One that is not needed any more is kept for its life.
    """
    bought = np.zeros_like(cards)
    for month, needed in enumerate(cards):
        alive = bought[max(0, month - lifetime_months + 1) : month].sum()
        bought[month] = max(0.0, needed - alive)
    return bought


def _first(cards: Floats) -> Floats:
    """Those of the first month alone: they are the capital."""
    first = np.zeros_like(cards)
    first[0] = cards[0]
    return first


def _curve(curves: Curves, option_id: str) -> OptionCurve:
    return next(curve for curve in curves.curves if curve.option.id == option_id)


def _margin(winner: OptionAtVolume | None, runner_up: OptionAtVolume | None) -> float | None:
    if winner is None or runner_up is None:
        return None
    if winner.mean_usd_per_month is None or runner_up.mean_usd_per_month is None:
        return None
    margin = runner_up.mean_usd_per_month - winner.mean_usd_per_month
    return 0.0 if margin <= TIE_RELATIVE * runner_up.mean_usd_per_month else margin


def _too_dear_beyond(curves: Curves, winner: OptionAtVolume | None, ends: float | None) -> bool:
    """Whether it is the budget that ends the winner's lead."""
    if winner is None or ends is None:
        return False
    intervals = _curve(curves, winner.option.id).affordable or ()
    return any(math.isclose(high, ends, rel_tol=1e-9) for _, high in intervals)


def _too_small(winner: OptionAtVolume | None, labour_usd_per_month: float) -> bool:
    if winner is None or winner.mean_usd_per_month is None:
        return False
    labour_share = SMALL_SHARE_OF_LABOUR * labour_usd_per_month
    return winner.mean_usd_per_month < max(SMALL_BILL_USD, labour_share)
