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

from pydantic import SecretStr

from core.probe.embedders.bodies.answer_body import answer_in_order, json_object, refuse_error
from core.probe.embedders.formats.json_post import JsonPost, retry_later
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.route import DIRECT, Route

_DURATION: Final = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)s")
"""A google.protobuf.Duration in JSON, here of at most 115 days."""


class Google:
    """Embeds with one POST for each request; the key is never part of the address."""

    def __init__(self, target: ApiTarget, key: SecretStr | None, *, route: Route = DIRECT) -> None:
        """Raises EgressError for a forbidden address and RunError for an impossible key."""
        self._post = JsonPost(target, key, key_header="x-goog-api-key", route=route)
        name = target.wire_model.removeprefix("models/")
        self._path = f"{self._post.base_path}/models/{quote(name, safe='')}:batchEmbedContents"
        self._fields: dict[str, Any] = {"model": f"models/{name}"}
        if target.dimensions is not None:
            self._fields["outputDimensionality"] = target.dimensions

    async def open(self) -> None:
        """Load certificates; nothing is sent."""
        self._post.open()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._post.aclose()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One POST. Raises Fault where it brings no answer, EgressError for a forbidden IP."""
        requests = [{**self._fields, "content": {"parts": [{"text": text}]}} for text in texts]
        return await self._post.answer(
            self._path,
            {"requests": requests},
            _read_answer,
            texts=len(texts),
            timeout_s=timeout_s,
            timings=timings,
            explain=_explained,
        )


def _read_answer(body: bytes, reported: Reported) -> Answer:
    """The values of every embedding. Raises Fault."""
    document = json_object(body)
    embeddings = document.get("embeddings")
    if not isinstance(embeddings, list):
        refuse_error(document)
        raise Fault(Outcome.BAD_JSON, "the JSON has no list 'embeddings'")
    return answer_in_order(
        [item.get("values") if isinstance(item, dict) else None for item in embeddings], reported
    )


def _explained(fault: Fault, document: Any) -> Fault:
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


def _details(document: Any) -> list[dict[str, Any]]:
    """The details of a google.rpc.Status, as far as they are objects."""
    error = document.get("error") if isinstance(document, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    return [d for d in details if isinstance(d, dict)] if isinstance(details, list) else []


def _seconds(duration: Any) -> float | None:
    matched = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    return float(matched[1]) if matched else None
