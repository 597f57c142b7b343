"""Google's Gemini API: POST /v1beta/models/<model>:batchEmbedContents.

https://ai.google.dev/api/embeddings (method, request and answer, which are in the same order),
https://ai.google.dev/api (the key in the header ``x-goog-api-key``).

The documented answer states neither tokens nor the model. A wrong key is answered with status
400 and the reason ``API_KEY_INVALID``, and a 429 states its wait in the body, as a
``google.rpc.RetryInfo``:
https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
"""

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from core.probe.embedders.bodies.answer_body import answer_in_order, json_object, refuse_error
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.embedders.formats.json_post import retry_later
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome

_DURATION: Final = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)s")
"""A google.protobuf.Duration in JSON, here of at most 115 days."""


class Google(JsonFormat):
    """Embeds with one POST for each request; the key is never part of the address."""

    key_header = "x-goog-api-key"

    def path(self, base: str) -> str:
        """By the model's name."""
        return f"{base}/models/{quote(self._name, safe='')}:batchEmbedContents"

    def body(self, texts: Sequence[str]) -> dict[str, Any]:
        """A request for each text, all in one."""
        asked = self.target.dimensions
        fields = {
            "model": f"models/{self._name}",
            **({} if asked is None else {"outputDimensionality": asked}),
            **self.target.endpoint.body,
        }
        return {"requests": [fields | {"content": {"parts": [{"text": text}]}} for text in texts]}

    def sent(self, texts: Sequence[str]) -> dict[str, Any]:
        """The endpoint's own fields belong to each of the requests."""
        return self.body(texts)

    def read(self, body: bytes, reported: Reported) -> Answer:
        """The values of every embedding. Raises Fault."""
        document = json_object(body)
        embeddings = document.get("embeddings")
        if not isinstance(embeddings, list):
            refuse_error(document)
            raise Fault(Outcome.BAD_JSON, "the JSON has no list 'embeddings'")
        return answer_in_order(
            [item.get("values") if isinstance(item, dict) else None for item in embeddings],
            reported,
        )

    def explain(self, fault: Fault, document: Any) -> Fault:
        """A refused key behind a 400, and the wait that a 429 states in its body."""
        status = fault.reported.http_status
        details = _details(document)
        if status == 400 and any(detail.get("reason") == "API_KEY_INVALID" for detail in details):
            detail = "status 400: the key was refused"
            return Fault(Outcome.UNAUTHORISED, detail, reported=fault.reported)
        if status == 429:
            waits = (_seconds(detail.get("retryDelay")) for detail in details)
            wait_s = next((wait_s for wait_s in waits if wait_s is not None), None)
            return retry_later(fault, fault.outcome, fault.detail, wait_s)
        return fault

    @property
    def _name(self) -> str:
        return self.target.wire_model.removeprefix("models/")


def _details(document: Any) -> list[dict[str, Any]]:
    """The details of a google.rpc.Status, as far as they are objects."""
    error = document.get("error") if isinstance(document, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []


def _seconds(duration: Any) -> float | None:
    matched = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    return float(matched[1]) if matched else None
