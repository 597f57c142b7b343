"""Which rows of the catalogue state a pair's rate."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog, RateKind, Throughput
from core.decide.bare_replica.published_throughputs import published_rates, shape_of
from core.grade import Grade
from core.serving.law.batch_law import Machine
from core.serving.law.published_rates import Nominal, nominal_throughput

SHIPPED = load_catalog()
ROWS = SHIPPED.throughputs
CEILINGS = [row for row in ROWS if row.what is RateKind.MODEL_CALL]


def stated(catalog: Catalog, row: Throughput) -> Nominal | None:
    """What the row's model does on the row's card."""
    card = catalog.card(row.card or "")
    assert card
    machine = Machine(card.dense_tflops, card.bandwidth_gb_s, 16)
    shape = shape_of(catalog.model(row.model))
    rates = published_rates(catalog).rates
    return nominal_throughput(row.model, card.id, shape, machine, rates)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ROWS), max_size=20, unique_by=id))
def test_of_any_rows_only_the_usable_ones_of_servers_and_libraries_count(
    rows: list[Throughput],
) -> None:
    """A ceiling, a rate in texts only and a warning state nothing, whatever stands beside them."""
    catalog = catalogue_of(rows)
    used = [row for row in rows if row.usable]
    assert [rate.server for rate in published_rates(catalog).rates] == [r.server for r in used]
    assert all(row.what in {RateKind.SERVER, RateKind.LIBRARY} for row in used)


def catalogue_of(rows: list[Throughput]) -> Catalog:
    """The shipped catalogue with these published rates alone."""
    return SHIPPED.model_copy(update={"throughputs": tuple(rows)})


def test_a_pair_with_nothing_but_ceilings_is_predicted() -> None:
    """On every card with one: its rate is the law's, graded as such."""
    used = {(row.model, row.card) for row in ROWS if row.usable}
    pairs = {(row.model, row.card): row for row in CEILINGS if row.card}
    pairs = {pair: row for pair, row in pairs.items() if pair not in used}
    assert len(pairs) >= 5
    for row in pairs.values():
        found = stated(SHIPPED, row)
        assert found
        assert found.basis is Grade.PREDICTED


def test_a_rate_published_over_http_replaces_the_prediction() -> None:
    """gte-modernbert on an L4, filled by 256 users."""
    row = next(r for r in ROWS if r.usable and r.model == "Alibaba-NLP/gte-modernbert-base")
    found = stated(SHIPPED, row)
    assert found
    assert found.basis is Grade.PUBLISHED
    assert found.reference
    assert found.reference.tokens_per_s == row.tokens_per_s == 77_613
