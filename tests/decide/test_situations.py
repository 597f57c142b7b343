"""Situations that people really have: who may win, who may not, and what must be named as unknown.

Each is a property that an expert would insist on, never a figure that a price change would move.
The shipped catalogue answers, 30-day months, the default options unless a test says others.
"""

import pytest

from core.catalog.schema import Catalog
from core.decide.advice.cheaper_elsewhere import cheaper_elsewhere
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.options.options import is_by_use, is_self_hosted
from core.decide.result.obstacle import Obstacle
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.decide.result.unknown import About
from core.scenario import DEFAULT_OPTIONS, Objective, Scenario, Workload

UNDOCUMENTED = "openrouter/bge-m3"
"""Cheap, and nobody says what it takes at once."""


def answered(scenario: Scenario, catalog: Catalog) -> Snapshot:
    """The answer at its volume."""
    case = Case(scenario, catalog)
    return at_volume(curves(case), case)


def winner_of(shot: Snapshot) -> OptionAtVolume:
    """The option that is known to suit."""
    assert shot.verdict.winner is not None
    return shot.verdict.winner


@pytest.mark.parametrize("requests_per_day", [133, 13_333, 100_000])
def test_a_hobby_a_start_up_and_the_note_pay_an_api(
    catalog: Catalog, requests_per_day: float
) -> None:
    """2 M, 200 M and 1.5 B tokens/month at the defaults: an API, too small to matter.

    Its latency is not measured yet, which excludes nothing while nobody demanded one; its limit is
    published, or the load is below the lowest that anybody publishes. By hand: 1.5 B at a peak of
    three times the mean are 208 requests a minute, and Cloudflare takes 3,000.
    """
    scenario = Scenario(workload=Workload(requests_per_day=requests_per_day))
    verdict = answered(scenario, catalog).verdict
    assert verdict.winner is not None
    assert is_by_use(verdict.winner.option)
    assert verdict.winner.meets_slo is None
    assert verdict.too_small_to_matter
    assert verdict.not_yet_known is None


def test_search_within_60_ms_names_no_api_that_nobody_measured(catalog: Catalog) -> None:
    """20 requests/s of 30 tokens, p95 60 ms: no public API is known to hold that over a network.

    What runs on a machine of one's own is known by its prediction; the API that would be cheaper
    is named with what to do.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=20 * 86_400, tokens_per_request=30),
        objective=Objective(slo_p95_s=0.06),
    )
    shot = answered(scenario, catalog)
    assert not any(is_by_use(row.option) and row.can_serve for row in shot.rows)
    best = winner_of(shot)
    assert is_self_hosted(best.option)
    assert best.predicted_p95_s is not None
    assert best.predicted_p95_s <= 0.06
    other = shot.verdict.not_yet_known
    assert other is not None
    assert About.LATENCY in {unknown.about for unknown in other.unknown}
    assert (shot.verdict.saving_if_it_holds_usd_per_month or 0) > 0


def test_a_shop_at_500_requests_a_second_is_not_sent_to_an_undocumented_limit(
    catalog: Catalog,
) -> None:
    """500 requests/s of 12 tokens: 90,000 a minute at the peak.

    By hand: OpenAI's 3,000 and Voyage's 2,000 requests a minute are out by what they publish; an
    API that publishes nothing may not win by that.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=500 * 86_400, tokens_per_request=12),
        options=(*DEFAULT_OPTIONS, "voyage/voyage-4-lite", UNDOCUMENTED),
    )
    shot = answered(scenario, catalog)
    rows = {row.option.id: row for row in shot.rows}
    for known in ("openai/text-embedding-3-small", "voyage/voyage-4-lite"):
        assert rows[known].obstacle is Obstacle.LIMIT
    assert rows[UNDOCUMENTED].can_serve is None
    assert "rate limit of OpenRouter bge-m3 is not known" in rows[UNDOCUMENTED].serves_text
    assert not is_by_use(winner_of(shot).option)
    assert shot.verdict.not_yet_known is not None
    assert is_by_use(shot.verdict.not_yet_known.option)


def test_a_seasonal_peak_of_ten_needs_a_limit_that_somebody_states(catalog: Catalog) -> None:
    """26 B tokens/month, ten times as much in the busy hour: 12,000 requests a minute."""
    scenario = Scenario(
        workload=Workload(requests_per_day=26e9 / 30 / 500, peak_to_mean=10),
        options=(*DEFAULT_OPTIONS, UNDOCUMENTED, "databricks/qwen3-embedding-0-6b"),
    )
    shot = answered(scenario, catalog)
    rows = {row.option.id: row for row in shot.rows}
    assert rows[UNDOCUMENTED].can_serve is None
    best = winner_of(shot)
    assert best.option.ceiling_tokens_per_month is None or (
        best.option.ceiling_tokens_per_month >= shot.tokens_per_month
    )
    assert not best.unknown


def test_documents_of_8000_tokens_rule_out_who_reads_512(catalog: Catalog) -> None:
    """bge-large reads 512 tokens and would lose most of each; bge-m3 reads 8,192."""
    scenario = Scenario(
        workload=Workload(requests_per_day=5_000, tokens_per_request=8_000),
        options=("cloudflare/bge-large-en-v1.5", "cloudflare/bge-m3", "aws/g6.xlarge"),
    )
    shot = answered(scenario, catalog)
    rows = {row.option.id: row for row in shot.rows}
    assert rows["cloudflare/bge-large-en-v1.5"].obstacle is Obstacle.LENGTH
    assert rows["aws/g6.xlarge"].obstacle is Obstacle.LENGTH
    assert winner_of(shot).option.id == "cloudflare/bge-m3"


def test_the_same_weights_at_a_lower_price_are_named(catalog: Catalog) -> None:
    """A hosted bge-m3 has cheaper twins, where its bill is worth a look."""
    scenario = Scenario(options=("venice/bge-m3",))
    case = Case(scenario, catalog)
    shot = at_volume(curves(case), case)
    cheaper = cheaper_elsewhere(case, shot.verdict.winner).same_vectors
    assert cheaper is not None
    assert cheaper.row.option.model == "BAAI/bge-m3"
    assert not cheaper.row.unknown
