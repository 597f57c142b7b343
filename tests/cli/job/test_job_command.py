"""`breakeven job`: a one-off job by every way, for a terminal or a program."""

import json
from pathlib import Path

import pytest

from core.catalog.load import load_catalog
from core.decide.case import Case
from core.decide.job.job_words import headline
from core.decide.job.one_off_job import OneOffJob
from core.scenario import Scenario
from tests.cli.terminal import breakeven

ASKED = ("job", "--tokens", "10e9", "--days", "14", "--after", "50e6", "--model", "BAAI/bge-m3")


def test_the_json_has_every_way_with_its_grades_and_lines_that_sum(tmp_path: Path) -> None:
    """The same as the model computes, of the scenario that the document itself names."""
    done = breakeven(tmp_path, *ASKED, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    question = Scenario.model_validate(document["scenario"])
    answer = OneOffJob(Case(question, load_catalog())).answer
    assert document["headline"] == headline(answer)
    assert [way["id"] for way in document["ways"]] == [way.id for way in answer.ways]
    assert (document["tokens"], document["deadline_days"]) == (10e9, 14)
    best = next(way for way in document["ways"] if way["id"] == document["best"]["id"])
    assert best["suits"] is True
    assert best["grades"]["throughput"] in {"published", "predicted"}
    assert best["grades"]["price"] in {"published", "claimed"}
    assert best["afterwards"]["months"] == 36
    assert best["total_usd"] == pytest.approx(
        best["mean_usd"] + 36 * best["afterwards"]["usd_per_month"]
    )
    cloudflare = next(way for way in document["ways"] if way["id"] == "cloudflare/bge-m3")
    assert cloudflare["binding"] == "requests_per_minute"
    assert cloudflare["grades"]["rate_limit"] == "published"
    assert cloudflare["rate_limit_source"].startswith("https://")
    for way in document["ways"]:
        assert way["usd"] is None or way["usd"] == pytest.approx(
            sum(line["usd"] for line in way["lines"]), abs=1e-9
        )
        assert way["in_time"]


def test_the_table_marks_the_best_and_says_what_follows(tmp_path: Path) -> None:
    """The cheapest ways with evidence; the best again in a sentence, then one API for all of it."""
    done = breakeven(tmp_path, *ASKED, "--top", "3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("» ") == 1
    words = " ".join(done.stdout.split())
    assert "10,000,000,000 tokens in 14 days, cheapest first" in words
    assert "rate predicted" in words
    assert "over 36 months" in words
    assert "By one API for all of it" in words


def test_amounts_are_shown_in_the_currency_that_is_asked(tmp_path: Path) -> None:
    """Table and sentences; the rate and who says so stand below."""
    asked = ("job", "--tokens", "1e9", "--option", "openai/text-embedding-3-small")
    done = breakeven(tmp_path, *asked, "--currency", "EUR", "--rate", "2")
    assert done.returncode == 0, done.stderr
    assert "10.00" in done.stdout
    assert "1 EUR = 2 USD" in done.stdout
    assert "$" not in done.stdout


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--tokens", "0"), "--tokens must be a number from 1 to"),
        (("--tokens", "-1"), "--tokens must be a number from 1 to"),
        (("--tokens", "nan"), "--tokens must be a number from 1 to"),
        (("--tokens", "2e18"), "--tokens must be a number from 1 to"),
        (("--tokens", "1e9", "--days", "0"), "--days must be a number from 0.04 to 365"),
        (("--tokens", "1e9", "--days", "366"), "--days must be a number from 0.04 to 365"),
        (("--tokens", "1e9", "--after", "-1"), "--after must be a number from 0 to"),
        (("--tokens", "1e9", "--option", "no/such"), "'no/such'"),
        (("--tokens", "1e9", "--price", "no/such=1"), "'no/such'"),
        (("--tokens", "1e9", "--model", "no/such"), "'no/such'"),
        ((), "no job without tokens"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    tmp_path: Path, flags: tuple[str, ...], said: str
) -> None:
    """In one sentence on stderr, and nothing on stdout."""
    done = breakeven(tmp_path, "job", *flags)
    assert done.returncode != 0
    assert said in done.stderr
    assert done.stdout == ""


def test_compare_says_that_a_corpus_is_no_part_of_the_month(tmp_path: Path) -> None:
    """What it costs through the winner, and which command weighs the job."""
    done = breakeven(tmp_path, "compare", "--set", "workload.corpus_tokens=10e9")
    words = " ".join(done.stdout.split())
    assert "The corpus of 10,000,000,000 tokens is no part of the monthly cost: once" in words
    assert "`breakeven job` weighs every way for it" in words
    without = breakeven(tmp_path, "compare")
    assert "breakeven job" not in without.stdout


def test_a_job_on_cards_that_are_yours_is_asked_by_their_number(tmp_path: Path) -> None:
    """They need not be among the scenario's options; what nobody owns is refused by name."""
    asked = ("job", "--tokens", "1e9", "--option", "owned/rtx-3090", "--json")
    done = breakeven(tmp_path, *asked, "--own", "owned/rtx-3090=2", "--language", "en")
    assert done.returncode == 0, done.stderr
    (way,) = json.loads(done.stdout)["ways"]
    assert "already yours" in way["label"]
    assert [line["label"] for line in way["lines"]] == ["Electricity"]
    refused = breakeven(tmp_path, *asked, "--own", "owned/no-such=2")
    assert refused.returncode != 0
    assert "no-such" in refused.stderr
