"""The wire format of POST /v1/embeddings as OpenAI documents it, spoken by many services.

https://platform.openai.com/docs/api-reference/embeddings/create
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from pydantic import SecretStr

from core.probe.embedders.bodies.openai_answer import read_answer
from core.probe.embedders.bodies.refused import refuses_base64
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.records.embedder import (
    ANSWERED_BASE64,
    ASKED_FOR_FLOAT,
    Answer,
    AskedOtherwise,
    Fault,
    Reported,
)
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.timings import Timings
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
        self._chosen = str(target.endpoint.body.get("encoding_format", ""))
        self._encoding = self._chosen or encoding

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One POST. Where base64 is refused, numbers are asked for from the next one on.

        Raises what a JsonFormat does, and AskedOtherwise for that refusal.
        """
        asked = self._encoding
        try:
            answer = await super().embed(texts, timeout_s=timeout_s, timings=timings)
        except Fault as fault:
            if asked != "base64" or self._chosen or not refuses_base64(fault):
                raise
            self._encoding = "float"
            raise AskedOtherwise(
                fault.outcome, fault.detail, reported=fault.reported, note=ASKED_FOR_FLOAT
            ) from None
        # Of numbers double precision is read, of base64 single.
        if asked == "float" and answer.vectors.size and answer.vectors.dtype == np.float32:
            return replace(answer, note=ANSWERED_BASE64)
        return answer

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
