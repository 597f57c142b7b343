"""Who leads where by the mean: the winner at a volume is who leads there."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.many_scenarios.laws import LawKind
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.belief import VOLUME, Range
from core.decide.result.curves import Curves
from core.scenario import DEFAULT_OPTIONS, Scenario, Workload

ASKED = Scenario(options=(*DEFAULT_OPTIONS, "databricks/bge-large-en", "voyage/voyage-4-lite"))


@pytest.fixture(scope="module")
def drawn(catalog: Catalog) -> Curves:
    """A question with several leaders."""
    return curves(Case(ASKED, catalog))


def at(tokens: float) -> Scenario:
    """The question at a volume."""
    load = Workload(requests_per_day=tokens / 500 / 30)
    return ASKED.model_copy(update={"workload": load})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tokens=st.floats(4.5, 14).map(lambda e: 10.0**e))
def test_the_winner_at_a_volume_leads_there_and_stops_beyond(
    drawn: Curves, catalog: Catalog, tokens: float
) -> None:
    """And just beyond where its lead ends another one wins, or nobody."""
    verdict = at_volume(drawn, Case(at(tokens), catalog)).verdict
    lead = next(
        (x for x in drawn.winners if x.from_tokens_per_month < tokens <= x.to_tokens_per_month),
        None,
    )
    assert (verdict.winner is None) == (lead is None)
    if verdict.winner is None or lead is None:
        return
    assert verdict.winner.option.id == lead.option_id
    end = verdict.stops_winning_at_tokens_per_month
    assert end == (None if math.isinf(lead.to_tokens_per_month) else lead.to_tokens_per_month)
    if end is not None:
        beyond = at_volume(drawn, Case(at(end * (1 + 1e-6)), catalog)).verdict.winner
        assert beyond is None or beyond.option.id != lead.option_id


def test_stretches_rise_and_touch_no_other(drawn: Curves) -> None:
    """From zero on, each with another leader than the one before it."""
    leads = drawn.winners
    assert len(leads) >= 2
    assert leads[0].from_tokens_per_month == 0
    assert leads[-1].to_tokens_per_month == math.inf
    for before, after in pairwise(leads):
        assert before.to_tokens_per_month <= after.from_tokens_per_month
        touching = before.to_tokens_per_month == after.from_tokens_per_month
        assert before.option_id != after.option_id or not touching


def test_where_the_lead_turns_the_two_means_are_equal(drawn: Curves) -> None:
    """Or one of the two cannot serve on one of the sides."""
    by_id = {curve.option.id: curve.option for curve in drawn.curves}
    turns = list(pairwise(drawn.winners))
    assert turns
    for before, after in turns:
        volume = before.to_tokens_per_month
        means, limit = drawn.by_mean.at(volume), by_id[before.option_id].ceiling_tokens_per_month
        if limit is not None and math.isclose(limit, volume):
            continue
        assert means[before.option_id] == pytest.approx(means[after.option_id], rel=1e-6)


def test_a_range_of_the_volume_names_no_one_volume_where_it_ends(catalog: Catalog) -> None:
    """Unless the winner leads there with the volume known, too."""
    tokens = 1e9
    ranges = ((VOLUME, Range(LawKind.LOG_UNIFORM, tokens / 100, tokens * 100)),)
    case = Case(at(tokens), catalog, ranges=ranges)
    found = curves(case)
    verdict = at_volume(found, case).verdict
    assert verdict.winner is not None
    names = {lead.option_id for lead in found.winners}
    if verdict.winner.option.id not in names:
        assert verdict.stops_winning_at_tokens_per_month is None


def test_the_axis_has_the_same_means(drawn: Curves) -> None:
    """What is drawn of the bands and what leads are one."""
    axis = drawn.by_mean.axis
    for column in (0, 10, 30):
        means = drawn.by_mean.at(float(axis.tokens_per_month[column]))
        along = dict(zip(axis.option_ids, axis.means[:, column].tolist(), strict=True))
        assert along == pytest.approx(means, rel=1e-9)
    assert np.isfinite(axis.means).all()


def test_an_option_whose_inputs_are_known_does_not_vary(drawn: Curves, catalog: Catalog) -> None:
    """A list price of the vendor's is one number; a machine's speed is a range."""
    assert not drawn.by_mean.varies("cloudflare/bge-m3")
    assert drawn.by_mean.varies("aws/g6.xlarge")
    believed = beliefs(Case(ASKED, catalog), [curve.option for curve in drawn.curves])
    spread = {name for belief in believed if belief.law.spread > 0 for name in belief.options or ()}
    assert "cloudflare/bge-m3" not in spread
