"""The remote wire formats side by side, with what the ground-truth server calls them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from core.catalog.schema import Endpoint, WireFormat
from core.probe.embedders.formats.cohere import Cohere
from core.probe.embedders.formats.google import Google
from core.probe.embedders.formats.huggingface import HuggingFace
from core.probe.embedders.formats.ollama import Ollama
from core.probe.embedders.formats.tei import TextEmbeddingsInference
from core.probe.embedders.formats.voyage import Voyage
from core.probe.records.embedder import Embedder
from core.probe.records.probe_plan import ApiTarget, ProbePlan
from core.probe.records.sample import Outcome
from tests.probe.support import KEY, SUBJECT
from tests.servers.formats.cohere import COHERE
from tests.servers.formats.dialect import Dialect
from tests.servers.formats.google import GOOGLE
from tests.servers.formats.huggingface import HUGGINGFACE
from tests.servers.formats.ollama import OLLAMA
from tests.servers.formats.tei import TEI
from tests.servers.formats.voyage import VOYAGE


@dataclass(frozen=True)
class Format:
    """A wire format under test and where its outcomes differ from those of OpenAI's."""

    wire: WireFormat
    embedder: Callable[[ApiTarget, SecretStr | None], Embedder]
    dialect: Dialect
    states_tokens: bool = False
    states_model: bool = False
    indexed: bool = False
    """Whether an answer says which vector belongs to which text."""
    shares_wire: bool = False
    """Whether faults below the body are left to the other formats, which go the same way."""
    right: frozenset[str] = frozenset()
    """Right answers of its server that have more in them."""
    own: dict[str, Outcome] = field(default_factory=dict)
    """Outcomes of faults that this format words differently, or has alone."""

    def target(self, base_url: str, **changes: Any) -> ApiTarget:
        """An endpoint on this computer that speaks it."""
        endpoint = Endpoint.model_validate({"wire": self.wire, "base_url": base_url})
        fields = {"endpoint": endpoint, "wire_model": "m", "allow_loopback": True} | changes
        return ApiTarget.model_validate(fields)

    def made(self, base_url: str, **changes: Any) -> Embedder:
        """Its embedder, with the key that must not be seen."""
        return self.embedder(self.target(base_url, **changes), SecretStr(KEY))

    def plan(self, base_url: str, **changes: Any) -> ProbePlan:
        """Two texts a request, at most."""
        fields = {
            "subject": SUBJECT,
            "target": self.target(base_url),
            "texts": ("one", "two"),
            "texts_per_request": 2,
            "requests": 4,
            "warm_up_requests": 2,
            "rate_per_s": 40.0,
            "arrivals": "constant",
            "timeout_s": 20.0,
        }
        if "schedule" in changes:
            del fields["requests"], fields["rate_per_s"], fields["arrivals"]
            fields["texts_per_request"] = 1
        return ProbePlan.model_validate(fields | changes)


FORMATS = (
    Format(
        WireFormat.HUGGINGFACE,
        HuggingFace,
        HUGGINGFACE,
        right=frozenset({"tei_headers"}),
        own={
            "json_list": Outcome.WRONG_COUNT,  # a list is the right form: here of no vectors
            "nested_vector": Outcome.NOT_POOLED,
            "per_token": Outcome.NOT_POOLED,
            "one_flat": Outcome.MISSING_VECTOR,
            "loading": Outcome.LOADING,
            "loading_unsaid": Outcome.SERVER_ERROR,
            "loading_absurd": Outcome.SERVER_ERROR,
        },
    ),
    Format(
        WireFormat.COHERE,
        Cohere,
        COHERE,
        states_tokens=True,
    ),
    Format(
        WireFormat.GOOGLE,
        Google,
        GOOGLE,
        own={
            "key_invalid": Outcome.UNAUTHORISED,
            "exhausted": Outcome.RATE_LIMITED,
            "exhausted_absurd": Outcome.RATE_LIMITED,
        },
    ),
    Format(
        WireFormat.VOYAGE,
        Voyage,
        VOYAGE,
        states_tokens=True,
        states_model=True,
        indexed=True,
    ),
    Format(
        WireFormat.TEI,
        TextEmbeddingsInference,
        TEI,
        shares_wire=True,
        right=frozenset({"times"}),
        own={
            "json_list": Outcome.WRONG_COUNT,  # a list is the right form: here of no vectors
            "nested_vector": Outcome.NOT_POOLED,
            "overloaded": Outcome.RATE_LIMITED,
            "backend": Outcome.HTTP_ERROR,
        },
    ),
    Format(
        WireFormat.OLLAMA,
        Ollama,
        OLLAMA,
        states_tokens=True,
        states_model=True,
        shares_wire=True,
        right=frozenset({"loaded", "times_absurd"}),
        own={"no_such_model": Outcome.HTTP_ERROR},
    ),
)
