"""Every candidate beside the first, over the queries that count for both."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from core.measurement.beside.quality_found import Metric, QualityDifference
from core.plain_text import SENTENCE
from core.quality.corpus import LEAST_QUERIES, Corpus
from core.quality.finding import Part, Searcher
from core.quality.paired_bootstrap import PairedDifference, holm, paired_difference
from core.quality.quality_words import Contrast, difference_sentence, verdict_of
from core.quality.side import Candidate

METRICS: Final[tuple[Metric, ...]] = ("recall", "ndcg")


@dataclass(frozen=True, slots=True)
class _Pair:
    """Places of two candidates, and what both have embedded."""

    a: int
    b: int
    part: Part


def first_with_vectors(candidates: Sequence[Candidate]) -> int | None:
    """Place of the one that all are compared with; None where nobody embedded both roles."""
    return next(
        (
            place
            for place, one in enumerate(candidates)
            if one.side.documents is not None and one.side.queries is not None
        ),
        None,
    )


def compared(
    candidates: Sequence[Candidate], searcher: Searcher, seed: int, draws: int
) -> Iterator[QualityDifference]:
    """Both metrics of each pair with enough queries; p-values corrected for all of a metric."""
    pairs = [pair for pair in _pairs(candidates, searcher) if _enough(pair)]
    for metric in METRICS:
        each = [_difference(candidates, pair, searcher, metric, seed, draws) for pair in pairs]
        corrected = holm([one.p for one in each])
        for pair, seen, p_holm in zip(pairs, each, corrected, strict=True):
            contrast = Contrast(
                metric=metric,
                k=searcher.k,
                a=candidates[pair.a].name,
                b=candidates[pair.b].name,
                queries=len(pair.part.queries),
                comparisons=len(pairs),
                seen=seen,
                p_holm=p_holm,
                only=_only(pair.part, searcher.corpus),
            )
            yield _as_found(pair, contrast)


def too_few_in_common(candidates: Sequence[Candidate], searcher: Searcher) -> Iterator[str]:
    """Who could not be compared, and what all were compared with where that is not the first."""
    first = first_with_vectors(candidates)
    if first:
        yield SENTENCE.made(
            f"{candidates[0].name} has no vectors: all are compared with {candidates[first].name}."
        )
    for pair in _pairs(candidates, searcher):
        count = len(pair.part.queries)
        if not _enough(pair) and count < len(searcher.corpus.queries):
            yield SENTENCE.made(
                f"{candidates[pair.b].name} and {candidates[pair.a].name} have {count} queries in "
                f"common: {LEAST_QUERIES} are the least to compare them by."
            )


def _pairs(candidates: Sequence[Candidate], searcher: Searcher) -> Iterator[_Pair]:
    first = first_with_vectors(candidates)
    if first is None:
        return
    for place in range(first + 1, len(candidates)):
        yield _Pair(first, place, searcher.part_of(candidates[first], candidates[place]))


def _enough(pair: _Pair) -> bool:
    return len(pair.part.queries) >= LEAST_QUERIES


def _difference(
    candidates: Sequence[Candidate],
    pair: _Pair,
    searcher: Searcher,
    metric: Metric,
    seed: int,
    draws: int,
) -> PairedDifference:
    a, b = (searcher.found(candidates[place], pair.part) for place in (pair.a, pair.b))
    if metric == "recall":
        return paired_difference(a.recall, b.recall, seed, draws)
    return paired_difference(a.ndcg, b.ndcg, seed, draws)


def _only(part: Part, corpus: Corpus) -> str:
    """What a comparison is over, where one of the two has not embedded all."""
    if part.documents == len(corpus.documents) and len(part.queries) == len(corpus.queries):
        return ""
    return (
        f"Over the {part.documents:,} of {len(corpus.documents):,} documents and "
        f"{len(part.queries):,} of {len(corpus.queries):,} queries that both have."
    )


def _as_found(pair: _Pair, contrast: Contrast) -> QualityDifference:
    return QualityDifference(
        metric=contrast.metric,
        a=pair.a,
        b=pair.b,
        queries=contrast.queries,
        difference=contrast.seen.mean,
        low=contrast.seen.low,
        high=contrast.seen.high,
        p_holm=contrast.p_holm,
        verdict=verdict_of(contrast.seen, contrast.p_holm),
        sentence=difference_sentence(contrast),
    )
