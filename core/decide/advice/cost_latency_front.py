"""The Pareto front of the feasible options in cost, latency and quality: beaten by no other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.decide.advice.recommend_result import ParetoPoint
from core.decide.result.risk_result import Risk
from core.decide.result.snapshot import OptionAtVolume


def pareto(
    rows: Sequence[OptionAtVolume],
    quality: Mapping[str, float] | None = None,
    risk: Risk | None = None,
) -> tuple[ParetoPoint, ...]:
    """One point a priced option, with intervals, the front marked.

    ``quality``: the user's own score of models. Without any it is what each finds of one's own
    queries, as it was measured.
    """
    scores = quality or {}
    spread = risk.options if risk else ()
    bands = {entry.option_id: (entry.usd_low, entry.usd_high) for entry in spread}
    points = [_point(row, scores, bands) for row in rows if row.usd_per_month is not None]
    return tuple(_marked(point, points) for point in points)


def _point(
    row: OptionAtVolume, scores: Mapping[str, float], bands: Mapping[str, tuple[float, float]]
) -> ParetoPoint:
    usd = row.mean_usd_per_month or 0.0
    low, high = bands.get(row.option.id, (usd, usd))
    p95, p95_low, p95_high, basis = latency_of(row)
    score, what = _quality(row, scores)
    return ParetoPoint(row, low, high, p95, p95_low, p95_high, basis, score, what, on_front=False)


def _quality(row: OptionAtVolume, scores: Mapping[str, float]) -> tuple[float | None, str]:
    """One scale for all points: two kinds of figures cannot be compared."""
    if scores:
        return scores.get(row.option.model or ""), "your score"
    if row.quality is None or row.quality.found.recall is None:
        return None, ""
    return row.quality.found.recall.mean, f"recall@{row.quality.k}"


def latency_of(row: OptionAtVolume) -> tuple[float | None, float | None, float | None, str]:
    """The p95 with its interval and what it rests on; a measurement before a publication."""
    if row.measured is not None:
        p95 = row.measured.summary.response_p95
        return p95.value_s, p95.low_s, p95.high_s, "measured"
    if row.predicted_p95_s is not None:
        return row.predicted_p95_s, row.predicted_p50_s, row.predicted_p95_s, "predicted"
    if row.published is not None and row.published.p95_high_s is not None:
        high = row.published.p95_high_s
        return high, row.published.p50_low_s, high, "published"
    return None, None, None, ""


def _marked(point: ParetoPoint, points: Sequence[ParetoPoint]) -> ParetoPoint:
    beaten = any(_beats(other, point) for other in points)
    return replace(point, on_front=not beaten)


def _beats(one: ParetoPoint, other: ParetoPoint) -> bool:
    """Pareto dominance: whether one is at least as good in everything and better in something.

    Where only one of the two is known nobody can say, so neither beats the other.
    """
    if one is other:
        return False
    pairs = list(zip(_badness(one), _badness(other), strict=True))
    if any((a is None) is not (b is None) for a, b in pairs):
        return False
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return all(a <= b for a, b in known) and any(a < b for a, b in known)


def _badness(point: ParetoPoint) -> tuple[float | None, float | None, float | None]:
    """Cost, latency and lack of quality: less is better."""
    score = point.quality
    return point.row.mean_usd_per_month or 0.0, point.p95_s, None if score is None else -score
