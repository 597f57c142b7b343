"""Voyage's POST /v1/embeddings, as at https://docs.voyageai.com/reference/embeddings-api .

Nearly OpenAI's: the answer has the same form, the dimensions another name, and an error is
``{"detail": ...}``. Base64 carries float32, as Voyage's own client asks for it by default.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr

from core.probe.embedders.bodies.answer_body import json_object
from core.probe.embedders.bodies.openai_answer import answer_of_object
from core.probe.embedders.formats.json_post import JsonPost
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.route import DIRECT, Route


class Voyage:
    """Embeds with one POST to ``/embeddings`` for each request."""

    def __init__(self, target: ApiTarget, key: SecretStr | None, *, route: Route = DIRECT) -> None:
        """Raises EgressError for a forbidden address and RunError for an impossible key."""
        self._post = JsonPost(target, key, route=route)
        self._fields: dict[str, Any] = {"model": target.wire_model, "encoding_format": "base64"}
        if target.dimensions is not None:
            self._fields["output_dimension"] = target.dimensions

    async def open(self) -> None:
        """Load certificates; nothing is sent."""
        self._post.open()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._post.aclose()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One POST. Raises Fault where it brings no answer, EgressError for a forbidden IP."""
        return await self._post.answer(
            f"{self._post.base_path}/embeddings",
            {**self._fields, "input": list(texts)},
            _read_answer,
            texts=len(texts),
            timeout_s=timeout_s,
            timings=timings,
        )


def _read_answer(body: bytes, reported: Reported) -> Answer:
    """OpenAI's form of an answer, Voyage's form of an error. Raises Fault."""
    document = json_object(body)
    if "data" not in document and isinstance(document.get("detail"), str):
        raise Fault(Outcome.ERROR_IN_BODY, "an error message with status 200")
    return answer_of_object(document, reported)
