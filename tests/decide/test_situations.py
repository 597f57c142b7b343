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
from core.scenario import (
    DEFAULT_OPTIONS,
    THIS_MACHINE,
    Hosting,
    Objective,
    Scenario,
    Workload,
)
from tests.decide.conftest import Measure

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


PROCESSORS = ("aws/c7i.xlarge", "aws/c7i.2xlarge", "huggingface/endpoint-aws-intel-spr-x4")
SMALL = "BAAI/bge-small-en-v1.5"


def test_who_must_host_a_little_is_shown_processors(catalog: Catalog) -> None:
    """1.5 B tokens a month on machines alone: a few vCPUs before any rented card.

    By hand: bge-small does 2 x 21 M x 500 tokens = 21 GFLOP a text; at the peak 3.5 texts arrive a
    second, 73 GFLOP/s, which 4 vCPUs of a server carry several times over. A c7i.xlarge is
    $0.1785 an hour: with one to spare two or three of them are $250 to $400 a month; one L4 of
    $0.80 an hour with its spare is $1,159.
    """
    scenario = Scenario(
        hosting=Hosting(model=SMALL, labour_usd_per_month=0),
        options=(*PROCESSORS, "aws/g6.xlarge"),
    )
    shot = answered(scenario, catalog)
    best = winner_of(shot)
    assert best.option.id in PROCESSORS
    assert 200 <= (best.usd_per_month or 0) <= 500
    rows = {row.option.id: row for row in shot.rows}
    assert (rows["aws/g6.xlarge"].usd_per_month or 0) > (best.usd_per_month or 0)
    assert best.predicted_p95_s is not None


def test_a_laptop_embeds_for_nothing_once_it_was_probed(catalog: Catalog, measure: Measure) -> None:
    """MiniLM on a computer that is there costs nothing more, and is measured, not guessed.

    Before the probe nobody knows what it carries: no bill is made up, and the next step is named.
    """
    options = (THIS_MACHINE, "openai/text-embedding-3-small")
    scenario = Scenario(
        workload=Workload(requests_per_day=2_000),
        hosting=Hosting(labour_usd_per_month=0),
        prices=((THIS_MACHINE, 0.0),),
        options=options,
    )
    before = answered(scenario, catalog)
    row = next(one for one in before.rows if one.option.id == THIS_MACHINE)
    assert (row.usd_per_month, row.can_serve) == (None, None)
    assert "probe it" in row.why_not
    seen = {THIS_MACHINE: measure(THIS_MACHINE, tokens_per_s=3_000.0)}
    case = Case(scenario, catalog, seen)
    best = winner_of(at_volume(curves(case), case))
    assert (best.option.id, best.usd_per_month) == (THIS_MACHINE, 0.0)


def test_a_trillion_every_month_is_hosted_and_needs_more_than_a_card(catalog: Catalog) -> None:
    """1 T tokens every month: nobody's published limit lets it through; own or rented cards do.

    By hand: at a peak of 3 times the mean 1.16 M tokens/s; an RTX 4080 of some 60 to 70 thousand
    tokens/s, used to 60 %, carries 40 thousand: 29 cards, and one to spare.
    """
    shot = answered(Scenario(workload=Workload(requests_per_day=1e12 / 30 / 500)), catalog)
    best = winner_of(shot)
    assert is_self_hosted(best.option)
    assert best.replicas is not None
    assert 20 <= best.replicas <= 45
    assert best.spare_replicas == 1
    assert any("needs a host" in note for note in best.option.notes)
    for row in shot.rows:
        if is_by_use(row.option):
            assert row.can_serve is not True


def test_a_fleet_that_follows_the_load_is_billed_with_its_processors(catalog: Catalog) -> None:
    """778 B tokens on GPUs by the second: cores and memory beside them are in the bill.

    By hand: the card is $0.7992 an hour, 4 cores and 16 GiB beside it $0.3165: 40 % on top. Eleven
    replicas on average, 720 hours at $1.1157, are $8,700.
    """
    scenario = Scenario(workload=Workload(requests_per_day=778e9 / 30 / 500), options=("modal/l4",))
    (row,) = answered(scenario, catalog).rows
    compute = next(line for line in row.lines if line.label == "Compute")
    assert "for 4 cores and 16 GiB beside it" in compute.explanation
    assert sum(line.usd_per_month for line in row.lines) == pytest.approx(row.usd_per_month)
    alone = Scenario.model_validate(
        scenario.model_dump() | {"serverless": {"cores": 0, "memory_gib": 0}}
    )
    (bare,) = answered(alone, catalog).rows
    less = next(line.usd_per_month for line in bare.lines if line.label == "Compute")
    assert 1.3 <= compute.usd_per_month / less <= 1.5


def test_code_search_is_chosen_by_what_finds_and_not_by_price_alone(catalog: Catalog) -> None:
    """5.4 B tokens: a cheap general model, and a code model at more than ten times its price.

    By hand: 5.4 B x $0.01 per million = $54; x $0.12 to 0.18 = $648 to 972. What finds more is
    nothing that the catalogue knows of one's own repository: it stands beside the price, unknown
    until it is measured.
    """
    scenario = Scenario(
        workload=Workload(requests_per_day=360_000),
        options=("openai/text-embedding-3-small", "voyage/voyage-code-3"),
    )
    shot = answered(scenario, catalog)
    usd = {row.option.id: row.usd_per_month or 0.0 for row in shot.rows}
    assert usd["openai/text-embedding-3-small"] == pytest.approx(5.4e9 * 0.02 / 1e6)
    assert 500 <= usd["voyage/voyage-code-3"] <= 1_000
    assert all(row.quality is None for row in shot.rows)
