"""Who can serve: page, command and file say the same of every option of the catalogue."""

import csv
import io

import pytest

from core.catalog.load import load_catalog
from core.cli.commands.compare_command import document_of
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.violation import Rule
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.scenario import OWNED_PREFIX, THIS_MACHINE, Demands, Hosting, Licence, Scenario
from dashboard.components.compare.option_table import csv as written
from dashboard.components.compare.option_table import shown

CATALOG = load_catalog()
IDS = (
    *CATALOG.option_ids(),
    *(f"{OWNED_PREFIX}{card.id}" for card in CATALOG.cards),
    THIS_MACHINE,
)
PARTS = [IDS[i : i + 24] for i in range(0, len(IDS), 24)]
LARGE = max(
    (model for model in CATALOG.models if model.params_total_m),
    key=lambda model: model.params_total_m or 0.0,
)


@pytest.mark.parametrize("model", ["BAAI/bge-large-en-v1.5", LARGE.id])
@pytest.mark.parametrize("ids", PARTS, ids=lambda ids: str(ids[0]))
def test_all_outputs_agree_on_who_can_serve(ids: tuple[str, ...], model: str) -> None:
    """No bill is no yes, and the reason is the same wherever it is read."""
    case = Case(Scenario(options=ids, hosting=Hosting(model=model)), CATALOG, {})
    drawn = curves(case)
    snapshot = at_volume(drawn, case)
    options = document_of(case.scenario, drawn, snapshot)["options"]
    records = list(csv.DictReader(io.StringIO(written(snapshot.rows).decode("utf-8-sig"))))
    for row, option, record in zip(snapshot.rows, options, records, strict=True):
        said = shown(row)["Can serve"]
        assert (said == "yes") is (row.can_serve is True)
        assert option["can_serve"] is row.can_serve
        assert record["can_serve"] == ("" if row.can_serve is None else str(row.can_serve))
        if row.can_serve is not True:
            assert row.usd_per_month is None or not row.feasible
            assert said == option["reason"] == record["reason"] != ""


@pytest.mark.parametrize("ids", PARTS, ids=lambda ids: str(ids[0]))
def test_an_own_price_is_advised_only_where_a_price_is_missing(ids: tuple[str, ...]) -> None:
    """A price for what has one makes no bill: what is missing there is a measurement."""
    case = Case(Scenario(options=ids), CATALOG, {})
    for row in at_volume(curves(case), case).rows:
        advised = [v for v in violations(row, case, Constraints()) if v.rule is Rule.PRICE]
        assert all(row.option.price.usd is None for _ in advised)
        if row.can_serve is None:
            assert violations(row, case, Constraints())


def test_weights_that_do_not_fit_block_an_option() -> None:
    """Not a price but a larger card is what would help."""
    sizes = {card.id: card for card in CATALOG.cards if card.memory_gb is not None}
    small = min(sizes.values(), key=lambda card: card.memory_gb or 0.0)
    model = LARGE.model_copy(update={"params_total_m": (small.memory_gb or 0.0) * 1_000})
    catalog = CATALOG.model_copy(
        update={"models": tuple(model if m.id == model.id else m for m in CATALOG.models)}
    )
    owned = f"{OWNED_PREFIX}{small.id}"
    scenario = Scenario(
        options=(owned,), hosting=Hosting(model=model.id), demands=Demands(licence=Licence.ANY)
    )
    case = Case(scenario, catalog, {})
    (row,) = at_volume(curves(case), case).rows
    assert row.can_serve is False
    assert row.serves_text == row.option.blocked_reason == row.option.unpriced_reason
    assert "Choose a larger card" in row.serves_text
    (violation,) = violations(row, case, Constraints())
    assert violation.rule is Rule.MEMORY
