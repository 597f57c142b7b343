"""The endpoint that a typed address means: mended, its format and its query taken from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.catalog.schema import WireFormat
from core.probe.embedders.by_name import EMBEDDERS
from core.probe.recognise.mended_address import mended

USUAL_WIRE = WireFormat.OPENAI_COMPATIBLE.value


@dataclass(frozen=True, slots=True)
class Meant:
    """What a person means by an address."""

    url: str
    wire: str
    query: Mapping[str, str] = field(default_factory=dict)
    """``api-version`` of a pasted address: it goes with each request."""
    what_was_mended: tuple[str, ...] = ()
    """Sentences without a full stop, to be shown."""


def mends_sentence(what_was_mended: Collection[str]) -> str:
    """What was changed of an address, as a sentence; "" where nothing was."""
    return f"The address was mended: {'; '.join(what_was_mended)}." if what_was_mended else ""


def meant(base_url: str, wire: str = USUAL_WIRE) -> Meant:
    """The address mended; a format whose own path was pasted is taken where no other was chosen.

    Nothing is asked, and whether it may be called is not judged here.
    """
    address = mended(base_url, version=False)
    mends = address.what_was_mended
    if address.native and wire == USUAL_WIRE and address.native in EMBEDDERS:
        wire = address.native
        mends += (f"what is spoken there is {wire}",)
    return Meant(address.url, wire, dict(address.query), mends)
