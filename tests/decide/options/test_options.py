"""From option ids to options: prices, capacities, remarks."""

from decimal import Decimal

import numpy as np
import pytest

from core.catalog.schema import Catalog, PriceUnit
from core.cost.by_replica.hosted_bill import HostedBill
from core.cost.by_replica.per_second import PerSecondBill
from core.decide.beliefs.belief_prices import prices
from core.decide.case import Case
from core.decide.options.options import billed_options, is_self_hosted
from core.decide.result.option import Option, OptionKind
from core.errors import ScenarioError
from core.measurement.measured import Measurement
from core.scenario import THIS_MACHINE, Hosting, Scenario
from core.serving.batch.physics import ModelShape
from core.serving.law.batch_law import Machine, ServerKind, law_batch_time
from core.serving.law.law_numbers import LAW
from core.serving.law.stated_range import Known, server_factor
from tests.decide.conftest import Measure
from tests.oracles.options_alone import options

NOTHING: dict[str, Measurement] = {}


def option(scenario: Scenario, catalog: Catalog, option_id: str) -> Option:
    """One option of a scenario."""
    one = scenario.model_copy(update={"options": (option_id,)})
    return options(Case(one, catalog, NOTHING))[0]


def usd_per_mtok(scenario: Scenario, catalog: Catalog, option_id: str) -> float:
    """What the option's curve asks for the first million tokens."""
    one = scenario.model_copy(update={"options": (option_id,)})
    (billed,) = billed_options(Case(one, catalog, NOTHING))
    assert billed.bill is not None
    return float(billed.bill.curve().at(1e6))


def test_options_come_in_the_scenarios_order(question: Scenario, frozen_catalog: Catalog) -> None:
    """Every option asked about is there, priced or not."""
    found = options(Case(question, frozen_catalog, NOTHING))
    assert tuple(item.id for item in found) == question.options
    kinds = [item.kind for item in found]
    assert kinds == [
        *[OptionKind.API] * 4,
        OptionKind.PER_SECOND,
        OptionKind.RENTED,
        OptionKind.RENTED,
        OptionKind.OWNED,
        OptionKind.THIS_MACHINE,
    ]
    assert [is_self_hosted(item) for item in found] == [False] * 5 + [True] * 4


@pytest.mark.parametrize(
    ("option_id", "expected"),
    [
        ("alpha/flat", 0.10),
        ("alpha/tiered", 0.10),
        ("beta/characters", 0.025 * 4),
        ("beta/requests", 0.001 * 2_000),
        ("beta/seconds", 0.0002 * 0.05 * 2_000),
    ],
)
def test_every_way_of_billing_becomes_a_price_per_token(
    question: Scenario, frozen_catalog: Catalog, option_id: str, expected: float
) -> None:
    """Tokens, characters, requests and seconds are one curve over tokens."""
    assert usd_per_mtok(question, frozen_catalog, option_id) == pytest.approx(expected)


def test_the_newest_price_counts(question: Scenario, frozen_catalog: Catalog) -> None:
    """An older dated row is history."""
    price = option(question, frozen_catalog, "alpha/flat").price
    assert (price.usd, price.list_usd, price.overridden) == (0.10, 0.10, False)
    assert price.unit is PriceUnit.PER_MTOK
    assert price.source is not None


def test_the_users_own_price_replaces_every_tier(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """The list price is kept beside it."""
    own = question.model_copy(update={"prices": (("alpha/tiered", 0.07),)})
    (billed,) = billed_options(
        Case(own.model_copy(update={"options": ("alpha/tiered",)}), frozen_catalog, NOTHING)
    )
    price = billed.option.price
    assert (price.usd, price.list_usd, price.overridden) == (0.07, 0.10, True)
    assert billed.bill is not None
    assert float(billed.bill.curve().at(1e12)) == pytest.approx(70_000)


def test_the_entry_limit_becomes_a_ceiling(question: Scenario, frozen_catalog: Catalog) -> None:
    """1M tokens a minute at a 3x peak are 14.4 B tokens in thirty days."""
    limited = option(question, frozen_catalog, "alpha/flat")
    assert limited.ceiling_tokens_per_month == pytest.approx(14.4e9)
    assert limited.ceiling_reason == "tokens_per_minute"
    assert option(question, frozen_catalog, "alpha/tiered").ceiling_tokens_per_month is None


def test_what_can_wait_passes_the_entry_limit_by_batch_alone(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Where there is a batch interface it takes it; else it meets the limit, spread evenly."""
    load = question.workload.model_copy(update={"deferrable_share": 1.0})
    asked = question.model_copy(update={"workload": load})
    assert option(asked, frozen_catalog, "alpha/flat").ceiling_tokens_per_month is None
    provider, offer = frozen_catalog.find_api("alpha/flat") or (None, None)
    assert provider is not None
    assert offer is not None
    price = offer.price.model_copy(update={"batch_usd": None})
    dated = tuple(price if row == offer.price else row for row in offer.prices)
    changed = provider.model_copy(
        update={"api_offers": (offer.model_copy(update={"prices": dated}),)}
    )
    others = tuple(p for p in frozen_catalog.providers if p.id != provider.id)
    catalog = frozen_catalog.model_copy(update={"providers": (*others, changed)})
    only = asked.model_copy(update={"options": ("alpha/flat",)})
    assert option(only, catalog, "alpha/flat").ceiling_tokens_per_month == pytest.approx(43.2e9)


def test_a_published_card_has_its_published_capacity(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """The middle of three servers at a 60 % ceiling and a 3x peak; impossible rows never count."""
    capacity = option(question, frozen_catalog, "rent/l-1").capacity
    assert capacity is not None
    assert capacity.basis == "published"
    assert capacity.nominal_tokens_per_s == pytest.approx(50_000)
    most = 50_000 * server_factor(Known.PAIR)  # 80,000 is the quickest of the rows
    assert (capacity.low_tokens_per_s, capacity.high_tokens_per_s) == pytest.approx((1e4, most))
    assert capacity.usable_tokens_per_s == pytest.approx(30_000)
    assert capacity.tokens_per_month == pytest.approx(10_000 * 2.592e6)
    assert capacity.source is not None


def test_another_card_is_predicted_and_says_so(question: Scenario, frozen_catalog: Catalog) -> None:
    """Two cards do twice what the law of size says of one, within its range either way."""
    predicted = option(question, frozen_catalog, "rent/v-2")
    assert predicted.capacity is not None
    assert predicted.capacity.basis == "predicted"
    one_card = law_batch_time(
        ModelShape(300e6, 24, 1_024), Machine(125, 900, 16), ServerKind.SERVER, LAW
    )
    full = 2 * 32 * 500 / one_card.seconds(32, 500)
    factor = server_factor(Known.NEITHER)
    assert predicted.capacity.nominal_tokens_per_s == pytest.approx(full)
    assert predicted.capacity.low_tokens_per_s == pytest.approx(full / factor)
    assert predicted.capacity.high_tokens_per_s == pytest.approx(full * factor)
    assert "throughput predicted" in predicted.notes
    assert "2 cards in one instance" in predicted.notes
    one = option(question, frozen_catalog, "rent/l-1")
    assert not any("cards in one instance" in note for note in one.notes)


def test_what_is_withdrawn_keeps_its_curve_but_cannot_serve(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Nobody can buy it, so it is drawn and blocked."""
    gone = option(question, frozen_catalog, "rent/v-2")
    assert "withdrawn from sale" in gone.notes
    assert gone.unpriced_reason == ""
    assert gone.blocked_reason.startswith("Withdrawn")


def test_other_weights_are_named(question: Scenario, frozen_catalog: Catalog) -> None:
    """Vectors of different models do not mix; the same model raises no such remark."""
    other = option(question, frozen_catalog, "alpha/flat")
    assert any("do not mix" in note for note in other.notes)
    same = option(question, frozen_catalog, "alpha/tiered")
    assert not any("do not mix" in note for note in same.notes)


def test_the_buyers_model_runs_where_any_model_does(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """An offer without a model of its own takes the self-hosted one."""
    assert option(question, frozen_catalog, "beta/requests").model == "open/large"


def test_texts_beyond_the_window_block_the_option(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """A token of 513 may be lost, one in a hundred; at 518 it is more than that."""
    for length, blocked in ((512, False), (513, False), (517, False), (518, True)):
        load = question.workload.model_copy(update={"tokens_per_request": length})
        at_length = question.model_copy(update={"workload": load})
        found = option(at_length, frozen_catalog, "rent/l-1")
        assert bool(found.blocked_reason) is blocked
        assert any("512 tokens" in note for note in found.notes) is (length == 512)
        assert not option(at_length, frozen_catalog, "alpha/flat").blocked_reason


def test_an_owned_card_pays_capital_and_energy(question: Scenario, frozen_catalog: Catalog) -> None:
    """Price over its life, idle watts all month, and the watts above idle by the token."""
    one = question.model_copy(update={"options": ("owned/gpu-home",)})
    (billed,) = billed_options(Case(one, frozen_catalog, NOTHING))
    bill = billed.bill
    assert isinstance(bill, HostedBill)
    assert billed.option.price.usd == 1_200
    assert billed.option.price.unit is None
    assert bill.acquisition.usd_per_month == pytest.approx(1_200 / 36)
    assert bill.idle_energy is not None
    assert bill.idle_energy.usd_per_month == pytest.approx(720 * 0.070 * 0.1883)
    # Busy for longer than in full batches, since its batches are not full; at most a lone text.
    assert billed.option.capacity is not None
    rate = billed.option.capacity.nominal_tokens_per_s
    full = 250 / 1_000 / 3_600 / rate * 0.1883
    replica = billed.option.capacity.replica
    assert replica is not None
    alone = replica.batch.seconds(1) / 500 * rate
    assert full < bill.active_usd_per_token < full * alone


def test_the_host_is_capital_too(question: Scenario, frozen_catalog: Catalog) -> None:
    """A card of $1,200 and a host of $600: a 36th of $1,800 a month, less what both sell for."""
    hosting = question.hosting.model_copy(update={"host_usd": 600.0, "residual_fraction": 0.1})
    asked = question.model_copy(update={"options": ("owned/gpu-home",), "hosting": hosting})
    (billed,) = billed_options(Case(asked, frozen_catalog, NOTHING))
    assert isinstance(billed.bill, HostedBill)
    assert billed.bill.acquisition.usd_per_month == pytest.approx(0.9 * 1_800 / 36)
    assert "the card alone: it needs a host computer" not in billed.option.notes
    assert "the card alone: it needs a host computer" in (
        option(question, frozen_catalog, "owned/gpu-home").notes
    )


def test_a_least_number_of_replicas_is_paid_at_any_volume(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Three replicas and a spare one before the first token; fewer than three are no fleet."""
    hosting = question.hosting.model_copy(
        update={"minimum_replicas": 3, "spare_replicas": 1, "labour_usd_per_month": 0.0}
    )
    asked = question.model_copy(update={"options": ("rent/l-1",), "hosting": hosting})
    (billed,) = billed_options(Case(asked, frozen_catalog, NOTHING))
    assert isinstance(billed.bill, HostedBill)
    one = billed.bill.acquisition.usd_per_month
    assert float(billed.bill.curve().at(0.0)) == pytest.approx(4 * one)
    assert billed.option.capacity is not None
    each = billed.option.capacity.tokens_per_month
    for quota, working in ((3, 0), (4, 3), (5, 4)):
        few = hosting.model_copy(update={"maximum_replicas": quota})
        limited = option(asked.model_copy(update={"hosting": few}), frozen_catalog, "rent/l-1")
        assert limited.ceiling_tokens_per_month == pytest.approx(working * each)


@pytest.mark.parametrize(
    ("extras", "at_nothing", "at_a_billion"),
    [
        ({}, 0.0, 100.0),
        ({"usd_fixed_per_month": Decimal(20)}, 20.0, 120.0),
        ({"usd_minimum_per_month": Decimal(300)}, 300.0, 300.0),
        ({"free_units": 400.0}, 0.0, 60.0),
        ({"usd_per_call": Decimal("0.00001")}, 0.0, 120.0),
    ],
)
def test_the_extras_of_a_price_reach_the_bill(
    question: Scenario,
    frozen_catalog: Catalog,
    extras: dict[str, object],
    at_nothing: float,
    at_a_billion: float,
) -> None:
    """A fixed fee, a minimum, free millions of tokens, a fee of each of two million calls."""
    provider, offer = frozen_catalog.find_api("alpha/flat") or (None, None)
    assert provider is not None
    assert offer is not None
    price = offer.price.model_copy(update=extras)
    changed = provider.model_copy(
        update={"api_offers": (offer.model_copy(update={"prices": (price,)}),)}
    )
    others = tuple(p for p in frozen_catalog.providers if p.id != provider.id)
    catalog = frozen_catalog.model_copy(update={"providers": (*others, changed)})
    one = question.model_copy(update={"options": ("alpha/flat",)})
    (billed,) = billed_options(Case(one, catalog, NOTHING))
    assert billed.bill is not None
    found = billed.bill.curve().at(np.array([0.0, 1e9]))
    assert found == pytest.approx([at_nothing, at_a_billion])


def test_a_gpu_by_the_second_starts_another_where_one_is_full(
    note_catalog: Catalog,
) -> None:
    """In the busy hour, at the volume that one replica carries with its peak."""
    asked = Scenario(options=("modal/l4",))
    (billed,) = billed_options(Case(asked, note_catalog, NOTHING))
    assert isinstance(billed.bill, PerSecondBill)
    assert billed.option.capacity is not None
    full = billed.option.capacity.tokens_per_month
    assert billed.bill.replicas_at(0.999 * full) == 1
    assert billed.bill.replicas_at(1.001 * full) == 2


def test_where_a_rate_was_taken_over_to_other_texts_it_says_so(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """A rate of texts of 500 tokens is as published for 500, and carried over to 250."""
    for length, carried in ((500, False), (250, True), (1_000, True)):
        load = question.workload.model_copy(update={"tokens_per_request": length})
        hosting = question.hosting.model_copy(update={"model": "open/large"})
        asked = question.model_copy(update={"workload": load, "hosting": hosting})
        capacity = option(asked, frozen_catalog, "rent/l-1").capacity
        assert capacity is not None
        sentence = f"Carried from texts of 500 tokens to your {min(512, length):,}."
        assert (sentence in capacity.explanation) is carried
        assert ("Carried from" in capacity.explanation) is carried


def test_a_price_with_a_high_end_alone_reaches_from_itself_to_it(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Nothing below the price is believed, and the remark names both."""
    provider, offer = frozen_catalog.find_api("beta/requests") or (None, None)
    assert provider is not None
    assert offer is not None
    for ends, said in (
        ({"low": None}, "sources say $0.001 to $0.005"),
        ({"high": None}, "sources say $0.0006 to $0.001"),
        ({"low": None, "high": None}, None),
    ):
        price = offer.price.model_copy(update=ends)
        changed = provider.model_copy(
            update={"api_offers": (offer.model_copy(update={"prices": (price,)}),)}
        )
        others = tuple(p for p in frozen_catalog.providers if p.id != provider.id)
        catalog = frozen_catalog.model_copy(update={"providers": (*others, changed)})
        asked = question.model_copy(update={"options": ("beta/requests",)})
        notes = [n for n in option(asked, catalog, "beta/requests").notes if "sources say" in n]
        assert notes == ([said] if said else [])
        (believed,) = prices(options(Case(asked, catalog, NOTHING)), {}, catalog)
        low = 0.0006 if price.low else 0.001
        second_hand = price.low is None and price.high is None
        assert believed.law.low == pytest.approx(low / 1.1 if second_hand else low)
        high = 0.005 if price.high else 0.001
        assert believed.law.high == pytest.approx(high * 1.1 if second_hand else high)


def test_a_card_without_a_price_asks_for_one(question: Scenario, frozen_catalog: Catalog) -> None:
    """Unknown is absent, not free; the user's own price fills it in."""
    unpriced = option(question, frozen_catalog, "owned/gpu-l")
    assert unpriced.price.usd is None
    assert "Enter your own" in unpriced.unpriced_reason
    own = question.model_copy(update={"prices": (("owned/gpu-l", 2_000.0),)})
    assert option(own, frozen_catalog, "owned/gpu-l").unpriced_reason == ""


def test_this_machine_needs_a_measurement_and_a_price(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """It lends itself no capacity and no price: the probe gives one, the user the other."""
    priced = question.model_copy(
        update={"options": (THIS_MACHINE,), "prices": ((THIS_MACHINE, 0.25),)}
    )
    free = question.model_copy(update={"options": (THIS_MACHINE,)})
    run = {THIS_MACHINE: measure(THIS_MACHINE, tokens_per_s=2_000.0)}
    (unmeasured,) = options(Case(priced, frozen_catalog, NOTHING))
    assert unmeasured.capacity is None
    assert "probe" in unmeasured.unpriced_reason
    (unpriced,) = options(Case(free, frozen_catalog, run))
    assert "No price" in unpriced.unpriced_reason
    (both,) = options(Case(priced, frozen_catalog, run))
    assert both.unpriced_reason == ""
    assert both.capacity is not None
    assert both.capacity.basis == "measured"
    assert both.capacity.nominal_tokens_per_s == pytest.approx(2_000)
    assert both.model == "open/small"
    assert "CPU, 2 threads" in both.label


def test_a_run_without_a_rate_gives_no_capacity(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """Latency alone does not say what a machine carries."""
    run = {THIS_MACHINE: measure(THIS_MACHINE)}
    (found,) = options(
        Case(question.model_copy(update={"options": (THIS_MACHINE,)}), frozen_catalog, run)
    )
    assert found.capacity is None


def test_a_model_that_cannot_be_predicted_says_so(
    question: Scenario, frozen_catalog: Catalog
) -> None:
    """Without its size no throughput is invented."""
    hosting = question.hosting.model_copy(update={"model": "nobody/knows"})
    found = option(question.model_copy(update={"hosting": hosting}), frozen_catalog, "rent/l-1")
    assert found.capacity is None
    assert "none can be predicted" in found.unpriced_reason


def test_weights_that_do_not_fit_say_so(question: Scenario, frozen_catalog: Catalog) -> None:
    """14 B parameters in fp16 do not fit into 24 GB."""
    large = frozen_catalog.model("open/large")
    assert large is not None
    huge = large.model_copy(update={"id": "open/huge", "params_total_m": 14_000.0})
    catalog = frozen_catalog.model_copy(update={"models": (*frozen_catalog.models, huge)})
    scenario = question.model_copy(update={"hosting": Hosting(model="open/huge")})
    found = option(scenario, catalog, "rent/l-1")
    assert found.capacity is None
    assert "28.0 GB" in found.unpriced_reason


@pytest.mark.parametrize("option_id", ["nobody/nothing", "owned/nothing", "alpha", "", "owned/"])
def test_an_unknown_option_is_refused(
    question: Scenario, frozen_catalog: Catalog, option_id: str
) -> None:
    """The error names the id."""
    with pytest.raises(ScenarioError, match="has nothing called"):
        option(question, frozen_catalog, option_id)


@pytest.mark.parametrize("price", [-0.01, float("nan"), float("inf")])
@pytest.mark.parametrize("option_id", ["alpha/flat", "rent/l-1", "owned/gpu-home", THIS_MACHINE])
def test_what_is_no_price_is_refused(
    question: Scenario, frozen_catalog: Catalog, option_id: str, price: float
) -> None:
    """A negative or endless price names its option."""
    own = question.model_copy(update={"prices": ((option_id, price),)})
    with pytest.raises(ScenarioError, match=f"prices: {option_id}"):
        option(own, frozen_catalog, option_id)


def test_what_is_free_is_priced(question: Scenario, frozen_catalog: Catalog) -> None:
    """A GPU for nothing costs its labour alone, at every volume."""
    hosting = question.hosting.model_copy(update={"labour_usd_per_month": 100.0})
    own = question.model_copy(
        update={"prices": (("rent/l-1", 0.0),), "options": ("rent/l-1",), "hosting": hosting}
    )
    (billed,) = billed_options(Case(own, frozen_catalog, NOTHING))
    assert billed.bill is not None
    assert float(billed.bill.curve().at(1e13)) == 100.0
