"""Cohere's POST /v2/embed, as documented at https://docs.cohere.com/reference/embed .

The interface asks for an ``input_type``; texts are sent as documents to be searched, which is
what a corpus is embedded as. The answer states the billed tokens, not the model.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import SecretStr

from core.probe.embedders.bodies.answer_body import (
    answer_in_order,
    json_object,
    refuse_error,
    whole_number,
)
from core.probe.embedders.formats.json_post import JsonPost
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.route import DIRECT, Route


class Cohere:
    """Embeds with one POST to ``/embed`` for each request."""

    def __init__(self, target: ApiTarget, key: SecretStr | None, *, route: Route = DIRECT) -> None:
        """Raises EgressError for a forbidden address and RunError for an impossible key."""
        self._post = JsonPost(target, key, route=route)
        self._fields: dict[str, Any] = {
            "model": target.wire_model,
            "input_type": "search_document",
            "embedding_types": ["float"],
        }
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
            f"{self._post.base_path}/embed",
            {**self._fields, "texts": list(texts)},
            _read_answer,
            texts=len(texts),
            timeout_s=timeout_s,
            timings=timings,
        )


def _read_answer(body: bytes, reported: Reported) -> Answer:
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
