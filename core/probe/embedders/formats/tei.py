"""Text Embeddings Inference's own POST /embed.

https://huggingface.github.io/text-embeddings-inference/#/Text%20Embeddings%20Inference/embed
Neither tokens nor the model's name come back in the body; its headers state its times and the
tokens that it computed (router/src/http/server.rs). A dedicated server has one model.
"""

from collections.abc import Sequence
from typing import Any

from core.probe.embedders.bodies.answer_body import read_vectors
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.records.embedder import Answer, Reported


class TextEmbeddingsInference(JsonFormat):
    """Embeds with one POST to ``/embed`` for each request."""

    def path(self, base: str) -> str:
        """At the server's root."""
        return f"{base}/embed"

    def body(self, texts: Sequence[str]) -> dict[str, Any]:
        """The texts; what is too long is refused, not cut, unless the endpoint's fields say so."""
        asked = self.target.dimensions
        return {
            "inputs": list(texts),
            "truncate": False,
            **({} if asked is None else {"dimensions": asked}),
        }

    def read(self, body: bytes, reported: Reported) -> Answer:
        """A list with one list of numbers for each text. Raises Fault."""
        return read_vectors(body, reported)
