"""The plan: month by month the cheapest path, its moves priced, its alternatives no cheaper."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from core.catalog.rows.limits import RateLimit
from core.catalog.schema import Catalog
from core.cost.over_months.growth import growth_volumes
from core.cost.over_months.switching import Stay
from core.decide.answer.verdict import months_to_break_even
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.plan.plan import plan
from core.decide.plan.plan_moves import mover_now
from core.decide.plan.plan_terms import Decline, PlanTerms
from core.decide.plan.planner import Planner
from core.decide.result.plan_result import Plan, PlannedPath
from core.errors import ModelInputError
from core.scenario import DEFAULT_OPTIONS, Hosting, Objective, Scenario, Workload, hybrid_id
from tests.decide.known_limits import limit_known
from tests.oracles.paths import cost_of

API, TIERED, RENTED, OWNED = "alpha/flat", "alpha/tiered", "rent/l-1", "owned/gpu-home"
FREE = PlanTerms(
    setup_usd=0, move_usd=0, refit_usd=0, storage_usd_per_gb_month=0, kept_share=0,
    least_saving_usd=0,
)  # fmt: skip
"""Moving costs nothing."""


def asked(
    *options: str,
    requests_per_day: float = 100_000,
    growth: float = 0.0,
    months: int = 12,
    **hosting: float,
) -> Scenario:
    """A question over the frozen catalogue."""
    return Scenario(
        workload=Workload(requests_per_day=requests_per_day, growth_per_month=growth),
        objective=Objective(horizon_months=months),
        hosting=Hosting(model="open/large", **hosting),
        options=options,
    )


def planned(scenario: Scenario, catalog: Catalog, terms: PlanTerms = FREE) -> Plan:
    """The plan of a scenario without measurements."""
    return plan(curves(Case(scenario, catalog)), Case(scenario, catalog), terms)


def planner(scenario: Scenario, catalog: Catalog, terms: PlanTerms) -> Planner:
    """What the plan is made with, at prices that do not fall."""
    return Planner.of(curves(Case(scenario, catalog)), Case(scenario, catalog), terms, 0.0, 0.0)


def assert_sums(path: PlannedPath) -> None:
    """The steps, with what is due at their beginnings, make the whole."""
    parts = [step.running_usd + step.one_off_usd for step in path.steps]
    assert sum(parts) == pytest.approx(path.usd, rel=1e-9)
    assert path.steps[0].from_month == 1
    for before, after in itertools.pairwise(path.steps):
        assert after.from_month == before.to_month + 1


def test_one_moves_before_a_volume_at_which_a_limit_is_not_known(frozen_catalog: Catalog) -> None:
    """The cheaper API is left where the lowest published limit ends, with that as the reason."""
    scenario = asked(TIERED, RENTED, growth=0.2, months=48)
    scenario = scenario.model_copy(update={"prices": ((TIERED, 0.10),)})
    known = planned(scenario, limit_known(frozen_catalog)).best
    unknown = planned(scenario, frozen_catalog).best
    assert known is not None
    assert unknown is not None
    (first, moved), (_, later) = unknown.steps[:2], known.steps[:2]
    assert (first.option_id, moved.option_id) == (TIERED, RENTED)
    assert moved.from_month < later.from_month
    assert "The rate limit of Alpha tiered is not known" in moved.moves_because


def test_without_growth_one_stays_with_the_cheapest(frozen_catalog: Catalog) -> None:
    """Twelve equal months of the cheapest option, and nothing to move for."""
    scenario = asked(API, RENTED)
    found = planned(scenario, frozen_catalog)
    assert found.best is not None
    assert [step.option_id for step in found.best.steps] == [API]
    drawn = curves(Case(scenario, frozen_catalog)).curves[0]
    assert drawn.cost is not None
    month = float(drawn.cost.at(scenario.tokens_per_month))
    assert found.best.usd == pytest.approx(12 * month)
    assert found.best == found.staying == found.staying_anywhere


def test_with_growth_one_moves_where_the_curves_cross(frozen_catalog: Catalog) -> None:
    """Where moving is free, in the first month in which the other costs less on average.

    The break-even is that of the lines as stated, which lies before: slower cards cost more than
    quicker ones save.
    """
    scenario = asked(TIERED, RENTED, growth=0.2, months=48)
    scenario = scenario.model_copy(update={"prices": ((TIERED, 0.10),)})
    found = planned(scenario, limit_known(frozen_catalog))
    assert found.best is not None
    assert_sums(found.best)
    first, moved = found.best.steps[:2]
    assert (first.option_id, moved.option_id) == (TIERED, RENTED)
    assert moved.breaks_even_at_tokens is not None
    assert moved.tokens_at_start >= moved.breaks_even_at_tokens
    usd = dict(zip(found.option_ids, found.usd_per_month, strict=True))
    month = moved.from_month - 1
    assert usd[RENTED][month] < usd[TIERED][month]
    assert usd[RENTED][month - 1] >= usd[TIERED][month - 1]
    assert moved.moves_because == ""


def test_a_limit_forces_a_move_before_it_pays(frozen_catalog: Catalog) -> None:
    """The step says what the option before cannot serve, and where it would have paid."""
    found = planned(asked(API, RENTED, growth=0.2, months=36), frozen_catalog)
    assert found.best is not None
    assert_sums(found.best)
    moved = found.best.steps[1]
    assert moved.breaks_even_at_tokens is not None
    assert moved.tokens_at_start < moved.breaks_even_at_tokens
    assert "a minute (tier 1) lets" in moved.moves_because


@pytest.mark.parametrize("seed", range(6))
def test_the_best_path_is_the_cheapest_of_all_written_out(
    frozen_catalog: Catalog, seed: int
) -> None:
    """Brute force over every path of up to two changes, with every cost of moving."""
    random = np.random.default_rng(seed)
    scenario = asked(
        API, TIERED, RENTED, OWNED,
        requests_per_day=10 ** random.uniform(5, 8),
        growth=random.uniform(-0.3, 0.6),
        months=6,
    )  # fmt: skip
    terms = PlanTerms(
        setup_usd=random.uniform(0, 3_000), refit_usd=random.uniform(0, 500),
        corpus_tokens=10 ** random.uniform(8, 11), least_saving_usd=0,
        credits_usd=random.uniform(0, 500), credits_with="alpha",
    )  # fmt: skip
    made = planner(scenario, frozen_catalog, terms)
    assert made.journey is not None
    journey = made.journey
    months, count = 6, len(made.horizon.curves)
    cheapest = math.inf
    for changes in range(3):
        for cuts in itertools.combinations(range(1, months), changes):
            edges = list(itertools.pairwise((0, *cuts, months)))
            for row in itertools.product(range(count), repeat=changes + 1):
                stays = [Stay(o, *edge) for o, edge in zip(row, edges, strict=True)]
                if all(a != b for a, b in itertools.pairwise(row)):
                    cheapest = min(cheapest, cost_of(journey, stays))
    best = made.best()
    assert best is not None
    assert best.usd <= cheapest * (1 + 1e-9)
    assert best.usd == pytest.approx(cost_of(journey, best.stays))
    if len(best.stays) <= 3:
        assert best.usd == pytest.approx(cheapest)


def test_every_alternative_costs_at_least_as_much(frozen_catalog: Catalog) -> None:
    """Staying, moving at another time: none of them is cheaper than the best path."""
    scenario = asked(API, RENTED, OWNED, requests_per_day=2e6, growth=0.15, months=24)
    found = planned(scenario, frozen_catalog, PlanTerms(least_saving_usd=0))
    assert found.best is not None
    least = found.best.usd * (1 - 1e-9)
    for other in (found.staying, found.staying_anywhere, found.moving):
        assert other is None or other.usd >= least
    assert found.usd_by_first_move is not None
    assert found.usd_by_first_move.min() >= least
    if found.best.changes:
        month = found.best.steps[1].from_month
        assert found.usd_by_first_move[month - 1] == pytest.approx(found.best.usd)
        early = found.usd_by_first_move[1]
        assert early >= least  # moving too early has its price


def test_a_dearer_move_comes_later_or_never(frozen_catalog: Catalog) -> None:
    """Set-up labour postpones the move; enough of it prevents it."""
    scenario = asked(API, RENTED, requests_per_day=1e6, growth=0.2, months=36)
    months = []
    for setup in (0.0, 20_000.0, 1e9):
        best = planned(scenario, frozen_catalog, replace(FREE, setup_usd=setup)).best
        assert best is not None
        assert_sums(best)
        months.append(best.steps[1].from_month if best.changes else math.inf)
    assert months == sorted(months)
    assert months[-1] == math.inf


def test_a_change_of_weights_embeds_the_grown_corpus(frozen_catalog: Catalog) -> None:
    """The lines of a move name the corpus as it has grown by then."""
    scenario = asked(API, RENTED, requests_per_day=1e6, growth=0.2, months=36)
    terms = PlanTerms(corpus_tokens=1e9, kept_share=0.5, least_saving_usd=0)
    made = planner(scenario, frozen_catalog, terms)
    volumes = growth_volumes(scenario.tokens_per_month, 0.2, 36)
    assert made.mover.corpus[0] == 1e9
    assert made.mover.corpus[10] == pytest.approx(1e9 + 0.5 * volumes[:10].sum())
    before, after = made.horizon.curves
    labels = {line.label for line in made.mover.lines(before, after, 10)}
    same = before.option.model == after.option.model
    assert ("Change of vectors" in labels) is not same
    assert ("Set-up" in labels) is True


def test_moving_between_the_same_weights_embeds_nothing(frozen_catalog: Catalog) -> None:
    """From a rented card to an owned one: labour alone."""
    made = planner(asked(RENTED, OWNED), frozen_catalog, PlanTerms(corpus_tokens=1e12))
    rented, owned = made.horizon.curves
    (moving,) = made.mover.lines(rented, owned, 3)
    assert (moving.label, moving.usd_per_month) == ("Set-up", PlanTerms().move_usd)
    assert made.mover.lines(None, owned, 0)[0].usd_per_month == PlanTerms().setup_usd
    assert made.mover.lines(rented, rented, 3) == []


@pytest.mark.parametrize("months", [0.0, 0.5, 1.0, 4.0])
def test_old_and_new_vectors_are_kept_until_the_cut_over(
    frozen_catalog: Catalog, months: float
) -> None:
    """2 M documents of 500 tokens by the new model, with an index of half their size."""
    terms = PlanTerms(corpus_tokens=1e9, cutover_months=months, storage_usd_per_gb_month=0.33)
    made = planner(asked(API, RENTED), frozen_catalog, terms)
    before, after = made.horizon.curves
    model = frozen_catalog.model("open/large")
    assert model is not None
    assert model.dims is not None
    lines = {line.label: line.usd_per_month for line in made.mover.lines(before, after, 0)}
    gigabytes = 2e6 * 4 * model.dims * 1.5 / 1e9
    assert lines.get("Dual storage", 0.0) == pytest.approx(gigabytes * 0.33 * months, rel=0.05)


@pytest.mark.parametrize("corpus_tokens", [0.0, 1e6, 1e13])
def test_a_move_costs_what_its_lines_sum_to(frozen_catalog: Catalog, corpus_tokens: float) -> None:
    """From every option to every other, in every month, down to cents; a beginning, too."""
    scenario = asked(API, TIERED, RENTED, OWNED, growth=0.1)
    terms = PlanTerms(corpus_tokens=corpus_tokens, kept_share=0.01, setup_usd=700, refit_usd=30)
    made = planner(scenario, frozen_catalog, terms)
    moves, options = made.mover.moves(), made.horizon.curves
    for b, after in enumerate(options):
        lines = made.mover.lines(None, after, 0)
        assert sum(line.usd_per_month for line in lines) == pytest.approx(moves.beginning[b])
        for a, before in enumerate(options):
            for month in (0, 5, 11):
                lines = made.mover.lines(before, after, month)
                total = sum(line.usd_per_month for line in lines)
                assert total == pytest.approx(moves.changing[a, b, month])
                assert all(line.usd_per_month > 0 for line in lines)


def test_beginning_with_what_is_in_use_costs_nothing_and_with_another_the_move(
    frozen_catalog: Catalog,
) -> None:
    """As moving from it in the first month."""
    terms = PlanTerms(current=TIERED, corpus_tokens=1e9)
    moves = planner(asked(API, TIERED, RENTED, OWNED), frozen_catalog, terms).mover.moves()
    assert moves.beginning[1] == 0
    for other in (0, 2, 3):
        assert moves.beginning[other] == moves.changing[1, other, 0] > 0


@pytest.mark.parametrize(
    ("reserved", "off", "spot", "share"),
    [(0.0, 0.3, 0.5, 0.0), (1.0, 0.4, 0.0, 1.0), (0.5, 0.0, 0.0, 0.5), (0.5, 0.5, 0.0, 1 / 3)],
)
def test_what_is_reserved_is_its_share_of_the_rent(
    frozen_catalog: Catalog, reserved: float, off: float, spot: float, share: float
) -> None:
    """By what is paid for it: half of the replicas at half the price are a third of the rent."""
    scenario = asked(
        RENTED, reserved_share=reserved, reserved_discount=off, spot_share=spot, spot_discount=0.6
    )
    made = planner(scenario, frozen_catalog, PlanTerms())
    assert made.mover._reserved_share(made.horizon.curves[0]) == pytest.approx(share)


def test_a_later_deadline_leaves_more_of_the_corpus_to_what_is_paid_anyway(
    frozen_catalog: Catalog,
) -> None:
    """Two months of what is idle take twice as much of it; the rest runs on rented hours."""
    usd = []
    for days in (30.0, 60.0, 120.0, 365.0):
        scenario = asked(API, RENTED, spare_replicas=0)
        load = scenario.workload.model_copy(update={"backfill_days": days})
        scenario = scenario.model_copy(update={"workload": load})
        made = planner(scenario, frozen_catalog, PlanTerms(corpus_tokens=5e11))
        before, after = made.horizon.curves
        lines = {line.label: line for line in made.mover.lines(before, after, 0)}
        line = lines.get("Embedding the corpus")
        usd.append(line.usd_per_month if line else 0.0)
    assert usd[0] - usd[1] == pytest.approx((usd[1] - usd[2]) / 2)
    assert usd[0] > usd[1] > usd[2] > usd[3] == 0


def test_the_best_path_is_the_move_that_is_shown(frozen_catalog: Catalog) -> None:
    """Where the best path moves from one API to another there is no other move to show."""
    asked_for = asked(API, TIERED, growth=0.2, months=12)
    cheap = asked_for.model_copy(update={"prices": ((API, 0.08),)})
    found = planned(cheap, frozen_catalog)
    assert found.best is not None
    assert len(found.best.steps) > 1
    assert found.moving == found.best
    assert found.usd_by_first_move is not None
    assert min(found.usd_by_first_move) == pytest.approx(found.best.usd)


def test_the_phases_go_from_an_api_over_replicas_to_a_hybrid(frozen_catalog: Catalog) -> None:
    """In that order, whatever is cheapest."""
    mixed = hybrid_id(RENTED, TIERED)
    question = asked(mixed, TIERED, RENTED, growth=0.3, months=24)
    found = planned(question, limit_known(frozen_catalog))
    assert found.phases is not None
    assert [step.option_id for step in found.phases.steps] == [TIERED, RENTED, mixed]


def test_whoever_uses_an_option_today_begins_with_it_for_nothing(frozen_catalog: Catalog) -> None:
    """The others cost a move in the first month already."""
    scenario = asked(API, RENTED, requests_per_day=1e8)
    terms = PlanTerms(current=API, least_saving_usd=0, setup_usd=7_000)
    made = planner(scenario, frozen_catalog, terms)
    assert made.mover.lines(None, made.horizon.curves[0], 0) == []
    found = planned(scenario, frozen_catalog, terms)
    assert found.best is not None
    assert_sums(found.best)
    if found.best.steps[0].option_id == RENTED:
        assert found.best.steps[0].one_off_usd >= 7_000


def test_a_reservation_is_paid_to_the_end_of_its_term(frozen_catalog: Catalog) -> None:
    """Leaving after 4 of 12 months costs 8 months of rent; after the term nothing."""
    provider, offer = frozen_catalog.find_machine(RENTED) or (None, None)
    assert provider is not None
    assert offer is not None
    reserved = offer.model_copy(update={"purchase": "reserved"})
    offers = tuple(reserved if o.id == offer.id else o for o in provider.machines)
    changed = provider.model_copy(update={"machines": offers})
    providers = tuple(changed if p.id == provider.id else p for p in frozen_catalog.providers)
    bound = frozen_catalog.model_copy(update={"providers": providers})
    made = planner(asked(RENTED, API, months=24), bound, PlanTerms(commitment_months=12))
    leaving = made.mover.moves().leaving[0]
    rent = 2 * 720.0  # one replica and its spare at $1.00/h
    assert leaving[0, 4] == pytest.approx(8 * rent)
    assert leaving[2, 6] == pytest.approx(8 * rent)
    assert leaving[0, 12] == leaving[0, 24] == 0
    free = (
        planner(asked(RENTED, API, months=24), frozen_catalog, PlanTerms()).mover.moves().leaving[0]
    )
    assert not free.any()


def test_a_card_that_is_sold_early_loses_what_it_lost_in_value(frozen_catalog: Catalog) -> None:
    """P (1 - 0.65^(a/12)) - a P/36 for each of the two cards, by hand after a year."""
    made = planner(asked(OWNED, API, months=24), frozen_catalog, PlanTerms())
    leaving = made.mover.moves().leaving[0]
    assert leaving[0, 12] == pytest.approx(2 * (1_200 * (1 - 0.65) - 12 * 1_200 / 36))
    assert leaving[5, 17] == pytest.approx(leaving[0, 12])


def test_cards_are_bought_at_the_price_of_their_month(frozen_catalog: Catalog) -> None:
    """Without growth a stay pays its first month's price; with it each card its own."""
    scenario = asked(OWNED, months=24)
    drawn = curves(Case(scenario, frozen_catalog))
    made = Planner.of(drawn, Case(scenario, frozen_catalog), replace(FREE, credits_usd=0), 0.0, 0.5)
    assert made.journey is not None
    left = made.mover.moves().leaving[0]
    now = made.journey.segments[0, 0, 6] - left[0, 6]
    later = made.journey.segments[0, 12, 18] - left[12, 18]
    capital = 2 * 1_200 / 36 * 6
    assert now - later == pytest.approx(capital * 0.5, rel=1e-9)


def test_credits_pay_for_what_one_begins_with(frozen_catalog: Catalog) -> None:
    """No more than they are, and no more than there is to pay."""
    scenario = asked(API)
    free = planned(scenario, frozen_catalog).best
    some = planned(
        scenario, frozen_catalog, replace(FREE, credits_usd=20, credits_with="alpha")
    ).best
    lots = planned(
        scenario, frozen_catalog, replace(FREE, credits_usd=1e9, credits_with="alpha")
    ).best
    assert free is not None
    assert some is not None
    assert lots is not None
    assert some.usd == pytest.approx(free.usd - 20)
    assert lots.usd == pytest.approx(0)


def test_falling_prices_of_apis_postpone_self_hosting(frozen_catalog: Catalog) -> None:
    """And never make the plan dearer; the trends carry both ends of the ranges."""
    scenario = asked(API, RENTED, growth=0.2, months=36)
    terms = replace(FREE, gpu_decline=Decline())
    found = planned(scenario, frozen_catalog, replace(terms, api_decline=Decline(0, 0.2, 0.6)))
    steady = planned(scenario, frozen_catalog, replace(terms, api_decline=Decline()))
    assert found.best is not None
    assert steady.best is not None
    assert found.best.usd <= steady.best.usd
    falling, rising = (trend.path for trend in found.trends)
    assert falling is not None
    assert rising is not None
    assert falling.usd <= found.best.usd <= rising.usd * (1 + 1e-9)


def test_the_month_of_the_break_even_is_that_of_the_curves(note_catalog: Catalog) -> None:
    """Note's question at 20 % growth: 3-small against one L4, the month that the verdict gives."""
    scenario = Scenario(
        workload=Workload(growth_per_month=0.2),
        objective=Objective(horizon_months=60),
        options=("openai/text-embedding-3-small", "aws/g6.xlarge"),
    )
    drawn = curves(Case(scenario, note_catalog))
    expected = months_to_break_even(drawn.break_evens[0], scenario)
    found = plan(drawn, Case(scenario, note_catalog)).break_evens[0]
    assert expected is not None
    assert found.month is not None
    # The curves cross at a step and may cross back for some replicas: never before them.
    assert expected <= found.month <= expected + 2
    first = drawn.break_evens[0].first_tokens_per_month
    assert first is not None
    assert found.tokens_per_month is not None
    assert found.tokens_per_month > first
    assert found.holds


def test_the_note_without_growth_stays_serverless(note_catalog: Catalog) -> None:
    """The cheapest API for all months; self-hosting costs more whenever one moves."""
    scenario = Scenario()
    found = plan(curves(Case(scenario, note_catalog)), Case(scenario, note_catalog))
    assert found.best is not None
    assert found.best.changes == 0
    assert not found.best.steps[0].option_id.startswith(("aws/", "owned/"))
    assert found.moving is not None
    assert found.moving.usd > found.best.usd + 10_000
    assert all(entry.month is None for entry in found.break_evens)


def test_the_phases_say_what_they_lack(frozen_catalog: Catalog) -> None:
    """No hybrid among the options: no price, but a reason."""
    found = planned(asked(API, RENTED), frozen_catalog)
    assert found.phases is None
    assert "a hybrid" in found.no_phases_reason


def test_where_nobody_can_serve_the_month_is_named(frozen_catalog: Catalog) -> None:
    """A rate limit that growth runs into, and no other option."""
    scenario = asked(API, requests_per_day=1e5, growth=1.0, months=24)
    found = planned(scenario, frozen_catalog)
    limit = curves(Case(scenario, frozen_catalog)).curves[0].option.ceiling_tokens_per_month
    if limit is None:
        pytest.skip("the frozen API has no limit")
    assert found.best is None
    assert found.unserved_month is not None
    assert found.tokens_per_month[found.unserved_month - 1] > limit
    assert found.tokens_per_month[found.unserved_month - 2] <= limit


def test_nothing_priced_is_a_result(frozen_catalog: Catalog) -> None:
    """No option at all: no path, the first month is out of reach, nothing raises."""
    found = planned(asked(), frozen_catalog)
    assert (found.best, found.unserved_month, found.break_evens) == (None, 1, ())


@pytest.mark.parametrize("growth", [-0.5, 0.0, 1.0])
def test_shrinking_and_exploding_volumes_are_planned_for(
    frozen_catalog: Catalog, growth: float
) -> None:
    """The ends of the growth that may be asked for, over one month and over five years."""
    for months in (1, 60):
        scenario = asked(API, RENTED, OWNED, growth=growth, months=months)
        found = planned(scenario, frozen_catalog, PlanTerms())
        assert found.months == months
        if found.best is not None:
            assert_sums(found.best)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"setup_usd": -1.0}, "labour of setting up must be at least 0"),
        ({"kept_share": 2.0}, "share of the volume that is kept"),
        ({"cutover_months": math.nan}, "months of cut-over"),
        ({"commitment_months": -1}, "months of commitment"),
        ({"corpus_tokens": math.inf}, "tokens of the corpus"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_name(
    fields: dict[str, float], message: str
) -> None:
    """Negative, NaN and infinite."""
    with pytest.raises(ModelInputError, match=message):
        PlanTerms(**fields)  # type: ignore[arg-type]


def test_a_fall_of_prices_must_be_in_order() -> None:
    """Low, value, high; a rise is a negative fall."""
    assert Decline(-0.1, 0.0, 0.1).low == -0.1
    with pytest.raises(ModelInputError, match="in order"):
        Decline(0.3, 0.2, 0.5)
    with pytest.raises(ModelInputError, match="fall of prices"):
        Decline(0.0, 0.0, 1.5)


def test_a_corpus_is_embedded_at_the_batch_price(frozen_catalog: Catalog) -> None:
    """Half the list price of alpha/flat, and no less where half of the volume waits as well."""
    for waiting in (0.0, 0.5):
        scenario = asked(TIERED, API)
        load = scenario.workload.model_copy(update={"deferrable_share": waiting})
        scenario = scenario.model_copy(update={"workload": load})
        made = planner(scenario, with_a_queue(frozen_catalog), PlanTerms(corpus_tokens=1e9))
        before, after = made.horizon.curves
        lines = {line.label: line.usd_per_month for line in made.mover.lines(before, after, 0)}
        assert lines["Embedding the corpus"] == pytest.approx(1_000 * 0.05)


def with_a_queue(catalog: Catalog) -> Catalog:
    """The catalogue with a batch queue of alpha/flat that takes a billion tokens a day."""
    alpha, *others = catalog.providers
    flat = alpha.api_offers[0]
    assert f"{alpha.id}/{flat.id}" == API
    queue = RateLimit(
        tier="queued",
        offers=(flat.id,),
        batch_queue_tokens=1e9,
        batch_window_hours=24,
        source=flat.price.source,
    )
    alpha = alpha.model_copy(update={"rate_limits": (queue,)})
    return catalog.model_copy(update={"providers": (alpha, *others)})


@pytest.mark.parametrize("days", [2.0, 30.0])
@pytest.mark.parametrize("tokens", [1e9, 1e11, 1e13])
def test_the_plan_embeds_a_corpus_at_what_the_first_screen_says(
    catalog: Catalog, tokens: float, days: float
) -> None:
    """One job, one price, of every way to be billed, whichever page asks."""
    options = (*DEFAULT_OPTIONS, "owned/rtx-4090", "modal/l4", "openai/text-embedding-3-large")
    load = Workload(corpus_tokens=tokens, backfill_days=days)
    case = Case(Scenario(workload=load, options=options), catalog)
    found = curves(case)
    mover = mover_now(found, case, PlanTerms(corpus_tokens=tokens))
    rows = {row.option.id: row for row in at_volume(found, case).rows}
    for curve in mover.curves:
        lines = {line.label: line.usd_per_month for line in mover.lines(None, curve, 0)}
        one_off = rows[curve.option.id].one_off
        assert one_off is not None
        assert lines.get("Embedding the corpus", 0.0) == pytest.approx(one_off.usd)
        assert one_off.usd == pytest.approx(sum(line.usd_per_month for line in one_off.lines))


def test_where_every_month_is_served_none_is_named(frozen_catalog: Catalog) -> None:
    """And the first of those that nobody serves where there is one."""
    assert planned(asked(API, RENTED), frozen_catalog).unserved_month is None
    growing = planned(asked(API, growth=0.5, months=24), frozen_catalog)
    assert growing.unserved_month is not None
    limit = growing.tokens_per_month[growing.unserved_month - 1]
    before = growing.tokens_per_month[growing.unserved_month - 2]
    ceiling = 1e6 * 60 * 24 * 30  # a million tokens a minute, a peak of three times the mean
    assert before < ceiling / 3 < limit
