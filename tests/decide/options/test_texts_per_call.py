"""How many texts a call carries: what a limit on requests a minute and a fee of a call count."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.api_option import api_option
from core.scenario import Scenario, Serverless, Workload


def short_texts(items: int, corpus_tokens: float = 0.0) -> Scenario:
    """5 M texts of 20 tokens a day, so many to a call."""
    load = Workload(requests_per_day=5e6, tokens_per_request=20, corpus_tokens=corpus_tokens)
    name = "openai/text-embedding-3-small"
    return Scenario(workload=load, serverless=Serverless(items_per_call=items), options=(name,))


@pytest.mark.parametrize(("items", "able"), [(1, False), (3, False), (4, True), (100, True)])
def test_a_limit_on_requests_counts_calls(catalog: Catalog, items: int, able: bool) -> None:
    """100 to a call are 104 calls a minute at the peak, of 3,000 that OpenAI lets through."""
    case = Case(short_texts(items), catalog)
    (row,) = at_volume(curves(case), case).rows
    assert row.feasible is able


def test_a_corpus_of_short_texts_is_through_by_tokens_a_minute(catalog: Catalog) -> None:
    """2 B tokens at 1M a minute less the month's own 69,444: 1.49 days, and not 23,148."""
    case = Case(short_texts(100, corpus_tokens=2e9), catalog)
    (row,) = at_volume(curves(case), case).rows
    assert row.one_off is not None
    assert row.one_off.days == pytest.approx(2e9 / (1e6 - 1e8 / 1_440) / 1_440)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    items=st.integers(1, 2_048),
    taken=st.one_of(st.none(), st.integers(1, 2_048)),
    fee=st.sampled_from([None, Decimal("0.001")]),
)
def test_no_call_carries_more_texts_than_the_provider_takes(
    frozen_catalog: Catalog, items: int, taken: int | None, fee: Decimal | None
) -> None:
    """The limit on requests a minute and the fee of a call count the same calls."""
    sold = frozen_catalog.find_api("alpha/flat")
    assert sold is not None
    provider, listed = sold
    price = listed.price.model_copy(update={"usd_per_call": fee, "batch_usd": None})
    update = {"max_inputs_per_request": taken, "prices": (price,)}
    offer = listed.model_copy(update=update)
    case = Case(short_texts(items), frozen_catalog)
    made, bill = api_option("alpha/flat", provider, offer, case)
    carried = min(items, taken or items)
    assert bill is not None
    assert made.ceiling_tokens_per_month == pytest.approx(
        min(3_000 * carried, 50_000) * 1_440 / 3 * 20 * 30
    )
    if fee is not None:
        assert bill.calls is not None
        assert bill.calls.tokens_per_call == pytest.approx(20 * carried)
