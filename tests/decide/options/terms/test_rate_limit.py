import pytest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import billed_options
from core.decide.result.option import Option
from core.decide.result.snapshot import OptionAtVolume
from core.errors import ScenarioError
from core.grade import Grade
from core.scenario import Scenario, Serverless, Workload
from tests.decide.conftest import Measure

EMBED, QWEN, TOGETHER = "cohere/embed-v4.0", "deepinfra/qwen3-embedding-8b", "openrouter/bge-m3"


def asking(option_id: str, **fields: object) -> Scenario:
    """A scenario of one option."""
    return Scenario(options=(option_id,)).model_copy(update=fields)


def option(case: Case) -> Option:
    """The only option of a case."""
    (billed,) = billed_options(case)
    return billed.option


def row(case: Case) -> OptionAtVolume:
    """Its only row."""
    return at_volume(curves(case), case).rows[0]


def test_a_limit_on_texts_is_met_however_many_share_a_call(catalog: Catalog) -> None:
    """Cohere: 2,000 texts a minute at a peak of 3 are 960,000 texts on an average day."""
    for items in (1, 96):
        case = Case(asking(EMBED, serverless=Serverless(items_per_call=items)), catalog)
        limited = option(case)
        assert limited.ceiling_reason == "texts_per_minute"
        assert limited.ceiling_tokens_per_month == pytest.approx(960_000 * 500 * 30)
    assert limited.limit is not None
    assert (limited.limit.tier, limited.limit.grade) == ("production key", Grade.PUBLISHED)
    assert limited.limit.words == "2,000 texts a minute"


def test_beyond_a_limit_on_texts_an_option_is_out(catalog: Catalog) -> None:
    """40 texts a second at an even load are above 33, and the row says by which limit."""
    load = Workload(requests_per_day=40 * 86_400, peak_to_mean=1)
    out = row(Case(asking(EMBED, workload=load), catalog))
    assert not out.feasible
    assert "texts a minute (production key)" in out.infeasible_reason


def test_an_unknown_limit_is_said_and_is_no_ceiling(catalog: Catalog) -> None:
    """A remark for now: neither out, nor without limit."""
    unknown = option(Case(asking(TOGETHER), catalog))
    assert unknown.limit is not None
    assert unknown.limit.grade is Grade.UNKNOWN
    assert unknown.limit.words == "not known"
    assert unknown.ceiling_tokens_per_month is None
    assert "its rate limit is not known" in unknown.notes


@pytest.mark.parametrize("tier", ["free", *(f"tier {n}" for n in (2, 3, 4, 5))])
def test_the_tier_of_the_account_decides(catalog: Catalog, tier: str) -> None:
    """A higher tier lets through what its row says; the entry tier is taken where none is named."""
    name = "openai/text-embedding-3-small"
    chosen = option(Case(asking(name, tiers=(("openai", tier),)), catalog))
    new = option(Case(asking(name), catalog))
    (provider,) = (p for p in catalog.providers if p.id == "openai")
    wanted = provider.limit_of("text-embedding-3-small", tier)
    assert wanted is not None
    assert wanted.tier == tier
    per_minute = min(wanted.requests_per_minute or 0, (wanted.tokens_per_minute or 0) / 500)
    a_day = min(per_minute * 1_440 / 3, wanted.requests_per_day or float("inf"))
    assert chosen.ceiling_tokens_per_month == pytest.approx(a_day * 500 * 30)
    assert new.limit is not None
    assert new.limit.tier == "tier 1"


@pytest.mark.parametrize("tiers", [(("openai", "9"),), (("nobody", "1"),)])
def test_a_tier_that_is_not_there_is_refused(
    catalog: Catalog, tiers: tuple[tuple[str, str], ...]
) -> None:
    """By name, with those that there are: else the entry tier would hold in silence."""
    case = Case(asking("openai/text-embedding-3-small", tiers=tiers), catalog)
    with pytest.raises(ScenarioError, match=r"has no (tier|provider)"):
        option(case)


def test_calls_in_flight_need_a_time(catalog: Catalog, measure: Measure) -> None:
    """200 at a time: unknown without a latency; at 0.5 s a call 400 a second in the busy hour."""
    nobody = option(Case(asking(QWEN), catalog))
    assert nobody.ceiling_tokens_per_month is None
    assert any("200 requests at a time" in note for note in nobody.notes)
    seen = measure(QWEN, 0.5, 0.4, 0.6)
    call_s = seen.summary.service_p50.value_s
    assert call_s is not None
    known = option(Case(asking(QWEN), catalog, {QWEN: seen}))
    assert known.ceiling_reason == "requests_in_flight"
    assert known.ceiling_tokens_per_month == pytest.approx(200 / call_s * 86_400 / 3 * 500 * 30)


def test_a_spend_cap_ends_at_the_bill_that_is_the_cap(catalog: Catalog) -> None:
    """Google's tier 1: 250 USD a month at 0.15 a million are 1.67 B tokens."""
    name = "google/gemini-embedding-001"
    limited = option(Case(asking(name), catalog))
    assert limited.ceiling_reason == "usd_per_month"
    assert limited.ceiling_tokens_per_month == pytest.approx(250 / 0.15 * 1e6)
    out = row(Case(asking(name, workload=Workload(requests_per_day=120_000)), catalog))
    assert "USD a month (tier 1)" in out.infeasible_reason


def test_a_cap_of_a_month_says_nothing_of_a_busy_hour(catalog: Catalog) -> None:
    """Known is the bill at which it stops; what it takes at once is said to be unknown."""
    capped = option(Case(asking("google/gemini-embedding-2"), catalog))
    assert capped.limit is not None
    assert capped.limit.words == "250 USD a month; what it takes at once is not known"
    assert any("only a cap is known" in note for note in capped.notes)
    whole = option(Case(asking("google/gemini-embedding-001"), catalog))
    assert not any("only a cap" in note for note in whole.notes)
