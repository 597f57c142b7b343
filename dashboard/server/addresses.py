"""The page's own addresses: the names by which a browser may call it.

A name of somebody else can be made to lead to this computer ("DNS rebinding"). A browser then
takes that somebody's scripts and the page for one and the same site. Only the name tells them
apart, so the page answers to its own names alone.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""Names of this computer, which no name server is asked for."""

_HOST: Final = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::(?P<port>\d{1,5}))?"
)
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """A name with its port, as a header says it; without a port it is the scheme's usual one."""

    name: str
    port: int | None

    @classmethod
    def read(cls, header: bytes) -> "Address | None":
        """Read what a Host header may hold; None for anything else, a user's name among it."""
        match = _HOST.fullmatch(header.decode("latin-1").lower())
        if match is None:
            return None
        port = None if match["port"] is None else int(match["port"])
        name = match["name"].removesuffix(".") if match["name"] else _ipv6(match["v6"])
        return cls(name, port) if name and (port is None or 0 < port <= _LAST_PORT) else None

    @classmethod
    def of_origin(cls, header: bytes) -> "Address | None":
        """Read an Origin header; None for ``null`` and for what is no page of http or https."""
        scheme = _SCHEME.match(header.decode("latin-1"))
        return None if scheme is None else cls.read(header[scheme.end() :])


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """The names that the page answers to: this computer's, and those that its owner adds.

    ``added`` are names in small letters; ``*.example.com`` stands for every name under that one.
    """

    added: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return LOOPBACK + self.added

    def answer_to(self, host: Address) -> bool:
        """Whether the page is called so. Any port: a forwarded port is another one."""
        return host.name in LOOPBACK or self._is_added(host)

    def include_origin(self, origin: Address, host: Address) -> bool:
        """Whether a script of ``origin`` is the page's own, where it called ``host``.

        Another port of this computer is another program's. A name that the owner added is the
        page's whatever ``host`` is: a proxy in between may have put its own there.
        """
        return origin == host or self._is_added(origin)

    def _is_added(self, address: Address) -> bool:
        return any(_matches(address.name, pattern) for pattern in self.added)


def _matches(name: str, pattern: str) -> bool:
    return name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern


def _ipv6(text: str) -> str | None:
    try:
        return ipaddress.IPv6Address(text).compressed
    except ValueError:
        return None
