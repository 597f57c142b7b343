"""The vectors that one model gave for a test, as far as it came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.measurement.beside.quality_found import VectorForm
from core.plain_text import SENTENCE
from core.quality.corpus import Corpus
from core.quality.vector_forms import form_fits
from core.units import CHARACTERS_PER_TOKEN


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A model with its vectors of the first documents and the first queries of a corpus."""

    label: str
    option_id: str
    model: str
    documents: NDArray[Any] | None
    """One row a document, in the corpus's order; None: none came."""
    queries: NDArray[Any] | None
    failure: str
    """Why not all came, with how far it got; "" where all did."""
    longest: int | None = None
    """Tokens that the model reads of a text; None: not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A side with its vectors in one form."""

    side: Side
    form: VectorForm

    @property
    def name(self) -> str:
        """As a sentence names it."""
        return f"{self.side.label}{self.form.words}"


def usable(side: Side) -> Side:
    """The side up to the first vector that has no direction; all or nothing where sizes differ."""
    documents, queries = _whole_rows(side.documents), _whole_rows(side.queries)
    reasons = [side.failure, *_broken(side, documents, queries)]
    if documents is not None and queries is not None and documents.shape[1] != queries.shape[1]:
        reasons.append("Its vectors of documents and queries have different lengths.")
        documents = queries = None
    return Side(
        label=side.label,
        option_id=side.option_id,
        model=side.model,
        documents=documents,
        queries=queries,
        failure=SENTENCE.made(" ".join(filter(None, reasons))),
        longest=side.longest,
    )


def _broken(
    side: Side, documents: NDArray[Any] | None, queries: NDArray[Any] | None
) -> Iterator[str]:
    for word, given, whole in (
        ("document", side.documents, documents),
        ("query", side.queries, queries),
    ):
        if given is not None and (0 if whole is None else len(whole)) < len(given):
            number = 1 + (0 if whole is None else len(whole))
            yield f"The vector of {word} {number:,} is zero or not finite: those before it count."


def _whole_rows(vectors: NDArray[Any] | None) -> NDArray[Any] | None:
    if vectors is None or vectors.ndim != 2:
        return None
    norms = np.linalg.norm(vectors, axis=1)
    bad = np.flatnonzero(~(np.isfinite(norms) & (norms > 0)))
    rows = vectors[: int(bad[0])] if len(bad) else vectors
    return rows if len(rows) else None


def embedded(vectors: NDArray[Any] | None) -> int:
    """Texts that have a vector."""
    return 0 if vectors is None else len(vectors)


def dims_of(side: Side) -> int:
    """Components of its vectors, 0 where none came."""
    return next(
        (int(part.shape[1]) for part in (side.documents, side.queries) if part is not None), 0
    )


def candidates_of(side: Side, dims: Sequence[int], *, int8: bool) -> Iterator[Candidate]:
    """Its vectors as they come, then in each form that takes something from them."""
    yield Candidate(side, VectorForm())
    have = dims_of(side)
    forms = [VectorForm(dims=cut) for cut in dims]
    if int8:
        forms += [VectorForm(int8=True), *(VectorForm(dims=cut, int8=True) for cut in dims)]
    yield from (Candidate(side, form) for form in forms if have and form_fits(form, have))


def side_remarks(side: Side, corpus: Corpus, dims: Sequence[int]) -> Iterator[str]:
    """What a reader must know of a model: what it cannot be cut to, and does not read."""
    have = dims_of(side)
    if have and (above := [cut for cut in dims if cut > have]):
        which = ", ".join(map(str, above))
        yield SENTENCE.made(f"{side.label} has {have:,} dimensions: it was not tried with {which}.")
    if side.longest is None:
        return
    most = side.longest * CHARACTERS_PER_TOKEN
    if long := sum(len(text) > most for text in (*corpus.documents, *corpus.queries)):
        yield SENTENCE.made(
            f"{side.label} reads {side.longest:,} tokens of a text: about {long:,} of "
            f"{corpus.texts:,} texts are longer (at {CHARACTERS_PER_TOKEN} characters a token), "
            "and what stands after that is not found."
        )
