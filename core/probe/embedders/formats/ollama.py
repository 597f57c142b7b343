"""Ollama's own POST /api/embed.

https://docs.ollama.com/api/embed (request, answer; durations in nanoseconds). ``truncate`` is true
where it is not sent: a long text would be cut without a word, so it is asked not to be.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from core.probe.embedders.bodies.answer_body import (
    answer_in_order,
    json_object,
    refuse_error,
    whole_number,
)
from core.probe.embedders.formats.json_format import JsonFormat
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome

LONGEST_NS: Final = 86_400 * 10**9
NS_PER_MS: Final = 1e6


class Ollama(JsonFormat):
    """Embeds with one POST to ``/api/embed`` for each request."""

    def path(self, base: str) -> str:
        """At the server's root."""
        return f"{base}/api/embed"

    def body(self, texts: Sequence[str]) -> dict[str, Any]:
        """The texts, whole."""
        asked = self.target.dimensions
        return {
            "model": self.target.wire_model,
            "truncate": False,
            **({} if asked is None else {"dimensions": asked}),
            "input": list(texts),
        }

    def read(self, body: bytes, reported: Reported) -> Answer:
        """A list of vectors, the tokens that it evaluated, its times. Raises Fault."""
        document = json_object(body)
        vectors, model = document.get("embeddings"), document.get("model")
        if not isinstance(vectors, list):
            refuse_error(document)
            raise Fault(Outcome.BAD_JSON, "the JSON has no list 'embeddings'")
        answer = answer_in_order(
            vectors,
            _with_times(document, reported),
            tokens=whole_number(document.get("prompt_eval_count")),
        )
        return replace(answer, model=model if isinstance(model, str) else None)


def _with_times(document: dict[str, Any], reported: Reported) -> Reported:
    """Its own time, and of that the loading of the model, which is a cold start of theirs."""
    return replace(
        reported,
        server_ms=_ms(document.get("total_duration")),
        server_load_ms=_ms(document.get("load_duration")),
    )


def _ms(duration_ns: Any) -> float | None:
    """A duration in ms; None where it is no time that can be."""
    count = whole_number(duration_ns)
    return None if count is None or not 0 <= count <= LONGEST_NS else count / NS_PER_MS
