"""Tests of quality for the page: the texts, whom they go to, for how much at most, the newest."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import streamlit as st
from pydantic import SecretStr

from core.probe.records.probe_plan import ProbePlan
from core.quality.corpus import Corpus, Limits
from core.quality.example import example_corpus
from core.quality.pairs_file import read_corpus
from core.runs.quality.quality_job import (
    asking_so,
    most_texts,
    quality_nano_usd,
    quality_plan,
    target_of_role,
)
from core.runs.starting.candidates import Candidate, this_machine
from core.runs.starting.job import Access
from core.runs.watching.run_view import RunView
from core.scenario import THIS_MACHINE, machine_and_model
from core.units import NANO_USD_PER_USD
from dashboard.resources import probing
from dashboard.resources.cached import cached_catalogue, cached_store
from dashboard.resources.reach import page_reach

__all__ = [
    "Asked",
    "Candidate",
    "Corpus",
    "at_hand",
    "candidates",
    "corpus_of",
    "example",
    "is_here",
    "is_of_example",
    "limits",
    "newest",
    "plan",
    "start",
    "tells_roles",
    "tested",
    "worst_case",
]

CORPORA_KEPT: Final = 2
"""Of one session: what is read now, and what was read before it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is tested, with its key and what its model wants before a text."""

    candidate: Candidate
    key: SecretStr | None
    query_prefix: str = ""
    document_prefix: str = ""


def limits() -> Limits:
    """How much one test may hold here."""
    settings = cached_store.settings()
    return Limits(texts=settings.quality_texts, megabytes=settings.quality_megabytes)


# Of this session alone, and gone with it: the texts are a person's own.
@st.cache_resource(scope="session", max_entries=CORPORA_KEPT, show_spinner="Reading the pairs")
def corpus_of(pairs: bytes, documents: bytes | None) -> Corpus:
    """The texts of the files, which go nowhere yet. Raises QualityInputError."""
    return read_corpus(pairs, documents, limits())


@st.cache_resource(show_spinner=False)
def example() -> Corpus:
    """The pairs that ship."""
    return example_corpus()


def is_of_example(corpus: str) -> bool:
    """Whether a test with this digest was one of the pairs that ship."""
    return corpus == example().digest


def candidates(options: Sequence[str]) -> tuple[Candidate, ...]:
    """Whoever can be asked for vectors: this computer, then the chosen options, then all others."""
    names = dict.fromkeys((*options, *cached_catalogue.catalog().option_ids()))
    here, *called = probing.candidates(tuple(names))
    asked = (here, *_other_models_here(options), *called)
    return tuple(one for one in asked if not one.missing)


def _other_models_here(options: Sequence[str]) -> list[Candidate]:
    named = [machine_and_model(name) for name in options]
    return [this_machine(model) for machine, model in named if machine == THIS_MACHINE and model]


def is_here(candidate: Candidate) -> bool:
    """Whether it is this computer, with its usual model."""
    return candidate.option_id == THIS_MACHINE


def at_hand(candidate: Candidate) -> bool:
    """Whether it needs no key, or its key is set where this page runs."""
    return candidate.key_env is None or probing.key_from_server(candidate.key_env) is not None


def tells_roles(candidate: Candidate) -> bool:
    """Whether its format has a field that tells a query from a document."""
    target = candidate.target
    return target is not None and target_of_role(target, query=True) != target


def plan(
    corpus: Corpus, asked: Sequence[Asked], *, k: int, dims: Sequence[int], int8: bool
) -> ProbePlan:
    """The plan of a test; the first is whom all others are compared with.

    Raises RunError, and QualityError without the package of measures.
    """
    asking = [
        asking_so(
            most_texts(cached_catalogue.catalog(), one.candidate.option_id),
            one.query_prefix,
            one.document_prefix,
        )
        for one in asked
    ]
    whom = [one.candidate for one in asked]
    place = cached_store.settings().place
    return quality_plan(corpus, whom, asking, place, k=k, dims=dims, int8=int8)


def worst_case(corpus: Corpus, planned: ProbePlan, asked: Sequence[Asked]) -> Decimal:
    """The most that it can cost, USD: so much is held before the first text leaves."""
    rates = [one.candidate.rate for one in asked]
    return Decimal(quality_nano_usd(corpus, planned, rates)) / NANO_USD_PER_USD


def start(corpus: Corpus, planned: ProbePlan, asked: Sequence[Asked]) -> str:
    """Start it; returns its id. Raises one of our errors, and then nothing was sent."""
    own, *others = asked
    return cached_store.runs().start(
        planned,
        rate=own.candidate.rate,
        key=own.key,
        rivals=[Access.at(one.candidate.rate, one.key) for one in others],
        typed=page_reach.servers_allowed([one.candidate for one in asked]),
        corpus=corpus,
    )


def tested() -> bool:
    """Whether any option has a figure of one's own queries."""
    return bool(cached_store.measured().qualities)


def newest() -> RunView | None:
    """The newest test that has ended, whatever became of it. Raises StoreError."""
    return cached_store.runs().newest_quality()
