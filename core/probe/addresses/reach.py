"""What beyond the public internet may be called: by an owner's setting, or typed for this run.

A plan, a file or a link never says so. Whoever starts a run hands the reach to its worker, which
judges every address again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from core.probe.addresses.allowed_entries import read_entry
from core.probe.addresses.hosts import address_of, is_inside_name, is_this_computer
from core.probe.addresses.networks import IPNetwork, Kind, Network, network

SETTING: Final = "BREAKEVEN_ALLOW_NETWORKS"
ALL_OWNABLE: Final = tuple(network(cidr, Kind.OWN, SETTING) for cidr in ("0.0.0.0/0", "::/0"))
"""Rows by which every network that people number their own machines from is one's own: no row of
kind OWN opens any other address, see :func:`core.probe.addresses.networks.network_of`."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Networks and servers of one's own. By default none: the public internet alone."""

    networks: tuple[IPNetwork, ...] = ()
    """Allowed by the setting; each within a network that people number their own machines from."""
    names: tuple[str, ...] = ()
    """Hosts allowed by the setting; ``*.name`` stands for every name below that one."""
    typed: tuple[str, ...] = ()
    """Servers, as HOST:PORT, that a person typed or confirmed where this was theirs to allow."""
    this_computer: bool = False
    """Whether a host that is this computer by its spelling is meant."""

    @classmethod
    def of(cls, entries: Iterable[str], typed: Iterable[str] = ()) -> Self:
        """From entries as the setting has them. Raises ValueError."""
        read = [read_entry(entry) for entry in entries]
        return cls(
            networks=tuple(entry for entry in read if not isinstance(entry, str)),
            names=tuple(entry for entry in read if isinstance(entry, str)),
            typed=tuple(dict.fromkeys(typed)),
        )

    def with_this_computer(self, *, meant: bool) -> Self:
        """The same, and this computer where it is meant."""
        return replace(self, this_computer=self.this_computer or meant)

    def means_this_computer(self, host: str, server: str) -> bool:
        """Whether a host (in its one spelling, ``server`` with its port) is called as this one."""
        return (self.this_computer or server in self.typed) and is_this_computer(host)

    def own_networks(self, host: str, server: str) -> tuple[Network, ...]:
        """The rows of kind OWN by which the addresses of this host are judged."""
        if self._names(host) or server in self.typed:
            return ALL_OWNABLE
        return tuple(Network(cidr, Kind.OWN, SETTING) for cidr in self.networks)

    def is_inside(self, host: str, server: str) -> bool:
        """Whether a name is one of an own network, by the setting or by what it looks like."""
        inner = address_of(host) is None and is_inside_name(host)
        return self._names(host) or (inner and server in self.typed)

    def _names(self, host: str) -> bool:
        return any(
            host.endswith(name[1:]) if name.startswith("*.") else host == name
            for name in self.names
        )


INTERNET: Final = Reach()
"""Nothing but the public internet."""
