"""One POST of JSON for each request: a wire format says where, with what, and how it is read."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pydantic import SecretStr

from core.catalog.schema import AUTHORIZATION
from core.errors import RunError
from core.probe.embedders.formats.json_post import JsonPost
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.timings import Timings
from core.probe.wire.route import DIRECT, Route


class JsonFormat(ABC):
    """An embedder of one wire format. A new one says its path, its body and its reader."""

    key_header: ClassVar[str] = AUTHORIZATION
    """Where the key goes, unless the endpoint names another header."""

    def __init__(self, target: ApiTarget, key: SecretStr | None, *, route: Route = DIRECT) -> None:
        """Raises EgressError for a forbidden address, RunError for an impossible key or request."""
        if refused := self.refused(target):
            raise RunError(refused)
        self.target = target
        self._post = JsonPost(target, key, key_header=self.key_header, route=route)
        self._path = self.path(self._post.base_path)

    def refused(self, target: ApiTarget) -> str:
        """Why this target cannot be asked in this format, in a sentence; "" where it can."""
        del target
        return ""

    @abstractmethod
    def path(self, base: str) -> str:
        """Where the request goes, escaped; ``base`` is the base address's own path."""

    @abstractmethod
    def body(self, texts: Sequence[str]) -> Mapping[str, Any]:
        """The JSON that is sent."""

    def sent(self, texts: Sequence[str]) -> Mapping[str, Any]:
        """The JSON with the endpoint's own fields, which come before the format's."""
        return {**self.body(texts), **self.target.endpoint.body}

    @abstractmethod
    def read(self, body: bytes, reported: Reported) -> Answer:
        """Take the body of an answer with status 200 apart. Raises Fault."""

    def explain(self, fault: Fault, document: Any) -> Fault:
        """A refusal named more exactly by its JSON (None where it is no JSON), or as it is."""
        del document
        return fault

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
            self.sent(texts),
            self.read,
            texts=texts,
            timeout_s=timeout_s,
            timings=timings,
            explain=self.explain,
        )
