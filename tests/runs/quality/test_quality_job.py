"""What a test of quality sends: the texts as each target wants them, and what that may cost."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from core.catalog.load import load_catalog
from core.catalog.schema import PriceUnit, WireFormat
from core.errors import RunError
from core.measurement.latency import Subject
from core.probe.records.probe_plan import ApiTarget, LocalTarget, ProbePlan
from core.probe.records.retrieval import BATCH
from core.quality.corpus import Corpus
from core.runs.quality.quality_job import (
    asking_so,
    longest_read,
    parts_of,
    quality_nano_usd,
    quality_plan,
    refuse_other_corpus,
    target_of_role,
)
from core.runs.spending.worst_case import FREE, Rate, request_nano_usd
from core.runs.starting.candidates import Candidate, custom_candidate

CORPUS = Corpus(
    documents=tuple(f"document {n}" for n in range(70)),
    queries=tuple(f"query {n}" for n in range(40)),
    relevant=tuple((n,) for n in range(40)),
)
PRICE = Rate(Decimal("0.02"), PriceUnit.PER_MTOK)


def candidate(name: str, wire: str = "openai_compatible", rate: Rate = PRICE) -> Candidate:
    """A server at an address of its own."""
    return custom_candidate(f"https://{name}.example/v1", "m", rate, wire=wire)


def planned(*candidates: Candidate, limit: int | None = None) -> ProbePlan:
    """Their test."""
    return quality_plan(CORPUS, candidates, [asking_so(limit)] * len(candidates), None)


def test_a_plan_counts_every_text_once_for_each_target_and_holds_none() -> None:
    """110 texts to each of two; not one of them is written down."""
    plan = planned(candidate("a"), candidate("b"))
    assert plan.planned == 220
    stored = plan.model_dump_json()
    assert not any(text in stored for text in (*CORPUS.documents, *CORPUS.queries))
    assert ProbePlan.model_validate_json(stored) == plan


def test_the_upper_bound_is_that_of_every_request_sent_and_sent_again() -> None:
    """For each target that has a price; a server of one's own adds nothing."""
    plan = planned(candidate("a"), candidate("b"))
    requests = [CORPUS.documents[at : at + BATCH] for at in range(0, 70, BATCH)] + [
        CORPUS.queries[at : at + BATCH] for at in range(0, 40, BATCH)
    ]
    once = sum(request_nano_usd(texts, PRICE, plan.timeout_s) for texts in requests)
    assert quality_nano_usd(CORPUS, plan, [PRICE, FREE]) == once * (1 + plan.retries)
    assert quality_nano_usd(CORPUS, plan, [PRICE, PRICE]) == 2 * once * (1 + plan.retries)


def test_a_price_by_the_request_counts_the_requests_that_its_limit_makes() -> None:
    """Of 110 texts in requests of 10 there are 11; of 32 there are 5."""
    by_call = Rate(Decimal("0.001"), PriceUnit.PER_REQUEST)
    for limit, requests in ((10, 11), (None, 5)):
        plan = planned(candidate("a", rate=by_call), limit=limit)
        most = quality_nano_usd(CORPUS, plan, [by_call])
        assert most == requests * 1_000_000 * (1 + plan.retries)


def test_a_prefix_is_sent_and_paid_for() -> None:
    """Before each text of its role alone."""
    with_prefix = asking_so(None, "query: ", "passage: ")
    queries, documents = parts_of(CORPUS, with_prefix)
    assert documents.texts[0] == "passage: document 0"
    assert queries.texts[-1] == "query: query 39"
    bare = quality_plan(CORPUS, [candidate("a")], [asking_so(None)], None)
    plan = quality_plan(CORPUS, [candidate("a")], [with_prefix], None)
    assert quality_nano_usd(CORPUS, plan, [PRICE]) > quality_nano_usd(CORPUS, bare, [PRICE])


@pytest.mark.parametrize(
    ("wire", "name", "query", "document"),
    [
        ("cohere", "input_type", "search_query", "search_document"),
        ("voyage", "input_type", "query", "document"),
        ("google", "taskType", "RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT"),
    ],
)
def test_a_format_with_roles_is_told_them(wire: str, name: str, query: str, document: str) -> None:
    """Its model makes other vectors of a query than of a document."""
    target = candidate("a", wire).target
    assert isinstance(target, ApiTarget)
    for is_query, word in ((True, query), (False, document)):
        told = target_of_role(target, query=is_query)
        assert isinstance(told, ApiTarget)
        assert told.endpoint.body == {name: word}


def test_a_field_that_a_person_typed_stands() -> None:
    """And a format without roles gets no field."""
    own = custom_candidate(
        "https://a.example/v1", "m", wire="voyage", endpoint={"body": {"input_type": "x"}}
    ).target
    assert isinstance(own, ApiTarget)
    assert target_of_role(own, query=True) == own
    plain = candidate("a").target
    assert isinstance(plain, ApiTarget)
    assert plain.endpoint.wire is WireFormat.OPENAI_COMPATIBLE
    assert target_of_role(plain, query=True) == plain


def test_a_test_without_its_texts_is_refused() -> None:
    """A plan alone, other texts, or texts with a plan of another kind."""
    plan = planned(candidate("a"))
    other = CORPUS.model_copy(update={"queries": (*CORPUS.queries[:-1], "another")})
    probe = ProbePlan(subject=plan.subject, target=plan.target, texts=("one",), warm_up_requests=0)
    refuse_other_corpus(plan, CORPUS)
    refuse_other_corpus(probe, None)
    for asked, corpus in ((plan, None), (plan, other), (probe, CORPUS)):
        with pytest.raises(RunError, match="choose the file again"):
            refuse_other_corpus(asked, corpus)


def test_nobody_is_compared_with_itself() -> None:
    """Named twice, or nobody named."""
    with pytest.raises(RunError, match="named twice"):
        planned(candidate("a"), candidate("a"))
    with pytest.raises(RunError, match="Nobody"):
        planned()


def test_eight_targets_may_be_tested_and_four_compared_by_latency() -> None:
    """One more is refused, in a test and in a comparison."""
    eight = [candidate(f"h{n}") for n in range(8)]
    assert len(planned(*eight).targets) == 8
    with pytest.raises(RunError, match="rivals"):
        planned(*eight, candidate("h8"))
    plan = planned(*eight[:5])
    with pytest.raises(ValidationError, match="at most 3 further"):
        ProbePlan.model_validate(plan.model_dump() | {"schedule": {"kind": "paired"}})


def test_what_a_model_reads_is_the_offers_limit_else_the_models() -> None:
    """None where nobody says."""
    catalog = load_catalog()
    offer = catalog.find_api("openai/text-embedding-3-small")
    assert offer is not None
    subject = Subject(option_id="openai/text-embedding-3-small", label="a", model="m")
    assert longest_read(catalog, subject) == offer[1].max_tokens
    local = Subject(option_id="machine", label="a", model="BAAI/bge-m3")
    card = catalog.model("BAAI/bge-m3")
    assert card is not None
    assert longest_read(catalog, local) == card.max_tokens
    assert longest_read(catalog, Subject(option_id="x", label="a", model="y")) is None


def test_a_local_model_is_a_target_like_any_other() -> None:
    """Its roles are its prefixes alone."""
    target = LocalTarget()
    assert target_of_role(target, query=True) == target
