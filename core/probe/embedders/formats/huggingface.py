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

from core.probe.embedders.bodies.answer_body import read_vectors
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.embedders.formats.json_post import retry_later
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome

ROUTED: Final = "/hf-inference"
"""A base address that ends so names its model in the path; a dedicated endpoint has only one."""


class HuggingFace(JsonFormat):
    """Embeds with one POST for each request, without waiting for a model that is loading."""

    def refused(self, target: ApiTarget) -> str:
        """It takes no dimensions."""
        if target.dimensions is None:
            return ""
        return (
            "Hugging Face's feature extraction gives the model's own dimensions: "
            "leave the dimensions out."
        )

    def path(self, base: str) -> str:
        """The model's own behind the router; a dedicated endpoint's is its base address."""
        model = quote(self.target.wire_model, safe="/")
        own = f"{base}/models/{model}/pipeline/feature-extraction"
        return own if self._routed else base or "/"

    def body(self, texts: Sequence[str]) -> dict[str, Any]:
        """The texts."""
        return {"inputs": list(texts)}

    def read(self, body: bytes, reported: Reported) -> Answer:
        """A list with one list of numbers for each text. Raises Fault."""
        return read_vectors(body, reported)

    def explain(self, fault: Fault, document: Any) -> Fault:
        """A 503 while a model is loaded or a replica starts is no failure of the server."""
        explained = _explained if self._routed else _explained_dedicated
        return explained(fault, document)

    @property
    def _routed(self) -> bool:
        return self._post.base_path.endswith(ROUTED)


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
