"""One request as it happened: every timestamp is kept, everything else is derived."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from core.plain_text import Plain
from core.units import NS_PER_SECOND

MOST_DETAIL: Final = 200
MOST_SAID: Final = 300
"""Characters of the server's own sentence."""


class Phase(StrEnum):
    """Which part of a run a sample belongs to."""

    COLD = "cold"
    WARM_UP = "warm_up"
    MEASURED = "measured"


class Outcome(StrEnum):
    """What became of a request. Everything but OK is a failure, and +inf in its percentile.

    Only a request that was never sent because the run ended (CANCELLED or OVER_BUDGET without
    ``sent_ns``) is left out: nothing was asked of the endpoint.
    """

    OK = "ok"
    REFUSED_BY_CAP = "refused_by_cap"
    """Our own cap of requests in flight: not sent, so it says nothing of the endpoint but that so
    many were waiting for it."""
    OVER_BUDGET = "over_budget"
    """Not sent: its worst case would pass the spending cap."""
    CANCELLED = "cancelled"
    DNS = "dns"
    CONNECT = "connect"
    PROXY = "proxy"
    """The company's proxy on the way opened no tunnel."""
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    STALE_CONNECTION = "stale_connection"
    """A reused connection closed before the first byte."""
    BAD_HTTP = "bad_http"
    TOO_LARGE = "too_large"
    REDIRECT = "redirect"
    UNAUTHORISED = "unauthorised"
    RATE_LIMITED = "rate_limited"
    HTTP_ERROR = "http_error"
    SERVER_ERROR = "server_error"
    OVER_LIMIT = "over_limit"
    """Refused for its size: more texts or tokens than the server takes in one request."""
    NO_CREDIT = "no_credit"
    """The account is empty: no limit of speed, and no wait helps."""
    LOADING = "loading"
    """The server says that the model is being loaded and when it will be ready."""
    BAD_JSON = "bad_json"
    ERROR_IN_BODY = "error_in_body"
    WRONG_MODEL = "wrong_model"
    """The answer names another model than the one asked for."""
    WRONG_COUNT = "wrong_count"
    MISSING_VECTOR = "missing_vector"
    """An entry is there, its vector is null or no list of numbers."""
    NOT_POOLED = "not_pooled"
    """A vector for each token instead of one for the text; it is not pooled here."""
    WRONG_ORDER = "wrong_order"
    WRONG_DIMENSIONS = "wrong_dimensions"
    NOT_FINITE = "not_finite"
    ZERO_NORM = "zero_norm"
    UNSTABLE_VECTOR = "unstable_vector"
    """The same text gave a clearly different vector earlier in this run."""
    ONE_VECTOR = "one_vector"
    """Texts that have nothing in common got one and the same vector."""
    IMPLAUSIBLE_USAGE = "implausible_usage"
    """More tokens billed than the text has bytes, or none at all."""
    ENGINE = "engine"
    """The local model failed; the detail says how."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Timestamps are nanoseconds of one monotonic clock since the run's start; None: not reached.

    response time = completed_ns - intended_ns; service time = completed_ns - sent_ns;
    generator lag = sent_ns - intended_ns. Of a request that was sent more than once ``sent_ns`` is
    the last time: our own pauses are in its response time, never in its service time.
    """

    seq: int
    """Position in the run, from 0, over all phases."""
    phase: Phase
    outcome: Outcome
    intended_ns: int
    sent_ns: int | None = None
    dns_done_ns: int | None = None
    connected_ns: int | None = None
    tls_done_ns: int | None = None
    request_written_ns: int | None = None
    first_byte_ns: int | None = None
    completed_ns: int | None = None
    new_connection: bool = False
    texts: int = 1
    tokens_billed: int | None = None
    dims: int | None = None
    http_status: int | None = None
    server_ms: float | None = None
    """What the server says of itself (openai-processing-ms, x-total-time)."""
    retry_after_s: float | None = None
    requests_left: int | None = None
    """What the provider says is left of its rate limit (x-ratelimit-remaining-requests)."""
    tokens_left: int | None = None
    """The same in tokens (x-ratelimit-remaining-tokens)."""
    detail: Annotated[str, Plain(MOST_DETAIL)] = ""
    """What went wrong, in a few words, never a key, a header or a body."""
    target: int = 0
    """Which of the plan's targets was asked, from 0."""
    step: int = 0
    """Which step of a sweep, a ramp or a series of idle gaps it belongs to, from 0."""
    attempts: int = 1
    """Times it was sent: more than once only where the plan asks for retries."""
    input_tokens: int | None = None
    """Tokens of its texts by an offline tokenizer, where the model's own is there; else as the
    server says that it counted them, which is not to say that it bills them."""
    server_queue_ms: float | None = None
    """Time in the server's queue, as it says itself (x-queue-time)."""
    server_inference_ms: float | None = None
    """Time of its model (x-inference-time)."""
    server_tokenization_ms: float | None = None
    """Time of its tokenizer (x-tokenization-time)."""
    requests_limit: int | None = None
    """The provider's rate limit, in its own count (x-ratelimit-limit-requests)."""
    server_load_ms: float | None = None
    """Of the server's time the loading of its model: a cold start of its own (Ollama)."""
    server_said: Annotated[str, Plain(MOST_SAID)] = ""
    """Its own sentence where it refused, without keys and texts."""

    @property
    def ok(self) -> bool:
        """Whether this is an answer."""
        return self.outcome is Outcome.OK

    @property
    def asked(self) -> bool:
        """Whether it says something of the endpoint; False where the run ended before it."""
        unsent = self.sent_ns is None
        return not (unsent and self.outcome in {Outcome.CANCELLED, Outcome.OVER_BUDGET})

    def near_rate_limit(self, scarce: int) -> bool:
        """Whether it shows the provider's rate limit: refused, or no more left than ``scarce``."""
        left = self.requests_left
        return self.outcome is Outcome.RATE_LIMITED or (left is not None and left <= scarce)

    @property
    def response_s(self) -> float:
        """Response time from the intended start, s; +inf unless this is an answer."""
        if not self.ok or self.completed_ns is None:
            return math.inf
        return (self.completed_ns - self.intended_ns) / NS_PER_SECOND

    @property
    def service_s(self) -> float:
        """Service time from the sending, s; +inf unless this is an answer."""
        if not self.ok or self.completed_ns is None or self.sent_ns is None:
            return math.inf
        return (self.completed_ns - self.sent_ns) / NS_PER_SECOND

    @property
    def generator_lag_s(self) -> float | None:
        """How late our own client sent it, s; None where it was not sent, or sent several times."""
        if self.sent_ns is None or self.attempts > 1:
            return None
        return (self.sent_ns - self.intended_ns) / NS_PER_SECOND
