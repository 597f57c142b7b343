"""One request as it happened: every timestamp is kept, everything else is derived."""

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Which part of a run a sample belongs to."""

    COLD = "cold"
    WARM_UP = "warm_up"
    MEASURED = "measured"


class Outcome(StrEnum):
    """What became of a request. Everything but OK is a failure, and +inf in its percentile."""

    OK = "ok"
    REFUSED_BY_CAP = "refused_by_cap"
    """Our own in-flight cap: the endpoint fell behind the schedule."""
    OVER_BUDGET = "over_budget"
    """Not sent: its worst case would pass the spending cap."""
    CANCELLED = "cancelled"
    DNS = "dns"
    CONNECT = "connect"
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
    BAD_JSON = "bad_json"
    ERROR_IN_BODY = "error_in_body"
    WRONG_COUNT = "wrong_count"
    WRONG_ORDER = "wrong_order"
    WRONG_DIMENSIONS = "wrong_dimensions"
    NOT_FINITE = "not_finite"
    ZERO_NORM = "zero_norm"
    ENGINE = "engine"
    """The local model failed; the detail says how."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Timestamps are nanoseconds of one monotonic clock since the run's start; None: not reached.

    response time = completed_ns - intended_ns; service time = completed_ns - sent_ns;
    generator lag = sent_ns - intended_ns.
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
    detail: str = ""
    """What went wrong, in a few words, never a key, a header or a body."""

    @property
    def ok(self) -> bool:
        """Whether this is an answer."""
        return self.outcome is Outcome.OK
