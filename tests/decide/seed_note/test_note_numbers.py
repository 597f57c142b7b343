"""The note's bills and break-evens as they should have been, through the model's own functions."""

import math

import pytest

from core.catalog.schema import Catalog
from core.cost.by_replica.capital import capital_recovery
from core.cost.by_replica.hosted_bill import HostedBill, rent_line
from core.cost.by_use.flat_bill import flat_bill
from core.cost.by_use.rate_ceiling import Counted, rate_ceiling
from core.cost.curve.break_even import meetings
from core.cost.curve.piecewise import affine
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.curves import BreakEven, Curves
from core.decide.result.snapshot import OptionAtVolume
from core.measurement.measured import Measurement
from core.scenario import Hosting, Scenario, Workload
from core.serving.batch.month_capacity import tokens_per_month, usable_tokens_per_s
from core.units import AVERAGE_MONTH, THIRTY_DAYS, Calendar

NOTHING: dict[str, Measurement] = {}
PRINTED, MEANT = 50e6, 1.5e9
L4_USD_PER_HOUR, L4_TOKENS_PER_S = 0.8048, 62_200
OPTIONS = (
    "openai/text-embedding-3-small",
    "openai/text-embedding-3-large",
    "openai/text-embedding-ada-002",
    "cloudflare/bge-m3",
    "aws/g6.xlarge",
)


def usd(price: float, tokens_per_unit: float, volume: float) -> float:
    """A month's bill at a flat price."""
    return float(flat_bill(price, tokens_per_unit, "units").curve().at(volume))


def asked(tokens: float) -> Scenario:
    """The rule of the real picture: 730 h, 500 tokens a text, 3x peak, 60 %, a spare, $1,500."""
    per_day = tokens / AVERAGE_MONTH.days_per_month / 500
    return Scenario(
        workload=Workload(requests_per_day=per_day, tokens_per_request=500, peak_to_mean=3.0),
        hosting=Hosting(utilisation_ceiling=0.6, spare_replicas=1, labour_usd_per_month=1_500),
        calendar=AVERAGE_MONTH,
        options=OPTIONS,
    )


@pytest.fixture(scope="module")
def found(note_catalog: Catalog) -> Curves:
    """The curves under that rule."""
    return curves(Case(asked(1.5e9), note_catalog, NOTHING))


def rows(found: Curves, catalog: Catalog, tokens: float) -> dict[str, OptionAtVolume]:
    """The table at a volume, by option id."""
    shot = at_volume(found, Case(asked(tokens), catalog, NOTHING))
    return {row.option.id: row for row in shot.rows}


def against(found: Curves, incumbent_id: str) -> BreakEven:
    """The L4 against an API."""
    return next(pair for pair in found.break_evens if pair.incumbent_id == incumbent_id)


@pytest.mark.parametrize(
    ("price", "tokens_per_unit", "printed_usd", "meant_usd", "usd_per_mtok"),
    [
        (0.0001, 1e3, 5, 150, 0.10),
        (0.0006, 500, 60, 1_800, 1.20),
        (0.005, 500, 500, 15_000, 10),
        (0.0002, 500, 20, 600, 0.40),
        (0.001, 500, 100, 3_000, 2),
        (0.0002, 1, 10_000, 300_000, 200),
        (0.001, 1, 50_000, 1_500_000, 1_000),
        (0.0002, 1e3, 10, 300, 0.20),
        (0.001, 1e3, 50, 1_500, 1),
    ],
)
def test_the_apis_bills_as_printed_and_as_meant(
    price: float, tokens_per_unit: float, printed_usd: float, meant_usd: float, usd_per_mtok: float
) -> None:
    """Per 1K tokens, per request and per token, at 50M and at 1.5 B tokens a month."""
    assert usd(price, tokens_per_unit, PRINTED) == pytest.approx(printed_usd)
    assert usd(price, tokens_per_unit, MEANT) == pytest.approx(meant_usd)
    assert usd(price, tokens_per_unit, 1e6) == pytest.approx(usd_per_mtok)


@pytest.mark.parametrize(
    ("monthly_usd", "exact", "printed_per_mtok", "meant_per_mtok"),
    [
        (rent_line(3.06, THIRTY_DAYS).usd_per_month, 2_203.20, 44.064, 1.4688),
        (capital_recovery(1_200, 0, 0, 36) + 50, 83.3333333, 1.6666667, 0.0555556),
    ],
    ids=["p3.2xlarge", "rtx-4080"],
)
def test_a_fixed_cost_spreads_over_the_volume(
    monthly_usd: float, exact: float, printed_per_mtok: float, meant_per_mtok: float
) -> None:
    """The same bill at both volumes, at thirty times the price a token."""
    bill = affine(monthly_usd, 0.0)
    for volume, per_mtok in ((PRINTED, printed_per_mtok), (MEANT, meant_per_mtok)):
        assert float(bill.at(volume)) == pytest.approx(exact)
        assert float(bill.at(volume)) / volume * 1e6 == pytest.approx(per_mtok)


@pytest.mark.parametrize(
    ("tokens", "working", "hosted_usd", "per_mtok", "small_usd", "bge_usd", "large_usd"),
    [
        (1.5e9, 1, 2_675, 1.78, 30, 18, 195),
        (15e9, 1, 2_675, 0.18, 300, 180, 1_950),
        (150e9, 5, 5_025, 0.034, 3_000, 1_800, 19_500),
        (1.5e12, 46, 29_113, 0.019, 30_000, 18_000, 195_000),
    ],
)
def test_the_real_picture(
    found: Curves,
    note_catalog: Catalog,
    tokens: float,
    working: int,
    hosted_usd: float,
    per_mtok: float,
    small_usd: float,
    bge_usd: float,
    large_usd: float,
) -> None:
    """L4s with a spare and labour against three APIs, from the note's volume to a thousandfold."""
    table = rows(found, note_catalog, tokens)
    hosted = table["aws/g6.xlarge"]
    assert hosted.replicas == working + 1
    assert hosted.usd_per_month == pytest.approx(hosted_usd, abs=0.51)
    assert hosted.usd_per_mtok is not None
    assert float(f"{hosted.usd_per_mtok:.2g}") == pytest.approx(float(f"{per_mtok:.2g}"))
    for option_id, expected in (
        ("openai/text-embedding-3-small", small_usd),
        ("cloudflare/bge-m3", bge_usd),
        ("openai/text-embedding-3-large", large_usd),
    ):
        assert table[option_id].usd_per_month == pytest.approx(expected)


def test_one_l4_carries_33_billion_and_never_gets_below_1_8_cents(found: Curves) -> None:
    """32.7 B tokens a month, $0.01797 per 1M; against $0.012 it never breaks even."""
    option = next(c.option for c in found.curves if c.option.id == "aws/g6.xlarge")
    assert option.capacity is not None
    assert option.capacity.tokens_per_month == pytest.approx(32.7e9, abs=0.05e9)
    pair = against(found, "cloudflare/bge-m3")
    assert pair.first_tokens_per_month is None
    assert pair.never is not None
    assert pair.never.floor_usd_per_mtok == pytest.approx(0.01797, abs=5e-6)
    assert pair.never.price_that_would_change_it == pytest.approx(0.54, abs=0.005)
    assert pair.never.price_that_would_change_it is not None
    assert pair.never.price_that_would_change_it < 0.54


def test_against_a_cent_it_never_breaks_even(note_catalog: Catalog) -> None:
    """Nor against $0.01."""
    cheaper = asked(1.5e9).model_copy(update={"prices": (("cloudflare/bge-m3", 0.01),)})
    pair = against(curves(Case(cheaper, note_catalog, NOTHING)), "cloudflare/bge-m3")
    assert pair.never is not None


def test_against_two_cents_it_takes_a_trillion_tokens(found: Curves, note_catalog: Catalog) -> None:
    """First at 1,044 B tokens a month, with 32 + 1 L4s and $20,888."""
    pair = against(found, "openai/text-embedding-3-small")
    first = pair.first_tokens_per_month
    assert first == pytest.approx(1_044e9, abs=0.5e9)
    assert first is not None
    hosted = rows(found, note_catalog, first * (1 + 1e-9))["aws/g6.xlarge"]
    assert hosted.replicas == 33
    assert hosted.usd_per_month == pytest.approx(20_888, abs=0.5)
    # At the next step it loses again, and wins for good only later.
    assert pair.for_good_tokens_per_month is not None
    assert pair.for_good_tokens_per_month > first


@pytest.mark.parametrize(
    ("incumbent_id", "billions"),
    [("openai/text-embedding-ada-002", 26.8), ("openai/text-embedding-3-large", 20.6)],
)
def test_against_dear_apis_one_l4_and_a_spare_pay(
    found: Curves, note_catalog: Catalog, incumbent_id: str, billions: float
) -> None:
    """26.8 B against $0.10, 20.6 B against $0.13, both with 1 + 1 L4s at $2,675."""
    first = against(found, incumbent_id).first_tokens_per_month
    assert first == pytest.approx(billions * 1e9, abs=0.05e9)
    assert first is not None
    hosted = rows(found, note_catalog, first)["aws/g6.xlarge"]
    assert hosted.replicas == 2
    assert hosted.usd_per_month == pytest.approx(2_675, abs=0.5)


def test_a_bare_l4_under_the_kindest_rule_pays_from_29_billion() -> None:
    """No spare, no labour, flat load, full batches: the rule decides, not the GPU's price."""
    capacity = tokens_per_month(usable_tokens_per_s(L4_TOKENS_PER_S, 1.0), 1.0, AVERAGE_MONTH)
    bill = HostedBill(capacity, 0, 0.0, rent_line(L4_USD_PER_HOUR, AVERAGE_MONTH))
    first = meetings(bill.curve(), flat_bill(0.02, 1e6, "M tokens").curve()).first_cheaper_tokens
    assert first == pytest.approx(29e9, abs=0.5e9)


@pytest.mark.parametrize(
    ("monthly_usd", "expected"),
    [
        (rent_line(3.06, THIRTY_DAYS).usd_per_month, 22.03e9),
        (50.0, 500e6),
        (capital_recovery(1_200, 0, 0, 36) + 50, 833e6),
    ],
    ids=["p3.2xlarge", "card, electricity", "card, capital"],
)
def test_the_notes_own_machines_against_a_tenth_of_a_dollar(
    monthly_usd: float, expected: float
) -> None:
    """22.03 B for the rented GPU, 500M and 833M for the card: not 500 thousand."""
    api = flat_bill(0.10, 1e6, "M tokens").curve()
    first = meetings(affine(monthly_usd, 0.0), api).first_cheaper_tokens
    assert first == pytest.approx(expected, rel=1e-3)


def test_the_note_uses_one_per_cent_of_an_l4(found: Curves, note_catalog: Catalog) -> None:
    """At 1.5 B tokens a month two L4s have a duty cycle of 1 %."""
    duty = rows(found, note_catalog, 1.5e9)["aws/g6.xlarge"].duty_cycle
    assert duty == pytest.approx(0.01, abs=0.005)


def test_a_backfill_of_ten_billion_tokens() -> None:
    """44.7 L4-hours and $36; $100 to $1,300 by API, and 6.9 days at a million tokens a minute."""
    tokens = 10e9
    hours = tokens / (L4_TOKENS_PER_S * 3_600)
    assert hours == pytest.approx(44.7, abs=0.05)
    rent = rent_line(L4_USD_PER_HOUR, Calendar(hours, hours / 24)).usd_per_month
    assert rent == pytest.approx(36, abs=0.5)
    assert usd(0.01, 1e6, tokens) == pytest.approx(100)
    assert usd(0.13, 1e6, tokens) == pytest.approx(1_300)
    one_day = Calendar(24.0, 1.0)
    text = Counted(tokens_offered=500, requests=1, texts=1, tokens=500)
    ceiling = rate_ceiling({"tokens_per_minute": 1e6}, text, 1.0, one_day)
    assert ceiling is not None
    assert tokens / ceiling.tokens_per_month == pytest.approx(6.9, abs=0.05)


def test_the_rate_limit_binds_before_the_break_even(found: Curves) -> None:
    """3-small's entry tier ends at about 14 B tokens a month, far below 1,044 B."""
    small = next(c.option for c in found.curves if c.option.id == OPTIONS[0])
    first = against(found, OPTIONS[0]).first_tokens_per_month
    assert small.ceiling_tokens_per_month is not None
    assert first is not None
    assert small.ceiling_tokens_per_month < first / 50
    assert math.isfinite(first)


def test_the_shipped_rate_is_of_a_middle_server(catalog: Catalog, note_catalog: Catalog) -> None:
    """The check takes the quickest of five servers, 62,200 tokens/s; the product the middle one.

    At 49,200 and texts of 450 tokens, not 500, the product's own L4 carries 25.8 instead of 32.7 B
    tokens a month, and its floor is $0.0228 instead of $0.0180.
    """
    found = curves(Case(asked(1.5e9), catalog, NOTHING))
    option = next(c.option for c in found.curves if c.option.id == "aws/g6.xlarge")
    ours = next(
        c.option
        for c in curves(Case(asked(1.5e9), note_catalog, NOTHING)).curves
        if c.option.id == "aws/g6.xlarge"
    )
    assert option.capacity is not None
    assert ours.capacity is not None
    ratio = option.capacity.tokens_per_month / ours.capacity.tokens_per_month
    assert ratio == pytest.approx(49_200 / 62_200, rel=5e-3)
    assert option.capacity.tokens_per_month == pytest.approx(25.8e9, abs=0.1e9)
    pair = against(found, "cloudflare/bge-m3")
    assert pair.never is not None
    assert pair.never.floor_usd_per_mtok == pytest.approx(0.0228, abs=5e-5)
