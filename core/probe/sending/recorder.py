"""Turns what happened to a request into its sample, once."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.plain_text import made_plain
from core.probe.records.embedder import Reported
from core.probe.records.sample import MOST_DETAIL, Outcome, Phase, Sample
from core.probe.records.timings import Timings, now_ns


@dataclass(slots=True)
class Request:
    """One planned request: its place, its due time and what becomes of it."""

    seq: int
    phase: Phase
    due_ns: int
    texts: tuple[str, ...] = ()
    timings: Timings = field(default_factory=Timings)
    outcome: Outcome = Outcome.OK
    detail: str = ""
    reported: Reported = field(default_factory=Reported)
    tokens_billed: int | None = None
    dims: int | None = None
    input_tokens: int | None = None
    free: bool = False
    """Whether it was answered by something that costs nothing a call."""
    step: int = 0
    target: int = 0


class Recorder:
    """Hands samples to a sink, with times counted from the start of the run."""

    def __init__(self, sink: Callable[[Sample], None]) -> None:
        self._sink = sink
        self._start_ns = now_ns()

    def record(self, request: Request) -> Sample:
        """The sample of a request that has ended, handed on. Raises what the sink raises."""
        sample = self._sample(request)
        self._sink(sample)
        return sample

    def _sample(self, request: Request) -> Sample:
        t = request.timings
        return Sample(
            seq=request.seq,
            phase=request.phase,
            outcome=request.outcome,
            intended_ns=request.due_ns - self._start_ns,
            sent_ns=self._since_start(t.sent_ns),
            dns_done_ns=self._since_start(t.dns_done_ns),
            connected_ns=self._since_start(t.connected_ns),
            tls_done_ns=self._since_start(t.tls_done_ns),
            request_written_ns=self._since_start(t.request_written_ns),
            first_byte_ns=self._since_start(t.first_byte_ns),
            completed_ns=self._since_start(t.completed_ns),
            new_connection=t.new_connection,
            texts=len(request.texts),
            tokens_billed=request.tokens_billed,
            dims=request.dims,
            http_status=request.reported.http_status,
            server_ms=request.reported.server_ms,
            retry_after_s=request.reported.retry_after_s,
            requests_left=request.reported.requests_left,
            tokens_left=request.reported.tokens_left,
            requests_limit=request.reported.requests_limit,
            detail=made_plain(request.detail, MOST_DETAIL),
            step=request.step,
            target=request.target,
            input_tokens=request.input_tokens,
            server_queue_ms=request.reported.server_queue_ms,
            server_inference_ms=request.reported.server_inference_ms,
            attempts=request.reported.attempts,
            server_tokenization_ms=request.reported.server_tokenization_ms,
            server_load_ms=request.reported.server_load_ms,
            server_said=request.reported.said,
        )

    def _since_start(self, moment_ns: int | None) -> int | None:
        return None if moment_ns is None else moment_ns - self._start_ns
