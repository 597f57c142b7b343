"""Failures on the page: a row for each way, with the server's own sentence."""

from dataclasses import replace
from typing import Any

from core.probe.records.sample import Outcome
from dashboard.components.runs.one_run.swept_words import failures_table
from dashboard.components.runs.words.run_data import sample_table, samples_csv
from tests.dashboard.past_runs import api_plan, whole_run

SENTENCE = "batch <b>size</b> too large, *really*"


def test_a_row_says_what_happened_and_what_the_server_said() -> None:
    """And how long it asks to wait; a run without failures has no row."""
    plan = api_plan()
    samples = whole_run(plan, failures=(10, 11, 12))
    told: dict[str, Any] = {"outcome": Outcome.RATE_LIMITED, "http_status": 429}
    samples[10] = replace(
        samples[10], **told, detail="status 429", server_said=SENTENCE, retry_after_s=2.0
    )
    table = failures_table(plan, samples)
    assert list(table["Requests"]) == [2, 1]
    assert list(table["The server's own words"]) == ["", SENTENCE]
    assert list(table["HTTP status"]) == ["", "429"]
    assert table["Wait asked for"].iloc[1].startswith("2")
    assert failures_table(plan, whole_run(plan)).empty


def test_the_sentence_is_in_the_table_and_the_download_of_the_samples() -> None:
    """Under a heading of its own."""
    plan = api_plan()
    samples = whole_run(plan, failures=(10,))
    samples[10] = replace(samples[10], server_said=SENTENCE)
    assert SENTENCE in list(sample_table(samples)["The server's own words"])
    assert SENTENCE in samples_csv(samples).decode("utf-8-sig")
