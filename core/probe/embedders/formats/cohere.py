"""Cohere's POST /v2/embed, as documented at https://docs.cohere.com/reference/embed .

The interface asks for an ``input_type``; texts are sent as documents to be searched, which is
what a corpus is embedded as. The answer states the billed tokens, not the model.
"""

from collections.abc import Sequence
from typing import Any

from core.probe.embedders.bodies.answer_body import (
    answer_in_order,
    json_object,
    refuse_error,
    whole_number,
)
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome


class Cohere(JsonFormat):
    """Embeds with one POST to ``/embed`` for each request."""

    def path(self, base: str) -> str:
        """Beside the version in the base address."""
        return f"{base}/embed"

    def body(self, texts: Sequence[str]) -> dict[str, Any]:
        """The texts, as documents."""
        asked = self.target.dimensions
        return {
            "model": self.target.wire_model,
            "input_type": "search_document",
            "embedding_types": ["float"],
            **({} if asked is None else {"output_dimension": asked}),
            "texts": list(texts),
        }

    def read(self, body: bytes, reported: Reported) -> Answer:
        """The float vectors of an answer by type. Raises Fault."""
        document = json_object(body)
        by_type = document.get("embeddings")
        values = by_type.get("float") if isinstance(by_type, dict) else None
        if not isinstance(values, list):
            refuse_error(document)
            if isinstance(document.get("message"), str):  # the form of Cohere's errors
                raise Fault(Outcome.ERROR_IN_BODY, "an error message with status 200")
            raise Fault(Outcome.BAD_JSON, "the JSON has no list 'embeddings.float'")
        return answer_in_order(values, reported, tokens=_billed_tokens(document.get("meta")))


def _billed_tokens(meta: Any) -> int | None:
    """Billed input tokens; the interface calls them a number, so 7.0 may stand for 7."""
    units = meta.get("billed_units") if isinstance(meta, dict) else None
    tokens = units.get("input_tokens") if isinstance(units, dict) else None
    if isinstance(tokens, float) and tokens.is_integer():
        return int(tokens)
    return whole_number(tokens)
