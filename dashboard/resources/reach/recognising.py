"""Which server answers at a typed address, for the page."""

from pydantic import SecretStr

from core.probe.embedders.by_name import EMBEDDERS
from core.probe.recognise.recognised import Recognised, ServedModel, Spoken
from core.runs.starting.asked_server import recognised_at
from core.runs.starting.meant_address import meant, mends_sentence
from dashboard.resources.cached import cached_store
from dashboard.resources.reach import page_reach

__all__ = ["Recognised", "ServedModel", "asked", "mends_of", "mends_sentence", "proposed"]


def asked(typed: str, key: str) -> Recognised:
    """Ask the server. ``key``: typed for it, "" for none.

    Raises one of our errors: a forbidden address, or nothing that is recognised.
    """
    secret = SecretStr(key) if key else None
    return recognised_at(typed, cached_store.settings(), secret, mine=page_reach.is_private())


def mends_of(typed: str, wire: str) -> str:
    """What is changed of a typed address, as a sentence; "" where nothing is. Nobody is asked."""
    return mends_sentence(meant(typed, wire).what_was_mended)


def proposed(found: Recognised) -> Spoken | None:
    """The first of a server's formats that the probe speaks."""
    return found.spoken(EMBEDDERS)
