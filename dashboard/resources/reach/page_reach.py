"""Which servers the person at this page may mean, and whose page it is.

A page that listens on this computer alone belongs to the person at it: who types or confirms an
address there, allows it. On a page that others reach, the settings alone allow.
"""

from collections.abc import Collection, Sequence

from streamlit import config

from core.probe.addresses.hosts import is_this_computer
from core.runs.starting.candidates import Candidate
from core.runs.trust.confirmed import confirm_servers, confirmed_servers, servers_asked
from dashboard.resources.cached import cached_store


def is_private() -> bool:
    """Whether the page listens on this computer alone, and goes by no name of another one."""
    place = str(config.get_option("server.address") or "")
    return is_this_computer(place) and not cached_store.settings().allowed_hosts


def foreign_servers(asked: Sequence[Candidate]) -> tuple[str, ...]:
    """Servers, as HOST:PORT, that stand in a file or link and that nobody has confirmed here."""
    servers = _servers([one for one in asked if not one.typed])
    known = confirmed_servers(cached_store.settings().data_dir)
    return tuple(server for server in servers if server not in known)


def confirm(servers: Collection[str]) -> None:
    """Keep a person's word beside the database, where the page is theirs alone."""
    if is_private():
        confirm_servers(cached_store.settings().data_dir, servers)


def servers_allowed(asked: Sequence[Candidate]) -> tuple[str, ...]:
    """Servers of the run that may be in a private network, by the word of the person here."""
    if not is_private():
        return ()
    foreign = foreign_servers(asked)
    return tuple(server for server in _servers(asked) if server not in foreign)


def _servers(asked: Sequence[Candidate]) -> tuple[str, ...]:
    targets = (one.target for one in asked if one.target is not None)
    return tuple(dict.fromkeys(server for one in targets for server in servers_asked(one)))
