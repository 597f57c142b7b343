"""What a server's own counters say of the time between two looks at them.

Counters only grow: one that fell tells of a server that was started anew, and nothing is said.
A counter counts everybody's requests, so what is said holds for a server that one had for oneself.
"""

from typing import Final

from core.measurement.beside.server_metrics import ServerMetrics
from core.probe.recognise.metrics_text import Metrics

TEI_NAMES: Final = "te_"
VLLM_NAMES: Final = "vllm:"
TRITON_NAMES: Final = "nv_"
PREFIXES: Final = (TEI_NAMES, VLLM_NAMES, TRITON_NAMES)

MORE: Final = 1.1
"""So many times as many requests as this run sent are not this run's alone."""
MICROSECONDS: Final = 1e6


class Difference:
    """What grew from one look to the next."""

    def __init__(self, before: Metrics, after: Metrics) -> None:
        self._before = before
        self._after = after

    def growth(self, name: str, **labels: str) -> float | None:
        """By how much a counter grew, from 0 where it was not there; None where it fell or is not.

        A server shows many a counter only once it has counted.
        """
        now = self._after.total(name, **labels)
        if now is None:
            return None
        grown = now - (self._before.total(name, **labels) or 0.0)
        return grown if grown >= 0 else None

    def mean(self, name: str, less: float = 0.0) -> float | None:
        """Mean of what a histogram or summary took up; ``less``: of its count, that are no part."""
        total, count = self.growth(f"{name}_sum"), self.growth(f"{name}_count")
        if total is None or count is None or count - less <= 0:
            return None
        return total / (count - less)


def difference(before: Metrics, after: Metrics, sent: int) -> ServerMetrics | None:
    """What the counters say of a run that ``sent`` so many requests; None where they say nothing.

    TEI's names: docs/source/en of its repository, core/src/queue.rs. vLLM's:
    https://docs.vllm.ai/en/latest/design/metrics.html . Triton's, below a NIM:
    https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/metrics.html
    """
    grown = Difference(before, after)
    for reader in (_tei, _vllm, _triton):
        seen = reader(grown, after)
        known = seen.model_dump(exclude={"server", "sentences", "requests"}, exclude_none=True)
        if known:
            return seen.model_copy(update={"sentences": tuple(_sentences(seen, sent))})
    return None


def _tei(grown: Difference, _after: Metrics) -> ServerMetrics:
    """Sizes are counted at each look into the queue, an empty one as 0 texts and 0 tokens.

    Every text has two tokens at least, its marks: what has at most one was no batch.
    """
    empty = grown.growth("te_batch_next_tokens_bucket", le="1")
    texts = tokens = None
    if empty is not None:
        texts = grown.mean("te_batch_next_size", less=empty)
        tokens = grown.mean("te_batch_next_tokens", less=empty)
    return ServerMetrics(
        server="Text Embeddings Inference",
        requests=grown.growth("te_request_count"),
        batch_texts=texts,
        batch_tokens=tokens,
        queue_s=grown.mean("te_request_queue_duration"),
        inference_s=grown.mean("te_request_inference_duration"),
    )


def _vllm(grown: Difference, _after: Metrics) -> ServerMetrics:
    """Each text of a request is a request there, so its number is not this run's."""
    return ServerMetrics(
        server="vLLM",
        batch_tokens=grown.mean("vllm:iteration_tokens_total"),
        queue_s=grown.mean("vllm:request_queue_time_seconds"),
        inference_s=grown.mean("vllm:request_inference_time_seconds"),
    )


def _triton(grown: Difference, after: Metrics) -> ServerMetrics:
    """Average batch size = inference count / execution count.

    Counted for each model, and a pipeline has several, which cannot be told apart here: said where
    there is one.
    """
    one = len(after.labelled("nv_inference_count", "model")) == 1
    texts, runs = grown.growth("nv_inference_count"), grown.growth("nv_inference_exec_count")
    waited = grown.growth("nv_inference_queue_duration_us")
    requests = grown.growth("nv_inference_request_success")
    return ServerMetrics(
        server="Triton",
        batch_texts=texts / runs if one and texts and runs else None,
        queue_s=waited / MICROSECONDS / requests
        if one and waited is not None and requests
        else None,
        gpu_busy=_share(after.highest("nv_gpu_utilization")),
    )


def _share(value: float | None) -> float | None:
    return value if value is not None and 0 <= value <= 1 else None


def _sentences(seen: ServerMetrics, sent: int) -> list[str]:
    sentences = []
    if seen.batch_texts is not None:
        sentences.append(f"The server's mean batch was {seen.batch_texts:.1f} texts.")
    if seen.batch_tokens is not None:
        sentences.append(f"It computed {seen.batch_tokens:,.0f} tokens at once on average.")
    if seen.queue_s is not None:
        sentences.append(f"A request waited {_seconds(seen.queue_s)} in its queue on average.")
    if seen.inference_s is not None:
        sentences.append(f"The model took {_seconds(seen.inference_s)} a request on average.")
    if seen.gpu_busy is not None:
        sentences.append(f"Right after the run its GPU was busy {seen.gpu_busy:.0%} of the time.")
    if seen.requests is not None and seen.requests > MORE * sent:
        sentences.append(
            f"It counted {seen.requests:,.0f} requests and this run sent {sent:,}: others used it "
            "in that time, and are in these means."
        )
    return sentences


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.1f} ms"
