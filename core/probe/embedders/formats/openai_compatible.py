"""The wire format of POST /v1/embeddings as OpenAI documents it, spoken by many services.

https://platform.openai.com/docs/api-reference/embeddings/create
"""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import SecretStr

from core.probe.embedders.bodies.openai_answer import read_answer
from core.probe.embedders.formats.json_post import JsonPost
from core.probe.records.embedder import Answer
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.timings import Timings
from core.probe.wire.route import DIRECT, Route


class OpenAICompatible:
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
        self._post = JsonPost(target, key, route=route)
        self._fields: dict[str, Any] = {"model": target.wire_model, "encoding_format": encoding}
        if target.dimensions is not None:
            self._fields["dimensions"] = target.dimensions

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
            read_answer,
            texts=len(texts),
            timeout_s=timeout_s,
            timings=timings,
        )
