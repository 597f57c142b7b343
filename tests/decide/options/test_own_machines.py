"""A machine of one's own has the bill that one would write down by hand."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.own.joined import joined_catalog
from core.catalog.schema import Catalog
from core.cost.by_replica.hosted_bill import HostedBill
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.advice.least_bill import LeastBill
from core.decide.answer.bill_inputs import inputs_of
from core.decide.beliefs.belief_prices import prices
from core.decide.beliefs.belief_throughput import throughputs
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import Billed, billed_options
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import DEFAULT_TERMS
from core.decide.result.option import OptionKind
from core.decide.result.snapshot import Snapshot
from core.decide.risk.certainty import certainty
from core.decide.risk.risk_model import risk_model
from core.scenario import Hosting, Scenario
from tests.catalog.own.own_texts import own_machine, own_rate, write

BOX = "box/one"
HOSTING = Hosting(
    model="open/large",
    spare_replicas=0,
    labour_usd_per_month=1_000,
    usd_per_kwh=0.2,
    power_usage_effectiveness=1.5,
    idle_w=40,
    lifetime_months=36,
)
HOURS = 720.0


def joined(folder: Path, frozen: Catalog, machine: str, rate: str = "") -> Catalog:
    """The frozen catalogue with one machine of one's own."""
    write(folder, "machine/box.toml", machine)
    if rate:
        write(folder, "throughput.toml", rate)
    both = joined_catalog(folder, frozen)
    assert both.refusal == ""
    return both.catalog


def case_of(catalog: Catalog, hosting: Hosting = HOSTING, *options: str) -> Case:
    """One question of the box alone, or of other options."""
    return Case(Scenario(hosting=hosting, options=options or (BOX,)), catalog)


def billed(case: Case) -> tuple[Billed, HostedBill]:
    """The first option with its bill of replicas."""
    one = billed_options(case)[0]
    assert isinstance(one.bill, HostedBill), one.option.unpriced_reason
    return one, one.bill


def idle_usd(watts: float) -> float:
    """A month of standing there: 720 h x W / 1000 x PUE 1.5 at $0.20 per kWh."""
    return HOURS * watts / 1_000 * 1.5 * 0.2


def at_zero(bill: HostedBill) -> float:
    """What a month without a token costs."""
    return float(bill.curve().at(0.0))


def test_a_rented_machine_costs_its_hours(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """$2 x 720 h and labour; no electricity, which is in the rent."""
    one, bill = billed(
        case_of(joined(tmp_path, frozen_catalog, own_machine("on_demand", "2", "usd_per_hour")))
    )
    assert one.option.kind is OptionKind.RENTED
    assert at_zero(bill) == pytest.approx(2 * HOURS + 1_000)
    assert one.option.label == "Yours: Box"


def test_a_machine_by_the_month_costs_its_month(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Whatever the hours."""
    _, bill = billed(
        case_of(joined(tmp_path, frozen_catalog, own_machine("on_demand", "700", "usd_per_month")))
    )
    assert at_zero(bill) == pytest.approx(700 + 1_000)


def test_a_bought_machine_costs_its_price_over_its_life(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """$4,800 over its own 48 months, not the 36 of the scenario, and 90 W of its own while idle."""
    text = own_machine(
        "bought", "4800", "usd_to_buy", "life_months = 48\npower_w = 400\nidle_w = 90"
    )
    case = case_of(joined(tmp_path, frozen_catalog, text))
    one, bill = billed(case)
    assert one.option.kind is OptionKind.OWNED
    assert one.option.price.unit is None
    assert at_zero(bill) == pytest.approx(4_800 / 48 + idle_usd(90) + 1_000)
    named = {entry.name: entry for entry in inputs_of(one.option, case)}
    assert (named["card lifetime"].value, named["card lifetime"].origin) == ("48 months", "yours")
    assert named["card power"].value == "400 W at full load"
    assert named["price"].origin == "yours"


def test_the_money_of_a_bought_machine_costs_interest(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """An annuity: P i/(1 - (1+i)^-n) with i = 1.1^(1/12) - 1 over 24 months."""
    rate = HOSTING.model_copy(update={"discount_rate_per_year": 0.1})
    text = own_machine("bought", "2400", "usd_to_buy", "life_months = 24")
    _, bill = billed(case_of(joined(tmp_path, frozen_catalog, text), rate))
    monthly = 1.1 ** (1 / 12) - 1
    annuity = 2_400 * monthly / (1 - (1 + monthly) ** -24)
    assert at_zero(bill) == pytest.approx(annuity + idle_usd(40) + 1_000)


def test_what_is_there_already_costs_its_electricity(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """Nothing for the machine; idle watts all month, and those of work by the token."""
    text = own_machine("there", "0", "usd_to_buy", "power_w = 300\nidle_w = 50")
    one, bill = billed(case_of(joined(tmp_path, frozen_catalog, text, own_rate(10_000))))
    assert at_zero(bill) == pytest.approx(idle_usd(50) + 1_000)
    assert [line.label for line in bill.lines(0.0)] == [
        "Capital",
        "Energy, idle",
        "Energy, active",
        "Labour",
    ]
    assert "there already: its electricity alone is paid" in one.option.notes
    # A kernel that ran all month would add 250 W: no token can cost less than at the full rate.
    least = 250 / 1_000 / 3_600 / 10_000 * 1.5 * 0.2
    assert least <= bill.active_usd_per_token < 5 * least


def test_a_machine_with_two_cards_draws_both(tmp_path: Path, frozen_catalog: Catalog) -> None:
    """Where its own watts are not said, they are those of its cards: 2 x 72 W."""
    text = own_machine("there", "0", "usd_to_buy", "card_count = 2")
    one, _ = billed(case_of(joined(tmp_path, frozen_catalog, text)))
    assert one.option.owned is not None
    assert (one.option.owned.active_w, one.option.owned.idle_w) == (144, 40)


@pytest.mark.parametrize(
    ("count", "spare", "working", "is_spare"), [(1, 1, 1, 0), (3, 1, 2, 1), (3, 5, 1, 2)]
)
def test_so_many_as_there_are_are_paid_and_no_more_can_be_had(
    tmp_path: Path,
    frozen_catalog: Catalog,
    count: int,
    spare: int,
    working: int,
    is_spare: int,
) -> None:
    """The spare ones are among them; of one machine none is spare, and it is said."""
    text = own_machine("bought", "3600", "usd_to_buy", f"count = {count}")
    hosting = HOSTING.model_copy(update={"spare_replicas": spare})
    one, bill = billed(case_of(joined(tmp_path, frozen_catalog, text), hosting))
    each = 3_600 / 36 + idle_usd(40)
    assert at_zero(bill) == pytest.approx(count * each + 1_000)
    assert one.option.capacity is not None
    ceiling = working * one.option.capacity.tokens_per_month
    assert one.option.ceiling_tokens_per_month == pytest.approx(ceiling)
    assert (bill.minimum_replicas, bill.spare_replicas) == (working, is_spare)
    assert any("no more can be had" in note for note in one.option.notes)
    full = bill.curve().at(ceiling)
    assert float(full) == pytest.approx(at_zero(bill) + bill.usd_per_token * ceiling)


def test_a_rate_of_ones_own_is_the_rate_of_that_machine(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """As it was said, at the length and batch it was said of; the same card elsewhere keeps its."""
    hosting = HOSTING.model_copy(update={"max_batch_tokens": 16_384})
    catalog = joined(
        tmp_path, frozen_catalog, own_machine("there", "0", "usd_to_buy"), own_rate(9_876)
    )
    question = case_of(catalog, hosting, BOX, "rent/l-1").scenario
    load = question.workload.model_copy(update={"tokens_per_request": 512.0})
    case = Case(question.model_copy(update={"workload": load}), catalog)
    own, rented = (one.option for one in billed_options(case))
    assert own.capacity is not None
    assert rented.capacity is not None
    assert own.capacity.nominal_tokens_per_s == pytest.approx(9_876, rel=1e-9)
    assert own.capacity.low_tokens_per_s == own.capacity.high_tokens_per_s
    assert own.capacity.basis == "claimed"
    assert "You said" in own.capacity.explanation
    assert own.capacity.source is not None
    assert own.capacity.source.where == "yours: Ada"
    assert rented.capacity.nominal_tokens_per_s == pytest.approx(50_000, rel=0.05)
    said, published = throughputs((own, rented), catalog, {})
    assert (said.name, published.name) == ("throughput/box/one", "throughput/gpu-l")
    assert said.law.low == said.law.high == own.capacity.nominal_tokens_per_s
    assert published.law.low < published.law.value < published.law.high
    (price, _) = prices((own, rented), {}, catalog)
    assert (price.law.low, price.law.high, price.basis) == (0, 0, "Your own price.")


def test_a_rate_in_small_batches_means_more_in_full_ones(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """The start of a batch is shared by more texts: t(32) = 1 ms + 32 (t(1) - 1 ms)."""
    rate = own_rate(10_000, more="batch_texts = 1")
    catalog = joined(tmp_path, frozen_catalog, own_machine("there", "0", "usd_to_buy"), rate)
    question = case_of(catalog).scenario
    load = question.workload.model_copy(update={"tokens_per_request": 512.0})
    one, _ = billed(Case(question.model_copy(update={"workload": load}), catalog))
    alone_s = 512 / 10_000
    full_s = 0.001 + 32 * (alone_s - 0.001)
    assert one.option.capacity is not None
    assert one.option.capacity.nominal_tokens_per_s == pytest.approx(32 * 512 / full_s)


def test_an_impossible_rate_is_refused_with_its_reason(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """More than the card's peak: no curve, and the sentence says why."""
    catalog = joined(
        tmp_path, frozen_catalog, own_machine("there", "0", "usd_to_buy"), own_rate(9e9)
    )
    (one,) = billed_options(case_of(catalog))
    assert one.bill is None
    assert one.option.unpriced_reason


def test_a_hybrid_pays_all_its_machines_however_few_work(
    tmp_path: Path, frozen_catalog: Catalog
) -> None:
    """Three bought machines cost the same beside the API as without it; only labour is spared."""
    text = own_machine("bought", "3600", "usd_to_buy", "count = 3")
    catalog = joined(tmp_path, frozen_catalog, text)
    apis = [f"{p.id}/{o.id}" for p in catalog.providers for o in p.api_offers if o.model is None]
    for api in apis:
        mixed = f"hybrid/{BOX}+{api}"
        one = billed_options(case_of(catalog, HOSTING, mixed))[0]
        if one.bill is None:
            continue
        standing = 3 * (3_600 / 36 + idle_usd(40))
        assert float(one.bill.curve().at(0.0)) == pytest.approx(standing)
        for volume in (1e6, 1e9, 1e11):
            assert sum(x.usd_per_month for x in one.bill.lines(volume)) == pytest.approx(
                float(one.bill.curve().at(volume))
            )
        return
    pytest.fail(f"none of {apis} makes a hybrid with the box")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    purchase=st.sampled_from(("on_demand", "bought", "there")),
    usd=st.integers(1, 20_000),
    count=st.none() | st.integers(1, 5),
    watts=st.integers(60, 900),
    spare=st.integers(0, 3),
    volume=st.floats(1e3, 1e8),
)
def test_every_page_takes_a_machine_of_ones_own(
    tmp_path_factory: pytest.TempPathFactory,
    frozen_catalog: Catalog,
    purchase: str,
    usd: int,
    count: int | None,
    watts: int,
    spare: int,
    volume: float,
) -> None:
    """Its curve is its lines' sum, it is in table and plan, and one of more is never cheaper."""
    folder = tmp_path_factory.mktemp("own")
    unit = "usd_per_month" if purchase == "on_demand" else "usd_to_buy"
    more = "" if purchase == "on_demand" else f"power_w = {watts}\n"
    more += "" if count is None else f"count = {count}\n"
    text = own_machine(purchase, "0" if purchase == "there" else str(usd), unit, more)
    hosting = HOSTING.model_copy(update={"spare_replicas": spare})
    catalog = joined(folder, frozen_catalog, text)
    question = Scenario(hosting=hosting, options=("alpha/flat", BOX, "owned/gpu-home"))
    load = question.workload.model_copy(update={"requests_per_day": volume})
    case = Case(question.model_copy(update={"workload": load}), catalog)
    drawn = curves(case)
    snapshot: Snapshot = at_volume(drawn, case)
    row = next(row for row in snapshot.rows if row.option.id == BOX)
    assert row.usd_per_month == pytest.approx(sum(line.usd_per_month for line in row.lines))
    if count is not None:
        assert row.replicas == max(count, row.replicas or 0)
    planned = plan(drawn, case, DEFAULT_TERMS)
    assert planned is not None


@pytest.mark.parametrize(
    "text",
    [
        own_machine("there", "0", "usd_to_buy", 'card = "l4"\ncount = 2'),
        own_machine("bought", "5000", "usd_to_buy", 'card = "l4"\nlife_months = 60'),
        own_machine("on_demand", "2", "usd_per_hour", 'card = "l4"\ncount = 3'),
    ],
)
def test_risk_and_the_search_take_a_machine_of_ones_own(
    tmp_path: Path, catalog: Catalog, text: str
) -> None:
    """Beside APIs and in a hybrid: chances add up, and no bound lies above its bill."""
    write(tmp_path, "machine/box.toml", text)
    joined = joined_catalog(tmp_path, catalog).catalog
    hosting = Hosting(model="BAAI/bge-m3")
    options = (BOX, "cloudflare/bge-m3", f"hybrid/{BOX}+cloudflare/bge-m3", "aws/g6.xlarge")
    case = Case(Scenario(hosting=hosting, options=options), joined)
    drawn = curves(case)
    snapshot = at_volume(drawn, case)
    assert all(row.usd_per_month is not None for row in snapshot.rows)
    believed = beliefs(case, [curve.option for curve in drawn.curves])
    volume = case.scenario.tokens_per_month
    chance = certainty(risk_model(drawn, joined, believed, volume)).chances
    assert sum(chance.values()) == pytest.approx(1)
    bound = LeastBill(case)
    row = next(row for row in snapshot.rows if row.option.id == BOX)
    assert bound.standing(BOX) <= bound.carrying(BOX) <= (row.usd_per_month or 0)
    assert cheaper_elsewhere(case, snapshot.verdict.winner) is None or snapshot.verdict.winner
