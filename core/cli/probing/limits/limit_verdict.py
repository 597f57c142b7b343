"""A limit held against a finished run, with how sure that is.

The value decides, as whoever runs this every night expects; where the 95 % interval reaches over
the limit, the verdict says that the run was too small to know. What was not measured keeps no
limit: it fails.
"""

import math
from dataclasses import dataclass

from core.cli.probing.limits.limit_text import METRICS, Limit
from core.cli.probing.limits.limit_value import Value, value_of, value_words
from core.measurement.latency import LatencySummary
from core.measurement.report import Comparison


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a run fails by a limit."""

    limit: Limit
    failed: bool
    sure: bool
    """Whether the whole interval lies on one side; a value without one is taken as it is."""
    sentence: str
    value: Value

    def document(self) -> dict[str, object]:
        """For JSON, which has no infinity: None stands for it, and for what is not known."""
        numbers = (self.value.value, self.value.low, self.value.high)
        value, low, high = (None if n is None or math.isinf(n) else n for n in numbers)
        unit = METRICS[self.limit.metric].unit
        return {
            "limit": self.limit.text,
            "metric": self.limit.metric,
            "failed": self.failed,
            "sure": self.sure,
            "unit": {"time": "s", "share": "share", "rate": "1/s"}[unit],
            "value": value,
            "low": low,
            "high": high,
            "sentence": self.sentence,
        }


def judge(limit: Limit, summary: LatencySummary, compared: Comparison | None) -> Verdict:
    """Hold a limit against what a run measured, and against an earlier run where there is one."""
    measured = value_of(limit.metric, summary, compared)
    if measured.value is None:
        words = f"FAILED {limit.text}: the run did not measure it, so nobody knows."
        return Verdict(limit, failed=True, sure=False, sentence=words, value=measured)
    failed, sure = limit.broken_by(measured.value), _is_sure(limit, measured)
    doubt = "" if sure else "; too few requests to say, the value decides"
    side = "FAILED" if failed else "passed"
    words = f"{side} {limit.text}: {value_words(limit.metric, measured)}{doubt}"
    return Verdict(limit, failed=failed, sure=sure, sentence=words, value=measured)


def _is_sure(limit: Limit, measured: Value) -> bool:
    """Whether every value of the interval has the same verdict."""
    if not measured.with_interval:
        return True
    low = -math.inf if measured.low is None else measured.low
    high = math.inf if measured.high is None else measured.high
    return limit.broken_by(low) == limit.broken_by(high)
