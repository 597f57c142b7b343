"""What several models find of the same queries, each beside the first."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from core.errors import QualityInputError
from core.measurement.beside.quality_found import (
    MOST_CANDIDATES,
    CandidateQuality,
    MeanFound,
    QualityReport,
)
from core.plain_text import SENTENCE
from core.quality.comparing import compared, too_few_in_common
from core.quality.corpus import LEAST_QUERIES, Corpus
from core.quality.finding import Part, Searcher
from core.quality.paired_bootstrap import DRAWS, mean_interval
from core.quality.retrieval_metrics import Scores
from core.quality.side import (
    Candidate,
    Side,
    candidates_of,
    dims_of,
    embedded,
    side_remarks,
    usable,
)
from core.quality.vector_forms import bytes_per_vector

__all__ = ["Side", "judged"]

MOST_BY_CHANCE: Final = 0.1
"""Above it a reader is told what chance alone would find."""


def judged(
    corpus: Corpus,
    sides: Sequence[Side],
    *,
    k: int,
    seed: int,
    dims: Sequence[int] = (),
    int8: bool = False,
    draws: int = DRAWS,
) -> QualityReport:
    """Recall@k and nDCG@k of each side, in each form that fits, and each beside the first.

    The first with vectors is what all are compared with, as they come. Two are compared over the
    documents and queries that both have: a model that failed half-way searches a smaller
    collection, which is easier. Raises QualityInputError for too many candidates, QualityError
    without the package of measures.
    """
    sound = [usable(side) for side in sides]
    candidates = [one for side in sound for one in candidates_of(side, dims, int8=int8)]
    if len(candidates) > MOST_CANDIDATES:
        raise QualityInputError(
            f"{len(candidates)} candidates are more than {MOST_CANDIDATES}. Take fewer models, or "
            "fewer forms of their vectors."
        )
    searcher = Searcher(corpus, k)
    figures = [_figures(one, searcher, seed, draws) for one in candidates]
    return QualityReport(
        k=k,
        queries=len(corpus.queries),
        documents=len(corpus.documents),
        corpus=corpus.digest,
        seed=seed,
        draws=draws,
        candidates=tuple(figures),
        differences=tuple(compared(candidates, searcher, seed, draws)),
        remarks=tuple(_remarks(corpus, sound, candidates, searcher, dims))[:100],
    )


def _figures(one: Candidate, searcher: Searcher, seed: int, draws: int) -> CandidateQuality:
    side, part = one.side, searcher.part_of(one)
    scores = searcher.found(one, part) if len(part.queries) >= LEAST_QUERIES else None
    mean = partial(_mean, seed=seed, draws=draws)
    size = dims_of(side)
    return CandidateQuality(
        label=side.label,
        option_id=side.option_id,
        model=side.model,
        form=one.form,
        dims=(one.form.dims or size) if size else 0,
        documents=embedded(side.documents),
        queries=len(part.queries),
        recall=None if scores is None else mean(scores.recall),
        ndcg=None if scores is None else mean(scores.ndcg),
        bytes_per_vector=bytes_per_vector(one.form, size) if size else 0,
        failure=_failure(side, searcher.corpus, part),
    )


def _mean(scores: Scores, *, seed: int, draws: int) -> MeanFound:
    interval = mean_interval(scores, seed, draws)
    return MeanFound(mean=interval.mean, low=interval.low, high=interval.high)


def _failure(side: Side, corpus: Corpus, part: Part) -> str:
    documents, queries = embedded(side.documents), embedded(side.queries)
    if documents >= len(corpus.documents) and queries >= len(corpus.queries):
        return side.failure
    easier = ", among fewer documents, which is easier" if documents < len(corpus.documents) else ""
    over = (
        f"its figures are over {len(part.queries):,} queries{easier}."
        if len(part.queries) >= LEAST_QUERIES
        else f"{len(part.queries):,} queries count, too few for a figure."
    )
    over = (
        f"It has {documents:,} of {len(corpus.documents):,} documents and {queries:,} of "
        f"{len(corpus.queries):,} queries: {over}"
    )
    return SENTENCE.made(f"{side.failure} {over}".strip())


def _remarks(
    corpus: Corpus,
    sides: Sequence[Side],
    candidates: Sequence[Candidate],
    searcher: Searcher,
    dims: Sequence[int],
) -> Iterator[str]:
    yield from (SENTENCE.made(remark) for remark in corpus.remarks)
    chance = min(1.0, searcher.k / len(corpus.documents)) if corpus.documents else 0.0
    if chance > MOST_BY_CHANCE:
        yield (
            f"Chance alone would find {100 * chance:.0f} %: the first {searcher.k} of "
            f"{len(corpus.documents):,} documents count. Add documents, or take a smaller k."
        )
    if wide := sum(len(places) > searcher.k for places in corpus.relevant):
        yield (
            f"Of {wide:,} of the {len(corpus.queries):,} queries more than {searcher.k} documents "
            f"are relevant: recall@{searcher.k} cannot reach 100 % there."
        )
    yield from too_few_in_common(candidates, searcher)
    for side in sides:
        yield from side_remarks(side, corpus, dims)
