"""One's own queries, their documents, and which document answers which query."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, model_validator

LEAST_QUERIES: Final = 10
"""Below it no figure is given: the interval was simulated down to here, see paired_bootstrap."""
ENOUGH_QUERIES: Final = 50
"""Below it the file's remarks say how few there are."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one test may hold: a provider is paid for every text, by every candidate."""

    texts: int = 5_000
    """Different queries and documents together."""
    megabytes: int = 20
    """Of both files together."""


class Corpus(BaseModel):
    """Texts and pairs of one test. It goes to a job over a pipe and is stored nowhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    documents: tuple[str, ...]
    queries: tuple[str, ...]
    relevant: tuple[tuple[int, ...], ...]
    """For each query the places of its relevant documents, at least one."""
    remarks: tuple[str, ...] = ()
    """What was counted, merged or left out as the file was read."""

    @model_validator(mode="after")
    def _places_exist(self) -> Self:
        if len(self.relevant) != len(self.queries):
            raise ValueError("each query needs its own list of relevant documents")
        for places in self.relevant:
            if not places or len(set(places)) < len(places):
                raise ValueError("a query needs relevant documents, each named once")
            if not 0 <= min(places) <= max(places) < len(self.documents):
                raise ValueError("a relevant document is not among the documents")
        return self

    @property
    def texts(self) -> int:
        """Queries and documents together: so many are sent to each candidate."""
        return len(self.documents) + len(self.queries)

    @property
    def digest(self) -> str:
        """SHA-256 of documents, queries and pairs: says that two tests asked the same."""
        content = json.dumps([self.documents, self.queries, self.relevant])
        return hashlib.sha256(content.encode()).hexdigest()
