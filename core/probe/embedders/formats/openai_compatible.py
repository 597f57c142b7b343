"""The wire format of POST /v1/embeddings as OpenAI documents it, spoken by many services.

https://platform.openai.com/docs/api-reference/embeddings/create
"""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import SecretStr

from core.probe.embedders.bodies.openai_answer import read_answer
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.records.embedder import Answer, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.wire.route import DIRECT, Route


class OpenAICompatible(JsonFormat):
    """Embeds with one POST to ``/embeddings`` for each request."""

    def __init__(
        self,
        target: ApiTarget,
        key: SecretStr | None,
        *,
        encoding: Literal["base64", "float"] = "base64",
        route: Route = DIRECT,
    ) -> None:
        """Raises EgressError for a forbidden address and RunError for an impossible key."""
        super().__init__(target, key, route=route)
        self._encoding = encoding

    def path(self, base: str) -> str:
        """Beside the version in the base address."""
        return f"{base}/embeddings"

    def body(self, texts: Sequence[str]) -> dict[str, Any]:
        """The texts and how their vectors are to be written."""
        asked = self.target.dimensions
        return {
            "model": self.target.wire_model,
            "encoding_format": self._encoding,
            **({} if asked is None else {"dimensions": asked}),
            "input": list(texts),
        }

    def read(self, body: bytes, reported: Reported) -> Answer:
        """Vectors by their index. Raises Fault."""
        return read_answer(body, reported)
