"""A limit held against a run: the value decides, and a run too small to know says so."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli.probing.limits.limit_text import METRICS, limits_of
from core.cli.probing.limits.limit_verdict import Verdict, judge
from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary
from core.measurement.report import Comparison, LoadCurve, RunReport

ONE = Estimate(value_s=0.2, low_s=0.1, high_s=0.3)


def summary(**changes: Any) -> LatencySummary:
    """80 answers whose every percentile is 200 ms (100 to 300)."""
    names = ("response_p50", "response_p95", "response_p99", "service_p50", "service_p95")
    plain: dict[str, Any] = {"n_planned": 80, "n_ok": 80, "n_failed": 0}
    return LatencySummary(**plain | dict.fromkeys(names, ONE) | changes)


def comparison(low: float, ratio: float, high: float) -> Comparison:
    """A later run that takes so many times as long."""
    times_s = dict.fromkeys(("difference_s", "difference_low_s", "difference_high_s"))
    return Comparison.model_validate(
        {
            "a": 0,
            "b": 0,
            "label_a": "",
            "label_b": "",
            "pairs": 9,
            "failed_a": 0,
            "failed_b": 0,
            "level": 0.95,
            "verdict": "a",
            "more_pairs": None,
            "sentence": "",
            "ratio": ratio,
            "ratio_low": low,
            "ratio_high": high,
            **times_s,
        }
    )


def verdict(text: str, found: LatencySummary, compared: Comparison | None = None) -> Verdict:
    """Of one limit."""
    (limit,) = limits_of([text])
    return judge(limit, found, compared)


@given(
    bounds=st.lists(st.floats(1e-4, 10), min_size=3, max_size=3).map(sorted),
    limit_ms=st.integers(1, 10_000),
    sign=st.sampled_from((">", "<", ">=", "<=")),
)
def test_the_value_decides_and_an_interval_over_the_limit_is_said(
    bounds: list[float], limit_ms: int, sign: str
) -> None:
    """For every percentile, operator and limit."""
    low, value, high = bounds
    found = summary(response_p95=Estimate(value_s=value, low_s=low, high_s=high))
    told = verdict(f"p95 {sign} {limit_ms}ms", found)
    assert told.failed == told.limit.broken_by(value)
    one_side = {told.limit.broken_by(one) for one in bounds}
    assert told.sure == (len(one_side) == 1)
    assert ("too few requests to say" in told.sentence) != told.sure
    assert told.sentence.startswith("FAILED" if told.failed else "passed")


def test_without_an_upper_bound_nobody_is_sure_of_having_passed() -> None:
    """Forty requests have no upper bound of the p95: it may lie anywhere above."""
    few = summary(response_p95=Estimate(value_s=0.2, low_s=0.1))
    assert not verdict("p95 > 300ms", few).failed
    assert not verdict("p95 > 300ms", few).sure
    assert verdict("p95 > 50ms", few).sure
    assert "no upper bound" in verdict("p95 > 300ms", few).sentence


def test_a_percentile_that_failures_reach_into_is_infinite() -> None:
    """It is above every limit, and JSON, which has no infinity, says null."""
    failed = summary(response_p95=Estimate(value_s=None, low_s=0.1), n_ok=70, n_failed=10)
    told = verdict("p95 > 600s", failed)
    assert told.failed
    assert told.document()["value"] is None
    assert "infinite" in told.sentence
    json.dumps(told.document(), allow_nan=False)


def test_the_share_of_failures_has_its_exact_interval() -> None:
    """None of 80 is 0 to 4.5 % (Clopper and Pearson): 1 % lies within, 5 % does not."""
    assert verdict("errors > 5%", summary()).sure
    told = verdict("errors > 1%", summary())
    assert (told.failed, told.sure) == (False, False)
    assert told.value.high == pytest.approx(1 - 0.025 ** (1 / 80))


def test_what_the_run_did_not_measure_fails() -> None:
    """Unknown is not fine: a job that asks for it must not be green."""
    found = summary(report=RunReport())
    for name, metric in METRICS.items():
        if name in {"p50", "p95", "p99", "service_p50", "service_p95", "errors"}:
            continue
        unit = {"time": "ms", "share": "%", "rate": "/s"}[metric.unit]
        for sign in "<>":
            told = verdict(f"{name} {sign} 1{unit}", found)
            assert told.failed
            assert "nobody knows" in told.sentence
            assert told.document()["value"] is None


def test_every_other_metric_is_read_where_it_stands() -> None:
    """First byte, cold start, rates, capacity, and the change against an earlier run."""
    load = LoadCurve(steps=(), knee=None, goodput_per_s=30, capacity_per_s=40, sentence="")
    report = RunReport(first_byte_p50=ONE, first_byte_p95=ONE, answered_per_s=10, good_per_s=9)
    found = summary(report=report, cold_start_s=0.5, tokens_per_s=7.0)
    rising = summary(report=RunReport(load=load))
    slower = comparison(1.05, 1.1, 1.2)
    values = {
        "first_byte_p50": verdict("first_byte_p50 > 1s", found),
        "cold_start": verdict("cold_start > 1s", found),
        "answers": verdict("answers < 1/s", found),
        "goodput": verdict("goodput < 1/s", found),
        "tokens": verdict("tokens < 1/s", found),
        "rising": verdict("goodput < 1/s", rising),
        "capacity": verdict("capacity < 1/s", rising),
        "slower": verdict("slower > 20%", found, slower),
    }
    assert [v.value.value for v in values.values()] == pytest.approx(
        [0.2, 0.5, 10, 9, 7, 30, 40, 0.1]
    )
    assert not any(v.failed for v in values.values())
    assert verdict("slower > 2%", found, slower).failed
    assert not math.isinf(values["slower"].value.high or math.inf)
