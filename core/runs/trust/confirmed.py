"""Servers that a person confirmed on this computer, kept beside the database.

An address that nobody typed here, from a file, a link or an import, is asked about once. The answer
is in no plan, run file, export or link: another computer asks again.
"""

import json
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from core.errors import RunError
from core.probe.records.probe_plan import ProbePlan, Target
from core.runs.trust.origin import origin_of, typed_authority
from core.runs.trust.shipped import provider_at

FILE: Final = "confirmed-servers.json"
MOST_BYTES: Final = 1_000_000
_SERVERS: Final[TypeAdapter[list[str]]] = TypeAdapter(list[str])


def confirmed_servers(data_dir: Path) -> frozenset[str]:
    """HOST:PORT of each; none where the file is absent, damaged or not ours to read."""
    try:
        with (data_dir / FILE).open("rb") as file:
            read = _SERVERS.validate_json(file.read(MOST_BYTES))
    except (OSError, ValidationError):
        return frozenset()
    return frozenset(server for server in read if _is_server(server))


def confirm_servers(data_dir: Path, servers: Collection[str]) -> None:
    """Keep these, too. On a disk that cannot be written they hold for this time alone."""
    if set(servers) <= confirmed_servers(data_dir):
        return
    with suppress(OSError):
        data_dir.mkdir(parents=True, exist_ok=True)
        _write(data_dir / FILE, sorted(confirmed_servers(data_dir) | set(servers)))


def servers_asked(target: Target) -> tuple[str, ...]:
    """HOST:PORT of each endpoint that is not the shipped catalogue's own."""
    origins = (origin_of(api.endpoint) for api in target.apis)
    return tuple(origin.authority for origin in origins if provider_at(origin) is None)


def servers_of(plan: ProbePlan) -> tuple[str, ...]:
    """The same of a whole plan, each once."""
    asked = (server for target in plan.targets for server in servers_asked(target))
    return tuple(dict.fromkeys(asked))


def _write(file: Path, servers: list[str]) -> None:
    """Whole, or not at all. Of two who write at once one is asked again."""
    new = file.with_suffix(f".{os.getpid()}.new")
    new.write_text(json.dumps(servers, indent=1), encoding="utf-8")
    new.replace(file)


def _is_server(text: str) -> bool:
    with suppress(RunError):
        return typed_authority(text) == text
    return False
