"""What of an answer's time is the server's: by its own word, or ours without the round trip."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from core.probe.records.sample import Sample
from core.units import MS_PER_S, NS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads compute times off samples."""

    whose: Literal["server", "client"]
    round_trip_s: float | None
    network_s: float | None
    """What a lone answer took beside its compute time, median."""

    def compute_s(self, sample: Sample) -> float:
        """Time of the server for an answered request, s.

        Without its own word the round trip is taken off; what our client and the answer's way
        through it take stays in, so it is an upper bound.
        """
        if self.whose == "server":
            return _said_s(sample) or 0.0
        return max(0.0, sample.service_s - (self.round_trip_s or 0.0))


def clock_of(samples: Sequence[Sample], batches: Sequence[Sample]) -> Clock:
    """The clock of a run: the server's own where it was told with every lone answer.

    A time longer than the answer took is no time of that answer.
    """
    answered = [s for s in batches if s.ok]
    own_s = [_said_s(s) for s in answered]
    own = bool(answered) and all(t is not None for t in own_s)
    round_trip_s = _round_trip_s(samples)
    clock = Clock("server" if own else "client", round_trip_s, None)
    beside = [s.service_s - clock.compute_s(s) for s in answered]
    return Clock(clock.whose, round_trip_s, max(0.0, median(beside)) if beside else None)


def _said_s(sample: Sample) -> float | None:
    said_s = None if sample.server_ms is None else sample.server_ms / MS_PER_S
    return said_s if said_s and said_s <= sample.service_s else None


def _round_trip_s(samples: Sequence[Sample]) -> float | None:
    """The quickest TCP handshake: one way there and one back, and no work of the server's."""
    took_ns = [
        s.connected_ns - begun_ns
        for s in samples
        if s.new_connection
        and s.connected_ns is not None
        and (begun_ns := s.dns_done_ns or s.sent_ns) is not None
    ]
    return max(0, min(took_ns)) / NS_PER_SECOND if took_ns else None
