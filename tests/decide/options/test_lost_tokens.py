"""Tokens that a model's limit cuts off: one measure for texts of one length and of many."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import lognorm

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import billed_options
from core.decide.result.option import Option
from core.scenario import LongTexts, Objective, Scenario, Workload, hybrid_id
from tests.decide.conftest import OPTIONS

HYBRID = hybrid_id("rent/l-1", "beta/requests")


def options_of(
    mean: float, cv: float, allowed: float, kind: LongTexts, catalog: Catalog
) -> tuple[Option, ...]:
    """Every option of the frozen catalogue before such texts."""
    load = Workload(tokens_per_request=mean, length_cv=cv, long_texts=kind)
    asked = Scenario(
        workload=load,
        objective=Objective(max_lost_share=allowed, slo_p95_s=60),
        options=(*OPTIONS, HYBRID),
    )
    hosting = asked.hosting.model_copy(update={"model": "open/large"})
    case = Case(asked.model_copy(update={"hosting": hosting}), catalog)
    return tuple(billed.option for billed in billed_options(case))


def beyond(mean: float, cv: float, limit: float) -> float:
    """E[(X - K)+], tokens: what of a lognormal's tail lies beyond a limit, added up."""
    if cv == 0:
        return max(0.0, mean - limit)
    s = math.sqrt(math.log1p(cv**2))
    law = lognorm(s, scale=mean * math.exp(-(s**2) / 2))
    end = max(0.0, math.log(mean / limit) + 12 * s)  # hardly a text is longer
    return float(quad(lambda z: law.sf(limit * math.exp(z)) * limit * math.exp(z), 0, end)[0])


@settings(max_examples=40)
@given(st.floats(1, 32_000), st.floats(0, 5), st.floats(0.0001, 1))
def test_who_loses_more_than_allowed_is_out_and_nobody_else(
    frozen_catalog: Catalog, mean: float, cv: float, allowed: float
) -> None:
    """Whatever the mean, its spread and the option: the share of the tokens decides."""
    for option in options_of(mean, cv, allowed, LongTexts.CUT, frozen_catalog):
        if option.lost_share is None:
            continue
        out = "would be lost" in option.blocked_reason
        assert out is (option.lost_share > allowed) or option.blocked_reason.startswith("Withdrawn")


@settings(max_examples=40)
@given(st.floats(1, 32_000), st.floats(0, 5))
def test_chunks_lose_nothing(frozen_catalog: Catalog, mean: float, cv: float) -> None:
    """Split texts are read to their end, however long."""
    for option in options_of(mean, cv, 0.0001, LongTexts.CHUNK, frozen_catalog):
        assert not option.lost_share
        assert "lost" not in option.blocked_reason


@pytest.mark.parametrize("mean", [100.0, 500.0, 513.0, 2_000.0])
@pytest.mark.parametrize("cv", [0.0, 0.001, 0.3, 1.0, 3.0])
def test_the_share_is_that_of_the_law(frozen_catalog: Catalog, mean: float, cv: float) -> None:
    """E[(X - K)+]/E[X] by numbers; a spread of next to nothing is as no spread."""
    option = options_of(mean, cv, 1, LongTexts.CUT, frozen_catalog)[OPTIONS.index("rent/l-1")]
    assert option.max_tokens is not None
    expected = beyond(mean, cv, option.max_tokens) / mean
    assert option.lost_share == pytest.approx(expected, abs=1e-6)


def test_five_hundred_tokens_of_every_length_are_no_texts_for_512(catalog: Catalog) -> None:
    """A third of the tokens would be dropped in silence; with one token of 513 nobody minds."""
    spread = Scenario(workload=Workload(length_cv=1.0))
    longer = Scenario(workload=Workload(tokens_per_request=513))
    for scenario, serves, lost in ((spread, False, 0.3148), (longer, True, 1 / 513)):
        case = Case(scenario.model_copy(update={"options": ("aws/g6.xlarge",)}), catalog)
        row = at_volume(curves(case), case).rows[0]
        assert row.feasible is serves
        assert row.option.lost_share == pytest.approx(lost, abs=1e-4)
        assert ("31.5 % of your tokens would be lost, 1 % may be" in row.infeasible_reason) is not (
            serves
        )


def test_the_default_question_loses_nothing(catalog: Catalog) -> None:
    """All of its texts have 500 tokens, and no option reads fewer than 512."""
    case = Case(Scenario(), catalog)
    snapshot = at_volume(curves(case), case)
    assert snapshot.verdict.winner is not None
    assert snapshot.verdict.winner.option.id == "cloudflare/bge-m3"
    assert not any(row.option.lost_share for row in snapshot.rows)
