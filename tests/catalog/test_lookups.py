from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.catalog.schema import Catalog, PriceUnit
from core.errors import CatalogError


def test_an_option_id_is_provider_and_offer(frozen_catalog: Catalog) -> None:
    """``find_api`` and ``find_machine`` return the offer with its provider."""
    api, gpu = frozen_catalog.find_api("beta/seconds"), frozen_catalog.find_machine("rent/v-2")
    assert api is not None
    assert gpu is not None
    assert (api[0].id, api[1].id) == ("beta", "seconds")
    assert (gpu[0].id, gpu[1].id, gpu[1].card_count) == ("rent", "v-2", 2)


@pytest.mark.parametrize(
    "option_id",
    ["", "/", "alpha", "alpha/", "/flat", "alpha/flat/x", "gamma/flat", "this-machine", "owned/x"],
)
def test_an_unknown_option_is_none(frozen_catalog: Catalog, option_id: str) -> None:
    """A look-up of what is not there, hostile ids included, is None and no error."""
    assert frozen_catalog.find_api(option_id) is None
    assert frozen_catalog.find_machine(option_id) is None


def test_an_api_is_no_gpu(frozen_catalog: Catalog) -> None:
    """Each offer is found by the look-up of its own kind alone."""
    assert frozen_catalog.find_machine("alpha/flat") is None
    assert frozen_catalog.find_api("rent/l-1") is None


def test_every_option_id_leads_somewhere(frozen_catalog: Catalog) -> None:
    """All ids are distinct and found, and only a card with a price can be owned."""
    ids = frozen_catalog.option_ids()
    assert len(ids) == len(set(ids))
    for option_id in ids[:-2]:
        assert frozen_catalog.find_api(option_id) or frozen_catalog.find_machine(option_id)
    assert ids[-2:] == ("owned/gpu-home", "this-machine")


def test_the_newest_price_counts_and_the_old_one_stays(frozen_catalog: Catalog) -> None:
    """A price as quoted is a Decimal; the last row is the price."""
    found = frozen_catalog.find_api("alpha/flat")
    assert found is not None
    assert [price.usd for price in found[1].prices] == [Decimal("0.40"), Decimal("0.10")]
    assert found[1].price.usd == Decimal("0.10")
    assert found[1].price.unit is PriceUnit.PER_MTOK


def test_cards_and_models_are_found_by_id(frozen_catalog: Catalog) -> None:
    """An unknown card or model is None."""
    card, model = frozen_catalog.card("gpu-l"), frozen_catalog.model("open/large")
    assert card is not None
    assert model is not None
    assert (card.dense_tflops, model.params_non_embedding_m) == (100.0, 300.0)
    assert frozen_catalog.card("gpu-x") is None
    assert frozen_catalog.model("open/none") is None


def test_a_published_latency_belongs_to_its_option(frozen_catalog: Catalog) -> None:
    """Nothing is lent from one option to another."""
    row = frozen_catalog.latency("alpha/flat")
    assert row is not None
    assert row.p50_high_s == 0.5
    assert frozen_catalog.latency("alpha/tiered") is None


def test_a_missing_assumption_says_which_file_to_mend(frozen_catalog: Catalog) -> None:
    """The product cannot go on without an assumption, so its absence is an error."""
    assert frozen_catalog.assumption("electricity-us-residential").value == 0.2
    with pytest.raises(CatalogError, match=r"assumptions\.toml has no row with id 'pue'"):
        frozen_catalog.assumption("pue")


def test_the_catalogue_cannot_be_changed(frozen_catalog: Catalog) -> None:
    """A page cannot alter a price for everybody else in the process."""
    with pytest.raises(ValidationError, match="frozen"):
        frozen_catalog.providers[0].api_offers[0].prices[0].usd = Decimal(9)  # type: ignore[misc]  # what is tested


IDS_OF_0_1_0 = Path(__file__).with_name("ids_of_0_1_0.txt").read_text(encoding="utf-8").split()


def test_every_option_of_0_1_0_is_still_there(catalog: Catalog) -> None:
    """Links, scenarios and measurements name options by id: none may be renamed or taken away."""
    assert len(IDS_OF_0_1_0) == 139
    assert set(IDS_OF_0_1_0) <= set(catalog.option_ids())
