"""What is said of a job: what to do, what it takes, and what would help where it is late."""

import pytest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.job.corpus_line import corpus_line
from core.decide.job.job_way import JobAnswer
from core.decide.job.job_words import days_words, headline, in_time, sentences, usd_words, what
from core.decide.job.one_off_job import OneOffJob
from core.scenario import Hosting, Scenario, Workload


def answered(
    catalog: Catalog, tokens: float, days: float, *options: str, **hosting: float
) -> JobAnswer:
    """Of these options."""
    load = Workload(corpus_tokens=tokens, backfill_days=days)
    asked = Hosting(model="BAAI/bge-m3").model_copy(update=hosting)
    return OneOffJob(Case(Scenario(workload=load, hosting=asked), catalog), options).answer


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "a time not known"),
        (0.1, "2.4 hours"),
        (0.5, "12 hours"),
        (2.65, "2.6 days"),
        (3_333.3, "3,333 days"),
    ],
)
def test_a_time_is_said_in_hours_or_days(days: float | None, words: str) -> None:
    """Two digits, or whole days."""
    assert days_words(days) == words


def test_an_amount_has_cents_below_a_thousand() -> None:
    """As in a sentence of the comparison."""
    assert (usd_words(8.118), usd_words(1_918.2)) == ("$8.12", "$1,918")


def test_a_late_api_says_its_limit_and_how_much_more_it_takes(catalog: Catalog) -> None:
    """10 B tokens in a day: 6.94 times OpenAI's million a minute; by batch 3,333 times."""
    answer = answered(catalog, 10e9, 1, "openai/text-embedding-3-small")
    said = {way.kind.value: in_time(way, answer.ask) for way in answer.ways}
    assert "it takes 6.9 days, bound by tokens a minute: ask for 6.94 times" in said["API"]
    assert "ask for 3,330 times" in said["batch API"]
    assert headline(answer) == "No way is known to do it in time."
    assert "The soonest that is known is OpenAI 3-small: 6.9 days for $200.00." in sentences(answer)


def test_a_fleet_that_is_too_small_says_how_many_would_do(catalog: Catalog) -> None:
    """A quota of two L4s for a trillion tokens in two weeks."""
    answer = answered(catalog, 1e12, 14, "aws/g6.xlarge", maximum_replicas=2)
    (way,) = answer.ways
    assert "2 of them take" in in_time(way, answer.ask)
    assert "would do" in in_time(way, answer.ask)


def test_machines_that_start_after_the_deadline_say_so(catalog: Catalog) -> None:
    """A start of two hours before a deadline of one."""
    answer = answered(catalog, 1e6, 0.042, "aws/g6.xlarge", startup_minutes=120)
    (way,) = answer.ways
    assert "None has started by the deadline" in in_time(way, answer.ask)
    assert way.suits is False


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("aws/g6.xlarge", "rent 1 x AWS g6.xlarge (L4) with bge-m3"),
        ("gcp/g2-standard-4-spot", "rent 1 x GCP g2-standard-4 spot (L4) with bge-m3"),
        ("modal/l4", "1 x Modal L4 with bge-m3, paid by the second"),
        ("owned/rtx-4090", "buy 1 x NVIDIA RTX 4090 (owned) with bge-m3"),
        ("cloudflare/bge-m3", "Cloudflare bge-m3"),
    ],
)
def test_each_kind_says_what_is_done(catalog: Catalog, option: str, words: str) -> None:
    """Rented, bought, by the second, called."""
    answer = answered(catalog, 1e8, 7, option)
    assert what(answer.ways[0]) == words


def test_what_may_be_cheaper_is_named_with_what_to_do(catalog: Catalog) -> None:
    """Novita's limit is not known; the L4 is dearer and known to be in time."""
    answer = answered(catalog, 2e9, 1, "novita/bge-m3", "azure/nv36ads-a10-v5")
    assert answer.best is not None
    assert answer.not_yet_known is not None
    assert (answer.saving_if_it_holds_usd or 0) > 0
    words = " ".join(sentences(answer))
    assert "less, if it holds. The rate limit of Novita bge-m3 is not known." in words
    assert "type the limit of your account" in words


def test_the_line_beside_a_comparison_is_there_with_a_corpus_alone(catalog: Catalog) -> None:
    """It says cost and time of the winner, and that the month does not hold it."""
    case = Case(Scenario(workload=Workload(corpus_tokens=10e9)), catalog)
    winner = at_volume(curves(case), case).verdict.winner
    assert corpus_line(0, winner) == ""
    assert corpus_line(10e9, winner).startswith("The corpus of 10,000,000,000 tokens is no part")
    assert corpus_line(10e9, None).endswith("monthly cost.")
