"""Answers of monitoring and usage interfaces: elements of one JSON document become plain rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import chain, pairwise
from typing import Any, Final

from core.errors import LoadImportError
from core.usage.moments import number_of

Row = Mapping[str, object]
MOST_POINTS: Final = 2_000_000
"""Of all series together, which are merged in memory."""


class Series(StrEnum):
    """What the numbers of a time series are."""

    COUNTER = "counter"
    """A count since the start: each is at least the one before."""
    INCREASE = "increase"
    """What was added in each step."""
    RATE = "rate"
    """So much a second, in each step."""


def document_rows(
    elements: Iterable[Any], around: Mapping[str, object], series: Series | None
) -> Iterator[Row]:
    """Rows of the elements; ``around``: what stands beside their list in the document.

    Raises LoadImportError where it is not known what the numbers of a series are.
    """
    walk = iter(elements)
    first = next(walk, None)
    if first is None:
        return
    both = chain((first,), walk)
    if isinstance(first, dict) and _points_of(first) is not None:
        yield from _merged(both, series)
        return
    for element in both:
        if isinstance(element, dict):
            yield from _rows(element, around)
        else:
            yield {}


def _rows(element: Mapping[str, Any], around: Mapping[str, object]) -> Iterable[Row]:
    """An element as one row, or as one for each of what it lists."""
    for mark, make in _EXPANDERS:
        if mark <= element.keys():
            return make(element)
    if "Timestamp" in element and "Sum" in element:
        return (_datapoint(element, around),)
    return (flat(element),)


def flat(row: Mapping[str, object]) -> Row:
    """One level of nesting with dotted names: usage.prompt_tokens."""
    nested = [(name, value) for name, value in row.items() if isinstance(value, dict)]
    if not nested:
        return row
    level = dict(row)
    for name, value in nested:
        level |= {f"{name}.{inner}": deeper for inner, deeper in value.items()}
    return level


def _openai_bucket(bucket: Mapping[str, Any]) -> Iterator[Row]:
    """UsageTimeBucket: https://platform.openai.com/docs/api-reference/usage."""
    times = {"start_time": bucket["start_time"], "end_time": bucket.get("end_time")}
    for result in _dicts(bucket["results"]):
        yield result | times


def _litellm_day(day: Mapping[str, Any]) -> Iterator[Row]:
    """One day of https://docs.litellm.ai/docs/proxy/cost_tracking: by model where it says so."""
    breakdown = day.get("breakdown")
    models = breakdown.get("models") if isinstance(breakdown, dict) else None
    parts = models if isinstance(models, dict) and models else {"": {"metrics": day["metrics"]}}
    for name, part in parts.items():
        metrics = part.get("metrics", part) if isinstance(part, dict) else {}
        if isinstance(metrics, dict):
            yield metrics | {"date": day["date"], "model": name}


def _langfuse_day(day: Mapping[str, Any]) -> Iterator[Row]:
    """One day of https://langfuse.com/changelog/2024-02-19-metrics-api-endpoint.

    It counts observations by the day and not by the model where it is an early version.
    """
    for usage in _dicts(day["usage"]):
        yield {"countObservations": day.get("countObservations")} | usage | {"date": day["date"]}


Expand = Callable[[Mapping[str, Any]], Iterator[Row]]

_EXPANDERS: Final[tuple[tuple[frozenset[str], Expand], ...]] = (
    (frozenset({"start_time", "results"}), _openai_bucket),
    (frozenset({"date", "metrics"}), _litellm_day),
    (frozenset({"date", "usage"}), _langfuse_day),
)


def _datapoint(point: Mapping[str, Any], around: Mapping[str, object]) -> Row:
    """A point of get-metric-statistics: a sum, and over how many samples.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
    """
    label = str(around.get("Label", ""))
    if label == _CALLS:
        return {"timestamp": point["Timestamp"], "requests": point["Sum"]}
    return {
        "timestamp": point["Timestamp"],
        "requests": point.get("SampleCount"),
        "tokens": point["Sum"],
    }


_CALLS: Final = "Invocations"
"""https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html"""

_OF_COUNTERS: Final = ("_total", "_count", "_sum")
"""https://prometheus.io/docs/practices/naming/; a function such as rate() takes the name away."""

Points = list[tuple[object, object]]


def _points_of(element: Mapping[str, Any]) -> tuple[str, str, Points] | None:
    """Name of a metric, what it is of, and its points; None where an element is no series."""
    if isinstance(element.get("Timestamps"), list) and isinstance(element.get("Values"), list):
        # CloudWatch, GetMetricData.
        points = list(zip(element["Timestamps"], element["Values"], strict=False))
        return str(element.get("Label") or element.get("Id") or ""), "", points
    if isinstance(element.get("metric"), dict) and isinstance(element.get("values"), list):
        # Prometheus, https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries.
        labels = element["metric"]
        name, model = str(labels.get("__name__", "")), str(labels.get("model", ""))
        pairs = (p for p in element["values"] if isinstance(p, list) and len(p) == 2)
        return name, model, [(at, value) for at, value in pairs]
    if isinstance(element.get("timeseries"), list) and isinstance(element.get("name"), dict):
        # Azure Monitor, https://learn.microsoft.com/rest/api/monitor/metrics/list.
        parts = (p for part in _dicts(element["timeseries"]) for p in _dicts(part.get("data", ())))
        points = [(p.get("timeStamp"), p.get("total")) for p in parts]
        return str(element["name"].get("value", "")), "", points
    return None


def _merged(elements: Iterable[Any], series: Series | None) -> Iterator[Row]:
    """One row for each time and model, with what every metric says of it."""
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for element in elements:
        named = _points_of(element) if isinstance(element, dict) else None
        if named is None:
            continue
        name, model, points = named
        kind = _kind_of(name) if name or series is None else "requests"
        if kind is None:
            continue
        if "metric" in element:
            points = _steps(points, name, series)
        for at, value in points:
            row = rows.setdefault((str(at), model), {"timestamp": at, "model": model})
            row[kind] = _sum(row.get(kind), value)
        if len(rows) > MOST_POINTS:
            raise LoadImportError("The series have too many points. Export hours, not minutes.")
    if not rows:
        raise LoadImportError(
            "None of the metrics counts requests or tokens. Export a count of requests, and one of "
            "input tokens."
        )
    if not any("requests" in row for row in rows.values()):
        raise LoadImportError(
            "The metrics count tokens alone. Export the count of requests too, in the same file."
        )
    yield from rows.values()


def _kind_of(name: str) -> str | None:
    """What a metric counts, by its name; None: neither requests nor what goes in."""
    low = name.lower()
    if "token" in low:
        out = ("output", "completion", "generated", "cache")
        return None if any(word in low for word in out) else "tokens"
    return "requests" if "request" in low or "invocations" in low else None


def _steps(points: Points, name: str, series: Series | None) -> Points:
    """What each step adds, of a series of Prometheus."""
    numbers = [(number_of(at), number_of(value)) for at, value in points]
    known = [(at, value) for at, value in numbers if at is not None and value is not None]
    rises = len(known) > 1 and all(b >= a for (_, a), (_, b) in pairwise(known))
    if series is None and (rises or name.endswith(_OF_COUNTERS)):
        series = Series.COUNTER
    if series is None:
        raise LoadImportError(
            f"The file does not say what the numbers of {name[:60] or 'its series'} are. Say "
            "whether each is what a step added (increase) or so much a second (rate)."
        )
    if series is Series.INCREASE:
        return [(at, value) for at, value in known]
    if series is Series.COUNTER:
        # A counter that falls began anew.
        return [(a_s, b - a if b >= a else b) for (a_s, a), (_, b) in pairwise(known)]
    return [(a_s, value * (b_s - a_s)) for (a_s, value), (b_s, _) in pairwise(known)]


def _sum(one: object, other: object) -> object:
    first, second = number_of(one), number_of(other)
    return other if first is None else first if second is None else first + second


def _dicts(values: object) -> Iterator[dict[str, Any]]:
    yield from (
        (value for value in values if isinstance(value, dict)) if isinstance(values, list) else ()
    )
