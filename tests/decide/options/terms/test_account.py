"""Plans, free units and what runs beside a GPU by the second, in the bills."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.rows.account_plans import Plan
from core.catalog.schema import Catalog, Provider
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import Hosting, Scenario, Serverless, Workload
from core.units import AVERAGE_MONTH, THIRTY_DAYS, Calendar

BGE = "cloudflare/bge-m3"
HF = "huggingface/hf-inference"


def row(catalog: Catalog, option_id: str, scenario: Scenario | None = None) -> OptionAtVolume:
    """One row of the table."""
    asked = (scenario or Scenario()).model_copy(update={"options": (option_id,)})
    return at_volume(curves(Case(asked, catalog)), Case(asked, catalog)).rows[0]


def at(tokens_per_month: float, calendar: Calendar = THIRTY_DAYS) -> Scenario:
    """A month of so many tokens in texts of 500."""
    per_day = tokens_per_month / calendar.days_per_month / 500
    return Scenario(workload=Workload(requests_per_day=per_day), calendar=calendar)


@pytest.mark.parametrize(
    ("tokens", "calendar", "usd"),
    [
        # 1,500 M at 0.012, less 10,000 neurons at 0.011 per 1,000 on each day, and the plan.
        (1.5e9, THIRTY_DAYS, 18.0 - 30 * 0.11 + 5),
        (1.5e9, AVERAGE_MONTH, 18.0 - 365 / 12 * 0.11 + 5),
        (274e6, THIRTY_DAYS, 0.0),
        (276e6, THIRTY_DAYS, 5 + 0.012),
    ],
)
def test_neurons_that_are_free_are_not_billed_and_the_plan_is(
    catalog: Catalog, tokens: float, calendar: Calendar, usd: float
) -> None:
    """$19.70 a month of 30 days for the note's volume; up to 275 M tokens nothing."""
    found = row(catalog, BGE, at(tokens, calendar))
    assert found.usd_per_month == pytest.approx(usd)
    assert found.usd_per_month == pytest.approx(sum(line.usd_per_month for line in found.lines))
    assert "10,000 neurons a day free, for all offers of the account together" in found.option.notes


def test_pay_as_you_go_needs_a_plan_that_gives_some_of_it_back(catalog: Catalog) -> None:
    """3 M requests of 50 ms at $0.00012 are $18: $9 of PRO, less its $2; ten cents are free."""
    assert row(catalog, HF).usd_per_month == pytest.approx(18 + 9 - 2)
    seconds = 0.09 / 0.00012
    assert row(catalog, HF, at(seconds / 0.05 * 500)).usd_per_month == 0
    little = row(catalog, HF, at(0.11 / 0.00012 / 0.05 * 500))
    assert little.usd_per_month == pytest.approx(9)


def test_money_that_is_given_buys_more_at_a_lower_price(catalog: Catalog) -> None:
    """Half the price: $9 less $2. Neurons are counted by the provider, whatever one pays."""
    half = Scenario(prices=((HF, 0.00006), (BGE, 0.006)))
    assert row(catalog, HF, half).usd_per_month == pytest.approx(9 + 9 - 2)
    assert row(catalog, BGE, half).usd_per_month == pytest.approx(9 - 275 * 0.006 + 5)
    nothing = Scenario(prices=((HF, 0.0), (BGE, 0.0)))
    assert row(catalog, BGE, nothing).usd_per_month == 5


def test_a_gpu_by_the_second_bills_what_runs_beside_it(catalog: Catalog) -> None:
    """Modal: 4 cores and 16 GiB are 40 % of an L4 on top of it; $30 a month are given."""
    found = row(catalog, "modal/l4")
    compute, given, *_ = found.lines
    assert (compute.label, given.label) == ("Compute", "Free use")
    assert given.usd_per_month == -30
    alone = Scenario(serverless=Serverless(cores=0, memory_gib=0))
    bare = row(catalog, "modal/l4", alone).lines[0]
    beside = (4 * 0.0000131 + 16 * 0.00000222) / 0.000222
    assert beside == pytest.approx(0.396, abs=0.001)
    assert compute.usd_per_month / bare.usd_per_month == pytest.approx(1 + beside)
    assert found.usd_per_month == pytest.approx(sum(line.usd_per_month for line in found.lines))


@pytest.mark.parametrize("requests_per_day", [1, 10])
@pytest.mark.parametrize("peak", [3.0, 30.1])
def test_a_month_that_the_free_use_covers_costs_nothing_at_all(
    catalog: Catalog, requests_per_day: float, peak: float
) -> None:
    """Not what rounding leaves of it: the page showed $0.000000000000099."""
    load = Workload(requests_per_day=requests_per_day, tokens_per_request=1, peak_to_mean=peak)
    asked = Scenario(workload=load, hosting=Hosting(labour_usd_per_month=0))
    assert row(catalog, "modal/l4", asked).usd_per_month == 0


def test_what_is_not_known_of_a_gpu_by_the_second_is_said(catalog: Catalog) -> None:
    """No figure of RunPod's cores and memory was found: none is billed, and the row says so."""
    (offer,) = [
        f"{p.id}/{o.id}"
        for p in catalog.providers
        for o in p.machines
        if p.id == "runpod" and o.purchase == "serverless"
    ][:1]
    notes = row(catalog, offer).option.notes
    assert "whether cores and memory are in its price is not known: not billed here" in notes


@settings(max_examples=30)
@given(st.floats(2e4, 1e12), st.floats(2e4, 1e12))
def test_no_bill_with_a_plan_falls_with_the_volume(
    catalog: Catalog, one: float, other: float
) -> None:
    """Free, then a step to the plan, then by use; Modal's credit takes off what it can."""
    for option_id in (BGE, HF, "modal/l4"):
        less, more = (
            row(catalog, option_id, at(v)).usd_per_month or 0.0 for v in sorted((one, other))
        )
        assert less <= more * (1 + 1e-9) + 1e-9


def plan(**fields: object) -> dict[str, object]:
    """A plan as a file has it."""
    source = {"url": "https://example.com", "read": "2026-11-29", "kind": "published"}
    return {"name": "P", "sells_more": True, "source": {**source, "confidence": "low"}, **fields}


FREE = {"amount": 1, "unit": "USD", "usd_per_unit": 1, "per": "month"}


@pytest.mark.parametrize(
    ("plans", "said"),
    [
        ([plan()], "neither a fee nor anything free"),
        ([plan(usd_per_month=1, sells_more=False, free=FREE)], "leave out usd_per_month"),
        ([plan(usd_per_month=1), plan(usd_per_month=2)], "two plans that sell more"),
        ([plan(sells_more=False, free=FREE)], "none that sells more"),
        ([plan(usd_per_month=1, offers=["nobody"])], "names no offer of the provider: nobody"),
    ],
)
def test_plans_that_say_nothing_or_two_things_are_refused(
    frozen_catalog: Catalog, plans: list[dict[str, object]], said: str
) -> None:
    """Each complaint names the plan or the offer."""
    alpha = frozen_catalog.providers[0].model_dump(mode="json", exclude_none=True)
    with pytest.raises(ValueError, match=said):
        Provider.model_validate(alpha | {"plans": plans})


def test_a_plan_is_for_the_offers_that_it_names(catalog: Catalog) -> None:
    """PRO is asked for calls, not for an endpoint of one's own."""
    (provider,) = [p for p in catalog.providers if p.id == "huggingface"]
    assert isinstance(provider.plan_for("hf-inference", sells_more=True), Plan)
    assert provider.plan_for("endpoint-aws-t4", sells_more=True) is None


def test_of_two_plans_the_paid_one_s_free_use_is_said(catalog: Catalog) -> None:
    """$2 a month of PRO, not the ten cents of who pays for nothing."""
    notes = row(catalog, HF).option.notes
    assert "$2 a month free, for all offers of the account together" in notes
    assert not any("$0.1 a month" in note for note in notes)
