"""An export of each maker, as its documentation writes it, with its true total."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import LoadImportError
from core.usage.choice import Wanted
from core.usage.columns import Columns
from core.usage.reading import Reading
from core.usage.rows.usage_answers import Series
from tests.harness.uploaded_load import import_load

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, PER_DAY, TOKENS = 30, 24_000, 500
"""24,000 requests a day of 500 tokens each: 360 M tokens in 30 days."""
PER_HOUR = PER_DAY // 24


def days() -> list[datetime]:
    """Thirty days."""
    return [START + timedelta(days=n) for n in range(DAYS)]


def hours() -> list[datetime]:
    """The hours of thirty days."""
    return [START + timedelta(hours=n) for n in range(24 * DAYS)]


def as_csv(heading: str, rows: list[tuple[object, ...]]) -> bytes:
    """Rows below a heading."""
    return "\n".join([heading, *(",".join(map(str, row)) for row in rows)]).encode()


def litellm_daily_csv() -> bytes:
    """The usage page's export by day and team."""
    heading = "Date,Team,Spend,Requests,Total Tokens,Prompt Tokens,Completion Tokens"
    tokens = PER_DAY * TOKENS // 2
    rows: list[tuple[object, ...]] = [
        (day.date(), team, 0.12, PER_DAY // 2, tokens, tokens, 0)
        for day in days()
        for team in ("search", "archive")
    ]
    return as_csv(heading, rows)


def litellm_activity() -> bytes:
    """GET /user/daily/activity: https://docs.litellm.ai/docs/proxy/cost_tracking."""
    metrics = {"spend": 0.24, "prompt_tokens": PER_DAY * TOKENS, "api_requests": PER_DAY}
    chat = {"spend": 9.0, "prompt_tokens": 7_000_000, "api_requests": 900}
    day = {"text-embedding-3-small": {"metrics": metrics}, "gpt-4o": {"metrics": chat}}
    total = {name: metrics[name] + chat[name] for name in metrics}
    results = [
        {"date": str(one.date()), "metrics": total, "breakdown": {"models": day}} for one in days()
    ]
    return json.dumps({"results": results, "metadata": {"page": 1}}).encode()


def openai_usage() -> bytes:
    """GET /v1/organization/usage/embeddings, buckets of an hour."""
    result = {
        "object": "organization.usage.embeddings.result",
        "input_tokens": PER_HOUR * TOKENS,
        "num_model_requests": PER_HOUR,
        "model": "text-embedding-3-small",
        "project_id": None,
    }
    buckets = [
        {
            "object": "bucket",
            "start_time": int(hour.timestamp()),
            "end_time": int(hour.timestamp()) + 3_600,
            "results": [result],
        }
        for hour in hours()
    ]
    return json.dumps({"object": "page", "data": buckets, "has_more": False}).encode()


def openai_csv() -> bytes:
    """The same as the usage page's CSV, a row a day."""
    heading = "start_time,end_time,model,num_model_requests,input_tokens"
    rows: list[tuple[object, ...]] = [
        (
            int(day.timestamp()),
            int(day.timestamp()) + 86_400,
            "text-embedding-3-small",
            PER_DAY,
            PER_DAY * TOKENS,
        )
        for day in days()
    ]
    return as_csv(heading, rows)


def azure_metrics() -> bytes:
    """`az monitor metrics list`: https://learn.microsoft.com/rest/api/monitor/metrics/list."""

    def metric(name: str, total: float) -> dict[str, Any]:
        data = [{"timeStamp": hour.isoformat(), "total": total} for hour in hours()]
        return {
            "name": {"value": name, "localizedValue": name},
            "unit": "Count",
            "timeseries": [{"metadatavalues": [], "data": data}],
        }

    value = [
        metric("AzureOpenAIRequests", PER_HOUR),
        metric("ProcessedPromptTokens", PER_HOUR * TOKENS),
        metric("GeneratedTokens", 0),
    ]
    return json.dumps({"interval": "PT1H", "value": value}).encode()


def bedrock_metrics() -> bytes:
    """`aws cloudwatch get-metric-data` for InputTokenCount and Invocations."""
    times = [hour.isoformat() for hour in hours()]
    results = [
        {"Id": "m1", "Label": label, "Timestamps": times, "Values": [value] * len(times)}
        for label, value in (("Invocations", PER_HOUR), ("InputTokenCount", PER_HOUR * TOKENS))
    ]
    return json.dumps({"MetricDataResults": results, "Messages": []}).encode()


def cloudwatch_statistics() -> bytes:
    """`aws cloudwatch get-metric-statistics --statistics Sum SampleCount`, in no order of time."""
    points = [
        {
            "Timestamp": hour.isoformat(),
            "SampleCount": float(PER_HOUR),
            "Sum": float(PER_HOUR * TOKENS),
            "Unit": "Count",
        }
        for hour in hours()
    ]
    return json.dumps({"Label": "InputTokenCount", "Datapoints": points[::-1]}, indent=1).encode()


def langfuse_daily() -> bytes:
    """GET /api/public/metrics/daily."""
    data = [
        {
            "date": str(day.date()),
            "countTraces": 3,
            "usage": [
                {
                    "model": "text-embedding-3-small",
                    "inputUsage": PER_DAY * TOKENS,
                    "countObservations": PER_DAY,
                },
                {"model": "gpt-4o", "inputUsage": 5_000_000, "countObservations": 700},
            ],
        }
        for day in days()
    ]
    return json.dumps({"data": data, "meta": {"page": 1}}).encode()


def prometheus_counters() -> bytes:
    """GET /api/v1/query_range of two counters; the server begins anew once."""

    def series(name: str, step: int) -> dict[str, Any]:
        values, total = [], 0
        for n in range(24 * DAYS + 1):
            total = 0 if n == 100 else total
            values.append([int((START + timedelta(hours=n)).timestamp()), str(total)])
            total += step
        return {"metric": {"__name__": name, "job": "tei"}, "values": values}

    result = [series("te_request_count", PER_HOUR), series("te_tokens_total", PER_HOUR * TOKENS)]
    matrix = {"resultType": "matrix", "result": result}
    return json.dumps({"status": "success", "data": matrix}).encode()


def hourly_counts() -> bytes:
    """Somebody's own table."""
    rows: list[tuple[object, ...]] = [(h.isoformat(), PER_HOUR, PER_HOUR * TOKENS) for h in hours()]
    return as_csv("hour,requests,tokens", rows)


def parquet_counts() -> bytes:
    """The same as Parquet."""
    table = pa.table(
        {
            "hour": pa.array(hours(), pa.timestamp("us", tz="UTC")),
            "requests": [PER_HOUR] * len(hours()),
            "tokens": [PER_HOUR * TOKENS] * len(hours()),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


EXPORTS: list[Callable[[], bytes]] = [
    litellm_daily_csv,
    litellm_activity,
    openai_usage,
    openai_csv,
    azure_metrics,
    bedrock_metrics,
    cloudwatch_statistics,
    langfuse_daily,
    hourly_counts,
    parquet_counts,
]


@pytest.mark.parametrize("export", EXPORTS, ids=lambda make: make.__name__)
def test_an_export_has_its_true_total(export: Callable[[], bytes]) -> None:
    """360 M tokens in 30 days, whoever wrote the file; chat is no part of it."""
    load = import_load(export(), 4.0)
    assert load.days == pytest.approx(DAYS)
    assert load.requests_per_day == pytest.approx(PER_DAY)
    assert load.tokens_per_request == pytest.approx(TOKENS)
    assert load.tokens_per_day == pytest.approx(PER_DAY * TOKENS)
    assert load.length_cv is None  # sums say a mean


def test_counters_of_prometheus_are_differences() -> None:
    """A counter that falls began anew: one step of 720 is not seen."""
    load = import_load(prometheus_counters(), 4.0)
    assert load.requests_per_day == pytest.approx(PER_DAY, rel=2 / 720)
    assert load.tokens_per_request == pytest.approx(TOKENS)


def test_a_series_that_is_no_counter_asks_what_it_is() -> None:
    """Rates and increases look alike: a person says which."""
    times = [int(hour.timestamp()) for hour in hours()]
    values = [[at, str(1_000 + n % 3)] for n, at in enumerate(times)]
    result = [{"metric": {"__name__": "requests"}, "values": values}]
    content = json.dumps({"data": {"resultType": "matrix", "result": result}}).encode()
    with pytest.raises(LoadImportError, match=r"increase.* or so much a second \(rate\)"):
        import_load(content, 4.0)
    added = import_load(content, 4.0, Reading(series=Series.INCREASE))
    rate = import_load(content, 4.0, Reading(series=Series.RATE))
    assert added.requests_per_day == pytest.approx(24 * 1_001, rel=1e-3)
    assert rate.requests_per_day == pytest.approx(24 * 3_600 * 1_001, rel=1e-3)
    assert added.tokens_per_request is None


@dataclass(frozen=True)
class Call:
    """One request of a log."""

    at: datetime
    model: str
    kind: str
    tokens: int
    cached: bool = False
    status: str = "success"


def spend_logs(calls: list[Call]) -> bytes:
    """Rows of LiteLLM_SpendLogs."""
    rows: list[tuple[object, ...]] = [
        (c.at.isoformat(), c.kind, c.model, c.tokens, c.cached, c.status) for c in calls
    ]
    return as_csv("startTime,call_type,model,prompt_tokens,cache_hit,status", rows)


def minutes(count: int, kind: str, tokens: int, **more: Any) -> list[Call]:
    """A call a minute."""
    model = more.pop("model", "m")
    return [Call(START + timedelta(minutes=n), model, kind, tokens, **more) for n in range(count)]


def test_chat_calls_cached_and_failed_ones_are_told_apart() -> None:
    """Of a log with all of them the embedding calls that reached a provider count."""
    content = spend_logs(
        minutes(2_880, "aembedding", 100)
        + minutes(2_880, "acompletion", 900, model="gpt-4o")
        + minutes(30, "aembedding", 100, cached=True)
        + minutes(7, "aembedding", 100, status="failure")
    )
    load = import_load(content, 4.0)
    assert load.requests_per_day == pytest.approx(1_440)
    assert load.tokens_per_request == pytest.approx(100)
    said = " ".join(load.remarks)
    assert "2,880 requests are no embedding and were left out: gpt-4o (acompletion)." in said
    assert "30 requests were answered by a cache" in said
    assert "7 requests failed" in said


def test_a_model_is_chosen_by_a_person() -> None:
    """Two embedding models in one file: both, or the one that is named."""
    content = spend_logs(
        minutes(2_880, "aembedding", 100, model="a") + minutes(2_880, "aembedding", 300, model="b")
    )
    both = import_load(content, 4.0)
    one = import_load(content, 4.0, wanted=Wanted(models=("b",)))
    assert both.tokens_per_request == pytest.approx(200)
    assert any(remark.startswith("Taken together: a (aembedding), b") for remark in both.remarks)
    assert one.tokens_per_request == pytest.approx(300)
    with pytest.raises(LoadImportError, match=r"Nothing of the file is left: there are a \("):
        import_load(content, 4.0, wanted=Wanted(models=("c",)))


def test_columns_are_chosen_by_hand() -> None:
    """Names that nobody documents."""
    rows: list[tuple[object, ...]] = [
        ((START + timedelta(minutes=n)).isoformat(), 80, 9) for n in range(2_880)
    ]
    content = as_csv("wann,zeichen,x", rows)
    with pytest.raises(LoadImportError, match="No column with the time"):
        import_load(content, 4.0)
    load = import_load(content, 4.0, Reading(Columns(time="wann", characters="zeichen")))
    assert load.tokens_per_request == pytest.approx(20)
    with pytest.raises(LoadImportError, match=r"no column 'wenn' for time\. There are wann"):
        import_load(content, 4.0, Reading(Columns(time="wenn", characters="zeichen")))


def test_an_access_log_says_when_and_not_how_long() -> None:
    """nginx, format combined: embeddings that were answered; lengths stay the question's own."""

    def line(n: int, path: str, status: int) -> str:
        at = (START + timedelta(seconds=30 * n)).strftime("%d/%b/%Y:%H:%M:%S +0000")
        return f'10.0.0.7 - - [{at}] "POST {path}?key=secret HTTP/1.1" {status} 7311 "-" "curl"'

    lines = [line(n, "/v1/embeddings", 200) for n in range(5_760)]
    lines += [line(n, "/v1/chat/completions", 200) for n in range(100)]
    lines += [line(n, "/v1/embeddings", 429) for n in range(40)]
    load = import_load("\n".join([*lines, "half a li"]).encode(), 4.0)
    assert load.requests_per_day == pytest.approx(2_880)
    assert load.tokens_per_request is None
    said = " ".join(load.remarks)
    assert "your own length of a text stays" in said
    assert "100 requests are no embedding" in said
    assert "40 requests failed" in said
    assert "secret" not in said


def test_days_say_a_volume_and_no_peak() -> None:
    """The busiest hour of a day is not in a row of a day."""
    load = import_load(litellm_daily_csv(), 4.0)
    assert load.peak_to_mean is None
    assert load.hour_weights == ()
    assert any("A day is the longest time of a row" in remark for remark in load.remarks)
    by_hour = import_load(hourly_counts(), 4.0)
    assert by_hour.peak_to_mean == pytest.approx(1.0)
    assert len(by_hour.hour_weights) == 168


def test_a_workbook_is_to_be_saved_as_csv() -> None:
    """XLSX is a ZIP archive."""
    with pytest.raises(LoadImportError, match="Save it as CSV"):
        import_load(b"PK\x03\x04" + b"\x00" * 100, 4.0)


def test_a_bucket_without_tokens_has_the_mean_of_the_others() -> None:
    """What is missing is not zero: volume stays, and the gap is said."""
    rows: list[tuple[object, ...]] = [
        (hour.isoformat(), PER_HOUR, "" if n % 4 == 0 else PER_HOUR * TOKENS)
        for n, hour in enumerate(hours())
    ]
    load = import_load(as_csv("hour,requests,tokens", rows), 4.0)
    assert load.requests_per_day == pytest.approx(PER_DAY)
    assert load.tokens_per_request == pytest.approx(TOKENS)
    assert any("requests the length is missing" in remark for remark in load.remarks)


def test_a_bucket_of_a_century_costs_no_more_than_one_of_a_day() -> None:
    """Half a million of them would be 4e11 hours: they are not told apart."""
    rows: list[tuple[object, ...]] = [
        (978_307_200 + n, 4_102_444_000, 10, 1_000) for n in range(20_000)
    ]
    load = import_load(as_csv("start_time,end_time,num_model_requests,input_tokens", rows), 4.0)
    assert load.peak_to_mean is None
    assert load.busiest_hour_to_mean is None
