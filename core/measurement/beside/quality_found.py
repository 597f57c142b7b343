"""How well models find what one's own queries ask for, as it is stored: no text is in it."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.plain_text import Label, Reference, Sentence

MOST_CANDIDATES: Final = 80
"""Of one test: targets times the forms of their vectors."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Signed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Metric = Literal["recall", "ndcg"]
Number = Annotated[int, Field(ge=0, le=10_000_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class VectorForm(_Part):
    """What is done to a model's vectors before they are compared."""

    dims: Annotated[int | None, Field(ge=1, le=100_000)] = None
    """The first so many components alone, at length 1 again; None: all."""
    int8: bool = False
    """Each component in one byte, between the least and the most that it has in the documents."""

    @property
    def words(self) -> str:
        """Empty for the vectors as they come, else ", 256 dimensions, int8"."""
        dims = "" if self.dims is None else f", {self.dims} dimensions"
        return f"{dims}, int8" if self.int8 else dims


class MeanFound(_Part):
    """A mean over queries with its interval at 95 %."""

    mean: Share
    low: Share
    high: Share


class CandidateQuality(_Part):
    """What one candidate finds: a target, with its vectors in one form."""

    label: Label
    """Its target's, without the form's words."""
    option_id: Reference
    model: Reference
    form: VectorForm = VectorForm()
    dims: Number = 0
    """Components of its vectors, 0 where none came."""
    documents: Number = 0
    """Documents that it embedded."""
    queries: Number = 0
    """Queries that count: embedded, and all their relevant documents are."""
    recall: MeanFound | None = None
    """Recall@k; None where it failed before enough queries counted."""
    ndcg: MeanFound | None = None
    """nDCG@k."""
    bytes_per_vector: Number = 0
    failure: Sentence = ""
    """Why it has not embedded all, with how much it has; "" where it has."""

    @property
    def name(self) -> str:
        """Label and form: "OpenAI 3-small, 256 dimensions"."""
        return f"{self.label}{self.form.words}"


class QualityDifference(_Part):
    """One candidate against the one that all are compared with, over the same queries."""

    metric: Metric
    a: Annotated[int, Field(ge=0, lt=MOST_CANDIDATES)]
    """Place of the candidate that all others are compared with."""
    b: Annotated[int, Field(ge=0, lt=MOST_CANDIDATES)]
    queries: Number
    """That count for both."""
    difference: Signed
    """Mean over queries of b minus a."""
    low: Signed
    high: Signed
    """The interval at 95 %, of this pair alone."""
    p_holm: Share
    """Of "no difference", corrected by Holm for all comparisons with this metric."""
    verdict: Literal["better", "worse", "unknown"]
    """Whether b finds more than a; "unknown": they cannot be told apart by these queries."""
    sentence: Sentence


class QualityReport(_Part):
    """A whole test."""

    version: Literal[1] = 1
    k: Annotated[int, Field(ge=1, le=1_000)]
    queries: Number
    documents: Number
    corpus: Annotated[str, Field(max_length=64)]
    """SHA-256 of queries, documents and pairs: only tests with the same one can be compared."""
    seed: Annotated[int, Field(ge=0)]
    draws: Annotated[int, Field(ge=1)]
    candidates: Annotated[tuple[CandidateQuality, ...], Field(max_length=MOST_CANDIDATES)]
    differences: Annotated[tuple[QualityDifference, ...], Field(max_length=2 * MOST_CANDIDATES)]
    remarks: Annotated[tuple[Sentence, ...], Field(max_length=100)] = ()
    """What was counted, left out or doubtful in the file."""

    @property
    def has_figures(self) -> bool:
        """Whether anything was found of anybody."""
        return any(one.recall is not None for one in self.candidates)

    @property
    def failures(self) -> str:
        """Who has not embedded all, and why: sentences."""
        failed = {one.label: one.failure for one in self.candidates if one.failure}
        return " ".join(f"{label}: {failure}" for label, failure in failed.items())

    @property
    def plain(self) -> tuple[CandidateQuality, ...]:
        """The candidates with their vectors as they come."""
        return tuple(one for one in self.candidates if one.form == VectorForm())


class MeasuredQuality(_Part):
    """What was found of one option in a test that went through, with the test it is of."""

    run_id: str
    at: datetime
    k: int
    queries: int
    documents: int
    found: CandidateQuality

    @property
    def words(self) -> str:
        """Of what it is measured, for beside the figure."""
        return f"recall@{self.k} over {self.queries:,} of your queries, {self.at:%Y-%m-%d}"
