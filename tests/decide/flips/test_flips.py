"""What would change the answer: every flip evaluated anew on both of its sides."""

import functools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.flips.flip_search import FLOOR, LOOKS, NEAR, edge, looks
from core.decide.flips.flips import Flip, Judge, _winner, flips
from core.decide.flips.turned_inputs import inputs
from core.scenario import Scenario, Workload

LARGE = Scenario(workload=Workload(requests_per_day=2e7))
SMALL = Scenario()
FEW = LARGE.model_copy(
    update={"options": ("aws/g6.xlarge", "cloudflare/bge-m3", "openai/text-embedding-3-small")}
)


Search = Callable[[Scenario], list[tuple[str, tuple[Flip, ...]]]]


@pytest.fixture(scope="module")
def searched(note_catalog: Catalog) -> Search:
    """Each input of a scenario with its flips; a scenario is searched once."""

    @functools.cache
    def search(scenario: Scenario) -> list[tuple[str, tuple[Flip, ...]]]:
        labels = {name: name for name in scenario.options}
        judge = Judge(Case(scenario, note_catalog))
        return [(label, tuple(several)) for label, several in flips(judge, labels)]

    return search


def all_flips(searched: Search, scenario: Scenario) -> list[Flip]:
    """All flips of a scenario."""
    return [flip for _, several in searched(scenario) for flip in several]


def at(scenario: Scenario, flip: Flip, value: float) -> Scenario:
    """The scenario with the flip's input at a value."""
    if flip.is_price:
        option_id = flip.name.removeprefix("price/")
        prices = tuple({**dict(scenario.prices), option_id: value}.items())
        return scenario.model_copy(update={"prices": prices})
    entry = next(entry for entry in inputs(scenario) if entry.url_key == flip.name)
    return entry.turned(scenario, value)


@pytest.mark.parametrize("scenario", [SMALL, LARGE], ids=["the note", "much more"])
def test_each_flip_holds_on_both_sides(
    note_catalog: Catalog, searched: Search, scenario: Scenario
) -> None:
    """The same winner at the near side, the named other one beyond, both evaluated anew."""
    judge = Judge(Case(scenario, note_catalog))
    before = judge.winner(scenario)
    several = all_flips(searched, scenario)
    assert len(several) >= 3
    for flip in several:
        assert judge.winner(at(scenario, flip, flip.still_at)) == before, flip
        assert judge.winner(at(scenario, flip, flip.flips_at)) == flip.winner_id, flip
        assert flip.winner_id != before
        whole = flip.unit in ("months", "replicas", "texts")
        apart = abs(flip.flips_at - flip.still_at)
        assert apart <= (1 if whole else 6e-4 * max(flip.flips_at, flip.still_at))


def test_the_price_that_flips_is_the_one_that_ties(note_catalog: Catalog, searched: Search) -> None:
    """An API's price at which its bill equals the winner's: cost over volume, by hand."""
    name = "databricks/bge-large-en"
    half = Workload(requests_per_day=1e7)  # its limit is known, and lets so much through
    asked = LARGE.model_copy(
        update={"workload": half, "options": (*LARGE.options, name), "prices": ((name, 0.5),)}
    )
    judge = Judge(Case(asked, note_catalog))
    cheapest = min(judge.costs(asked).values())
    several = {flip.name: flip for flip in all_flips(searched, asked)}
    flip = several[f"price/{name}"]
    assert flip.flips_at == pytest.approx(cheapest / asked.tokens_per_month * 1e6, rel=6e-4)


def test_at_the_notes_volume_labour_does_not_matter(searched: Search) -> None:
    """No labour and no electricity bring self-hosting near a bill of $18."""
    names = {flip.name for flip in all_flips(searched, SMALL)}
    assert "labour" not in names
    assert "kwh" not in names


def test_every_input_of_the_month_is_named_even_where_nothing_flips(searched: Search) -> None:
    """The walk yields each once; what moves no bill of this month is not looked at."""
    names = [label for label, _ in searched(SMALL)]
    of_the_plan = {
        *("growth_per_month", "horizon_months", "model_changes"),
        *("corpus_tokens", "backfill_days", "corpus_labour_usd"),
        "afterwards_tokens_per_month",
        "close_share",  # it says when to call it, not who is cheaper
    }
    turned = [
        entry.label
        for entry in inputs(SMALL)
        if entry.field not in of_the_plan and entry.section != "documents"
    ]
    assert names == [*turned, *(f"Price of {name}" for name in SMALL.options)]


def test_options_that_the_demands_exclude_never_win(note_catalog: Catalog) -> None:
    """A judge that may only choose among two."""
    judge = Judge(
        Case(SMALL, note_catalog), frozenset({"openai/text-embedding-3-large", "aws/g6.xlarge"})
    )
    assert judge.winner(SMALL) == "openai/text-embedding-3-large"


def test_where_nobody_can_serve_there_is_no_winner(note_catalog: Catalog) -> None:
    """An empty name, no exception."""
    assert Judge(Case(SMALL, note_catalog), frozenset()).winner(SMALL) == ""


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.booleans())
def test_a_threshold_is_found_wherever_it_lies(now: float, turn: float, logarithmic: bool) -> None:
    """A decision with one threshold: its two sides close in on it."""
    limit = 100.0 if turn >= now else 0.01

    def winner(value: float) -> str:
        beyond = value > turn if turn >= now else value < turn
        return "other" if beyond else "same"

    values = looks(now, limit, logarithmic=logarithmic, whole=False)
    assert (values[0], values[-1]) == (now, limit)
    assert values == sorted(values, reverse=limit < now)
    asked: list[float] = []

    def counted(value: float) -> str:
        asked.append(value)
        return winner(value)

    sides = edge(counted, "same", values, whole=False)
    assert len(asked) <= 30  # each is a whole comparison
    if winner(limit) == "same":
        assert sides is None
        return
    assert sides is not None
    still, beyond, who = sides
    assert who == "other"
    assert winner(still) == "same"
    assert winner(beyond) == "other"
    assert abs(beyond - turn) <= 6e-4 * max(abs(beyond), abs(still))


@pytest.mark.parametrize("turn", [1, 2, 7, 9])
def test_whole_numbers_flip_between_neighbours(turn: int) -> None:
    """Months and replicas have no fractions."""
    values = looks(0, 10, logarithmic=False, whole=True)
    sides = edge(lambda v: "b" if v >= turn else "a", "a", values, whole=True)
    assert sides == (turn - 1, turn, "b")


def test_no_answer_is_no_other_answer() -> None:
    """A value that the model refuses does not count as a flip."""
    values = looks(1, 10, logarithmic=True, whole=False)
    assert edge(lambda v: None if v > 2 else "a", "a", values, whole=False) is None
    assert looks(5, 5, logarithmic=True, whole=False) == [5]


def test_prices_flip_in_both_directions(note_catalog: Catalog, searched: Search) -> None:
    """The winner's may rise, another's may fall; each says which."""
    prices = {flip.name: flip for flip in all_flips(searched, LARGE) if flip.is_price}
    winner = Judge(Case(LARGE, note_catalog)).winner(LARGE)
    rising, falling = ([f for f in prices.values() if f.rises is up] for up in (True, False))
    assert [flip.name for flip in rising] == [f"price/{winner}"]
    assert falling
    # What gets cheaper wins, alone or as a part of a hybrid.
    assert all(flip.name.removeprefix("price/") in flip.winner_id for flip in falling)


def test_an_input_whose_limit_changes_the_answer_flips_on_the_way(note_catalog: Catalog) -> None:
    """On the side of that limit, whatever the input is; searched here, apart from other tests."""
    judge = Judge(Case(FEW, note_catalog))
    before = judge.winner(FEW)
    flipped = [flip for _, several in flips(judge, {}) for flip in several]
    turned = 0
    for entry in inputs(FEW):
        for limit in (entry.low, entry.high):
            if _winner(judge, entry.turned(FEW, limit)) in (before, None):
                continue
            turned += 1
            rises = limit > entry.of(FEW)
            assert [f for f in flipped if f.name == entry.url_key and f.rises is rises], entry
    assert turned >= 3


def test_a_log_grid_rises_by_equal_factors_and_a_linear_one_is_denser_near_the_value() -> None:
    """Seven looks from the value to the limit, below 1 as well as above."""
    for now, limit in ((0.01, 1.0), (2.0, 200.0), (1.0, 0.001)):
        grid = np.array(looks(now, limit, logarithmic=True, whole=False))
        assert grid.size == LOOKS + 1
        assert grid[1:] / grid[:-1] == pytest.approx((limit / now) ** (1 / LOOKS))
    for now, limit in ((0.0, 10.0), (0.0, 0.5), (5.0, -5.0)):
        grid = np.array(looks(now, limit, logarithmic=False, whole=False))
        assert grid.size == LOOKS + 1
        assert grid[1] - now == pytest.approx((limit - now) * FLOOR)
        steps = np.abs(np.diff(grid))
        assert np.all(steps[1:] > steps[:-1])
    assert looks(0.0, 10.0, logarithmic=True, whole=False)[1] == pytest.approx(0.01)


@pytest.mark.parametrize("turn", [1e-3, 0.2, 0.9])
@pytest.mark.parametrize("start", [0.0, -1.0])
def test_a_flip_is_closed_in_on_from_nothing_and_from_below_it(turn: float, start: float) -> None:
    """Of no value there is no root of a product: the bracket is halved."""
    sides = edge(lambda v: "b" if v > turn else "a", "a", [start, 1.0], whole=False)
    assert sides is not None
    still, beyond, _ = sides
    assert still <= turn < beyond
    assert beyond - still <= NEAR * beyond
