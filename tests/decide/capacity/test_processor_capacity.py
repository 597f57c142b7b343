"""A machine without a card: what its vCPUs carry, and what a month of it costs."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.rows.currencies import RATES
from core.catalog.rows.provenance import Source
from core.catalog.schema import Catalog, Cpu, MachineOffer, Price, PriceUnit, Provider, Throughput
from core.cost.by_replica.capital import capital_recovery
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import Billed, billed_options
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import Hosting, Objective, Scenario, Workload

READ = Source.model_validate(
    {"url": "https://x.example", "read": "2026-01-15", "kind": "published", "confidence": "high"}
)


def offer_of(**changed: object) -> MachineOffer:
    """Four vCPUs and 8 GiB at $0.20 an hour."""
    price = Price(usd=Decimal("0.20"), unit=PriceUnit.PER_HOUR, source=READ)
    fields: dict[str, object] = {
        "id": "c-4",
        "label": "c-4",
        "product": "c-4",
        "cpu": "cpu-a",
        "vcpus": 4,
        "memory_gib": 8.0,
        "prices": (price,),
    }
    return MachineOffer.model_validate(fields | changed)


def sold(catalog: Catalog, offer: MachineOffer, *rates: Throughput, **cpu: object) -> Catalog:
    """The catalogue with this machine, with a processor of these figures."""
    provider = Provider.model_validate(
        {"id": "own", "name": "Own", "homepage": "https://own.example", "machines": (offer,)}
    )
    cpus = tuple(Cpu.model_validate(c.model_dump() | cpu) for c in catalog.cpus)
    return catalog.model_copy(
        update={
            "providers": (*catalog.providers, provider),
            "cpus": cpus,
            "throughputs": (*catalog.throughputs, *rates),
        }
    )


def billed(catalog: Catalog, **hosting: object) -> Billed:
    """The machine with the small model, texts of 128 tokens, within 10 s."""
    asked = {"model": "open/small", "batch_start_s": 0.001, **hosting}
    scenario = Scenario(
        hosting=Hosting.model_validate(asked),
        objective=Objective(slo_p95_s=10),
        workload=Workload(tokens_per_request=128),
        options=("own/c-4",),
    )
    return billed_options(Case(scenario, catalog))[0]


def rate_of(catalog: Catalog, **hosting: object) -> float:
    """Tokens a second in full batches."""
    capacity = billed(catalog, **hosting).option.capacity
    assert capacity is not None
    return capacity.nominal_tokens_per_s


def test_the_rate_is_the_laws_share_of_the_computed_peak(frozen_catalog: Catalog) -> None:
    """0.4 TFLOP/s over 3.25 x (2 x 21 M + 4 x 128 x 384 x 12) operations, 6.85 us of host beside.

    Operations: 42 M + 2.36 M = 44.36 M; x 3.25 / 0.4 T = 360.4 us; host 6.85 / 4 = 1.71 us.
    """
    option = billed(sold(frozen_catalog, offer_of())).option
    assert option.capacity is not None
    assert option.capacity.nominal_tokens_per_s == pytest.approx(1e6 / (360.4 + 1.71), rel=0.002)
    assert option.capacity.basis == "predicted"
    low, high = option.capacity.low_tokens_per_s, option.capacity.high_tokens_per_s
    assert low is not None
    assert high is not None
    assert high / low > 3
    assert "1.8 to 2.3 times" in option.capacity.explanation
    assert "this machine has 4, counted in full" in option.capacity.explanation


def test_what_others_achieved_on_it_takes_the_laws_place(frozen_catalog: Catalog) -> None:
    """40 of 100 GFLOP/s a vCPU: 44.36 M / 160 G = 277.3 us a token, and the host's 1.71."""
    catalog = sold(frozen_catalog, offer_of(), achieved_fp32_gflops=40.0)
    assert rate_of(catalog) == pytest.approx(1e6 / (277.3 + 1.71), rel=0.002)


def test_a_published_rate_of_the_processor_is_carried_by_the_vcpus(frozen_catalog: Catalog) -> None:
    """12,000 tokens/s on 16 vCPUs are 3,000 on 4."""
    row = Throughput.model_validate(
        {
            "model": "open/small",
            "cpu": "cpu-a",
            "vcpus": 16,
            "what": "server",
            "server": "S",
            "tokens_per_text": 128.0,
            "tokens_per_s": 12_000.0,
            "usable": True,
            "verdict": "plausible",
            "source": READ,
        }
    )
    option = billed(sold(frozen_catalog, offer_of(), row)).option
    assert option.capacity is not None
    assert option.capacity.basis == "published"
    assert option.capacity.source == READ
    assert option.capacity.nominal_tokens_per_s == pytest.approx(3_000, rel=0.01)


@pytest.mark.parametrize(("vcpus", "times"), [(2, 0.5), (8, 2), (64, 16)])
def test_the_rate_goes_by_the_vcpus(frozen_catalog: Catalog, vcpus: int, times: float) -> None:
    """Texts are prepared by the same vCPUs, so all of it does; the start of a batch does not."""
    four = rate_of(sold(frozen_catalog, offer_of()))
    assert rate_of(sold(frozen_catalog, offer_of(vcpus=vcpus))) == pytest.approx(
        times * four, rel=0.01
    )


def test_weights_that_do_not_fit_are_refused(frozen_catalog: Catalog) -> None:
    """33 M weights of 4 bytes are 0.123 GiB."""
    option = billed(sold(frozen_catalog, offer_of(memory_gib=0.12))).option
    assert "take 0.1 GiB in fp32; the machine has 0.12 GiB" in option.unpriced_reason
    assert billed(sold(frozen_catalog, offer_of(memory_gib=0.13))).bill is not None


def test_a_processor_without_a_peak_is_unknown(frozen_catalog: Catalog) -> None:
    """It is priced, and nothing is promised of it."""
    option = billed(sold(frozen_catalog, offer_of(), fp32_tflops=None)).option
    assert "the processor's peak is not known" in option.unpriced_reason


def monthly(frozen_catalog: Catalog, usd_set_up: str | None = None) -> Catalog:
    """The machine at $73 a month."""
    price = Price(
        usd=Decimal(73),
        unit=PriceUnit.PER_MONTH,
        usd_set_up=None if usd_set_up is None else Decimal(usd_set_up),
        source=READ,
    )
    return sold(frozen_catalog, offer_of(prices=(price,)))


@pytest.mark.parametrize("autoscale", [False, True])
def test_whole_months_are_paid(frozen_catalog: Catalog, *, autoscale: bool) -> None:
    """Neither hours of the night nor discounts of the hour make a month cheaper."""
    hosting = {"autoscale": autoscale, "reserved_share": 0.5, "spot_share": 0.5}
    found = billed(monthly(frozen_catalog), spare_replicas=0, **hosting)
    assert found.bill is not None
    rent = next(line for line in found.bill.lines(1e6) if line.label == "Rent")
    assert rent.usd_per_month == pytest.approx(73)
    assert "paid by the month, however long it runs" in found.option.notes


def test_a_fee_for_setting_up_is_spread(frozen_catalog: Catalog) -> None:
    """$360 over 36 months at the discount rate, and a note that it is due at once."""
    hosting = {"lifetime_months": 36, "discount_rate_per_year": 0.08, "spare_replicas": 0}
    found = billed(monthly(frozen_catalog, "360"), **hosting)
    assert found.bill is not None
    rent = next(line for line in found.bill.lines(1e6) if line.label == "Rent")
    assert rent.usd_per_month == pytest.approx(73 + capital_recovery(360, 0, 0.08, 36))
    assert "$360.00 once, to set each up" in found.option.notes


def test_another_makers_card_counts_only_as_published(frozen_catalog: Catalog) -> None:
    """The law was fitted to NVIDIA's cards: of others it says nothing."""
    cards = tuple(card.model_copy(update={"predictable": False}) for card in frozen_catalog.cards)
    catalog = frozen_catalog.model_copy(update={"cards": cards, "throughputs": ()})
    scenario = Scenario(hosting=Hosting(model="open/small"), options=("rent/l-1",))
    (found,) = billed_options(Case(scenario, catalog))
    assert "the law of size was fitted to NVIDIA's cards alone" in found.option.unpriced_reason


SMALL = "BAAI/bge-small-en-v1.5"
PROCESSORS = ("gcp/c4a-highcpu-8-europe-west4-spot", "aws/c7i.xlarge", "aws/c7i.large")
APIS = (
    "cloudflare/bge-small-en-v1.5",
    "openai/text-embedding-3-small",
    "openai/text-embedding-3-large",
)


def cheapest(
    catalog: Catalog, requests_per_day: float, options: tuple[str, ...], **asked: object
) -> OptionAtVolume:
    """The winner of the shipped catalogue: texts of 500 tokens, nobody paid to run it, no spare."""
    scenario = Scenario(
        hosting=Hosting(model=SMALL, labour_usd_per_month=0, spare_replicas=0),
        objective=Objective.model_validate({"slo_p95_s": 2.0} | asked),
        workload=Workload(requests_per_day=requests_per_day, tokens_per_request=500),
        options=options,
    )
    case = Case(scenario, catalog)
    winner = at_volume(curves(case), case).verdict.winner
    assert winner is not None
    return winner


def test_a_small_machine_without_a_card_wins_a_small_volume(catalog: Catalog) -> None:
    """2.1 B tokens of bge-small a month: eight spot vCPUs of an Axion, $36.17.

    By hand: a token is 2 x 21.3 M operations and attention, about 52 M at 500 tokens; a vCPU has
    0.090 TFLOP/s, of which the law reaches 1/3.25, 27.7 GFLOP/s: 530 tokens/s, eight 4,200. At 60 %
    of that, over a peak of 3 times the mean, they carry 2.2 B tokens a month. The price is
    0.050176 x 720 h = 36.13, and the time that spot loses on top. Against it 2.1 B tokens at
    $0.02 are $42 and more at Cloudflare and OpenAI. On demand the same work is dearer than both.
    """
    winner = cheapest(catalog, 2.1e9 / 500 / 30, (*PROCESSORS, *APIS))
    assert winner.option.id == PROCESSORS[0]
    assert winner.usd_per_month == pytest.approx(36.17, abs=0.01)


def test_two_vcpus_on_demand_beat_a_dear_api(catalog: Catalog) -> None:
    """0.77 B tokens: 0.08925 x 720 h = $64.26 for a c7i.large, $100 at $0.13 a million."""
    options = ("aws/c7i.large", "openai/text-embedding-3-large")
    winner = cheapest(catalog, 0.77e9 / 500 / 30, options)
    assert winner.option.id == "aws/c7i.large"
    assert winner.usd_per_month == pytest.approx(64.26, abs=0.01)


def test_where_europe_is_demanded_a_european_machine_wins(catalog: Catalog) -> None:
    """The cheaper one in the United States, and APIs that promise no place, are out."""
    here, there = "gcp/c3-highcpu-8-europe-west3-spot", "gcp/c3-highcpu-8-spot"
    options = (here, there, "hetzner/ccx33", "openai/text-embedding-3-large")
    assert cheapest(catalog, 200_000, options).option.id == there
    assert cheapest(catalog, 200_000, options, region="eu").option.id == here


@settings(max_examples=20)
@given(
    amount=st.decimals("0.01", "5000", places=2),
    rate=st.decimals("0.1", "2", places=4),
    unit=st.sampled_from(["per_hour", "per_month"]),
)
def test_a_bill_is_the_same_in_whatever_currency_it_is_written(
    frozen_catalog: Catalog, amount: Decimal, rate: Decimal, unit: str
) -> None:
    """An amount at a rate, and its product in USD, are one price, with the fee to set it up."""
    written = {"amount": amount, "currency": "EUR", "unit": unit, "set_up": amount}
    euro = Price.model_validate(written | {"source": READ}, context={RATES: {"EUR": rate}})
    usd = amount * rate
    dollar = Price(usd=usd, usd_set_up=usd, unit=PriceUnit(f"usd_{unit}"), source=READ)
    costs = [
        found.bill.curve().at(np.array([1e6, 1e9])).tolist()
        for price in (euro, dollar)
        if (found := billed(sold(frozen_catalog, offer_of(prices=(price,))))).bill is not None
    ]
    assert len(costs) == 2
    assert costs[0] == costs[1]
