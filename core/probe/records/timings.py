"""The clock of the probe, and the moments of one request on it."""

import time
from dataclasses import dataclass
from typing import Final

from core.units import NS_PER_SECOND

now_ns: Final = time.perf_counter_ns
"""The one clock: monotonic, nanoseconds, fine enough on every platform."""


def to_ns(seconds: float) -> int:
    """Seconds as whole nanoseconds."""
    return round(seconds * NS_PER_SECOND)


REOPENED: Final = "its idle connection had been closed and was opened again"
"""What is noted of such a request."""


@dataclass(slots=True)
class Timings:
    """Moments of one request on :data:`now_ns`, filled in as they are reached.

    The caller makes it and hands it in, so that what was reached before a fault or a
    cancellation is known. A moment that was not reached, or did not take place because a
    connection was reused, stays None.
    """

    sent_ns: int | None = None
    """When sending began: the first byte, or the connecting that has to come before it."""
    dns_done_ns: int | None = None
    connected_ns: int | None = None
    tls_done_ns: int | None = None
    request_written_ns: int | None = None
    """When the last byte of the request was handed to the operating system."""
    first_byte_ns: int | None = None
    """Arrival of the first byte of the final answer, before it was parsed."""
    completed_ns: int | None = None
    """Arrival of its last byte, before it was parsed."""
    new_connection: bool = False
    reopened: bool = False
    """Whether the server had closed an idle connection, and the request went over another again."""
