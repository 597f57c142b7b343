"""How the providers of the product's own catalogue are spoken to, without reading what they sell.

A command that asks a server of one's own must know that it is none of theirs before the first
number: the whole catalogue takes fifty times as long.
"""

from functools import lru_cache
from typing import Final

from core.catalog.load import DATA, PROVIDER_FOLDERS, validated
from core.catalog.schema import Endpoint
from core.catalog.table_files import file_bytes, parsed

_FIRST_ROW: Final = b"\n[["
"""Where the rows of a provider begin: what stands before is about the provider itself."""


@lru_cache(maxsize=1)
def shipped_endpoints() -> tuple[tuple[str, Endpoint], ...]:
    """Providers' ids, each with its endpoint where it has one, in the catalogue's own order."""
    paths = [path for kind in PROVIDER_FOLDERS for path in sorted(DATA.glob(f"{kind}/*.toml"))]
    heads = (
        (path, file_bytes(path).replace(b"\r\n", b"\n").partition(_FIRST_ROW)[0]) for path in paths
    )
    tables = ((path, parsed(path, head)) for path, head in heads)
    return tuple(
        (path.stem, validated(path, table["endpoint"], Endpoint, ("endpoint",)))
        for path, table in tables
        if "endpoint" in table
    )
