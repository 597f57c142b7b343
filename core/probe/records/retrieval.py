"""A test of what is found: one's own documents and queries, each embedded once by every target."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.plain_text import Plain
from core.probe.records.any_schedule import AnySchedule, refuse_unless_rising

MOST_CORPUS_TEXTS: Final = 1_000_000
"""Whatever a setting allows: a plan says how many texts it sends."""
BATCH: Final = 32
"""Texts of one request where no limit of the target's is known; every provider takes as many."""

Prefix = Annotated[str, Plain(500)]


class TextsOfTarget(BaseModel):
    """How one target wants its texts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    query_prefix: Prefix = ""
    """Stands before each query: what a model was trained with, such as "query: "."""
    document_prefix: Prefix = ""
    texts_per_request: Annotated[int, Field(ge=1, le=2_048)] = BATCH


class RetrievalTest(AnySchedule):
    """Every document and every query once to each target; no text of them is in the plan."""

    kind: Literal["quality"] = "quality"
    corpus: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the texts and what is relevant: the same test of the same texts has the same."""
    documents: Annotated[int, Field(ge=1, le=MOST_CORPUS_TEXTS)]
    queries: Annotated[int, Field(ge=1, le=MOST_CORPUS_TEXTS)]
    k: Annotated[int, Field(ge=1, le=1_000)] = 10
    """Of the ranked documents the first so many count."""
    dims: Annotated[tuple[Annotated[int, Field(ge=1, le=65_536)], ...], Field(max_length=4)] = ()
    """Shorter vectors that are judged too: the first so many components (Matryoshka)."""
    int8: bool = False
    """Whether vectors of one byte a component are judged too."""
    asking: Annotated[tuple[TextsOfTarget, ...], Field(max_length=8)] = ()
    """How each target wants its texts, in the targets' order; empty: as they are."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        refuse_unless_rising(self.dims, "the numbers of dimensions")
        return self

    def asking_of(self, target: int) -> TextsOfTarget:
        """How the target of this number wants its texts."""
        return self.asking[target] if self.asking else TextsOfTarget()

    @property
    def sent(self) -> int:
        """Texts to each target: here they are what is counted, for requests differ in size."""
        return self.documents + self.queries
