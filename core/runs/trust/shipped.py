"""The catalogue that ships with the product: what is trusted with a key, and at what price."""

from collections.abc import Mapping
from functools import lru_cache

from core.catalog.load import load_catalog
from core.catalog.schema import ApiOffer, Catalog, Provider
from core.catalog.shipped_endpoints import shipped_endpoints
from core.probe.records.probe_plan import ApiTarget
from core.runs.trust.origin import Origin, origin_of


@lru_cache(maxsize=1)
def shipped() -> Catalog:
    """Read once. No file of a user's is part of it."""
    return load_catalog()


@lru_cache(maxsize=1)
def origins_of_keys() -> Mapping[str, frozenset[Origin]]:
    """Servers that a key may be sent to, by the variable that holds it."""
    origins: dict[str, set[Origin]] = {}
    for _, endpoint in shipped_endpoints():
        if endpoint.key_env is not None:
            origins.setdefault(endpoint.key_env, set()).add(origin_of(endpoint))
    return {name: frozenset(theirs) for name, theirs in origins.items()}


def provider_at(origin: Origin) -> Provider | None:
    """Whose server this is, where the catalogue knows it."""
    theirs = (name for name, endpoint in shipped_endpoints() if origin_of(endpoint) == origin)
    provider_id = next(theirs, None)
    return None if provider_id is None else _provider(provider_id)


def offer_asked(target: ApiTarget) -> tuple[Provider, ApiOffer] | None:
    """The offer that this target asks: the catalogue's own address, format and model name."""
    asked = target.endpoint
    for provider_id, endpoint in shipped_endpoints():
        if (endpoint.wire, endpoint.base_url) == (asked.wire, asked.base_url):
            provider = _provider(provider_id)
            for offer in provider.api_offers:
                if offer.wire_model == target.wire_model:
                    return provider, offer
    return None


def _provider(provider_id: str) -> Provider:
    return next(one for one in shipped().providers if one.id == provider_id)
