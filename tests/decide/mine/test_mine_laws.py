"""Laws of what is one's own, over every kind of bill: cache, discount, cards, labour, term."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cost.many_scenarios.many import Factors, costs_of_many
from core.decide.advice.least_bill import LeastBill
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import served_up_to
from core.decide.result.belief import API_LABOUR, LABOUR
from core.decide.result.option import BY_USE
from core.decide.risk.risk_model import risk_model
from core.scenario import Hosting, Scenario, Serverless, Vectors, Workload
from tests.decide.mine.mine_questions import (
    ALL,
    CATALOG,
    HYBRID,
    M3,
    OWNED,
    RENTED,
    VOLUMES,
    drawn,
    laws,
    questions,
    usd,
)


@laws
@given(scenario=questions, share=st.sampled_from([0.1, 0.5, 0.99]))
def test_a_cache_is_so_much_less_volume_everywhere(scenario: Scenario, share: float) -> None:
    """Share c at volume V is V (1 - c): bills, lines and replicas alike; storage stays."""
    load = scenario.workload
    cached = load.model_copy(update={"cached_share": share})
    left = load.requests_per_day * (1 - share)
    fewer = load.model_copy(update={"requests_per_day": left})
    volumes = []
    for workload in (cached, fewer):
        asked = scenario.model_copy(update={"workload": workload})
        volumes.append((asked.tokens_per_month, asked.requests_per_month))
        assert asked.without_volume() == scenario.without_volume()  # the curves are the same
    assert volumes[0] == volumes[1]
    assert volumes[0][0] == pytest.approx(scenario.tokens_per_month * (1 - share))


def test_at_a_volume_a_cache_changes_nothing_but_the_volume() -> None:
    """Of each kind of option the row is that of the smaller volume, storage as it was."""
    vectors = Vectors(stored_millions=50)
    found = []
    for share, requests in ((0.75, 4e6), (0.0, 1e6)):
        load = Workload(cached_share=share, requests_per_day=requests)
        hosting = Hosting(model=M3)
        asked = Scenario(workload=load, vectors=vectors, hosting=hosting, options=ALL)
        case = Case(asked, CATALOG)
        found.append(at_volume(curves(case), case).rows)
    cached, fewer = (
        [(r.option.id, r.usd_per_month, r.lines, r.replicas, r.feasible) for r in rows]
        for rows in found
    )
    assert cached == fewer
    for row in found[0]:
        (stored,) = [line for line in row.lines if line.label == "Vector storage"]
        assert stored.usd_per_month > 0


@laws
@given(scenario=questions, share=st.sampled_from([0.1, 0.5, 0.95]))
def test_a_discount_is_a_factor_on_the_price_of_its_provider_alone(
    scenario: Scenario, share: float
) -> None:
    """Each bill is that under the factor 1 - d of its price; the others stay as they are.

    Of a machine by the second the cores and the memory beside its GPU are that much cheaper too.
    """
    listed = drawn(scenario)
    for provider in ("openai", "cloudflare", "aws", "huggingface", "modal"):
        off = drawn(scenario, discounts=((provider, share),))
        for name in ALL:
            curve, mine = listed[name], off[name]
            assert curve.bill is not None
            base, _, burst = name.removeprefix("hybrid/").partition("+")
            factor = [
                1 - share if part.startswith(f"{provider}/") else 1.0 for part in (base, burst)
            ]
            if name.startswith("modal/") and provider == "modal":
                assert np.all(usd(mine) <= usd(curve))
                continue
            under = Factors(price=factor[0], burst=factor[1])
            wanted = costs_of_many([curve.bill], [under], VOLUMES, VOLUMES.size)[0]
            assert usd(mine) == pytest.approx(wanted, rel=2e-3)
            assert mine.option.terms == ("" if factor == [1, 1] else mine.option.terms)
            assert (mine.option.terms == "") == (factor == [1, 1])


@laws
@given(scenario=questions, many=st.integers(1, 50))
def test_what_is_there_costs_its_electricity_and_labour_alone(
    scenario: Scenario, many: int
) -> None:
    """No capital at any volume, as many stand as there are, and no other option is changed."""
    bought = drawn(scenario)
    mine = drawn(scenario, owned=((OWNED, many),))
    bill = mine[OWNED].bill
    assert bill is not None
    lines = {line.label: line for line in bill.lines(1e6)}
    assert lines["Capital"].usd_per_month == 0
    assert "already yours" in lines["Capital"].explanation
    electricity = {"Energy, idle", "Energy, active"}
    assert set(lines) <= {"Capital", "Labour", "Vector storage", *electricity}
    assert bill.paid_replicas(np.array([1e6])) == [many]
    for name in ALL:
        if name != OWNED:
            assert usd(mine[name]) == pytest.approx(usd(bought[name]), rel=1e-12)
            assert mine[name].option.notes == bought[name].option.notes


@laws
@given(scenario=questions, many=st.integers(1, 8), term=st.sampled_from(["", "1y", "3y"]))
def test_no_bound_lies_above_its_bill(scenario: Scenario, many: int, term: str) -> None:
    """With own cards, a term, a discount and labour of APIs: the search drops no cheaper option."""
    hosting = scenario.hosting.model_copy(update={"reserved_term": term})
    asked = scenario.model_copy(
        update={
            "hosting": hosting,
            "owned": ((OWNED, many),),
            "discounts": (("aws", 0.3), ("cloudflare", 0.5)),
            "serverless": Serverless(api_labour_usd_per_month=300),
        }
    )
    least = LeastBill(Case(asked, CATALOG))
    for name, item in drawn(asked).items():
        up_to = served_up_to(item.option)
        if name != HYBRID and item.bill is not None and asked.tokens_per_month <= up_to:
            bill_usd = float(item.bill.curve().at(asked.tokens_per_month))
            assert least.standing(name) <= bill_usd
            assert least.carrying(name) <= bill_usd * (1 + 1e-9)


@laws
@given(scenario=questions, labour=st.sampled_from([0.0, 1.0, 900.0]))
def test_labour_around_apis_is_due_where_there_is_an_api(scenario: Scenario, labour: float) -> None:
    """Once a month at any volume; of replicas of one's own it is none."""
    calls = scenario.serverless.model_copy(update={"api_labour_usd_per_month": labour})
    plain, with_labour = drawn(scenario), drawn(scenario, serverless=calls)
    for name in ALL:
        option = plain[name].option
        due = labour if option.kind in BY_USE or option.burst is not None else 0.0
        assert usd(with_labour[name]) == pytest.approx(usd(plain[name]) + due, rel=1e-9)


def test_labour_around_apis_is_believed_apart() -> None:
    """Twice of it moves what has an API, by as much; labour of self-hosting moves the rest."""
    calls = Serverless(api_labour_usd_per_month=500)
    asked = Scenario(options=ALL, serverless=calls, hosting=Hosting(model=M3))
    case = Case(asked, CATALOG)
    found = curves(case)
    believed = beliefs(case, [curve.option for curve in found.curves])
    assert {API_LABOUR, LABOUR} <= {belief.name for belief in believed}
    model = risk_model(found, CATALOG, believed, asked.tokens_per_month)
    plain = model.costs({}, 1)[:, 0]
    for name, value in ((API_LABOUR, 1_000.0), (LABOUR, 5_400.0)):
        moved = model.costs({name: np.array([value])}, 1)[:, 0] - plain
        for option, usd_more in zip(model.options, moved.tolist(), strict=True):
            by_api = option.kind in BY_USE or option.burst is not None
            hosted = option.capacity is not None
            due = 500 * by_api if name == API_LABOUR else 2_700 * hosted
            if name == API_LABOUR or option.id != HYBRID:  # whose base may not pay at all
                assert usd_more == pytest.approx(due)


@laws
@given(scenario=questions, off=st.sampled_from([0.0, 0.4, 0.7]))
def test_a_term_at_a_typed_discount_is_all_reserved_at_it(scenario: Scenario, off: float) -> None:
    """The term without a published price costs what a reserved share of 1 at the discount does."""
    asked = {"reserved_discount": off}
    term = scenario.hosting.model_copy(update={**asked, "reserved_term": "3y"})
    share = scenario.hosting.model_copy(update={**asked, "reserved_share": 1.0})
    one, other = drawn(scenario, hosting=term), drawn(scenario, hosting=share)
    for name in (RENTED, HYBRID, "openai/text-embedding-3-small"):
        assert usd(one[name]) == pytest.approx(usd(other[name]))
