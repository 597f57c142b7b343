"""What an owner may allow beyond the public internet, as it is typed: networks, hosts, suffixes."""

import ipaddress
import re
from typing import Final

from core.errors import EgressError
from core.probe.addresses.hosts import (
    INSIDE_NAMES,
    PLATFORM_NAMES,
    address_of,
    canonical_host,
    is_this_computer,
)
from core.probe.addresses.networks import NETWORKS, OWNABLE, IPNetwork, network_of

_SUFFIX: Final = "*."
_WRITTEN: Final = re.compile(r"[\w.:\[\]-]+")
_NAME: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")


def read_entry(typed: str) -> IPNetwork | str:
    """One entry: a network, or a name; ``*.name`` stands for every name below that one.

    Raises ValueError, with the reason, for what is none or is never one's own to allow.
    """
    entry = typed.strip().lower()
    if "/" in entry:
        return _ownable(_network(entry))
    if entry.startswith(_SUFFIX):
        return _suffix(entry.removeprefix(_SUFFIX))
    return _host(entry)


def _network(entry: str) -> IPNetwork:
    try:
        return ipaddress.ip_network(entry)
    except ValueError as error:
        raise ValueError(f"{entry!r} is no network: {error}") from None


def _ownable(network: IPNetwork) -> IPNetwork:
    """The network itself, where people number their own machines from it, and not a cloud."""
    row = network_of(network.network_address)
    if row.kind in OWNABLE and _within(network, row.cidr):
        return network
    whole = next((one for one in NETWORKS if one.cidr == network), row)
    ownable = ", ".join(str(one.cidr) for one in NETWORKS if one.kind in OWNABLE)
    raise ValueError(
        f"{network} is {whole.words}: only networks within {ownable} are one's own to allow"
    )


def _within(network: IPNetwork, row: IPNetwork) -> bool:
    return network.prefixlen >= row.prefixlen and network.network_address in row


def _host(entry: str) -> IPNetwork | str:
    host = _canonical(entry)
    if is_this_computer(host):
        raise ValueError(f"{host} is this computer, which needs no entry")
    ip = address_of(host)
    if ip is not None:
        return _ownable(ipaddress.ip_network(ip))
    return _not_a_clouds(host)


def _suffix(entry: str) -> str:
    name = _canonical(entry)
    if address_of(name) is not None or is_this_computer(name):
        raise ValueError(f"there are no names of one's own below {name}")
    if "." not in name and f".{name}" not in INSIDE_NAMES:
        raise ValueError(f"*.{name} are names of everybody")
    return f"{_SUFFIX}{_not_a_clouds(name)}"


def _canonical(entry: str) -> str:
    if _WRITTEN.fullmatch(entry) is None:
        raise ValueError(f"{entry!r} is no name of a host")
    try:
        host = canonical_host(entry)
    except EgressError as error:
        raise ValueError(str(error).removesuffix(".")) from None
    if address_of(host) is None and _NAME.fullmatch(host) is None:
        raise ValueError(f"{entry!r} is no name of a host")
    return host


def _not_a_clouds(name: str) -> str:
    if name in PLATFORM_NAMES:
        raise ValueError(f"{name} is a name by which a cloud talks to its machines")
    return name
