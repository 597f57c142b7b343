"""Queries and documents: pairs in one space, bills that add up, and nothing paid twice."""

import math
from dataclasses import replace
from typing import Final

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog, PriceUnit
from core.cost.by_replica.hosted_bill import whole_replicas
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import is_self_hosted
from core.decide.result.option import OptionKind
from core.decide.streams.family import with_family
from core.decide.streams.stream_result import StreamPair, Streams, Together
from core.decide.streams.two_streams import TwoStreams
from core.errors import ScenarioError
from core.scenario import (
    DEFAULT_OPTIONS,
    Demands,
    Documents,
    Hosting,
    Objective,
    Scenario,
    Serverless,
    Vectors,
    Workload,
    hybrid_id,
)

L4, L4_M3, M3_API = "aws/g6.xlarge", "aws/g6.xlarge@BAAI/bge-m3", "cloudflare/bge-m3"
NANO: Final = "aws/g6.xlarge@voyageai/voyage-4-nano"
LARGE, LITE = "voyage/voyage-4-large", "voyage/voyage-4-lite"
OPTIONS: Final = (
    *("openai/text-embedding-3-small", M3_API, LARGE, LITE, L4_M3, NANO),
    *("owned/rtx-4090@BAAI/bge-m3", "modal/l4@BAAI/bge-m3", hybrid_id(L4_M3, M3_API)),
)
SHOP: Final = Workload(requests_per_day=500 * 86_400, tokens_per_request=12)
CATALOGUE: Final = Documents(requests_per_day=1e6, tokens_per_request=400)
LIGHT = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def streams_of(scenario: Scenario, catalog: Catalog, *, any_space: bool = False) -> TwoStreams:
    """Both streams of a question without measurements."""
    case = Case(scenario, catalog)
    return TwoStreams(case, curves(case), any_space)


def answered(scenario: Scenario, catalog: Catalog, *, any_space: bool = False) -> Streams:
    """The answer of a question with documents."""
    streams = streams_of(scenario, catalog, any_space=any_space).answer()
    assert streams is not None
    return streams


questions = st.builds(
    Scenario,
    workload=st.builds(
        Workload,
        requests_per_day=st.sampled_from([1e3, 1e6, 4e7, 1e9]),
        tokens_per_request=st.sampled_from([12.0, 500.0]),
        length_cv=st.sampled_from([0.0, 1.0]),
        peak_to_mean=st.sampled_from([1.0, 3.0]),
        burst_factor=st.sampled_from([1.0, 2.0]),
        deferrable_share=st.sampled_from([0.0, 0.5]),
    ),
    documents=st.builds(
        Documents,
        requests_per_day=st.sampled_from([0.5, 1e3, 1e6, 1e8]),
        tokens_per_request=st.sampled_from([40.0, 400.0, 3_000.0]),
        length_cv=st.sampled_from([0.0, 1.0]),
        within_hours=st.sampled_from([24.0, 168.0]),
    ),
    objective=st.builds(Objective, slo_p95_s=st.sampled_from([0.06, 0.5])),
    serverless=st.builds(Serverless, failure_rate=st.sampled_from([0.0, 0.1])),
    hosting=st.builds(
        Hosting,
        autoscale=st.booleans(),
        spare_replicas=st.integers(0, 2),
        labour_usd_per_month=st.sampled_from([0.0, 2_700.0]),
        maximum_replicas=st.sampled_from([20, 100_000]),
    ),
    vectors=st.builds(Vectors, stored_millions=st.sampled_from([0.0, 50.0])),
    options=st.just(OPTIONS),
)


@LIGHT
@given(scenario=questions)
def test_a_pair_is_the_sum_of_its_parts_in_one_space_and_never_dearer_than_apart(
    catalog: Catalog, scenario: Scenario
) -> None:
    """For any load, fleet and price: nothing is paid twice, and nothing is left out."""
    both = streams_of(scenario, catalog)
    answer = both.answer()
    assert answer is not None
    alone = {c.option.id: c.cost for c in both.documents.curves if c.cost is not None}
    queries = {c.option.id: c.cost for c in both.queries.curves if c.cost is not None}
    assert {pair.ids for pair in answer.pairs} >= {(name, name) for name in queries}
    for pair in answer.pairs:
        one, other = pair.queries.option, pair.documents.option
        assert catalog.shares_space(one.model, other.model)
        assert pair.usd_per_month == pair.queries_usd + pair.documents_usd
        stored = math.fsum(line.usd_per_month for line in both.case.storage(one.model))
        whole = float(queries[one.id].at(scenario.tokens_per_month))
        assert pair.queries_usd == pytest.approx(whole - stored, abs=1e-6)
        apart = float(alone[other.id].at(scenario.document_tokens_per_month))
        free = pair.together is Together.ACCOUNT  # what is free was counted twice apart
        assert pair.documents_usd <= apart * (1 + 1e-9) + 1e-6 or free
        assert pair.documents_usd >= -1e-6
        if pair.can_serve:
            assert pair.queries.can_serve
            assert pair.documents.can_serve


@LIGHT
@given(scenario=questions, more=st.floats(1, 100))
def test_more_documents_never_cost_less_and_any_space_never_costs_more(
    catalog: Catalog, scenario: Scenario, more: float
) -> None:
    """Every pair rises with its documents; a wider choice has no dearer best."""
    few = answered(scenario, catalog)
    stream = scenario.documents
    grown = stream.model_copy(update={"requests_per_day": stream.requests_per_day * more})
    many = answered(scenario.model_copy(update={"documents": grown}), catalog)
    after = {pair.ids: pair for pair in many.pairs}
    for pair in few.pairs:
        assert after[pair.ids].usd_per_month >= pair.usd_per_month * (1 - 1e-9) - 1e-6
    free = answered(scenario, catalog, any_space=True)
    assert len(free.pairs) > len(few.pairs)
    if few.best is not None:
        assert free.best is not None
        assert free.best.usd_per_month <= few.best.usd_per_month


@LIGHT
@given(scenario=questions)
def test_without_documents_nothing_changes(catalog: Catalog, scenario: Scenario) -> None:
    """No pair is made; every curve and row of the queries is that of one stream."""
    none = scenario.model_copy(update={"documents": Documents()})
    assert streams_of(none, catalog).answer() is None
    assert with_family(streams_of(none, catalog)) == (None, None)
    assert none.without_volume() == scenario.without_volume()
    one, two = Case(none, catalog), Case(scenario, catalog)
    rows = (at_volume(curves(case), case).rows for case in (one, two))
    before, after = ([(r.option.id, r.usd_per_month, r.serves_text) for r in rs] for rs in rows)
    assert before == after


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("requests_per_day", [1e6, 3e7])
def test_texts_of_one_length_on_one_fleet_are_one_stream_of_which_a_share_waits(
    catalog: Catalog, share: float, requests_per_day: float
) -> None:
    """By the model of one stream: the documents are its share that can wait, replica for replica.

    The objective is wide enough that the utilisation ceiling alone binds, for both alike.
    """
    hosting = Hosting(labour_usd_per_month=0, spare_replicas=0)
    objective = Objective(slo_p95_s=60)
    whole = Scenario(
        workload=Workload(requests_per_day=requests_per_day, deferrable_share=share),
        hosting=hosting, objective=objective, options=(L4,),
    )  # fmt: skip
    split = whole.model_copy(
        update={
            "workload": Workload(requests_per_day=requests_per_day * (1 - share)),
            "documents": Documents(
                requests_per_day=requests_per_day * share, tokens_per_request=500
            ),
        }
    )
    case = Case(whole, catalog)
    one_stream = at_volume(curves(case), case).rows[0]
    (pair,) = answered(split, catalog).pairs
    assert pair.together is Together.FLEET
    assert one_stream.usd_per_month == pytest.approx(pair.usd_per_month, rel=1e-9)


@pytest.mark.parametrize("requests_per_day", [1e3, 1e6, 1e9])
def test_documents_of_one_api_are_billed_on_top_of_the_queries(
    catalog: Catalog, requests_per_day: float
) -> None:
    """Where no batch price differs, both cost what the bill of their sum says: free units once."""
    names = [
        f"{p.id}/{o.id}"
        for p in catalog.providers
        for o in p.api_offers
        if o.model and o.prices and o.price.unit is PriceUnit.PER_MTOK and o.price.batch_usd is None
        if o.price.usd_per_call is None
    ]
    load = Workload(requests_per_day=requests_per_day, tokens_per_request=100)
    scenario = Scenario(
        workload=load,
        documents=Documents(requests_per_day=3 * requests_per_day, tokens_per_request=100),
        options=tuple(names[:24]),
    )
    both = streams_of(scenario, catalog)
    answer = both.answer()
    assert answer is not None
    for pair in answer.pairs:
        if pair.queries.option.id == pair.documents.option.id:
            cost = next(c.cost for c in both.queries.curves if c.option.id == pair.ids[0])
            assert cost is not None
            whole = float(cost.at(4 * scenario.tokens_per_month))
            assert pair.usd_per_month == pytest.approx(whole, rel=1e-9)
            assert pair.together is Together.ACCOUNT


def test_a_shop_answers_queries_on_its_own_machines_and_fills_their_valleys(
    catalog: Catalog,
) -> None:
    """500 queries/s of 12 tokens, and a nightly catalogue of 1 M documents of 400 tokens.

    By hand: 500 x 60 x 3 = 90,000 requests a minute at the peak are beyond what OpenAI (3,000) and
    Cloudflare (3,000) let through, so no API that publishes its limit may answer the queries. They
    take 6,000 tokens/s, 18,000 in the busy hour; the documents are 4,630 tokens/s over the day and
    lie in the valleys: 10,630 of both on average is below the peak, so nobody buys a replica for
    them as long as a token of either takes as long. A short text takes longer, so they need less.
    """
    scenario = Scenario(workload=SHOP, documents=CATALOGUE)
    answer = answered(scenario, catalog)
    best = answer.best
    assert best is not None
    assert is_self_hosted(best.queries.option)
    assert best.together in {Together.FLEET, Together.TWO_BILLS, Together.LABOUR}
    apis = [p for p in answer.pairs if p.queries.option.kind is OptionKind.API]
    assert apis
    assert not any(pair.can_serve for pair in apis)
    fleets = {pair.ids[0]: pair for pair in answer.pairs if pair.together is Together.FLEET}
    working = fleets[L4].queries
    assert working.replicas is not None
    alone = next(
        p for p in answered(scenario.model_copy(update={"options": (L4,)}), catalog).pairs
    ).documents
    assert alone.usd_per_month is not None
    assert fleets[L4].documents_usd < alone.usd_per_month / 10
    assert best.usd_per_month <= fleets[L4].usd_per_month
    assert "Queries by" in answer.sentences[0]


def test_the_small_member_of_a_family_answers_what_the_large_one_has_embedded(
    catalog: Catalog,
) -> None:
    """Chosen is voyage-4-large alone: voyage-4-lite is found for the queries, nothing re-embedded.

    By hand: 3e5 x 100 x 30 = 0.9 B tokens of queries cost $108 at $0.12 and $18 at $0.02.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=3e5, tokens_per_request=100),
        documents=Documents(requests_per_day=1e5, tokens_per_request=400),
        options=(LARGE,),
    )
    streams, found = with_family(streams_of(scenario, catalog))
    assert streams is not None
    assert streams.best is not None
    assert streams.best.ids == (LARGE, LARGE)
    assert found is not None
    assert found.ids == (LITE, LARGE)
    assert found.space == "voyage-4"
    assert found.can_serve
    assert found.usd_per_month < streams.best.usd_per_month
    chosen = scenario.model_copy(update={"options": (LARGE, LITE)})
    again, nothing = with_family(streams_of(chosen, catalog))
    assert again is not None
    assert (LITE, LARGE) in {pair.ids for pair in again.pairs}
    assert nothing is None


def test_within_60_ms_a_machine_answers_and_the_api_of_its_space_embeds(catalog: Catalog) -> None:
    """No API is known to hold p95 60 ms; documents wait, so the family's API may embed them."""
    scenario = Scenario(
        workload=SHOP, documents=Documents(requests_per_day=1e4, tokens_per_request=400),
        objective=Objective(slo_p95_s=0.06), options=(LARGE, NANO),
    )  # fmt: skip
    answer = answered(scenario, catalog)
    pairs = {pair.ids: pair for pair in answer.pairs}
    assert pairs[NANO, LARGE].can_serve
    assert pairs[NANO, LARGE].together is Together.TWO_BILLS
    assert not pairs[LARGE, NANO].can_serve
    assert "Queries:" in pairs[LARGE, NANO].why_not


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.5])
def test_one_limit_lets_both_streams_through_or_neither(catalog: Catalog, scale: float) -> None:
    """Cloudflare takes 3,000 requests a minute. Queries of 700 a minute reach 2,100 at the peak.

    By hand: on average they leave 2,300 a minute to documents, which wait for the valleys.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=700 * 1_440, tokens_per_request=10),
        documents=Documents(requests_per_day=scale * 2_300 * 1_440, tokens_per_request=10),
        options=(M3_API,),
    )
    (pair,) = answered(scenario, catalog).pairs
    assert pair.queries.can_serve
    assert pair.fits is (scale <= 1)
    if not pair.fits and pair.documents.can_serve:
        assert pair.why_not == "Both streams together are beyond its limit or quota."


def test_a_quota_holds_for_both_streams_together(catalog: Catalog) -> None:
    """Enough machines for each alone are not enough for both."""
    load = Workload(requests_per_day=3e7, peak_to_mean=1)
    documents = Documents(requests_per_day=3e7, tokens_per_request=500)
    wide = Scenario(workload=load, documents=documents, options=(L4,))
    (pair,) = answered(wide, catalog).pairs
    assert pair.queries.replicas is not None
    quota = wide.hosting.model_copy(update={"maximum_replicas": pair.queries.replicas + 2})
    (tight,) = answered(wide.model_copy(update={"hosting": quota}), catalog).pairs
    assert tight.queries.can_serve
    assert tight.documents.can_serve
    assert pair.can_serve
    assert not tight.can_serve


def test_who_leads_at_a_volume_is_who_answers_there(catalog: Catalog) -> None:
    """Both streams grown to the beginning of each stretch: the answer there is its leader."""
    scenario = Scenario(documents=CATALOGUE, options=DEFAULT_OPTIONS)
    answer = answered(scenario, catalog)
    assert len(answer.leads) > 1
    for lead in answer.leads:
        times = lead.from_tokens_per_month / scenario.tokens_per_month
        load, stream = scenario.workload, scenario.documents
        there = scenario.model_copy(
            update={
                "workload": load.model_copy(
                    update={"requests_per_day": load.requests_per_day * times}
                ),
                "documents": stream.model_copy(
                    update={"requests_per_day": stream.requests_per_day * times}
                ),
            }
        )
        best = answered(there, catalog).best
        assert best is not None
        assert best.ids == (lead.queries_id, lead.documents_id)


def pair_of(usd: float, pair: StreamPair, *, known: bool) -> StreamPair:
    """The same with another cost."""
    return replace(pair, queries_usd=usd, documents_usd=0.0, is_known=known)


def test_the_cheapest_that_is_not_known_yet_is_named_with_what_it_saves(catalog: Catalog) -> None:
    """Below the answer alone; what is dearer needs no question."""
    scenario = Scenario(documents=Documents(requests_per_day=10), options=(M3_API,))
    answer = answered(scenario, catalog)
    (pair,) = answer.pairs
    below, above = pair_of(5.0, pair, known=False), pair_of(9.0, pair, known=False)
    shown = replace(answer, pairs=(below, pair_of(7.0, pair, known=True), above))
    assert shown.not_yet_known is below
    assert shown.saving_if_it_holds_usd == 2.0
    assert "It saves $2.00 if it holds." in shown.sentences[1]
    assert replace(shown, pairs=shown.pairs[1:]).not_yet_known is None
    assert replace(shown, pairs=(below,)).saving_if_it_holds_usd is None


def test_whole_replicas_are_counted_once_for_both(catalog: Catalog) -> None:
    """Documents beside a fleet with room cost their electricity alone: of a rented one nothing."""
    scenario = Scenario(
        workload=Workload(requests_per_day=1e6),
        documents=Documents(requests_per_day=1_000, tokens_per_request=400),
        options=(L4,),
    )
    both = streams_of(scenario, catalog)
    (pair,) = answered(scenario, catalog).pairs
    bill = whole_replicas(both.queries.curves[0].bill)
    assert bill is not None
    assert pair.documents_usd == pytest.approx(
        bill.usd_per_token * scenario.document_tokens_per_month
    )
    assert np.isclose(pair.queries_usd, float(bill.curve().at(scenario.tokens_per_month)))


def test_a_budget_is_of_both_streams_together(catalog: Catalog) -> None:
    """Each side alone may lie within it, and both beyond: then the pair is out, and says so."""
    scenario = Scenario(
        workload=Workload(requests_per_day=1e6), documents=CATALOGUE, options=(M3_API, LARGE, LITE)
    )
    best = answered(scenario, catalog).best
    assert best is not None
    for budget, suits in ((best.usd_per_month * 1.001, True), (best.usd_per_month * 0.999, False)):
        demanded = Demands(budget_usd_per_month=budget)
        asked = scenario.model_copy(update={"demands": demanded})
        streams = answered(asked, catalog)
        pair = next(one for one in streams.pairs if one.ids == best.ids)
        assert (pair.can_serve is True) == suits
        if not suits:
            assert max(pair.queries_usd, pair.documents_usd) < budget
            assert pair.why_not.startswith("Both streams: ")


def test_documents_may_have_options_of_their_own(catalog: Catalog) -> None:
    """Queries by what is compared, documents by what is named for them; empty: by all of it."""
    scenario = Scenario(workload=Workload(requests_per_day=1e6), options=(LITE, M3_API))
    asked = {
        (): {LITE, M3_API},
        (LARGE,): {LARGE},
        (LARGE, L4_M3): {LARGE, L4_M3},
    }
    for own, there in asked.items():
        documents = CATALOGUE.model_copy(update={"options": own})
        pairs = answered(scenario.model_copy(update={"documents": documents}), catalog).pairs
        assert {pair.queries.option.id for pair in pairs} <= {LITE, M3_API}
        assert {pair.documents.option.id for pair in pairs} == there


def test_an_option_of_the_documents_that_there_is_not_is_named(catalog: Catalog) -> None:
    """As one of the queries is."""
    documents = CATALOGUE.model_copy(update={"options": ("no/such",)})
    scenario = Scenario(options=(LITE,), documents=documents)
    with pytest.raises(ScenarioError, match="no/such"):
        answered(scenario, catalog)


def test_options_of_no_common_space_say_what_to_compare(catalog: Catalog) -> None:
    """OpenAI's and BGE's vectors do not mix: one model for both, or one family."""
    documents = CATALOGUE.model_copy(update={"options": (M3_API,)})
    scenario = Scenario(options=("openai/text-embedding-3-small",), documents=documents)
    (sentence,) = answered(scenario, catalog).sentences
    assert "No two of these options have vectors of one space" in sentence
    assert "one model for both, or members of one family" in sentence
