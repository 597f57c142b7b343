"""A bill under a factor on its price is the bill of a catalogue with that price."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.catalog.rows.account_plans import Plan
from core.catalog.schema import ApiOffer, Catalog, MachineOffer, Price, Provider
from core.cost.by_use.usage_bill import UsageBill
from core.cost.many_scenarios.many import Factors
from core.cost.monthly_bill import MonthlyBill
from core.decide.answer.job_by_replicas import by_replicas
from core.decide.answer.job_parts import Corpora
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.options.terms.account import MONEY
from core.scenario import Hosting, Scenario, Serverless, Workload, hybrid_id

CATALOG = load_catalog()
OPTIONS = (
    "openai/text-embedding-3-small",
    "cloudflare/bge-m3",  # neurons that are free, and a plan
    "huggingface/hf-inference",  # money that is free with a plan and without, by the second
    "aws/g6.xlarge",
    "modal/l4",  # money that is free, and a host beside the GPU
    "owned/rtx-4080",
)
VOLUMES = np.geomspace(1e3, 1e12, 40)


def times(factor: float) -> Catalog:
    """The shipped catalogue with every price of a unit, a GPU and a card so many times."""
    by = Decimal(repr(factor))

    def price(old: Price) -> Price:
        tiers = tuple(t.model_copy(update={"usd": t.usd * by}) for t in old.tiers)
        batch = old.batch_usd and old.batch_usd * by
        return old.model_copy(update={"usd": old.usd * by, "batch_usd": batch, "tiers": tiers})

    def plan(old: Plan) -> Plan:
        if old.free is None or old.free.unit == MONEY:
            return old
        worth = {"usd_per_unit": old.free.usd_per_unit * by}
        return old.model_copy(update={"free": old.free.model_copy(update=worth)})

    def sold(old: Any) -> Any:
        return old.model_copy(update={"prices": tuple(price(p) for p in old.prices)})

    def provider(old: Provider) -> Provider:
        return old.model_copy(
            update={
                "plans": tuple(plan(p) for p in old.plans),
                "api_offers": tuple(sold(o) for o in old.api_offers),
                "machines": tuple(sold(o) for o in old.machines),
            }
        )

    cards = tuple(
        c.model_copy(update={"usd_new": c.usd_new and c.usd_new * by}) for c in CATALOG.cards
    )
    providers = tuple(provider(p) for p in CATALOG.providers)
    return CATALOG.model_copy(update={"providers": providers, "cards": cards})


def bills(catalog: Catalog, share: float = 0.0) -> dict[str, MonthlyBill]:
    """The bill of each kind of option."""
    load = Workload(deferrable_share=share)
    scenario = Scenario(workload=load, hosting=Hosting(host_usd=0), options=OPTIONS)
    found = curves(Case(scenario, catalog)).curves
    return {curve.option.id: curve.bill for curve in found if curve.bill is not None}


@settings(max_examples=15, deadline=None)
@example(factor=2.0, share=0.0)
@given(factor=st.floats(0.1, 10.0), share=st.sampled_from([0.0, 0.3]))
def test_a_price_so_many_times_as_high_is_another_price(factor: float, share: float) -> None:
    """Of every kind: money that is given buys less, and the host keeps its own price."""
    then, now = bills(times(factor), share), bills(CATALOG, share)
    assert set(now) == set(OPTIONS)
    for option_id, bill in now.items():
        exact = then[option_id].under(Factors(), VOLUMES)
        assert bill.under(Factors(factor), VOLUMES) == pytest.approx(exact, rel=1e-9), option_id
        column = bill.under(Factors(np.full(VOLUMES.size, factor)), VOLUMES)
        assert column == pytest.approx(exact, rel=1e-9), option_id


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(0.2, 5.0))
def test_more_billed_seconds_a_text_are_no_higher_price(factor: float) -> None:
    """Free money and free seconds buy as many seconds as before, which are fewer texts."""

    def longer(offer: ApiOffer) -> ApiOffer:
        seconds = offer.seconds_per_request and offer.seconds_per_request * factor
        return offer.model_copy(update={"seconds_per_request": seconds, "card": None})

    def with_seconds(change: Callable[[ApiOffer], ApiOffer]) -> MonthlyBill:
        providers = tuple(
            p.model_copy(update={"api_offers": tuple(change(o) for o in p.api_offers)})
            for p in CATALOG.providers
        )
        return bills(CATALOG.model_copy(update={"providers": providers}))[OPTIONS[2]]

    today = with_seconds(lambda offer: offer.model_copy(update={"card": None}))
    exact = with_seconds(longer).under(Factors(), VOLUMES)
    assert today.under(Factors(units=factor), VOLUMES) == pytest.approx(exact, rel=1e-9)
    assert isinstance(today, UsageBill)
    given_seconds = replace(today, free_units=1e4, planless_units=1e3)
    fewer = replace(given_seconds, tokens_per_unit=today.tokens_per_unit / factor)
    exact = fewer.under(Factors(), VOLUMES)
    assert given_seconds.under(Factors(units=factor), VOLUMES) == pytest.approx(exact, rel=1e-9)


@settings(max_examples=15, deadline=None)
@example(factor=2.0, share=0.0)
@given(factor=st.floats(0.1, 10.0), share=st.sampled_from([0.0, 0.3]))
def test_a_hybrid_pays_its_api_s_plan_once_whatever_a_token_costs(
    factor: float, share: float
) -> None:
    """A fee and free use beside a price that is so many times as high are the account's still."""

    def hybrid(catalog: Catalog) -> MonthlyBill:
        options = ("aws/g6.xlarge@BAAI/bge-m3", "cloudflare/bge-m3")
        mixed = hybrid_id(*options)
        load = Workload(deferrable_share=share)
        asked = curves(Case(Scenario(workload=load, options=(*options, mixed)), catalog)).curves
        (bill,) = [curve.bill for curve in asked if curve.option.id == mixed and curve.bill]
        return bill

    sells = {p.id: p for p in times(factor).providers}["cloudflare"]
    others = tuple(sells if p.id == sells.id else p for p in CATALOG.providers)
    exact = hybrid(CATALOG.model_copy(update={"providers": others})).under(Factors(), VOLUMES)
    now = hybrid(CATALOG)
    assert now.under(Factors(burst=factor), VOLUMES) == pytest.approx(exact, rel=1e-9)
    column = Factors(burst=np.full(VOLUMES.size, factor))
    assert now.under(column, VOLUMES) == pytest.approx(exact, rel=1e-9)


def test_money_buys_everything_where_nothing_costs_anything() -> None:
    """At a price of 0 no plan is needed: no number is divided by it."""
    bill = bills(CATALOG)["huggingface/hf-inference"]
    nothing = np.zeros(VOLUMES.size)
    assert np.all(bill.under(Factors(nothing), VOLUMES) == nothing)
    assert np.all(bill.under(Factors(0.0), VOLUMES) == nothing)


def test_a_corpus_pays_the_host_of_its_replica_hours_at_its_own_price() -> None:
    """Half the price of the GPU takes half of the GPU's share off, and nothing off the host's."""

    def rent_usd(gpu_price: float, asked: Serverless) -> float:
        scenario = Scenario(serverless=asked, options=("modal/l4",))
        case = Case(scenario, CATALOG)
        (curve,) = curves(case).curves
        assert curve.bill is not None
        assert curve.option.capacity is not None
        one = np.array([1e9])
        corpora = Corpora(one, one, gpu_price=np.array([gpu_price]))
        job = by_replicas(corpora, curve.option, curve.option.capacity, curve.bill, case)
        return next(float(p.usd[0]) for p in job.parts if p.label == "Rent")

    bare, whole = Serverless(cores=0, memory_gib=0), Serverless()
    host = rent_usd(1.0, whole) - rent_usd(1.0, bare)
    assert host > 0
    assert rent_usd(0.5, whole) == pytest.approx(rent_usd(0.5, bare) + host)


@pytest.mark.parametrize("option_id", ["modal/l4", "aws/g6.xlarge"])
def test_the_plan_of_a_gpu_is_due(option_id: str) -> None:
    """$7 a month more, with a line, by the second and by the hour; with its API beside it, too."""
    source = {"url": "https://example.com", "read": "2026-11-29", "kind": "published"}
    fields = {"name": "Team", "sells_more": True, "usd_per_month": 7}
    team = Plan.model_validate({**fields, "source": {**source, "confidence": "low"}})

    def has_it(provider: Provider) -> Provider:
        sells = option_id.startswith(f"{provider.id}/")
        plans = tuple(p.model_copy(update={"usd_per_month": Decimal(7)}) for p in provider.plans)
        return provider.model_copy(update={"plans": plans or (team,)} if sells else {})

    providers = tuple(has_it(p) for p in CATALOG.providers)
    with_it = bills(CATALOG.model_copy(update={"providers": providers}))[option_id]
    without = bills(CATALOG)[option_id]
    usd = with_it.curve().at(VOLUMES) - without.curve().at(VOLUMES)
    assert usd == pytest.approx(7.0, rel=1e-6)
    (line,) = [line for line in with_it.lines(1e9) if line.label == "Plan"]
    assert line.usd_per_month == 7


def test_prices_of_a_host_stand_together_and_at_a_gpu_that_stops_when_idle() -> None:
    """One of the two was taken as 0, and by the hour both were passed over."""
    (offer,) = [o for p in CATALOG.providers for o in p.machines if f"{p.id}/{o.id}" == "modal/l4"]
    row = offer.model_dump(mode="json", exclude_none=True)
    del row["prices"][0]["usd_per_gib"]
    with pytest.raises(ValueError, match="usd_per_core and usd_per_gib come together: give both"):
        MachineOffer.model_validate(row)
    by_the_hour = offer.model_dump(mode="json", exclude_none=True) | {"purchase": "on_demand"}
    with pytest.raises(ValueError, match='purchase = "serverless" alone: remove them'):
        MachineOffer.model_validate(by_the_hour)
    (api, *_) = [o for p in CATALOG.providers for o in p.api_offers]
    fields = api.model_dump(mode="json", exclude_none=True)
    fields["prices"][0] |= {"usd_per_core": "0.1", "usd_per_gib": "0.1"}
    with pytest.raises(ValueError, match='purchase = "serverless" alone: remove them'):
        ApiOffer.model_validate(fields)
