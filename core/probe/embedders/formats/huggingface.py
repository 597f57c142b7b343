"""Hugging Face's feature extraction: the router's ``hf-inference`` and dedicated endpoints.

Request and answer: https://huggingface.co/docs/inference-providers/tasks/feature-extraction
Path and the parameters' place: ``InferenceClient.feature_extraction`` of huggingface_hub.
503 while a replica starts: https://huggingface.co/docs/inference-endpoints/guides/autoscaling

Neither tokens nor the model's name come back: the service bills seconds of compute. That a
loading model states ``estimated_time`` is known from the service's answers, not from its pages.
"""

import math
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from pydantic import SecretStr

from core.errors import RunError
from core.probe.embedders.bodies.answer_body import answer_in_order, json_value, refuse_error
from core.probe.embedders.formats.json_post import JsonPost, retry_later
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.route import DIRECT, Route

ROUTED: Final = "/hf-inference"
"""A base address that ends so names its model in the path; a dedicated endpoint has only one."""


class HuggingFace:
    """Embeds with one POST for each request, without waiting for a model that is loading."""

    def __init__(self, target: ApiTarget, key: SecretStr | None, *, route: Route = DIRECT) -> None:
        """Raises EgressError, or RunError for an impossible key or dimensions."""
        if target.dimensions is not None:
            raise RunError(
                "Hugging Face's feature extraction gives the model's own dimensions: "
                "leave the dimensions out."
            )
        self._post = JsonPost(target, key, route=route)
        base = self._post.base_path
        model = quote(target.wire_model, safe="/")
        self._routed = base.endswith(ROUTED)
        own = f"{base}/models/{model}/pipeline/feature-extraction"
        self._path = own if self._routed else base or "/"

    async def open(self) -> None:
        """Load certificates; nothing is sent."""
        self._post.open()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._post.aclose()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One POST. Raises Fault where it brings no answer, EgressError for a forbidden IP."""
        return await self._post.answer(
            self._path,
            {"inputs": list(texts)},
            _read_answer,
            texts=len(texts),
            timeout_s=timeout_s,
            timings=timings,
            explain=_explained if self._routed else _explained_dedicated,
        )


def _read_answer(body: bytes, reported: Reported) -> Answer:
    """A list with one list of numbers for each text. Raises Fault."""
    document = json_value(body)
    if isinstance(document, dict):
        refuse_error(document)
    if not isinstance(document, list):
        raise Fault(Outcome.BAD_JSON, "the JSON is no list of vectors")
    if any(isinstance(value, list) and value and isinstance(value[0], list) for value in document):
        raise Fault(
            Outcome.NOT_POOLED,
            "a vector for each token instead of one for the text: the model is not served pooled",
        )
    return answer_in_order(document, reported)


def _explained_dedicated(fault: Fault, document: Any) -> Fault:
    """The proxy before a dedicated endpoint says 503 while no replica is up, however it says it."""
    named = _explained(fault, document)
    if named.outcome is Outcome.LOADING or fault.reported.http_status != 503:
        return named
    detail = "status 503: no replica is up; one is started by a request (scale from zero)"
    return retry_later(fault, Outcome.LOADING, detail, None)


def _explained(fault: Fault, document: Any) -> Fault:
    """A 503 that estimates when the model is loaded is no failure of the server."""
    if fault.reported.http_status != 503 or not isinstance(document, dict):
        return fault
    wait_s = document.get("estimated_time")
    if isinstance(wait_s, bool) or not isinstance(wait_s, int | float):
        return fault
    if not math.isfinite(wait_s) or not 0 <= wait_s <= 86_400:
        return fault
    detail = f"status 503: the model is loading, ready in about {wait_s:g} s"
    return retry_later(fault, Outcome.LOADING, detail, float(wait_s))
