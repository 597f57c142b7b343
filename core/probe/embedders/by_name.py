"""Every wire format that is spoken, by its name in the catalogue."""

from typing import Protocol

from pydantic import SecretStr

from core.catalog.schema import WireFormat
from core.errors import RunError
from core.probe.embedders.formats.cohere import Cohere
from core.probe.embedders.formats.google import Google
from core.probe.embedders.formats.huggingface import HuggingFace
from core.probe.embedders.formats.ollama import Ollama
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.embedders.formats.replicate import Replicate
from core.probe.embedders.formats.tei import TextEmbeddingsInference
from core.probe.embedders.formats.voyage import Voyage
from core.probe.records.embedder import Embedder
from core.probe.records.probe_plan import ApiTarget
from core.probe.wire.route import DIRECT, Route


class Maker(Protocol):
    """Makes an embedder of one wire format."""

    def __call__(self, target: ApiTarget, key: SecretStr | None, *, route: Route) -> Embedder:
        """Raises EgressError for a forbidden address and RunError for an impossible request."""
        ...


EMBEDDERS: dict[WireFormat, Maker] = {
    WireFormat.OPENAI_COMPATIBLE: OpenAICompatible,
    WireFormat.HUGGINGFACE: HuggingFace,
    WireFormat.COHERE: Cohere,
    WireFormat.GOOGLE: Google,
    WireFormat.VOYAGE: Voyage,
    WireFormat.REPLICATE: Replicate,
    WireFormat.TEI: TextEmbeddingsInference,
    WireFormat.OLLAMA: Ollama,
}
"""Wire formats that can be probed; an offer with another one is priced all the same."""


def make_embedder(target: ApiTarget, key: SecretStr | None, route: Route = DIRECT) -> Embedder:
    """The embedder of a target.

    Raises EgressError for a forbidden address and RunError for what nobody here can ask.
    """
    refuse_unspoken(target)
    if target.client == "openai_sdk":
        # Imported here: its HTTP client costs every other run a tenth of a second.
        from core.probe.embedders.openai_sdk import OpenAISDK  # noqa: PLC0415

        return OpenAISDK(target, key, route=route)
    return EMBEDDERS[target.endpoint.wire](target, key, route=route)


def refuse_unspoken(target: ApiTarget) -> None:
    """Raise RunError where nobody here speaks what a target speaks."""
    wire = target.endpoint.wire
    if wire not in EMBEDDERS:
        raise RunError(
            f"{target.endpoint.base_url} speaks {wire.value}, which the probe does not speak "
            "yet. Its prices are shown all the same."
        )
    if target.client == "openai_sdk" and wire is not WireFormat.OPENAI_COMPATIBLE:
        raise RunError(f"OpenAI's client does not speak {wire.value}.")
