"""What the host of an address means, however somebody spells it."""

import ipaddress
from typing import Final

from pydantic_core import Url, ValidationError

from core.errors import EgressError
from core.probe.addresses.judgement import Verdict, judge
from core.probe.addresses.networks import IPAddress

LONGEST_NAME: Final = 253
LONGEST_LABEL: Final = 63

INSIDE_NAMES: Final = (
    ".corp",
    ".home",
    ".home.arpa",
    ".internal",
    ".intranet",
    ".lan",
    ".local",
    ".localdomain",
    ".localhost",
    ".private",
)
"""Ends of names that are never public (RFC 6761, RFC 6762 and its appendix G, RFC 8375)."""

PLATFORM_NAMES: Final = (
    "api.metadata.cloud.ibm.com",
    "metadata.goog",
    "metadata.platformequinix.com",
    "metadata.tencentyun.com",
)
"""Names that look public and mean the cloud's own service to each machine."""


def canonical_host(typed: str) -> str:
    """The one spelling of a host: lower case, no dot at its end, IDNA; an address as numbers.

    As browsers read it (WHATWG URL): ``127.1``, ``2130706433`` and ``0x7f.1`` are 127.0.0.1, and
    so is ``::ffff:127.0.0.1``. Without brackets. Raises EgressError for what is no host.
    """
    bare = typed.removeprefix("[").removesuffix("]")
    try:
        read = Url(f"https://[{bare}]/" if ":" in bare else f"https://{bare}/").host or ""
    except ValidationError:
        read = ""
    host = read.removeprefix("[").removesuffix("]").removesuffix(".")
    ip = address_of(host)
    if ip is not None:
        mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
        return str(mapped or ip)
    labels = host.split(".")
    if len(host) > LONGEST_NAME or not all(0 < len(label) <= LONGEST_LABEL for label in labels):
        raise EgressError(f"{typed!r} is not a host name.")
    return host


def address_of(host: str) -> IPAddress | None:
    """The IP address that a host in its canonical spelling is; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def server_name(host: str, port: int) -> str:
    """HOST:PORT, as a person types it and a proxy is asked for it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_this_computer(typed: str) -> bool:
    """Whether a host that somebody typed means this very computer, in any spelling.

    What was typed decides, never what a name resolves to: that may change at any time.
    """
    try:
        host = canonical_host(typed)
    except EgressError:
        return False
    ip = address_of(host)
    if ip is not None:
        return judge(ip).verdict is Verdict.LOOPBACK
    return host == "localhost" or host.endswith(".localhost")  # RFC 6761, 6.3


def is_inside_name(host: str) -> bool:
    """Whether a name in its canonical spelling means something of an inner network."""
    return "." not in host or host.endswith(INSIDE_NAMES) or host in PLATFORM_NAMES
