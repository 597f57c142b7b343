"""The corpus: valleys, rented hours, APIs by batch, and embedding it anew."""

import re

import pytest

from core.catalog.rows.limits import RateLimit
from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.snapshot import OneOff, OptionAtVolume
from core.measurement.measured import Measurement
from core.scenario import Hosting, Objective, Scenario, Serverless, Workload, hybrid_id
from core.units import AVERAGE_MONTH

NOTHING: dict[str, Measurement] = {}


def row(scenario: Scenario, catalog: Catalog, option_id: str) -> OptionAtVolume:
    """One row of the table."""
    one = scenario.model_copy(update={"options": (option_id,)})
    return at_volume(curves(Case(one, catalog, NOTHING)), Case(one, catalog, NOTHING)).rows[0]


def corpus(scenario: Scenario, catalog: Catalog, option_id: str) -> OneOff:
    """What the corpus costs through an option."""
    found = row(scenario, catalog, option_id).one_off
    assert found is not None
    return found


def of_the_note(tokens: float, days: float = 7.0, changes: int = 0) -> Scenario:
    """The note's load with a corpus."""
    return Scenario(
        workload=Workload(corpus_tokens=tokens, backfill_days=days, model_changes=changes),
        hosting=Hosting(spare_replicas=0),
        calendar=AVERAGE_MONTH,
    )


def test_without_a_corpus_there_is_nothing_to_embed(note_catalog: Catalog) -> None:
    """Absent, not a job of no cost."""
    assert row(Scenario(), note_catalog, "aws/g6.xlarge").one_off is None


def test_ten_billion_tokens_by_api_are_priced_and_timed_by_one_interface(
    note_catalog: Catalog,
) -> None:
    """3-small's batch queue holds 3 M tokens a day: 10 B in time cost the list price, $200."""
    found = corpus(of_the_note(10e9, days=8), note_catalog, "openai/text-embedding-3-small")
    assert found.usd == pytest.approx(200)
    assert "synchronous" in found.explanation
    # 6.9 days of an idle limit; the note's own load takes a ninth of it in the busy hour.
    assert found.days == pytest.approx(6.94 / (1 - 578.7 * 60 / 1e6), rel=0.02)
    small = corpus(of_the_note(20e6, days=7), note_catalog, "openai/text-embedding-3-small")
    assert small.usd == pytest.approx(20 * 0.01)
    assert small.days == pytest.approx(20 / 3)
    assert "batch" in small.explanation


def test_whole_cards_and_their_electricity_are_in_the_corpus(catalog: Catalog) -> None:
    """1 T tokens in 30 days beside a 4090: its valleys take a part, four more cards the rest."""
    found = corpus(
        Scenario(workload=Workload(corpus_tokens=1e12, backfill_days=30)), catalog, "owned/rtx-4090"
    )
    parts = {line.label: line.usd_per_month for line in found.lines}
    assert parts["Cards"] == 4 * 1_599
    assert found.usd == pytest.approx(sum(parts.values()))
    hours = float(found.explanation.split("rest in ")[1].split()[0].replace(",", ""))
    full_power = hours * 0.450 * 0.1883
    assert full_power < parts["Electricity"] < 1.2 * full_power
    assert found.days == 30
    assert found.meets_deadline


def test_a_card_that_is_there_costs_its_electricity(catalog: Catalog) -> None:
    """What the valleys take is not for nothing: 380 W above idle for as long as it works."""
    load = Workload(corpus_tokens=1e9, backfill_days=30)
    row_of = row(Scenario(workload=load), catalog, "owned/rtx-4090")
    assert row_of.one_off is not None
    assert row_of.option.capacity is not None
    hours = 1e9 / row_of.option.capacity.nominal_tokens_per_s / 3_600
    assert row_of.one_off.usd == pytest.approx(hours * 0.380 * 0.1883)


def test_a_quota_makes_the_corpus_late_instead_of_dear(catalog: Catalog) -> None:
    """Two cards at most, both of which stand: their valleys take as long as they take."""
    load = Workload(corpus_tokens=1e12, backfill_days=30)
    hosting = Hosting(maximum_replicas=2)
    found = corpus(Scenario(workload=load, hosting=hosting), catalog, "owned/rtx-4090")
    assert found.days is not None
    assert found.days > 30
    assert found.meets_deadline is False
    assert "Cards" not in {line.label for line in found.lines}


def test_peoples_time_is_in_the_corpus_where_it_is_asked(catalog: Catalog) -> None:
    """For replicas that one runs, once; for an API there is nobody."""
    asked = Workload(corpus_tokens=1e9, corpus_labour_usd=800)
    free = asked.model_copy(update={"corpus_labour_usd": 0.0})
    for option_id, labour in (("owned/rtx-4090", 800), ("cloudflare/bge-m3", 0)):
        with_it, without = (
            corpus(Scenario(workload=load), catalog, option_id).usd for load in (asked, free)
        )
        assert (with_it or 0) - (without or 0) == pytest.approx(labour)


def test_a_corpus_by_a_hybrid_s_api_alone_costs_what_that_api_asks(catalog: Catalog) -> None:
    """Where no replica of the hybrid runs there is nobody's time, and no cloud bills traffic."""
    scenario = Scenario(
        workload=Workload(corpus_tokens=1e9, corpus_labour_usd=800),
        hosting=Hosting(egress_usd_per_gb=0.1),
    )
    by_hybrid, by_api = (
        corpus(scenario, catalog, option_id)
        for option_id in (
            hybrid_id("aws/g6.xlarge", "cloudflare/bge-large-en-v1.5"),
            "cloudflare/bge-large-en-v1.5",
        )
    )
    assert by_hybrid.explanation == f"by its API alone, {by_api.explanation}"
    assert [line.label for line in by_hybrid.lines] == ["Usage"]
    assert by_hybrid.usd == pytest.approx(by_api.usd)


@pytest.mark.parametrize("days", [1.0, 30.0])
@pytest.mark.parametrize("waits", [0.0, 0.3])
def test_a_corpus_by_a_hybrid_s_api_alone_takes_that_api_s_interface_and_time(
    frozen_catalog: Catalog, waits: float, days: float
) -> None:
    """By batch where that is in time, at its price: not at the blend of the month's."""
    provider, offer = frozen_catalog.find_api("alpha/flat") or (None, None)
    assert provider is not None
    assert offer is not None
    online = provider.limit_of(offer.id)
    assert online is not None
    queue = {"batch_queue_tokens": 3e6, "batch_window_hours": 24}
    limit = RateLimit(tier="1", offers=(offer.id,), source=online.source, **online.online, **queue)
    same = offer.model_copy(update={"model": "open/large", "max_tokens": None})
    changed = provider.model_copy(update={"api_offers": (same,), "rate_limits": (limit,)})
    others = tuple(p for p in frozen_catalog.providers if p.id != provider.id)
    catalog = frozen_catalog.model_copy(update={"providers": (*others, changed)})
    asked = Workload(
        requests_per_day=500, corpus_tokens=5e7, backfill_days=days, deferrable_share=waits
    )
    scenario = Scenario(workload=asked, hosting=Hosting(model="open/large"))
    mixed = hybrid_id("rent/l-1", "alpha/flat")
    by_hybrid, by_api = (corpus(scenario, catalog, name) for name in (mixed, "alpha/flat"))
    assert by_api.days is not None
    assert ("batch interface" in by_api.explanation) is (days == 30.0)
    assert by_hybrid.usd == pytest.approx(by_api.usd, rel=1e-9)
    assert by_hybrid.days == pytest.approx(by_api.days)
    assert by_hybrid.meets_deadline is by_api.meets_deadline
    assert by_hybrid.explanation == f"by its API alone, {by_api.explanation}"


def test_no_explanation_of_a_bill_has_powers_of_ten(catalog: Catalog) -> None:
    """1 T tokens, 300 B tokens a month: readers are no programmers."""
    load = Workload(
        corpus_tokens=1e12, backfill_days=30, requests_per_day=2e7, model_changes=1, length_cv=0.5
    )
    case = Case(Scenario(workload=load, hosting=Hosting(egress_usd_per_gb=0.1)), catalog, NOTHING)
    rows = at_volume(curves(case), case).rows
    jobs = [row.one_off for row in rows if row.one_off is not None]
    lines = [line for row in rows for line in row.lines]
    lines += [line for job in jobs for line in job.lines]
    assert len(lines) > 30
    words = [line.explanation for line in lines] + [job.explanation for job in jobs]
    assert [text for text in words if re.search(r"\de[+-]?\d", text)] == []


def test_a_time_that_nobody_knows_is_not_in_time(catalog: Catalog) -> None:
    """No limit of this API is known: neither its days nor whether they do."""
    unlimited = next(
        f"{p.id}/{offer.id}"
        for p in catalog.providers
        for offer in p.api_offers
        if (limit := p.limit_of(offer.id)) and limit.unknown and offer.status == "current"
    )
    found = corpus(of_the_note(1e9), catalog, unlimited)
    assert found.days is None
    assert found.meets_deadline is None


def test_an_idle_l4_takes_a_corpus_in_its_valleys(note_catalog: Catalog) -> None:
    """A duty cycle of 1 % leaves room for ten billion tokens within a week, for nothing."""
    found = corpus(of_the_note(10e9), note_catalog, "aws/g6.xlarge")
    assert found.usd == 0
    assert found.meets_deadline
    assert found.days == pytest.approx(10e9 / (37_320 - 571) / 86_400, rel=0.02)


def test_a_short_deadline_rents_hours_beside_the_fleet(note_catalog: Catalog) -> None:
    """Half a day: what the valleys leave over runs on rented L4s, 44.7 hours of them in all."""
    found = corpus(of_the_note(10e9, days=0.5), note_catalog, "aws/g6.xlarge")
    assert found.usd is not None
    assert 0 < found.usd < 36
    assert "replica hours" in found.explanation


@pytest.mark.parametrize("days", [0.5, 1.0, 3.0, 7.0, 30.0])
def test_a_backfill_takes_its_deadline_where_hours_are_rented_and_less_where_none_are(
    note_catalog: Catalog, days: float
) -> None:
    """10 B tokens take an L4's valleys 3.15 days; rented hours are spread up to the deadline."""
    found = corpus(of_the_note(10e9, days=days), note_catalog, "aws/g6.xlarge")
    alone = 10e9 / (37_320 - 571) / 86_400
    assert found.days == pytest.approx(min(days, alone), rel=0.02)
    if days < alone:
        assert found.days == days
    assert ("beside it" in found.explanation) is (days < alone)
    assert ((found.usd or 0) > 0) is (days < alone)
    assert found.meets_deadline


def test_a_gpu_by_the_second_takes_the_days_it_is_given(catalog: Catalog) -> None:
    """None of its hours is there anyway: the job is spread over the days up to the deadline."""
    for days in (2.0, 9.0):
        found = corpus(of_the_note(1e9, days=days), catalog, "modal/l4")
        assert found.days == days
        assert found.meets_deadline


def test_an_entry_limit_can_miss_the_deadline(note_catalog: Catalog) -> None:
    """Seven days and a fifth of a 1 M tokens/min limit: in time for eight days, not for seven."""
    for days, in_time in ((7.0, False), (8.0, True)):
        found = corpus(of_the_note(10e9, days=days), note_catalog, "openai/text-embedding-3-small")
        assert found.days == pytest.approx(7.19, rel=0.02)
        assert found.meets_deadline is in_time


@pytest.mark.parametrize("option_id", ["openai/text-embedding-3-small", "aws/g6.xlarge"])
def test_a_change_of_model_embeds_the_corpus_anew(note_catalog: Catalog, option_id: str) -> None:
    """Two changes cost two corpora where nothing is added; none cost nothing."""
    scenario = of_the_note(1e12, days=1)
    never = corpus(scenario, note_catalog, option_id)
    twice = corpus(of_the_note(1e12, days=1, changes=2), note_catalog, option_id)
    assert never.reembedding_usd == 0
    assert twice.usd is not None
    assert twice.reembedding_usd == pytest.approx(2 * twice.usd)


def test_documents_that_came_since_are_embedded_anew_too(note_catalog: Catalog) -> None:
    """Half of the volume are documents: after 18 of 36 months there are 27 B more of them."""
    load = Workload(corpus_tokens=1e9, model_changes=1, deferrable_share=0.5)
    found = corpus(Scenario(workload=load), note_catalog, "together/multilingual-e5-large-instruct")
    assert found.usd is not None
    later = (1e9 + 18 * 0.5 * 1.5e9) / 1e9
    assert found.reembedding_usd == pytest.approx(later * found.usd, rel=1e-6)


def test_documents_that_no_valley_takes_any_more_are_rented_hours(note_catalog: Catalog) -> None:
    """A corpus that fits today for nothing does not fit when it has grown a thousandfold."""
    load = Workload(corpus_tokens=1e9, model_changes=1, deferrable_share=1.0, backfill_days=0.5)
    scenario = Scenario(workload=load, hosting=Hosting(spare_replicas=0))
    found = corpus(scenario, note_catalog, "aws/g6.xlarge")
    assert found.usd is not None
    later = scenario.model_copy(
        update={"workload": load.model_copy(update={"corpus_tokens": 1e9 + 18 * 1.5e9})}
    )
    grown = corpus(later, note_catalog, "aws/g6.xlarge")
    assert found.usd == 0
    assert grown.usd is not None
    assert grown.usd > 0
    assert found.reembedding_usd == pytest.approx(grown.usd)


def test_replicas_that_stop_at_night_have_no_free_valleys(note_catalog: Catalog) -> None:
    """At a thousand times the note's load those that follow it leave less room than the others."""
    load = Workload(requests_per_day=1e8, corpus_tokens=3e11)
    always, following = (
        corpus(
            Scenario(workload=load, hosting=Hosting(spare_replicas=0, autoscale=auto)),
            note_catalog,
            "aws/g6.xlarge",
        )
        for auto in (False, True)
    )
    assert always.usd == 0
    assert following.usd is not None
    assert following.usd > 0


def test_a_gpu_by_the_second_bills_the_corpus(catalog: Catalog) -> None:
    """Nothing of it is free: its hours at full batches at the price of an hour."""
    found = row(of_the_note(1e9), catalog, "modal/l4")
    assert found.one_off is not None
    assert found.option.capacity is not None
    hours = 1e9 / found.option.capacity.nominal_tokens_per_s / 3_600
    assert found.option.price.usd is not None
    beside = 4 * 0.0000131 + 16 * 0.00000222
    a_second = found.option.price.usd + beside
    assert found.one_off.usd == pytest.approx(hours * 3_600 * a_second, rel=0.01)
    assert "replica hours" in found.one_off.explanation


def test_every_attempt_at_a_chunk_meets_the_entry_limit(note_catalog: Catalog) -> None:
    """Half of the attempts fail: 1.75 for each text of three tries stretch the job as much."""
    sure = of_the_note(10e9)
    unsure = sure.model_copy(update={"serverless": Serverless(failure_rate=0.5)})
    name = "openai/text-embedding-3-small"
    quick, slow = (corpus(scenario, note_catalog, name) for scenario in (sure, unsure))
    load = 578.7 * 60 / 1e6
    assert quick.days is not None
    assert slow.days == pytest.approx(quick.days * 1.75 * (1 - load) / (1 - 1.75 * load), rel=1e-3)


def test_the_levelised_cost_of_a_flat_price_is_the_price(note_catalog: Catalog) -> None:
    """Growth and interest cancel where every token costs the same."""
    scenario = Scenario(
        workload=Workload(growth_per_month=0.2),
        hosting=Hosting(discount_rate_per_year=0.1),
        objective=Objective(horizon_months=24),
    )
    found = row(scenario, note_catalog, "cloudflare/bge-m3")
    assert found.levelised_usd_per_mtok == pytest.approx(0.012)


def test_growth_levels_the_cost_of_an_idle_card_down(note_catalog: Catalog) -> None:
    """The same rent over more tokens."""
    still = row(Scenario(), note_catalog, "aws/g6.xlarge")
    growing = Scenario(workload=Workload(growth_per_month=0.1))
    grown = row(growing, note_catalog, "aws/g6.xlarge")
    assert still.levelised_usd_per_mtok == pytest.approx(still.usd_per_mtok)
    assert grown.levelised_usd_per_mtok is not None
    assert grown.levelised_usd_per_mtok < (still.levelised_usd_per_mtok or 0)


def test_an_api_without_a_batch_price_is_late_by_its_rate_limit(frozen_catalog: Catalog) -> None:
    """10 B tokens at a million a minute take a week: too late, but nobody sells it by batch."""
    first, *others = frozen_catalog.providers
    price = first.api_offers[0].prices[-1].model_copy(update={"batch_usd": None})
    flat = first.api_offers[0].model_copy(update={"prices": (price,)})
    changed = first.model_copy(update={"api_offers": (flat, *first.api_offers[1:])})
    catalog = frozen_catalog.model_copy(update={"providers": (changed, *others)})
    found = corpus(of_the_note(10e9, days=1), catalog, "alpha/flat")
    assert found.explanation == "within its rate limit"
    assert found.meets_deadline is False
    assert found.days is not None
    assert found.days > 6
    assert found.usd == pytest.approx(1_000)


def test_people_are_paid_for_a_corpus_of_one_token(frozen_catalog: Catalog) -> None:
    """However small it is, somebody sees to it."""
    load = Workload(corpus_tokens=1, corpus_labour_usd=800)
    asked = Scenario(workload=load, hosting=Hosting(model="open/large"))
    found = corpus(asked, frozen_catalog, "rent/l-1")
    assert {line.label: line.usd_per_month for line in found.lines}["Labour"] == 800


def test_a_hybrid_s_corpus_keeps_to_the_quota_of_its_base(frozen_catalog: Catalog) -> None:
    """Two replicas in all: those that work leave none beside them, and it takes longer."""
    load = Workload(requests_per_day=3e7, corpus_tokens=1e12, backfill_days=5)
    name = hybrid_id("rent/l-1", "alpha/tiered")
    free, held = (
        corpus(
            Scenario(
                workload=load,
                hosting=Hosting(model="open/large", labour_usd_per_month=0, **quota),
            ),
            frozen_catalog,
            name,
        )
        for quota in ({}, {"maximum_replicas": 2})
    )
    assert free.days == 5
    assert held.days is None or held.days > 5
