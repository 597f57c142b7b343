"""Which servers a plan asks: what two live runs must not have in common."""

import ipaddress
from dataclasses import dataclass

from core.probe.plan import LocalTarget, ProbePlan, parts


@dataclass(frozen=True, slots=True)
class AskedEndpoint:
    """A server. Models and paths play no part: behind one address they share what limits them."""

    address: str
    """Host and port."""
    computer: str
    """Whose loopback it is; "" for an address that means the same everywhere."""


def endpoints_of(plan: ProbePlan, computer: str) -> frozenset[AskedEndpoint]:
    """The servers that a run of this plan asks from a computer."""
    found = set()
    for part in (part for target in plan.targets for part in parts(target)):
        if not isinstance(part, LocalTarget):
            url = part.endpoint.base_url
            host = (url.host or "").strip("[]").rstrip(".").lower()
            own = is_loopback(host)
            address = f"{'localhost' if own else host}:{url.port}"
            found.add(AskedEndpoint(address, computer if own else ""))
    return frozenset(found)


def is_loopback(host: str) -> bool:
    """Whether an address is of this very computer, by its name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
