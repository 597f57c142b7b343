"""A provider's key goes to that provider's host, and to no other."""

import os
from collections.abc import Mapping
from functools import lru_cache

from pydantic import SecretStr

from core.catalog.load import load_catalog
from core.errors import EgressError
from core.probe.plan import ApiTarget


@lru_cache(maxsize=1)
def hosts_of_keys() -> Mapping[str, frozenset[str]]:
    """Hosts that a key may be sent to, by the variable that holds it, as the catalogue says."""
    hosts: dict[str, set[str]] = {}
    for provider in load_catalog().providers:
        endpoint = provider.endpoint
        if endpoint is not None and endpoint.key_env is not None:
            hosts.setdefault(endpoint.key_env, set()).add(endpoint.base_url.host or "")
    return {name: frozenset(found) for name, found in hosts.items()}


def refuse_strange_host(target: ApiTarget, key: SecretStr | None) -> None:
    """Raise EgressError where a provider's key would go to another host.

    Found by the variable that a target names and by the key itself, where it is in the
    environment. A server on this computer may get any key: it goes nowhere.
    """
    host = target.host
    if target.on_this_computer:
        return
    for name, hosts in hosts_of_keys().items():
        named = target.endpoint.key_env == name
        carried = key is not None and key.get_secret_value() in {os.environ.get(name)} - {"", None}
        if (named or carried) and host not in hosts:
            raise EgressError(
                f"The key in {name} belongs to {' and '.join(sorted(hosts))}: it is not sent to "
                f"{host}. Give this address a key of its own."
            )
