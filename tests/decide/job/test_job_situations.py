"""Two jobs that people really have, and what an expert insists on.

The shipped catalogue answers; a test holds who may win and a range, never a figure that a price
change would move.
"""

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.job.job_way import BY_USE, JobAnswer, WayKind
from core.decide.job.job_words import headline, sentences
from core.decide.job.one_off_job import OneOffJob
from core.scenario import CorpusVectors, Hosting, Scenario, Workload


def answered(catalog: Catalog, tokens: float, days: float, after: float) -> JobAnswer:
    """With bge-m3's vectors, which machines and APIs give."""
    load = Workload(
        corpus_tokens=tokens,
        backfill_days=days,
        afterwards_tokens_per_month=after,
        corpus_vectors=CorpusVectors.HOSTED,
    )
    scenario = Scenario(workload=load, hosting=Hosting(model="BAAI/bge-m3"))
    return OneOffJob(Case(scenario, catalog)).answer


def test_an_archive_of_ten_billion_is_rented_for_and_then_called_by_api(catalog: Catalog) -> None:
    """10 B tokens in two weeks, then 50 M a month: rent a card for days, then the same weights.

    By hand: an L4 does 44,000 to 62,000 tokens/s of bge-m3: 10e9/44,000/3,600 = 63 h, at $0.80 an
    hour $51, as spot at $0.36 $23; a 4090 does about 100,000: 28 h at $0.29, $8. 50 M tokens at
    $0.01 per 1M are $0.50 a month. One API for all of it bills 10,000 x $0.01 = $100 at the least,
    and 10 B in 14 days are 496,000 tokens a minute.
    """
    answer = answered(catalog, 10e9, 14, 50e6)
    best = answer.best
    assert best is not None
    assert best.kind not in BY_USE
    assert 3 < (best.total_usd or 0) < 60
    assert best.after is not None
    sold = catalog.find_api(best.after.option_id)
    assert sold is not None
    assert sold[1].model == "BAAI/bge-m3"
    assert (best.after.usd_per_month or 0) < 2
    l4 = next(way for way in answer.ways if way.id == "aws/g6.xlarge")
    assert 1 < (l4.days or 0) < 5
    assert 20 < (l4.usd or 0) < 80
    spot = next(way for way in answer.ways if way.kind is WayKind.SPOT)
    assert (spot.total_usd or 0) < (l4.total_usd or 0)
    one_api = next(way for way in answer.by_kind if way.kind is WayKind.API)
    assert (one_api.total_usd or 0) > 2 * (best.total_usd or 0)
    assert "over 36 months" in headline(answer)
    assert any("By one API for all of it" in sentence for sentence in sentences(answer))


def test_a_crawl_of_a_trillion_is_a_rented_fleet_for_weeks(catalog: Catalog) -> None:
    """1 T tokens in four weeks, nothing after: no API is known to take it.

    By hand: 1e12/100,000 tokens/s = 2,778 hours of a 4090, five for 23 days, at $0.29 to $0.69 an
    hour $806 to $1,917, and 1.4 times that on average over the range of the rate. By API it is
    24.8 M tokens a minute; at $0.01 per 1M $10,000.
    """
    answer = answered(catalog, 1e12, 28, 0)
    best = answer.best
    assert best is not None
    assert best.kind in {WayKind.RENTED, WayKind.SPOT}
    assert best.machines is not None
    assert best.machines.count >= 2
    assert 7 < (best.days or 0) <= 28
    assert 500 < (best.mean_usd or 0) < 3_500
    assert not any(way.kind in BY_USE and way.suits for way in answer.ways)
    assert WayKind.SPOT in {way.kind for way in answer.by_kind}
    words = " ".join(sentences(answer))
    assert "ask one for a higher limit" in words
    assert "can be had at once is not known" in words
