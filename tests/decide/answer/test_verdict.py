"""The answer at one volume."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.answer.verdict import months_to_break_even
from core.decide.case import Case
from core.decide.compare import at_volume, curves, volume_in_month
from core.decide.result.curves import BreakEven
from core.decide.result.snapshot import Verdict
from core.measurement.measured import Measurement
from core.scenario import Hosting, Objective, Scenario, Workload
from tests.decide.known_limits import limit_known, none_published
from tests.oracles.unit_cost import break_even_utilisation

NOTHING: dict[str, Measurement] = {}


def answer(scenario: Scenario, catalog: Catalog) -> Verdict:
    """The verdict on a scenario, all limits known."""
    case = Case(scenario, limit_known(catalog), NOTHING)
    return at_volume(curves(case), case).verdict


def pays_from(tokens: float | None) -> BreakEven:
    """A break-even at a volume."""
    return BreakEven("api", "gpu", (), tokens, tokens, None)


def growing(growth: float, horizon: int = 120, requests: float = 100_000) -> Scenario:
    """1.5 B tokens in month 1 (at 100,000 requests a day), growing."""
    return Scenario(
        workload=Workload(requests_per_day=requests, growth_per_month=growth),
        objective=Objective(horizon_months=horizon),
    )


def test_the_cheapest_feasible_option_wins_by_its_margin(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Seconds at 0.02 per 1M win $30 to $150; the best GPU and its break-even are named.

    By what they cost on average: seconds that may be half or double, every ratio alike, are
    (2 - 1/2)/ln 4 of the stated ones.
    """
    verdict = answer(question, frozen_catalog)
    assert verdict.winner is not None
    assert verdict.runner_up is not None
    assert verdict.self_hosted is not None
    assert verdict.winner.option.id == "beta/seconds"
    assert verdict.winner.usd_per_month == pytest.approx(30.0)
    # The tiers make 1,000 M at 0.10 and 500 M at 0.05.
    assert verdict.runner_up.option.id == "alpha/tiered"
    mean_usd = 30.0 * 1.5 / math.log(4)
    assert verdict.winner.mean_usd_per_month == pytest.approx(mean_usd, rel=1e-4)
    assert verdict.margin_usd_per_month == pytest.approx(125.0 - mean_usd, rel=1e-4)
    assert verdict.self_hosted.option.id == "owned/gpu-home"
    assert verdict.break_even is not None
    assert verdict.break_even.challenger_id == "owned/gpu-home"
    assert verdict.break_even.incumbent_id == "beta/seconds"
    # The lines as stated cross at the break-even; the lead is lost where the means do.
    assert verdict.break_even.first_tokens_per_month is not None
    end = verdict.stops_winning_at_tokens_per_month
    assert end is not None
    assert end != verdict.break_even.first_tokens_per_month
    means = curves(Case(question, limit_known(frozen_catalog), NOTHING)).by_mean.at(end)
    assert means["owned/gpu-home"] == pytest.approx(means["beta/seconds"], rel=1e-6)


def test_what_never_loses_its_lead_has_no_end(question: Scenario, frozen_catalog: Catalog) -> None:
    """Alone among the able, the winner keeps the axis."""
    alone = question.model_copy(update={"options": ("beta/seconds", "beta/requests")})
    case = Case(alone, none_published(frozen_catalog), NOTHING)
    verdict = at_volume(curves(case), case).verdict
    assert verdict.stops_winning_at_tokens_per_month is None
    assert verdict.self_hosted is None
    assert verdict.break_even is None


def test_of_two_equal_bills_the_first_wins_by_nothing(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """0.10 per 1M tokens and 0.025 per 1M characters at four a token are a tie, saving 0."""
    tied = question.model_copy(update={"options": ("beta/characters", "alpha/flat")})
    verdict = answer(tied, frozen_catalog)
    assert verdict.winner is not None
    assert verdict.winner.option.id == "beta/characters"
    assert verdict.margin_usd_per_month == 0
    nearly = tied.model_copy(update={"prices": (("alpha/flat", 0.1 * (1 + 1e-12)),)})
    assert answer(nearly, frozen_catalog).margin_usd_per_month == 0


@pytest.mark.parametrize(
    ("requests", "labour", "small"),
    [(100_000, 1_500, True), (1_000_000, 1_500, False), (1_000_000, 100_000, True)],
)
def test_a_small_bill_does_not_matter(
    question: Scenario, frozen_catalog: Catalog, requests: float, labour: float, *, small: bool
) -> None:
    """Under $50 a month, or under 1 % of a month's labour."""
    asked = question.model_copy(
        update={
            "workload": Workload(requests_per_day=requests),
            "hosting": Hosting(model="open/large", labour_usd_per_month=labour),
            "options": ("beta/seconds",),
        }
    )
    assert answer(asked, frozen_catalog).too_small_to_matter is small


@given(st.floats(0.001, 1.0), st.floats(1.0, 1e4))
def test_the_month_is_the_first_that_reaches_the_volume(growth: float, factor: float) -> None:
    """In that month the grown volume is there; in the month before, it was not yet."""
    asked = growing(growth)
    target = asked.tokens_per_month * factor
    month = months_to_break_even(pays_from(target), asked)
    if month is None:
        last = volume_in_month(asked.tokens_per_month, growth, asked.objective.horizon_months)
        assert last < target * (1 + 1e-9)
        return
    assert month == int(month)
    reached = volume_in_month(asked.tokens_per_month, growth, int(month))
    assert reached >= target * (1 - 1e-8)
    if month > 1:
        assert volume_in_month(asked.tokens_per_month, growth, int(month) - 1) < target


def test_equality_counts_as_reached() -> None:
    """Doubling from 1.5 B, 6 B are there in month 3."""
    assert months_to_break_even(pays_from(6e9), growing(1.0)) == 3


def test_what_is_reached_already_is_reached_in_month_one() -> None:
    """With or without growth, even while shrinking."""
    for growth in (0.0, 0.5, -0.2):
        assert months_to_break_even(pays_from(1e9), growing(growth)) == 1


def test_what_is_not_reached_has_no_month() -> None:
    """No growth, no break-even, or a horizon too near."""
    assert months_to_break_even(pays_from(6e9), growing(0.0)) is None
    assert months_to_break_even(pays_from(6e9), growing(-0.1)) is None
    assert months_to_break_even(pays_from(None), growing(1.0)) is None
    assert months_to_break_even(None, growing(1.0)) is None
    assert months_to_break_even(pays_from(6e9), growing(1.0, horizon=2)) is None
    assert months_to_break_even(pays_from(6e9), growing(1.0, horizon=3)) == 3


def test_the_lead_that_ends_is_the_one_at_the_volume(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """An option that leads twice loses the lead at the end of the stretch asked about."""
    found = curves(Case(question, frozen_catalog, NOTHING))
    for lead in found.winners:
        middle = (
            lead.from_tokens_per_month * 2 + 1e6
            if math.isinf(lead.to_tokens_per_month)
            else (lead.from_tokens_per_month + lead.to_tokens_per_month) / 2
        )
        requests = middle / 500 / 30
        if not 1 <= requests <= 1e10:
            continue
        load = Workload(requests_per_day=requests)
        asked = question.model_copy(update={"workload": load})
        verdict = at_volume(found, Case(asked, frozen_catalog, NOTHING)).verdict
        end = None if math.isinf(lead.to_tokens_per_month) else lead.to_tokens_per_month
        assert verdict.stops_winning_at_tokens_per_month == end


def test_a_growth_too_small_to_count_never_gets_there() -> None:
    """The smallest float above no growth has no month, and no overflow."""
    assert months_to_break_even(pays_from(6e9), growing(5e-324)) is None


def card_against(
    api_usd: float,
    catalog: Catalog,
    growth: float = 0.0,
    lifetime_months: int = 36,
    *,
    card_usd: float = 1_200,
    host_usd: float = 0.0,
) -> Verdict:
    """A card of $1,200 without spare or labour against one API at a price of its own."""
    scenario = Scenario(
        workload=Workload(requests_per_day=100_000, growth_per_month=growth),
        hosting=Hosting(
            model="open/large",
            spare_replicas=0,
            labour_usd_per_month=0,
            lifetime_months=lifetime_months,
            host_usd=host_usd,
        ),
        objective=Objective(horizon_months=24),
        options=("owned/gpu-home", "alpha/tiered"),
        prices=(("alpha/tiered", api_usd), ("owned/gpu-home", card_usd)),
    )
    found = curves(Case(scenario, catalog, NOTHING))
    return at_volume(found, Case(scenario, catalog, NOTHING)).verdict


def test_a_card_is_paid_back_by_what_it_saves(frozen_catalog: Catalog) -> None:
    """1.5 B tokens at $0.10 are $150 a month, less about $10 of electricity: nine months."""
    payback = card_against(0.10, frozen_catalog).payback
    assert payback is not None
    assert payback.month == 9
    assert payback.interpolated_months == pytest.approx(1_200 / 140, rel=0.01)
    assert payback.holds_at_horizon


def test_a_card_that_saves_too_little_is_never_paid_back(frozen_catalog: Catalog) -> None:
    """At $0.02 it would take more than the horizon."""
    payback = card_against(0.02, frozen_catalog).payback
    assert payback is not None
    assert (payback.month, payback.holds_at_horizon) == (None, False)


def test_a_card_that_dies_is_bought_anew(frozen_catalog: Catalog) -> None:
    """$140 a month have not paid $1,200 after six months, and then the next card is due."""
    payback = card_against(0.10, frozen_catalog, lifetime_months=6).payback
    assert payback is not None
    assert (payback.month, payback.holds_at_horizon) == (None, False)
    longer = card_against(0.10, frozen_catalog, lifetime_months=9).payback
    assert longer is not None
    assert (longer.month, longer.lost_in_month) == (9, 10)


def test_the_host_is_paid_back_with_its_card(frozen_catalog: Catalog) -> None:
    """$1,200 and a host of $600 are $1,800: thirteen months of $140."""
    payback = card_against(0.10, frozen_catalog, host_usd=600).payback
    assert payback is not None
    assert payback.month == 13
    assert payback.interpolated_months == pytest.approx(1_800 / 140, rel=0.01)


@pytest.mark.parametrize(("growth", "lifetime_months"), [(0.0, 36), (0.3, 36), (0.1, 9)])
def test_a_card_with_its_host_is_a_card_at_the_price_of_both(
    frozen_catalog: Catalog, growth: float, lifetime_months: int
) -> None:
    """Also for the cards that growth asks for later, and for those bought anew."""
    apart = card_against(0.1, frozen_catalog, growth, lifetime_months, host_usd=300)
    as_one = card_against(0.1, frozen_catalog, growth, lifetime_months, card_usd=1_500)
    assert apart.payback == as_one.payback
    assert apart.payback is not None
    assert apart.winner is not None
    assert as_one.winner is not None
    assert apart.winner.usd_per_month == as_one.winner.usd_per_month


def test_growth_pays_a_card_back_sooner(frozen_catalog: Catalog) -> None:
    """The API's bill grows with the volume, the card's does not until another is needed."""
    still, growing = (card_against(0.05, frozen_catalog, g).payback for g in (0.0, 0.1))
    assert still is not None
    assert growing is not None
    assert growing.interpolated_months is not None
    assert growing.interpolated_months < (still.interpolated_months or 99)


def test_the_break_even_utilisation_is_rent_over_full_batches(note_catalog: Catalog) -> None:
    """u* = c_h/(3600 mu p): an L4 needs 18 % of its full batches at $0.02, 30 % at $0.012."""
    scenario = Scenario(
        options=("aws/g6.xlarge", "openai/text-embedding-3-small", "cloudflare/bge-m3")
    )
    pairs = {p.incumbent_id: p for p in curves(Case(scenario, note_catalog, NOTHING)).break_evens}
    for incumbent_id, usd_per_mtok in (
        ("openai/text-embedding-3-small", 0.02),
        ("cloudflare/bge-m3", 0.012),
    ):
        expected = break_even_utilisation(0.8048, 62_200, usd_per_mtok / 1e6)
        assert pairs[incumbent_id].utilisation == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("first_usd", "second_usd", "share", "close"),
    [
        (100.0, 119.0, 0.05, True),  # below $20, the larger of the two
        (100.0, 121.0, 0.05, False),
        (1_000.0, 1_049.0, 0.05, True),  # below 5 %
        (1_000.0, 1_051.0, 0.05, False),
        (1_000.0, 1_051.0, 0.10, True),  # one's own setting
        (100.0, 100.1, 0.0, False),  # any difference decides
    ],
)
def test_what_is_near_is_too_close_to_call(
    question: Scenario,
    frozen_catalog: Catalog,
    first_usd: float,
    second_usd: float,
    share: float,
    *,
    close: bool,
) -> None:
    """Within the larger of a share of the winner's mean and $20 a month; 0 turns it off.

    Two APIs at these bills for the month's 1,500 M tokens: nothing of them is uncertain.
    """
    units = question.tokens_per_month / 1e6
    bills = (("alpha/flat", first_usd / units), ("alpha/tiered", second_usd / units))
    asked = question.model_copy(
        update={
            "options": ("alpha/flat", "alpha/tiered"),
            "prices": bills,
            "objective": Objective(close_share=share),
        }
    )
    verdict = answer(asked, frozen_catalog)
    assert verdict.margin_usd_per_month == pytest.approx(second_usd - first_usd)
    assert verdict.too_close is close
    assert verdict.close_within_usd == pytest.approx(max(share * first_usd, 20.0) if share else 0)


def test_alone_nothing_is_too_close(question: Scenario, frozen_catalog: Catalog) -> None:
    """There is no other to call it against."""
    alone = answer(question.model_copy(update={"options": ("alpha/flat",)}), frozen_catalog)
    assert alone.margin_usd_per_month is None
    assert not alone.too_close
