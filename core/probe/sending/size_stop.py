"""Which sizes of a batch sweep are not sent any more, because the server refused as much."""

from typing import Final

from core.probe.records.sample import Outcome, Sample
from core.probe.refusal.size_limits import size_limit

NOT_SENT: Final = "the server had refused as much for its size"
"""Why a request was not sent."""


class SizeStop:
    """Remembers the refusals of a run; of another schedule than a sweep nobody asks it."""

    def __init__(self) -> None:
        self._texts: list[int] = []
        self._longest: list[int] = []
        self._all: list[int] = []

    def see(self, sample: Sample, texts: tuple[str, ...]) -> None:
        """A request that ended."""
        if sample.outcome is not Outcome.OVER_LIMIT or not texts:
            return
        limit = size_limit(sample.http_status, sample.server_said)
        kind = "size" if limit is None else limit.kind
        if kind == "texts":
            most = None if limit is None else limit.most
            self._texts.append(len(texts) if most is None else min(most + 1, len(texts)))
        elif kind == "tokens":
            self._longest.append(max(map(len, texts)))
        else:
            self._all.append(sum(map(len, texts)))

    def is_too_large(self, texts: tuple[str, ...]) -> bool:
        """Whether as much, or less, was refused."""
        sizes = (
            (self._texts, len(texts)),
            (self._longest, max(map(len, texts), default=0)),
            (self._all, sum(map(len, texts))),
        )
        return any(refused and size >= min(refused) for refused, size in sizes)
