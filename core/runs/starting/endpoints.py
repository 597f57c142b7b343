"""Which servers a plan asks: what two live runs must not have in common."""

from dataclasses import dataclass

from core.probe.addresses.hosts import is_this_computer
from core.probe.records.probe_plan import ProbePlan
from core.runs.trust.origin import origin_of


@dataclass(frozen=True, slots=True)
class AskedEndpoint:
    """A server. Models and paths play no part: behind one address they share what limits them."""

    address: str
    """Host and port."""
    computer: str
    """Whose loopback it is; "" for an address that means the same everywhere."""


def endpoints_of(plan: ProbePlan, computer: str) -> frozenset[AskedEndpoint]:
    """The servers that a run of this plan asks from a computer."""
    endpoints = set()
    for api in (api for target in plan.targets for api in target.apis):
        origin = origin_of(api.endpoint)
        own = is_this_computer(origin.host)
        address = f"localhost:{origin.port}" if own else origin.authority
        endpoints.add(AskedEndpoint(address, computer if own else ""))
    return frozenset(endpoints)
