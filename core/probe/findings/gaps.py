"""Cold against warm: the length of silence after which a first call is slower."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from core.measurement.report import ColdCurve, GapStep
from core.probe.records.probe_plan import ColdStart, ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.statistics.effect import matters
from core.probe.statistics.estimates import estimate
from core.probe.statistics.shift import rank_sum_p
from core.probe.statistics.words import duration
from core.units import NS_PER_SECOND

CHANCE: Final = 0.05
"""For all gaps together: each is tested at its share of it."""
SLOWER: Final = 1.5
"""A first call that is less slow than this is not called cold, however sure that is."""


def cold_curve(plan: ProbePlan, samples: Sequence[Sample]) -> ColdCurve | None:
    """The table of a cold-start run; None for other schedules."""
    schedule = plan.schedule
    if not isinstance(schedule, ColdStart):
        return None
    asked = [s for s in samples if s.asked and s.step > 0]
    warm = [ready_s(s) for s in asked if s.phase is Phase.MEASURED and s.ok]
    gaps = tuple(
        _gap(schedule, step, [s for s in asked if s.step == step], warm)
        for step in range(1, len(schedule.gaps_s) + 1)
        if any(s.step == step for s in asked)
    )
    cold_from_s = _cold_from_s(gaps)
    return ColdCurve(gaps=gaps, cold_from_s=cold_from_s, sentence=_sentence(gaps, cold_from_s))


def ready_s(sample: Sample) -> float:
    """Service time from the moment the connection stood, s; +inf unless this is an answer."""
    if not sample.ok or sample.completed_ns is None:
        return float("inf")
    stood_ns = sample.tls_done_ns or sample.connected_ns or sample.dns_done_ns or sample.sent_ns
    return (sample.completed_ns - (stood_ns or sample.intended_ns)) / NS_PER_SECOND


def _gap(
    schedule: ColdStart, step: int, samples: Sequence[Sample], warm: Sequence[float]
) -> GapStep:
    firsts = [s for s in samples if s.phase is Phase.COLD]
    follow = [s for s in samples if s.phase is Phase.MEASURED]
    ready = [ready_s(s) for s in firsts]
    return GapStep(
        gap_s=schedule.gaps_s[step - 1],
        n=len(firsts),
        n_ok=sum(s.ok for s in firsts),
        first_p50=estimate([s.service_s for s in firsts], 0.5),
        ready_p50=estimate(ready, 0.5),
        warm_p50=estimate([ready_s(s) for s in follow], 0.5),
        opened=sum(s.new_connection for s in firsts),
        cold=_is_cold(ready, warm, len(schedule.gaps_s)),
    )


def _is_cold(ready: Sequence[float], warm: Sequence[float], gaps: int) -> bool:
    if not ready or not warm:
        return False
    first, usual = median(ready), median(warm)
    slower = first >= SLOWER * usual and matters(first - usual, usual)
    return slower and rank_sum_p(ready, warm) <= CHANCE / gaps


def _cold_from_s(gaps: Sequence[GapStep]) -> float | None:
    """The shortest gap from which on all are cold."""
    cold_from_s = None
    for gap in reversed(gaps):
        if not gap.cold:
            break
        cold_from_s = gap.gap_s
    return cold_from_s


def _sentence(gaps: Sequence[GapStep], cold_from_s: float | None) -> str:
    if not gaps:
        return "No gap was tried yet."
    longest = gaps[-1]
    if cold_from_s is None:
        return (
            f"No gap up to {duration(longest.gap_s)} turned it cold: first calls are as quick as "
            "warm ones, or too few to say."
        )
    gap = next(g for g in gaps if g.gap_s == cold_from_s)
    first, warm = (e.value_s for e in (gap.ready_p50, gap.warm_p50))
    times = (
        "" if first is None or warm is None else f" {duration(first)} instead of {duration(warm)}"
    )
    before = [g.gap_s for g in gaps if g.gap_s < cold_from_s]
    since = f", not yet after {duration(before[-1])}" if before else ""
    return f"Cold after {duration(cold_from_s)} of silence{since}: the first call takes{times}."
