"""Asks a typed address what it is: with the trust, the way out and the secrets of a probe."""

import asyncio
from dataclasses import replace
from typing import Any

from pydantic import SecretStr, ValidationError

from core.catalog.schema import Endpoint, WireFormat
from core.errors import EgressError, RunError
from core.probe.addresses.egress import Address, judge_url
from core.probe.addresses.reach import Reach
from core.probe.recognise.judged_asking import BEARER
from core.probe.recognise.mended_address import mended, root_of
from core.probe.recognise.recognise_server import recognise
from core.probe.recognise.recognised import Recognised
from core.probe.records.probe_plan import ApiTarget
from core.probe.wire.route import Route
from core.runs.secrets.secrecy import Scrubber
from core.runs.surroundings.route_of_settings import proxy_setting, route_of
from core.runs.trust.key_hosts import refuse_strange_host
from core.runs.trust.origin import origin_of
from core.settings import Settings


def recognised_at(
    typed: str,
    settings: Settings,
    key: SecretStr | None = None,
    key_header: str = BEARER,
    *,
    mine: bool = False,
) -> Recognised:
    """What answers at an address that somebody typed here, cleaned of the key that was sent.

    ``mine``: it was typed where the person allows a server of his own by typing it: in a terminal,
    or on a page of his own. Raises EgressError for an address that may not be called or a key of
    somebody else's, and RunError where nothing is recognised; both say what to do.
    """
    if not settings.allow_custom_base_url:
        raise EgressError(
            "This page asks no typed address (BREAKEVEN_ALLOW_CUSTOM_BASE_URL is false)."
        )
    address = mended(typed, version=False)
    target = _as_target(address.url)
    servers = (origin_of(target.endpoint).authority,) if mine else ()
    reach = replace(settings.reach, typed=servers).with_this_computer(meant=True)
    judged = judge_url(root_of(address.url), reach)
    refuse_strange_host(target, key)
    route = _route(settings, judged, reach)
    server = asyncio.run(recognise(address, route=route, key=key, key_header=key_header))
    return without_key(server, key)


def without_key(server: Recognised, key: SecretStr | None) -> Recognised:
    """The same, where a server sent the key back: as a model's name, or as a number."""
    if key is None:
        return server
    scrub = Scrubber((key.get_secret_value(),))
    document: dict[str, Any] = _numbers(scrub, scrub.tree(server.model_dump(mode="json")))
    return Recognised.model_validate(document)


def _numbers(scrub: Scrubber, value: Any) -> Any:
    """A JSON value without the numbers whose digits are a part of the key."""
    if isinstance(value, list):
        return [_numbers(scrub, entry) for entry in value]
    if isinstance(value, dict):
        return {name: _numbers(scrub, entry) for name, entry in value.items()}
    if isinstance(value, int) and not isinstance(value, bool):
        return scrub.number(value)
    return value


def _as_target(url: str) -> ApiTarget:
    """The address as a target, whose key is judged. Raises RunError for what is no address."""
    try:
        endpoint = Endpoint.model_validate({"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": url})
    except ValidationError:
        raise RunError(
            "This is no address of a server: type one such as http://localhost:8080 or "
            "https://host/v1."
        ) from None
    return ApiTarget(endpoint=endpoint, wire_model="unknown")


def _route(settings: Settings, address: Address, reach: Reach) -> Route:
    """The probe's way out; what is inside is asked directly."""
    proxy = None if address.direct else proxy_setting(settings.proxy, address.host)
    return route_of(proxy, settings.ca_file, reach)
