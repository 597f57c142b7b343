"""Which server answers at a typed address, for the page."""

from pydantic import SecretStr

from core.probe.embedders.by_name import EMBEDDERS
from core.probe.recognise.mended_address import Mended, mended
from core.probe.recognise.recognised import Recognised, ServedModel, Spoken
from core.runs.starting.asked_server import recognised_at
from dashboard.resources.cached import cached_store
from dashboard.resources.reach import page_reach

__all__ = ["Mended", "Recognised", "ServedModel", "as_typed", "asked", "proposed"]


def asked(typed: str, key: str) -> Recognised:
    """Ask the server. ``key``: typed for it, "" for none.

    Raises one of our errors: a forbidden address, or nothing that is recognised.
    """
    secret = SecretStr(key) if key else None
    return recognised_at(typed, cached_store.settings(), secret, mine=page_reach.is_private())


def as_typed(text: str) -> Mended:
    """The address that was typed, mended without asking anybody."""
    return mended(text, version=False)


def proposed(found: Recognised) -> Spoken | None:
    """The first of a server's formats that the probe speaks."""
    return found.spoken(EMBEDDERS)
