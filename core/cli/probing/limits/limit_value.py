"""What a limit is held against: a value of a finished run with its interval."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.cli.probing.limits.limit_text import METRICS
from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.measurement.report import Comparison
from core.probe.statistics.words import duration, per_second, percent

ESTIMATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{name: f"response_{name}" for name in ("p50", "p95", "p99")},
        **{f"service_{name}": f"service_{name}" for name in ("p50", "p95")},
    }
)
"""Metric -> field of the summary."""


@dataclass(frozen=True, slots=True)
class Value:
    """A measured value with the bounds of its interval, where there are any."""

    value: float | None
    """None where nobody knows; +inf where failures reach into it."""
    low: float | None = None
    high: float | None = None
    with_interval: bool = False
    """Whether an interval belongs to it: a bound that is None is then open."""


def value_of(metric: str, summary: LatencySummary, compared: Comparison | None) -> Value:
    """The metric of a finished run; ``compared``: with an earlier run, where there is one."""
    report = summary.report
    if metric in ESTIMATES:
        return _of(getattr(summary, ESTIMATES[metric]))
    if metric == "errors":
        # Imports scipy, for which no number waits: a run without limits needs none of it.
        from core.measurement.failures import failure_interval  # noqa: PLC0415

        sent = summary.n_ok + summary.n_failed
        low, high = failure_interval(summary.n_failed, sent)
        return Value(summary.n_failed / sent if sent else None, low, high, with_interval=True)
    if metric == "slower":
        return _change(compared)
    if metric == "cold_start":
        return Value(summary.cold_start_s)
    if metric == "tokens":
        return Value(summary.tokens_per_s)
    if report is None:
        return Value(None)
    if metric.startswith("first_byte"):
        return _of(getattr(report, metric))
    if metric == "answers":
        return Value(report.answered_per_s)
    if metric == "capacity":
        return Value(None if report.load is None else report.load.capacity_per_s)
    return Value(report.good_per_s if report.load is None else report.load.goodput_per_s)


def _of(estimate: Estimate | None) -> Value:
    """A percentile; without a value failures reach into it."""
    if estimate is None:
        return Value(None)
    value_s = math.inf if estimate.value_s is None else estimate.value_s
    return Value(value_s, estimate.low_s, estimate.high_s, with_interval=True)


def _change(compared: Comparison | None) -> Value:
    """By how much more time an answer takes than in the earlier run, as a share."""
    if compared is None or compared.ratio is None:
        return Value(None)
    ratios = (compared.ratio, compared.ratio_low, compared.ratio_high)
    value, low, high = (None if ratio is None else ratio - 1 for ratio in ratios)
    return Value(value, low, high, with_interval=True)


def value_words(metric: str, measured: Value) -> str:
    """The value with its interval, in the unit of its kind."""
    unit = METRICS[metric].unit
    value = _number(measured.value, unit, "")
    if not measured.with_interval:
        return value
    low = _number(measured.low, unit, "no lower bound")
    return f"{value} (95 %: {low} to {_number(measured.high, unit, 'no upper bound')})"


def _number(number: float | None, unit: str, none: str) -> str:
    if number is None:
        return none
    if math.isinf(number):
        return "infinite, for failures reach into it"
    if unit == "rate":
        return f"{per_second(number)}/s"
    return duration(number) if unit == "time" else percent(number)
