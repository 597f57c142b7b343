"""Voyage's POST /v1/embeddings, as at https://docs.voyageai.com/reference/embeddings-api .

Nearly OpenAI's: the answer has the same form, the dimensions another name, and an error is
``{"detail": ...}``. Base64 carries float32, as Voyage's own client asks for it by default.
"""

from collections.abc import Sequence
from typing import Any

from core.probe.embedders.bodies.answer_body import json_object
from core.probe.embedders.bodies.openai_answer import answer_of_object
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome


class Voyage(JsonFormat):
    """Embeds with one POST to ``/embeddings`` for each request."""

    def path(self, base: str) -> str:
        """As OpenAI's."""
        return f"{base}/embeddings"

    def body(self, texts: Sequence[str]) -> dict[str, Any]:
        """As OpenAI's, with another name for the dimensions."""
        asked = self.target.dimensions
        return {
            "model": self.target.wire_model,
            "encoding_format": "base64",
            **({} if asked is None else {"output_dimension": asked}),
            "input": list(texts),
        }

    def read(self, body: bytes, reported: Reported) -> Answer:
        """OpenAI's form of an answer, Voyage's form of an error. Raises Fault."""
        document = json_object(body)
        if "data" not in document and isinstance(document.get("detail"), str):
            raise Fault(Outcome.ERROR_IN_BODY, "an error message with status 200")
        return answer_of_object(document, reported)
