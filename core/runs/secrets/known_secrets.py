"""What is secret here: the catalogue's keys, the database's password, the proxy's."""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from core.errors import CatalogError
from core.runs.secrets.secrecy import Scrubber
from core.runs.trust.shipped import origins_of_keys

OF_SETTINGS: Final = frozenset({"BREAKEVEN_DATABASE_URL", "BREAKEVEN_PROXY", "HTTPS_PROXY"})
"""In upper case: settings are read in whatever case they are written."""


def hide(text: str, more: Iterable[str] = ()) -> str:
    """A text for a person, without the secrets of this process's environment and ``more``."""
    names = [name for name in os.environ if name.upper() in OF_SETTINGS]
    with suppress(CatalogError):  # which may be what the text is about
        names += origins_of_keys()
    return Scrubber((*(os.environ.get(name, "") for name in names), *more))(text)
