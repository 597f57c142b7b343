"""Prices beside another list: which disagree, which are only copies, which are old or missing."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog.check.genai_list import genai_list
from core.catalog.check.litellm_list import litellm_list
from core.catalog.check.price_check import AGREES, DISAGREES, SAME_SOURCE, check_prices
from core.catalog.own.joined import joined_catalog
from core.catalog.schema import Catalog, PriceUnit
from core.errors import CatalogError
from tests.catalog.own.own_texts import priced, write
from tests.conftest import need_module

SMALL = "openai/text-embedding-3-small"
TODAY = date(2026, 11, 30)


def row(provider: str, cost: object, **fields: object) -> dict[str, object]:
    """A model of LiteLLM's map."""
    costs = {"litellm_provider": provider, "mode": "embedding", "input_cost_per_token": cost}
    return costs | fields


LITELLM = {
    "sample_spec": {"mode": "one of chat, embedding"},
    "text-embedding-3-small": row("openai", 4e-08, input_cost_per_token_batches=1e-08),
    "text-embedding-3-large": row("openai", 1.3e-07),
    "voyage/voyage-4": row("voyage", 0.0),
    "text-embedding-005": row("vertex_ai-embedding-models", 0.0, input_cost_per_character=2.5e-08),
    "gemini/gemini-embedding-001": row("gemini", 1.5e-07),
    "voyage/voyage-99": row("voyage", 2e-08),
    "elsewhere/vectors": row("elsewhere", 0.0),
    "gpt-9": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06},
}


@pytest.fixture
def litellm(tmp_path: Path) -> Path:
    """A copy of the map, in its form."""
    return write(tmp_path, "map.json", json.dumps(LITELLM))


def test_a_file_of_litellm_is_read_exactly(litellm: Path, catalog: Catalog) -> None:
    """USD for a token becomes USD for a million without a rounding error, and 0.0 is unknown."""
    one = litellm_list(litellm, catalog)
    assert one.quotes[SMALL].usd == {PriceUnit.PER_MTOK: Decimal("0.04")}
    assert one.quotes[SMALL].batch_usd == Decimal("0.01")
    assert one.quotes["google/gemini-embedding-001"].usd == {PriceUnit.PER_MTOK: Decimal("0.15")}
    assert one.quotes["vertex/text-embedding-005"].usd == {PriceUnit.PER_MCHAR: Decimal("0.025")}
    assert one.quotes["voyage/voyage-4"].usd == {}
    assert {model.model for model in one.lacked} == {"voyage/voyage-99", "elsewhere/vectors"}


def test_each_price_is_said_to_agree_or_not_with_the_ratio(litellm: Path, catalog: Catalog) -> None:
    """Ours, theirs, the source and the ratio; what has no price of theirs is not compared."""
    checked = check_prices(catalog, [litellm_list(litellm, catalog)], TODAY, None)
    verdicts = {entry.option_id: entry.verdict for entry in checked.beside}
    assert verdicts == {
        SMALL: DISAGREES,
        "openai/text-embedding-3-large": AGREES,
        "google/gemini-embedding-001": AGREES,
        "vertex/text-embedding-005": AGREES,
    }
    (wrong,) = checked.disagreeing
    assert (wrong.ours_usd, wrong.theirs_usd, wrong.ratio) == (Decimal("0.02"), Decimal("0.04"), 2)
    assert "map.json" in wrong.source


@pytest.mark.parametrize("days", [0, 6, 7, 10_000])
def test_a_price_is_old_after_so_many_days(catalog: Catalog, days: int) -> None:
    """Days since its source was read; exactly so many is not yet older."""
    old = {row.option_id: row.days for row in check_prices(catalog, [], TODAY, days).old}
    offers = {
        f"{p.id}/{offer.id}": (TODAY - offer.price.source.read).days
        for p in catalog.providers
        for offer in p.api_offers
    }
    assert old == {name: age for name, age in offers.items() if age > days}


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "[" * 100_000, '{"a": {"mode": "chat"}}', '{"a": 1e99999999999}']
)
def test_a_file_of_another_form_is_a_sentence(tmp_path: Path, text: str, catalog: Catalog) -> None:
    """It says that this is no price map."""
    with pytest.raises(CatalogError, match=r"no price map|no JSON"):
        litellm_list(write(tmp_path, "map.json", text), catalog)
    with pytest.raises(CatalogError, match="cannot be read"):
        litellm_list(tmp_path / "none.json", catalog)


def test_what_was_copied_from_the_package_is_the_same_source(
    tmp_path: Path, catalog: Catalog
) -> None:
    """The real package: no row that cites it is said to agree; another price of ours disagrees."""
    need_module("genai_prices", "the extra prices (genai-prices)")
    one = genai_list(catalog, TODAY)
    checked = check_prices(catalog, [one], TODAY, None)
    verdicts = {entry.option_id: entry.verdict for entry in checked.beside}
    assert len(verdicts) > 30
    for provider in catalog.providers:
        for offer in provider.api_offers:
            cites = offer.price.source.package == "genai-prices"
            assert not (cites and verdicts.get(f"{provider.id}/{offer.id}") == AGREES)
    assert verdicts["openai/text-embedding-ada-002"] == SAME_SOURCE
    day = (TODAY - timedelta(days=1)).isoformat()
    write(tmp_path, "api/openai.toml", priced("openai", "text-embedding-3-small", "0.5", day))
    other = joined_catalog(tmp_path, catalog).catalog
    again = check_prices(other, [genai_list(other, TODAY)], TODAY, None)
    (wrong,) = [entry for entry in again.disagreeing if entry.option_id == SMALL]
    assert (wrong.theirs_usd, wrong.ratio) == (Decimal("0.02"), 0.04)


def test_the_package_names_embedding_models_that_are_missing(catalog: Catalog) -> None:
    """Models that make vectors, by a provider's own word, and none that the catalogue has."""
    need_module("genai_prices", "the extra prices (genai-prices)")
    lacked = genai_list(catalog, TODAY).lacked
    assert lacked
    ours = {(p.id, offer.wire_model) for p in catalog.providers for offer in p.api_offers}
    assert not ours & {(model.provider, model.model) for model in lacked}
    assert not any("rerank" in model.model for model in lacked)
