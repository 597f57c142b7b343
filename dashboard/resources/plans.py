"""From what the probe's form says to a plan: schedules, sample sizes, subjects."""

import math
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from core.errors import RunError
from core.measurement.latency import LatencySummary
from core.probe.records.any_schedule import MOST_REQUESTS
from core.probe.records.probe_plan import Precision, ProbePlan, Schedule
from core.probe.statistics.percentiles import requests_for_precision
from core.runs.starting.candidates import Candidate, not_to_be_run, plan_for
from dashboard.resources.cached import cached_store

USUAL_SPREAD: Final = 0.5
"""Standard deviation of the logarithm of response times, where nothing was measured yet."""
SPREAD_LIMITS: Final = (0.05, 1.5)
P95_SCORE: Final = 1.645
"""The 95 % quantile of the standard normal law."""
RESERVE: Final = 1.5
"""A run that stops by itself may go so far beyond the expected sample size."""

_SCHEDULE: Final[TypeAdapter[Schedule]] = TypeAdapter(Schedule)


def make_schedule(kind: str, values: Mapping[str, object]) -> Schedule:
    """A schedule from the form's values. Raises RunError where one is outside its limits."""
    try:
        return _SCHEDULE.validate_python({"kind": kind, **values})
    except ValidationError as error:
        raise not_to_be_run(error) from None


def make_plan(
    candidate: Candidate,
    sample: tuple[str, ...],
    schedule: Schedule,
    *,
    timeout_s: float,
    **more: Any,
) -> ProbePlan:
    """The plan of a run of this installation; ``more`` and what is raised are plan_for's."""
    place = cached_store.settings().place
    return plan_for(candidate, place, texts=sample, schedule=schedule, timeout_s=timeout_s, **more)


def requests_for(factor: float, summary: LatencySummary | None) -> int:
    """About how many requests bring the p95 within a factor either way, by the spread last seen."""
    return min(MOST_REQUESTS, max(100, requests_for_precision(0.95, _spread(summary), factor)))


def at_most(requests: int) -> int:
    """How many a run that stops by itself may send where so many are expected."""
    return min(MOST_REQUESTS, math.ceil(RESERVE * requests))


def precision(factor: float | None) -> Precision | None:
    """When to stop; None: after the last request."""
    return None if factor is None else Precision(quantile=0.95, factor=factor)


def numbers(text: str, what: str, least: int = 1) -> tuple[float, ...]:
    """Numbers separated by commas or blanks. Raises RunError, which says what was expected."""
    parts = text.replace(",", " ").split()
    if len(parts) < least:
        raise RunError(f"{what} are missing: type at least one number.")
    try:
        return tuple(float(part) for part in parts)
    except ValueError:
        raise RunError(f"{what} must be numbers, separated by commas: 1, 2, 4.") from None


def whole_numbers(text: str, what: str, least: int = 1) -> tuple[int, ...]:
    """The same for whole numbers."""
    found = numbers(text, what, least)
    if any(value != int(value) for value in found if math.isfinite(value)):
        raise RunError(f"{what} must be whole numbers, separated by commas: 1, 2, 4.")
    return tuple(int(value) for value in found if math.isfinite(value))


def _spread(summary: LatencySummary | None) -> float:
    """Of the logarithm, as p50 and p95 of a lognormal law say it."""
    if summary is None:
        return USUAL_SPREAD
    p50_s, p95_s = summary.response_p50.value_s, summary.response_p95.value_s
    if not p50_s or not p95_s:
        return USUAL_SPREAD
    low, high = SPREAD_LIMITS
    return min(high, max(low, math.log(p95_s / p50_s) / P95_SCORE))
