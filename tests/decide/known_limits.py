"""A catalogue in which every limit is known, for laws that are not about limits."""

from core.catalog.schema import Catalog, Provider, RateLimit


def limit_known(catalog: Catalog) -> Catalog:
    """The same with a rate limit that no volume here meets, where none is published."""
    (row, *_) = catalog.providers[0].rate_limits
    wide = row.model_copy(
        update={"offers": (), "requests_per_minute": 1e30, "tokens_per_minute": None}
    )
    providers = tuple(_limited(provider, wide) for provider in catalog.providers)
    return catalog.model_copy(update={"providers": providers})


def _limited(provider: Provider, wide: RateLimit) -> Provider:
    without = tuple(o.id for o in provider.api_offers if provider.limit_of(o.id) is None)
    if not without:
        return provider
    rows = (*provider.rate_limits, wide.model_copy(update={"offers": without}))
    return provider.model_copy(update={"rate_limits": rows})


def none_published(catalog: Catalog) -> Catalog:
    """The same where nobody publishes a limit: then none is known to bind, and none could."""
    providers = tuple(p.model_copy(update={"rate_limits": ()}) for p in catalog.providers)
    return catalog.model_copy(update={"providers": providers})
