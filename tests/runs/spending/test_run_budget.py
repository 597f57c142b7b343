"""The money of one run, request by request."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import PriceUnit
from core.errors import BudgetError
from core.runs.spending.run_budget import Booking, RunBudget, hold
from core.runs.spending.worst_case import FREE, Rate, request_nano_usd
from core.settings import Settings
from core.store.open import Store
from tests.oracles.ledger_totals import spent_in_all
from tests.store.support import write_run

PRICE = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)
WORST = request_nano_usd(("x",), PRICE, 30)


@given(
    st.integers(0, 20),
    st.lists(st.none() | st.integers(0, 200), max_size=30),
)
def test_money_is_never_lost_and_never_granted_twice(
    worst_cases: int, bills: list[int | None]
) -> None:
    """Whatever is billed: what leaves the hold is what was spent, up to the whole hold."""
    hold = worst_cases * WORST
    budget = RunBudget(hold, PRICE, 30)
    released = spent = 0
    for tokens in bills:
        reservation = budget.reserve(("x",))
        if reservation is None:
            assert spent + WORST > hold
            continue
        budget.settle(reservation, tokens)
        booking = budget.take_booking()
        released += booking.release_nano_usd
        spent += booking.spend_nano_usd
    assert released == min(spent, hold)


def test_requests_on_their_way_count_against_the_hold() -> None:
    """Two worst cases of money allow two requests at a time, and more once they were cheap."""
    budget = RunBudget(2 * WORST, PRICE, 30)
    first, second = budget.reserve(("x",)), budget.reserve(("x",))
    assert first is not None
    assert second is not None
    assert budget.reserve(("x",)) is None
    budget.settle(first, 1)
    assert budget.reserve(("x",)) is None
    budget.settle(second, 0)
    assert budget.reserve(("x",)) is not None


def test_an_unknown_bill_is_the_worst_case_and_nothing_billed_is_nothing() -> None:
    """None keeps the reservation; 0 gives it back, in every unit."""
    for rate in (PRICE, Rate(Decimal(1), PriceUnit.PER_REQUEST)):
        budget = RunBudget(10**12, rate, 30)
        reservation = budget.reserve(("x",))
        assert reservation is not None
        budget.settle(reservation, None)
        assert budget.take_booking() == Booking(reservation, reservation)
        budget.settle(budget.reserve(("x",)), 0)
        assert budget.take_booking() == Booking(0, 0)


def test_stated_tokens_do_not_price_what_is_billed_otherwise() -> None:
    """A provider that bills requests bills the request, however many tokens it states."""
    budget = RunBudget(10**12, Rate(Decimal(1), PriceUnit.PER_REQUEST), 30)
    budget.settle(budget.reserve(("x",)), 5)
    assert budget.take_booking().spend_nano_usd == 10**9


def test_an_overcharge_is_booked_in_full_and_stops_the_run() -> None:
    """More than the worst case is spent all the same; nothing more is granted."""
    budget = RunBudget(2 * WORST, PRICE, 30)
    budget.settle(budget.reserve(("x",)), 1_000_000)
    assert budget.take_booking() == Booking(2 * WORST, 20_000_000)
    assert budget.reserve(("x",)) is None


def test_what_the_store_could_not_be_told_is_told_the_next_time() -> None:
    """A failed commit loses no money."""
    budget = RunBudget(10 * WORST, PRICE, 30)
    budget.settle(budget.reserve(("x",)), None)
    budget.put_back(budget.take_booking())
    budget.settle(budget.reserve(("x",)), None)
    assert budget.take_booking() == Booking(2 * WORST, 2 * WORST)
    assert budget.take_booking() == Booking(0, 0)


def test_a_free_target_is_always_granted() -> None:
    """The local model needs no money, and a hold of nothing."""
    budget = RunBudget(0, FREE, 30)
    assert budget.reserve(("x",)) == 0
    budget.settle(0, None)
    assert budget.take_booking() == Booking(0, 0)


def test_threads_share_one_budget() -> None:
    """Eight threads get exactly what the hold allows."""
    budget = RunBudget(100 * WORST, PRICE, 30)
    with ThreadPoolExecutor(8) as pool:
        granted = [got for got in pool.map(lambda _: budget.reserve(("x",)), range(400)) if got]
    assert len(granted) == 100


def test_only_its_own_reservations_are_settled() -> None:
    """Another budget's token is a fault of the program."""
    with pytest.raises(TypeError, match="not a reservation"):
        RunBudget(0, FREE, 30).settle("something", None)


def test_billed_seconds_replace_the_worst_case_where_seconds_are_billed() -> None:
    """A prediction that took 0.25 s of a 30 s timeout costs a quarter of a second."""
    rate = Rate(Decimal("0.0002"), PriceUnit.PER_SECOND)
    budget = RunBudget(10**9, rate, 30)
    budget.settle(budget.reserve(("x",)), None, 0.25)
    assert budget.take_booking().spend_nano_usd == 50_000
    budget.settle(budget.reserve(("x",)), 7, None)
    assert budget.take_booking().spend_nano_usd == 6_000_000
    budget.settle(budget.reserve(("x",)), 0, 0.25)
    assert budget.take_booking().spend_nano_usd == 0
    by_tokens = RunBudget(10**9, Rate(Decimal(1), PriceUnit.PER_MTOK), 30)
    by_tokens.settle(by_tokens.reserve(("x",)), 2, 0.25)
    assert by_tokens.take_booking().spend_nano_usd == 2_000


CAPS = {
    "spend_cap_per_run_usd": "a run",
    "spend_cap_per_day_usd": "a day",
    "spend_cap_total_usd": "of this installation",
}


@pytest.mark.parametrize("cap", CAPS)
def test_a_run_that_costs_exactly_a_cap_is_allowed(
    store: Store, settings: Settings, cap: str
) -> None:
    """Five cents of five are held; a billionth more is refused, and nothing of it is held."""
    wide = dict.fromkeys(CAPS, Decimal(1_000))
    tight = settings.model_copy(update=wide | {cap: Decimal("0.05")})
    write_run(store, "run")
    with store.write() as connection, pytest.raises(BudgetError, match=f"cap of .* {CAPS[cap]}"):
        hold(connection, "run", 50_000_001, tight)
    with store.write() as connection:
        assert spent_in_all(connection) == (0, 0)
        hold(connection, "run", 50_000_000, tight)
        assert spent_in_all(connection) == (50_000_000, 0)


@given(
    st.integers(0, 20),
    st.lists(st.tuples(st.none() | st.integers(0, 200), st.booleans()), max_size=30),
)
def test_what_is_sent_again_takes_nothing_that_the_plan_needs(
    planned: int, requests: list[tuple[int | None, bool]]
) -> None:
    """Whoever is within the plan is granted, whatever was paid beside it, and the hold is kept."""
    budget = RunBudget(planned * WORST, PRICE, 30)
    spent = 0
    for tokens, closed in requests[:planned]:
        reservation = budget.reserve(("x",))
        assert reservation is not None
        if closed and budget.pay_unclear(("x",)):
            spent += WORST
        within = None if tokens is None else min(tokens, WORST // 20)
        budget.settle(reservation, within)
        spent += WORST if within is None else within * 20
    assert budget.take_booking() == Booking(spent, spent)
    assert spent <= planned * WORST


def test_a_second_sending_is_paid_from_what_others_have_saved() -> None:
    """Nothing is saved at first; what a request leaves of its worst case pays for another's."""
    budget = RunBudget(3 * WORST, PRICE, 30)
    assert not budget.pay_unclear(("x",))
    budget.settle(budget.reserve(("x",)), 0)
    assert budget.take_booking() == Booking(0, 0)
    assert budget.beside(PRICE).pay_unclear(("x",))
    assert not budget.pay_unclear(("x",))
    assert budget.take_booking() == Booking(WORST, WORST)
    assert RunBudget(0, FREE, 30).pay_unclear(("x",))


def test_what_was_never_settled_counts_whole_at_the_end() -> None:
    """A request that was on its way when the probe broke down may have been billed."""
    budget = RunBudget(5 * WORST, PRICE, 30)
    budget.settle(budget.reserve(("x",)), 0)
    budget.reserve(("x",))
    budget.reserve(("x",))
    budget.spend_set_aside()
    budget.spend_set_aside()
    assert budget.take_booking() == Booking(2 * WORST, 2 * WORST)
