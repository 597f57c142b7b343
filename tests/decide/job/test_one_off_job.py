"""A one-off job by every way: laws of its costs, and who is known to do it in time."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog, PriceUnit
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.job.job_way import BY_USE, JobAnswer, JobWay, WayKind
from core.decide.job.one_off_job import OneOffJob
from core.decide.result.obstacle import Obstacle
from core.decide.result.unknown import About
from core.errors import ScenarioError
from core.grade import Grade
from core.measurement.measured import Measurement
from core.scenario import (
    THIS_MACHINE,
    CorpusVectors,
    Demands,
    Hosting,
    Licence,
    LongTexts,
    Objective,
    Retention,
    Scenario,
    Serverless,
    Workload,
)
from tests.decide.capacity.test_swept_server import OPTION, asked, option_of, swept

CATALOG = load_catalog()
TOKENS = st.floats(1e5, 4e13)
DAYS = st.floats(0.05, 300)
FEW = (
    *("openai/text-embedding-3-small", "cloudflare/bge-m3", "fireworks/gte-large"),
    *("deepinfra/multilingual-e5-large", "voyage/voyage-4-lite", "google/gemini-embedding-001"),
    *("novita/bge-m3", "replicate/l40s", "aws/g6.xlarge", "gcp/g2-standard-4-spot"),
    *("hetzner/gex63", "modal/l4", "modal/h100", "owned/rtx-4090", "aws/c7i.xlarge"),
)
"""One of each kind: limits by each count, by batch, unknown; hours, months, seconds, bought."""


def job_of(tokens: float, days: float, catalog: Catalog = CATALOG, **more: object) -> JobAnswer:
    """Of a few options, hosting bge-m3."""
    load = Workload(corpus_tokens=tokens, backfill_days=days, **more)
    scenario = Scenario(workload=load, hosting=Hosting(model="BAAI/bge-m3"))
    return OneOffJob(Case(scenario, catalog), FEW).answer


def by_name(answer: JobAnswer) -> dict[tuple[str, WayKind], JobWay]:
    """Every way by its option and how it is paid."""
    return {(way.id, way.kind): way for way in answer.ways}


@settings(max_examples=25)
@given(TOKENS, DAYS, st.floats(1, 20))
def test_more_days_never_cost_more_and_more_tokens_never_less(
    tokens: float, days: float, times: float
) -> None:
    """Of each way that is in time both times: stated, on average, and at either end."""
    base = by_name(job_of(tokens, days))
    longer, larger = (
        by_name(job_of(tokens, min(365, days * times))),
        by_name(job_of(tokens * times, days)),
    )
    for name, way in base.items():
        for one, other in ((longer[name], way), (way, larger[name])):
            if one.meets_deadline and other.meets_deadline:
                for cheap, dear in zip(costs(one), costs(other), strict=True):
                    assert cheap <= dear * (1 + 1e-6) + 1e-9, name


def costs(way: JobWay) -> tuple[float, ...]:
    """Every figure of its cost."""
    return tuple(usd or 0.0 for usd in (way.usd, way.mean_usd, way.usd_low, way.usd_high))


@settings(max_examples=25)
@given(TOKENS, DAYS)
def test_what_is_in_time_is_by_its_own_figures(tokens: float, days: float) -> None:
    """The machines are the fewest, one fewer is late; a way in time takes no longer than asked."""
    for way in job_of(tokens, days).ways:
        if way.meets_deadline and way.days is not None:
            assert way.days <= days * (1 + 1e-6)
        if way.machines is None or way.days is None:
            continue
        assert way.usd_low is not None
        assert way.usd is not None
        assert way.usd_high is not None
        assert way.usd_low <= way.usd <= way.usd_high
        machines = way.machines
        assert machines.needed is not None
        each = tokens / machines.tokens_per_s / 86_400 * 1.01  # spot loses a thousandth
        fewer = machines.needed - 1
        # An hour that is begun is paid whole: the deadline counts in full hours.
        if fewer and (days >= 1 or way.kind not in (WayKind.RENTED, WayKind.SPOT)):
            assert each / fewer > days - 1 / 24 - 5 / 1_440


@settings(max_examples=25)
@given(TOKENS, DAYS)
def test_by_batch_is_never_dearer_than_online(tokens: float, days: float) -> None:
    """Where an API sells both."""
    ways = by_name(job_of(tokens, days))
    both = [name for name, kind in ways if kind is WayKind.BATCH]
    assert both
    for name in both:
        assert (ways[name, WayKind.BATCH].usd or 0) <= (ways[name, WayKind.API].usd or 0)


@pytest.mark.parametrize("after", [1e6, 50e6, 1.5e9])
def test_one_api_for_both_is_the_job_and_the_months_of_its_bill(after: float) -> None:
    """The month is that of the comparison; all of it is the job and 36 of those."""
    asked = job_of(10e9, 14, afterwards_tokens_per_month=after)
    load = Workload(requests_per_day=after / 30 / 500)
    scenario = Scenario(workload=load, options=FEW, hosting=Hosting(model="BAAI/bge-m3"))
    bills = {c.option.id: c.cost for c in curves(Case(scenario, CATALOG)).curves}
    seen = 0
    for way in asked.ways:
        if way.kind in BY_USE and way.after is not None and way.after.usd_per_month is not None:
            cost = bills[way.id]
            assert cost is not None
            assert way.after.option_id == way.id
            assert way.after.usd_per_month == pytest.approx(float(cost.at(after)))
            assert way.usd is not None
            assert way.total_usd == pytest.approx(way.usd + 36 * way.after.usd_per_month)
            seen += 1
    assert seen >= 5


def test_after_a_rented_machine_comes_the_cheapest_api_of_the_same_vectors() -> None:
    """No API of another model may embed what follows."""
    for way in job_of(10e9, 14, afterwards_tokens_per_month=50e6).ways:
        if way.kind is WayKind.RENTED and not way.refusal:
            assert way.after is not None
            api = CATALOG.find_api(way.after.option_id)
            assert api is not None
            assert api[1].model == "BAAI/bge-m3"


def test_vectors_of_one_family_are_those_of_its_declared_space() -> None:
    """Voyage's open nano on machines, its closed ones by API; nothing else."""
    load = Workload(
        corpus_tokens=1e9,
        backfill_days=7,
        afterwards_tokens_per_month=1e7,
        corpus_vectors=CorpusVectors.HOSTED,
    )
    scenario = Scenario(workload=load, hosting=Hosting(model="voyageai/voyage-4-nano"))
    answer = OneOffJob(Case(scenario, CATALOG)).answer
    models = {way.model for way in answer.ways}
    assert models == {
        *("voyageai/voyage-4-nano", "voyage/voyage-4"),
        *("voyage/voyage-4-lite", "voyage/voyage-4-large"),
    }
    hosted = [way for way in answer.ways if way.kind is WayKind.RENTED and not way.refusal]
    assert hosted
    assert all(way.model == "voyageai/voyage-4-nano" for way in hosted)
    family = {sold for way in hosted if way.after for sold in [way.after.option_id]}
    assert family
    assert all(name.startswith(("voyage/voyage-4", "replicate/")) for name in family)


def test_a_rented_machine_by_hand() -> None:
    """10 B tokens on AWS g6.xlarge: its hours, a start of 5 minutes, whole hours at $0.8048."""
    way = by_name(job_of(10e9, 14))["aws/g6.xlarge", WayKind.RENTED]
    assert way.machines is not None
    hours = 10e9 / way.machines.tokens_per_s / 3_600 + 5 / 60
    assert way.days == pytest.approx(hours / 24)
    assert way.usd == pytest.approx(-(-hours // 1) * 0.8048)
    assert way.machines.count == 1
    assert way.usd_low is not None
    assert way.usd is not None
    assert way.usd_high is not None
    assert way.mean_usd == pytest.approx(0.3 * way.usd_low + 0.4 * way.usd + 0.3 * way.usd_high)


def test_the_rate_is_that_of_the_comparison_in_full_batches() -> None:
    """One throughput for one machine, whoever asks for it."""
    names = ("aws/g6.xlarge", "owned/rtx-4090", "aws/c7i.xlarge", "aws/g6.12xlarge")
    load = Workload(corpus_tokens=1e9, tokens_per_request=200, length_cv=1, peak_to_mean=1)
    scenario = Scenario(workload=load, options=names, hosting=Hosting(model="BAAI/bge-m3"))
    ways = {way.id: way for way in OneOffJob(Case(scenario, CATALOG), names).answer.ways}
    for curve in curves(Case(scenario, CATALOG)).curves:
        capacity, machines = curve.option.capacity, ways[curve.option.id].machines
        assert capacity is not None
        assert machines is not None
        offered = capacity.nominal_tokens_per_s / capacity.processed_share
        assert machines.tokens_per_s == pytest.approx(offered, rel=1e-9)
        assert ways[curve.option.id].grades.throughput is capacity.basis


def test_spot_takes_longer_and_costs_what_its_interruptions_lose() -> None:
    """The whole of an on-demand machine as spot, 60 % off: 10 minutes lost in each of 5 a month."""
    load = Workload(corpus_tokens=1e12, backfill_days=300)
    hosting = Hosting(spot_share=1.0, startup_minutes=0)
    ways = {
        share: OneOffJob(
            Case(
                Scenario(workload=load, hosting=hosting.model_copy(update={"spot_share": share})),
                CATALOG,
            ),
            ("aws/g6.xlarge",),
        ).answer.ways[0]
        for share in (0.0, 1.0)
    }
    assert (ways[0.0].kind, ways[1.0].kind) == (WayKind.RENTED, WayKind.SPOT)
    lost = 1 + 5 / 720 * 10 / 60
    assert (ways[1.0].days or 0) == pytest.approx((ways[0.0].days or 0) * lost)
    assert (ways[1.0].usd or 0) == pytest.approx((ways[0.0].usd or 0) * 0.4 * lost, rel=1e-3)


def test_spot_that_nobody_takes_away_is_spot_all_the_same() -> None:
    """Its price is lower and its risk is said, whatever the stated interruptions are."""
    hosting = Hosting(spot_share=1.0, spot_interruptions_per_month=0)
    case = Case(Scenario(workload=Workload(corpus_tokens=1e9), hosting=hosting), CATALOG)
    (way,) = OneOffJob(case, ("aws/g6.xlarge",)).answer.ways
    assert way.kind is WayKind.SPOT


def test_a_sweep_of_a_server_stands_before_what_is_published(frozen_catalog: Catalog) -> None:
    """The machine that it is said to be works at the measured rate, as in the comparison."""
    found = swept()
    load = Workload(tokens_per_request=100, corpus_tokens=1e9, peak_to_mean=1)
    scenario = asked().model_copy(update={"workload": load, "options": (OPTION,)})
    case = Case(scenario, frozen_catalog, {OPTION: found})
    (way,) = OneOffJob(case, (OPTION,)).answer.ways
    capacity = option_of(case).capacity
    assert capacity is not None
    assert way.machines is not None
    offered = capacity.nominal_tokens_per_s / capacity.processed_share
    assert way.machines.tokens_per_s == pytest.approx(offered)
    assert way.grades.throughput is Grade.MEASURED


def test_a_quota_makes_it_late_and_says_how_many_would_do() -> None:
    """One machine of the 14 that a trillion tokens need: late, with the time that one takes."""
    load = Workload(corpus_tokens=1e12, backfill_days=14)
    hosting = Hosting(maximum_replicas=1)
    case = Case(Scenario(workload=load, hosting=hosting), CATALOG)
    (way,) = OneOffJob(case, ("aws/g6.xlarge",)).answer.ways
    assert way.machines is not None
    assert way.suits is False
    assert way.machines.count == 1
    assert (way.machines.needed or 0) > 10
    assert (way.days or 0) > 14


def test_a_range_that_reaches_beyond_the_deadline_cannot_be_said_yet() -> None:
    """Of a quota of one that is in time as stated and late at its low end."""
    load = Workload(corpus_tokens=1e9, backfill_days=1)
    case = Case(Scenario(workload=load, hosting=Hosting(maximum_replicas=1)), CATALOG)
    (once,) = OneOffJob(case, ("aws/g6.xlarge",)).answer.ways
    assert once.machines is not None
    tokens = once.machines.tokens_per_s * 86_400 * 0.95
    asked = case.scenario.model_copy(
        update={"workload": load.model_copy(update={"corpus_tokens": tokens})}
    )
    (way,) = OneOffJob(case.asking(asked), ("aws/g6.xlarge",)).answer.ways
    assert way.meets_deadline is None
    assert way.suits is None
    assert "tokens/s only" in way.unknown[0].sentence


def test_an_unknown_limit_matters_above_the_lowest_that_is_published() -> None:
    """Novita states none: a small job passes, ten billion cannot be said yet, with what to do."""
    small = by_name(job_of(1e7, 7))["novita/bge-m3", WayKind.API]
    large = by_name(job_of(10e9, 7))["novita/bge-m3", WayKind.API]
    assert (small.suits, small.days, small.grades.limit) == (True, None, Grade.UNKNOWN)
    assert large.suits is None
    assert "992,000 tokens a minute" in large.unknown[0].sentence
    assert "type the limit" in large.unknown[0].next_step


def test_a_batch_interface_of_unknown_size_is_not_taken_for_fine() -> None:
    """Voyage says no queue: ten billion tokens are not known to pass, a million a day are."""
    large = by_name(job_of(10e9, 14))["voyage/voyage-4-lite", WayKind.BATCH]
    small = by_name(job_of(1e7, 7))["voyage/voyage-4-lite", WayKind.BATCH]
    assert large.suits is None
    assert "batch interface" in large.unknown[0].sentence
    assert small.suits is True


def test_your_own_limit_takes_the_place_of_the_published_one() -> None:
    """OpenAI's million a minute is 6.9 days; ten million are 0.69."""
    load = Workload(corpus_tokens=10e9, backfill_days=3)
    asked = Serverless(items_per_call=100)
    for limits, days, suits in (
        ((), 6.944, False),
        ((("openai:tokens_per_minute", 1e7),), 0.6944, True),
    ):
        case = Case(Scenario(workload=load, serverless=asked, limits=limits), CATALOG)
        answer = OneOffJob(case, ("openai/text-embedding-3-small",)).answer
        way = by_name(answer)["openai/text-embedding-3-small", WayKind.API]
        assert way.days == pytest.approx(days, rel=1e-3)
        assert way.suits is suits


@pytest.mark.parametrize("region", ["eu", "us"])
def test_a_place_that_is_demanded_leaves_out_who_is_elsewhere(region: str) -> None:
    """By the same rule as the comparison."""
    load = Workload(corpus_tokens=1e9)
    scenario = Scenario(workload=load, objective=Objective(region=region), options=FEW)
    ways = OneOffJob(Case(scenario, CATALOG), FEW).answer.ways
    refused = {way.id for way in ways if way.refusal}
    options = [c.option for c in curves(Case(scenario, CATALOG)).curves]
    blocked = {
        option.id
        for option in options
        if any(one.kind is Obstacle.PLACE for one in option.against)
        or any(one.about is About.PLACE for one in option.unknown)
    }
    assert blocked
    assert blocked <= refused


def test_what_is_demanded_of_models_and_sellers_holds_for_a_job() -> None:
    """German texts and an English model; weights that a business may not host; texts kept."""
    load = Workload(corpus_tokens=1e9)
    jina = "jinaai/jina-embeddings-v3"
    asked: tuple[tuple[str, str, Demands, str], ...] = (
        ("BAAI/bge-large-en-v1.5", "aws/g6.xlarge", Demands(languages=("de",)), "English alone"),
        (jina, "aws/g6.xlarge", Demands(), "forbids commercial"),
        (jina, "aws/g6.xlarge", Demands(licence=Licence.ANY), ""),
        ("BAAI/bge-m3", "aws/g6.xlarge", Demands(least_tokens=10_000), "must be read whole"),
    )
    for model, option, demands, sentence in asked:
        scenario = Scenario(workload=load, hosting=Hosting(model=model), demands=demands)
        (way,) = OneOffJob(Case(scenario, CATALOG), (option,)).answer.ways
        assert sentence in way.refusal
        assert bool(way.refusal) == bool(sentence)
    kept = Scenario(workload=load, demands=Demands(retention=Retention.ZERO))
    free = Scenario(workload=load)
    refused = [
        {way.id for way in OneOffJob(Case(scenario, CATALOG)).answer.ways if way.refusal}
        for scenario in (free, kept)
    ]
    assert refused[0] < refused[1]


def test_what_is_reserved_for_years_is_rented_by_nobody_for_a_job() -> None:
    """It stays in the list with its reason."""
    case = Case(Scenario(workload=Workload(corpus_tokens=1e9)), CATALOG)
    (way,) = OneOffJob(case, ("aws/inf2.xlarge-reserved",)).answer.ways
    assert "term" in way.refusal
    assert way.suits is False


def test_texts_that_a_model_would_cut_refuse_it_and_chunks_do_not() -> None:
    """8,000 tokens before bge-large's window of 512."""
    for long_texts, refused in ((LongTexts.CUT, True), (LongTexts.CHUNK, False)):
        load = Workload(corpus_tokens=1e9, tokens_per_request=8_000, long_texts=long_texts)
        case = Case(Scenario(workload=load), CATALOG)
        (way,) = OneOffJob(case, ("aws/g6.xlarge",)).answer.ways
        assert bool(way.refusal) is refused


def test_this_machine_counts_once_it_is_measured(measure: Callable[..., Measurement]) -> None:
    """1,000 tokens/s embed a million in 17 minutes, at what an hour of it costs.

    Without a price nobody can say.
    """
    found = known_model(measure(THIS_MACHINE, tokens_per_s=1_000.0))
    load = Workload(corpus_tokens=1e6, corpus_labour_usd=5.0)
    for prices, usd in (((), None), (((THIS_MACHINE, 0.36),), 0.1 + 5.0)):
        scenario = Scenario(workload=load, prices=prices)
        case = Case(scenario, CATALOG, {THIS_MACHINE: found})
        (way,) = OneOffJob(case, (THIS_MACHINE,)).answer.ways
        assert way.kind is WayKind.HERE
        assert way.usd == (None if usd is None else pytest.approx(usd))
    assert way.days == pytest.approx(1e6 / 1_000 / 86_400)
    assert way.grades.throughput is Grade.MEASURED


def with_own(purchase: str, usd: int, count: int | None) -> Catalog:
    """The catalogue with an L4 of one's own in the place of AWS's."""
    found = CATALOG.find_machine("aws/g6.xlarge")
    assert found is not None
    provider, rented = found
    price = rented.price.model_copy(update={"usd": Decimal(usd), "unit": PriceUnit.TO_BUY})
    own = rented.model_copy(update={"purchase": purchase, "prices": (price,), "count": count})
    mine = provider.model_copy(update={"machines": (own,)})
    others = (p for p in CATALOG.providers if p.id != provider.id)
    return CATALOG.model_copy(update={"providers": (mine, *others)})


@pytest.mark.parametrize(("purchase", "usd"), [("there", 0), ("bought", 3_000)])
def test_a_machine_of_ones_own_costs_its_electricity_and_its_price_only_if_bought_for_it(
    purchase: str, usd: int
) -> None:
    """By hand: work hours x 72 W at $0.1883 a kWh, for a whole L4; its price is sunk if there."""
    load = Workload(corpus_tokens=10e9, backfill_days=14)
    case = Case(Scenario(workload=load), with_own(purchase, usd, None))
    (way,) = OneOffJob(case, ("aws/g6.xlarge",)).answer.ways
    assert way.machines is not None
    kwh = 10e9 / way.machines.tokens_per_s / 3_600 * 72 / 1_000
    assert way.usd == pytest.approx(usd + kwh * 0.1883)
    assert way.kind is (WayKind.THERE if purchase == "there" else WayKind.BOUGHT)


def test_no_more_machines_of_ones_own_work_than_there_are() -> None:
    """Two are there; a trillion tokens in two weeks need more: late, and how many would do."""
    load = Workload(corpus_tokens=1e12, backfill_days=14)
    case = Case(Scenario(workload=load), with_own("there", 0, 2))
    (way,) = OneOffJob(case, ("aws/g6.xlarge",)).answer.ways
    assert way.machines is not None
    assert way.suits is False
    assert way.machines.count == 2
    assert (way.machines.needed or 0) > 2


def known_model(measured: Measurement) -> Measurement:
    """Of a model that the shipped catalogue has."""
    subject = measured.subject.model_copy(update={"model": "BAAI/bge-small-en-v1.5"})
    return measured.model_copy(update={"subject": subject})


def test_there_is_no_job_without_tokens_option_or_model() -> None:
    """Each is refused by name."""
    with pytest.raises(ScenarioError, match="no job without tokens"):
        _ = OneOffJob(Case(Scenario(), CATALOG)).answer
    load = Workload(corpus_tokens=1e9)
    with pytest.raises(ScenarioError, match="no/such"):
        _ = OneOffJob(Case(Scenario(workload=load), CATALOG), ("no/such",)).answer
    only = load.model_copy(update={"corpus_vectors": CorpusVectors.HOSTED})
    scenario = Scenario(workload=only, hosting=Hosting(model="nobody/knows"))
    with pytest.raises(ScenarioError, match="nobody/knows"):
        _ = OneOffJob(Case(scenario, CATALOG)).answer


def test_every_way_of_the_whole_catalogue_has_a_reason_or_a_price() -> None:
    """None is lost: each API that is sold, each machine, each card with a price to buy it."""
    load = Workload(corpus_tokens=10e9, backfill_days=14)
    answer = OneOffJob(Case(Scenario(workload=load), CATALOG)).answer
    apis = {
        f"{p.id}/{o.id}" for p in CATALOG.providers for o in p.api_offers if o.status != "withdrawn"
    }
    rented = {
        f"{p.id}/{o.id}" for p in CATALOG.providers for o in p.machines if o.status != "withdrawn"
    }
    names = {way.id for way in answer.ways}
    assert apis | rented <= names
    assert all(way.refusal or way.usd is not None for way in answer.ways)
    totals = [way.total_usd for way in answer.ways if not way.refusal]
    assert totals == sorted(total or 0.0 for total in totals)


def test_cards_that_are_yours_already_cost_their_electricity_alone() -> None:
    """Four RTX 4090s that are there: nothing is bought, and no fifth can be had.

    By hand: the work of the job in hours of a card times 450 W, at $0.1883 a kWh.
    """
    load, name = Workload(corpus_tokens=10e9, backfill_days=14), "owned/rtx-4090"
    (buying,) = OneOffJob(Case(Scenario(workload=load), CATALOG), (name,)).answer.ways
    mine = Scenario(workload=load, owned=((name, 4),))
    (way,) = OneOffJob(Case(mine, CATALOG), (name,)).answer.ways
    assert (buying.kind, way.kind) == (WayKind.BOUGHT, WayKind.THERE)
    assert "already yours" in way.label
    assert way.machines is not None
    assert way.machines.quota == 4
    assert [line.label for line in way.lines] == ["Electricity"]
    hours = 10e9 / way.machines.tokens_per_s / 3_600
    assert way.usd == pytest.approx(hours * 0.450 * 0.1883)
    soon = load.model_copy(update={"backfill_days": 0.05})
    (late,) = OneOffJob(
        Case(mine.model_copy(update={"workload": soon}), CATALOG), (name,)
    ).answer.ways
    assert late.suits is False
    assert late.machines is not None
    assert late.machines.count == 4
