"""The functions that the method names are called when the model answers questions."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import CodeType, FrameType
from typing import Any

import pytest

from core.catalog.load import load_catalog
from core.decide import compare
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.advice.constraints import Constraints
from core.decide.advice.cost_latency_front import pareto
from core.decide.advice.recommend import recommend
from core.decide.answer.day_of_replicas import day_of, exact_response
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.flips.flips import Judge, flips
from core.decide.job.one_off_job import OneOffJob
from core.decide.plan.plan import plan
from core.decide.plan.plan_terms import PlanTerms
from core.decide.relaxing.relaxation import relaxations
from core.decide.risk.analyse_risk import risk
from core.decide.risk.risk_model import risk_model
from core.decide.streams.family import with_family
from core.decide.streams.two_streams import TwoStreams
from core.decide.why.why import why
from core.measurement.estimate import Estimate
from core.scenario import THIS_MACHINE, Scenario
from core.serving.law import near_rows
from core.usage.take_load import with_load
from dashboard.components.method import method_texts
from tests.dashboard.conftest import measurement
from tests.harness.uploaded_load import import_load

MEASURED = "What is measured"
"""This chapter's functions run in a probe or a sweep: tests/test_house.py reads its calls."""

PROCESSOR = "aws/c7i.large"
"""A machine whose vCPUs do all the work."""

ELSEWHERE = {
    "core.cost.by_use.usage_bill.CallFees.usd_per_token": "no shipped price has a fee for a call",
    "core.serving.batch.batch_fit.fit_batch_time": "a sweep",
    "core.serving.response.slo_capacity.capacity_exact": "a sweep",
    "core.serving.queue.tabulate.column": "made once, for the table that ships",
}
"""Function -> where it runs, if no question calls it."""


@pytest.fixture(scope="module")
def called() -> set[str]:
    """Dotted names of all that was called while questions of every kind were answered."""
    names: set[str] = set()
    near_rows._rows.cache_clear()  # else it counts only where no test asked before
    with _noted(names):
        for scenario in _scenarios():
            _answer(scenario)
        _judge(Scenario())
        _ask_more()
    return names


@contextmanager
def _noted(names: set[str]) -> Iterator[None]:
    modules: dict[CodeType, str] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            modules[frame.f_code] = frame.f_globals.get("__name__", "")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)
        names |= {f"{module}.{code.co_qualname}" for code, module in modules.items()}


def _scenarios() -> Iterator[Scenario]:
    """Questions that together turn on every part of the model."""
    plain = Scenario()
    options = (*plain.options, "modal/l4", "google/gemini-embedding-001", PROCESSOR)
    yield plain
    yield _with(
        plain.model_copy(update={"options": options}),
        workload={
            "length_cv": 1.0,
            "long_texts": "chunk",
            "deferrable_share": 0.3,
            "growth_per_month": 0.05,
            "corpus_tokens": 1e10,
            "model_changes": 2,
        },
        hosting={"autoscale": True, "spot_share": 0.5, "egress_usd_per_gb": 0.1},
        serverless={"failure_rate": 0.01, "keep_warm": True},
        vectors={"stored_millions": 10.0},
    )
    yield _with(
        plain.model_copy(update={"options": options}),
        workload={"requests_per_day": 100_000_000, "length_cv": 0.5},
        hosting={"maximum_replicas": 3, "max_batch_tokens": 512},
        serverless={"failure_rate": 0.5},
    )


def _with(scenario: Scenario, **parts: dict[str, Any]) -> Scenario:
    changed = {
        name: type(part := getattr(scenario, name)).model_validate(part.model_dump() | fields)
        for name, fields in parts.items()
    }
    return scenario.model_copy(update=changed)


def _answer(scenario: Scenario) -> None:
    """The table, the day of every option in it, and one busy hour solved exactly."""
    case = _case(scenario)
    curves = compare.curves(case)
    bills = {curve.option.id: curve.bill for curve in curves.curves}
    rows = compare.at_volume(curves, case).rows
    for row in rows:
        day_of(row, bills[row.option.id], case)
    next(answer for row in rows if (answer := exact_response(row)) is not None)


def _ask_more() -> None:
    """A one-off job, two streams, what the catalogue has for less, and demands nobody meets."""
    catalog = load_catalog()
    work = {"corpus_tokens": 1e10, "afterwards_tokens_per_month": 1e9}
    assert OneOffJob(Case(_with(Scenario(), workload=work), catalog)).answer.best is not None
    both = _with(
        Scenario(options=("voyage/voyage-4-large",)),
        workload={"requests_per_day": 1e7},
        documents={"requests_per_day": 1e6},
    )
    case = Case(both, catalog)
    with_family(TwoStreams(case, compare.curves(case)))
    peaky = _with(
        Scenario(options=("cloudflare/bge-m3",)),
        workload={"requests_per_day": 1e8, "peak_to_mean": 10},
        hosting={"model": "BAAI/bge-m3", "labour_usd_per_month": 200},
    )
    case = Case(peaky, catalog)
    cheaper_elsewhere(case, compare.at_volume(compare.curves(case), case).rows[0])
    mine = Scenario(
        options=("openai/text-embedding-3-small", "owned/rtx-4090", "aws/g6.xlarge"),
        owned=(("owned/rtx-4090", 4),),
        discounts=(("openai", 0.2),),
    )
    yours = _with(
        mine,
        hosting={"reserved_term": "3y"},
        serverless={"api_labour_usd_per_month": 500},
        workload={"cached_share": 0.3},
        vectors={"stored_millions": 10, "dimensions": 256},
    )
    _judge(yours)
    unmet = _with(
        Scenario(),
        demands={"budget_usd_per_month": 0, "languages": ("de",), "retention": "zero"},
        objective={"region": "eu"},
    )
    case = Case(unmet, catalog)
    drawn = compare.curves(case)
    why(compare.at_volume(drawn, case), drawn)
    relaxations(Judge(case))


def _case(scenario: Scenario) -> Case:
    """With this machine measured one text at a time."""
    seen = measurement(THIS_MACHINE, Estimate(value_s=0.1))
    summary = seen.summary.model_copy(update={"tokens_per_s": 3000.0})
    measured = {THIS_MACHINE: seen.model_copy(update={"summary": summary})}
    return Case(scenario, load_catalog(), measured)


def _judge(scenario: Scenario) -> None:
    """What to do, when to move, what could change it, and the user's own load."""
    case = _case(scenario)
    curves = compare.curves(case)
    snapshot = compare.at_volume(curves, case)
    advice = recommend(curves, snapshot, case, Constraints(), PlanTerms(), None)
    plan(curves, case, PlanTerms())
    believed = beliefs(case, [curve.option for curve in curves.curves])
    chances = risk(risk_model(curves, case.catalog, believed, scenario.tokens_per_month, 0))
    pareto(advice.feasible, {}, chances)
    list(islice(flips(Judge(case), {}), 1))
    begin = datetime(2026, 1, 15, tzinfo=UTC)
    rows = [f"{begin + timedelta(minutes=minute)},{100 + minute}" for minute in range(60)]
    with_load(scenario, import_load("\n".join(["time,tokens", *rows]).encode(), 4.0))


def _named() -> list[str]:
    sections = [
        name for chapter in method_texts.CHAPTERS if chapter.title != MEASURED
        for name in chapter.sections
    ]  # fmt: skip
    return sorted({dotted for name in sections for dotted in method_texts.section(name).functions})


def _was_called(dotted: str, called: set[str]) -> bool:
    """A function by itself, a class by any of its methods."""
    return dotted in called or any(name.startswith(f"{dotted}.") for name in called)


def test_an_answer_calls_every_function_that_the_method_names(called: set[str]) -> None:
    """A formula that no answer needs is no part of the method, whatever else bears its name."""
    assert [name for name in _named() if not _was_called(name, called)] == sorted(ELSEWHERE)


def test_what_was_never_called_is_seen(called: set[str]) -> None:
    """The check can fail: ``split`` of a text does not stand for that of a bill."""
    assert not _was_called("core.cost.by_use.usage_bill.UsageBill.split", called)
