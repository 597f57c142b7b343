"""What a test of quality sends: the texts as each target wants them, and the upper bound of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.catalog.schema import Catalog, WireFormat
from core.errors import RunError
from core.measurement.latency import Subject
from core.probe.records.probe_plan import ApiTarget, ProbePlan, RetrievalTest, Target
from core.probe.records.retrieval import BATCH, TextsOfTarget
from core.quality.corpus import Corpus
from core.quality.retrieval_metrics import measures
from core.runs.spending.worst_case import Rate, request_nano_usd
from core.runs.starting.candidates import Candidate, plan_for

QUALITY: Final = "quality"
"""The kind of such a run."""
TEXT: Final = "The texts of a test of quality are not stored."
RETRIES: Final = 2
"""One request that failed for a while must not end a test of thousands."""
TIMEOUT_S: Final = 60.0

_ROLE_FIELDS: Final[Mapping[WireFormat, tuple[dict[str, Any], dict[str, Any]]]] = {
    # https://docs.cohere.com/reference/embed: input_type
    WireFormat.COHERE: ({"input_type": "search_query"}, {"input_type": "search_document"}),
    # https://docs.voyageai.com/reference/embeddings-api: input_type
    WireFormat.VOYAGE: ({"input_type": "query"}, {"input_type": "document"}),
    # https://ai.google.dev/api/embeddings: taskType
    WireFormat.GOOGLE: ({"taskType": "RETRIEVAL_QUERY"}, {"taskType": "RETRIEVAL_DOCUMENT"}),
}
"""Fields that tell a query from a document, where the format has such fields."""


@dataclass(frozen=True, slots=True)
class Parted:
    """The requests of one role."""

    texts: tuple[str, ...]
    """With their prefix, in the corpus's order."""
    texts_per_request: int

    @property
    def batches(self) -> Iterator[tuple[str, ...]]:
        """One request after another."""
        step = self.texts_per_request
        for start in range(0, len(self.texts), step):
            yield self.texts[start : start + step]


def parts_of(corpus: Corpus, asking: TextsOfTarget) -> tuple[Parted, Parted]:
    """Queries and documents as one target gets them, in the order in which they are sent.

    Queries first: a target that fails among the documents has a figure over those it has.
    """
    documents = tuple(asking.document_prefix + text for text in corpus.documents)
    queries = tuple(asking.query_prefix + text for text in corpus.queries)
    return Parted(queries, asking.texts_per_request), Parted(documents, asking.texts_per_request)


def target_of_role(target: Target, *, query: bool) -> Target:
    """The same target, told which role its texts have, where its format knows roles.

    What a person typed among the endpoint's own fields stands.
    """

    def told(api: ApiTarget) -> ApiTarget:
        fields = _ROLE_FIELDS.get(api.endpoint.wire)
        if fields is None:
            return api
        body = {**fields[0 if query else 1], **api.endpoint.body}
        return api.model_copy(update={"endpoint": api.endpoint.model_copy(update={"body": body})})

    return target.with_apis(told)


def quality_plan(
    corpus: Corpus,
    candidates: Sequence[Candidate],
    asking: Sequence[TextsOfTarget],
    place: str | None,
    *,
    k: int = 10,
    dims: Sequence[int] = (),
    int8: bool = False,
) -> ProbePlan:
    """The plan that stands in the run's row: whom, and how many texts, but no text.

    The first candidate is the one that all others are compared with. Raises RunError, and
    QualityError without the package of measures: before anybody is paid.
    """
    measures()
    if not candidates:
        raise RunError("Nobody was named to be tested.")
    if len({candidate.option_id for candidate in candidates}) < len(candidates):
        raise RunError("The same option is named twice: it would be compared with itself.")
    own, *rivals = candidates
    test = {
        "kind": QUALITY,
        "corpus": corpus.digest,
        "documents": len(corpus.documents),
        "queries": len(corpus.queries),
        "k": k,
        "dims": sorted(set(dims)),
        "int8": int8,
        "asking": list(asking),
    }
    return plan_for(
        own,
        place,
        rivals=rivals,
        texts=(TEXT,),
        schedule=test,
        retries=RETRIES,
        timeout_s=TIMEOUT_S,
    )


def the_test(plan: ProbePlan) -> RetrievalTest:
    """The test of a plan. Raises RunError for a plan of another kind."""
    if not isinstance(plan.schedule, RetrievalTest):
        raise RunError("This plan is no test of quality.")
    return plan.schedule


def refuse_other_corpus(plan: ProbePlan, corpus: Corpus | None) -> None:
    """Raise RunError where the texts are not those that the plan was made of."""
    wanted = plan.schedule.corpus if isinstance(plan.schedule, RetrievalTest) else None
    if wanted != (None if corpus is None else corpus.digest):
        raise RunError(
            "A test of quality needs the file that it was planned with: choose the file again."
        )


def quality_nano_usd(corpus: Corpus, plan: ProbePlan, rates: Sequence[Rate]) -> int:
    """Upper bound of a whole test, nano-USD: every request to every target, each sent again."""
    test = the_test(plan)
    once = sum(
        request_nano_usd(texts, rate, plan.timeout_s)
        for number, rate in enumerate(rates)
        if rate.usd
        for part in parts_of(corpus, test.asking_of(number))
        for texts in part.batches
    )
    return once * (1 + plan.retries)


def asking_so(
    limit: int | None, query_prefix: str = "", document_prefix: str = ""
) -> TextsOfTarget:
    """How a target wants its texts; ``limit``: most texts that it takes in a request, if known."""
    return TextsOfTarget(
        query_prefix=query_prefix,
        document_prefix=document_prefix,
        texts_per_request=min(BATCH, limit or BATCH),
    )


def longest_read(catalog: Catalog, subject: Subject) -> int | None:
    """Tokens of a text that a target reads at most; None where nobody says."""
    sold = catalog.find_api(subject.option_id)
    if sold is not None:
        return catalog.longest_text(sold[1], subject.model)
    model = catalog.model(subject.model)
    return None if model is None else model.max_tokens


def most_texts(catalog: Catalog, option_id: str) -> int | None:
    """Texts that an offer is known to take in a request; None where nobody says."""
    offer = catalog.find_api(option_id)
    return None if offer is None else offer[1].max_inputs_per_request
