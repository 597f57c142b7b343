"""Tests of quality of the past: two models over invented texts, judged as a worker judges them."""

from functools import cache

from core.measurement.beside.quality_found import QualityReport
from core.measurement.latency import Subject
from core.probe.records.probe_plan import LocalTarget, ProbePlan, Rival
from core.quality.judging import Side, judged
from core.runs.quality.quality_job import TEXT
from core.runs.working.run_ending import extras_report
from tests.dashboard.past_runs import api_plan
from tests.quality.models import noisy, numbered

QUERIES, DOCUMENTS, K, SEED = 30, 60, 10, 7
OPTIONS = ("this-machine", "openai/text-embedding-3-small", "cloudflare/bge-m3")
LABELS = ("near", "far <b>", "half")
CORPUS = numbered(QUERIES, DOCUMENTS)


@cache
def past_report() -> QualityReport:
    """One that finds nearly all, one that finds less, and one that was broken off."""
    near, far = noisy(CORPUS, 0.3), noisy(CORPUS, 4.0, seed=1)
    vectors = (near, far, (near[0][:12], None))
    failures = ("", "", "Documents after 12 of 60 texts: no answer.")
    sides = [
        Side(label, option_id, label, *both, failure)
        for label, option_id, both, failure in zip(LABELS, OPTIONS, vectors, failures, strict=True)
    ]
    return judged(CORPUS, sides, k=K, seed=SEED, dims=(8,), int8=True, draws=500)


def past_plan() -> ProbePlan:
    """The plan that such a test had."""
    schedule = {
        "kind": "quality",
        "corpus": CORPUS.digest,
        "documents": DOCUMENTS,
        "queries": QUERIES,
        "k": K,
        "dims": (8,),
        "int8": True,
        "asking": ({"query_prefix": "query: "}, {}, {}),
    }
    own, *others = (
        Subject(option_id=option_id, label=label, model=label)
        for option_id, label in zip(OPTIONS, LABELS, strict=True)
    )
    rivals = [Rival(subject=one, target=api_plan(one.option_id).target) for one in others]
    return api_plan(
        subject=own,
        target=LocalTarget(),
        rivals=rivals,
        texts=(TEXT,),
        schedule=schedule,
        warm_up_requests=0,
    )


def stored(report: QualityReport) -> str | None:
    """As it lies in the store."""
    return extras_report(None, None, None, report)
