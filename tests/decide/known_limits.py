"""A catalogue in which a limit is known, for laws that are not about limits."""

from core.catalog.schema import Catalog


def limit_known(catalog: Catalog) -> Catalog:
    """The same with a rate limit of the tiered API that no volume here meets."""
    alpha = catalog.providers[0]
    row = alpha.rate_limits[0].model_copy(
        update={"offers": ("tiered",), "requests_per_minute": 1e9, "tokens_per_minute": None}
    )
    alpha = alpha.model_copy(update={"rate_limits": (*alpha.rate_limits, row)})
    return catalog.model_copy(update={"providers": (alpha, *catalog.providers[1:])})
