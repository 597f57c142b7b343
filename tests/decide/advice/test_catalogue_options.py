"""What the catalogue could be compared as."""

from core.catalog.schema import Catalog
from core.decide.advice.catalogue_options import machine_ids, own_model_apis


def test_what_is_withdrawn_is_left_out_and_nothing_else(frozen_catalog: Catalog) -> None:
    """Be it the first that its provider lists, or a machine."""
    models = {model.id for model in frozen_catalog.models}
    every = tuple(own_model_apis(frozen_catalog, models))
    assert {"alpha/flat", "alpha/tiered", "beta/characters"} <= set(every)
    assert "rent/l-1" in machine_ids(frozen_catalog)
    assert "rent/v-2" not in machine_ids(frozen_catalog)  # withdrawn in the catalogue itself
    first, *others = frozen_catalog.providers
    gone = first.api_offers[0].model_copy(update={"status": "withdrawn"})
    changed = first.model_copy(update={"api_offers": (gone, *first.api_offers[1:])})
    without = frozen_catalog.model_copy(update={"providers": (changed, *others)})
    left = tuple(name for name in every if name != f"{first.id}/{gone.id}")
    assert tuple(own_model_apis(without, models)) == left
    assert len(left) == len(every) - 1
