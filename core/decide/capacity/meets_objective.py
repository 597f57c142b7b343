"""Whether an option can serve at all, and whether it was seen to meet the latency objective."""

import math
from collections.abc import Callable

from core.catalog.schema import Catalog, PublishedLatency
from core.cost.by_use.retries import ROUNDING
from core.decide.load.text_load import TextLoad
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.replica_used import LEVEL
from core.decide.result.unknown import About, Unknown
from core.measurement.estimate import Estimate
from core.measurement.failures import failure_interval, requests_to_tell
from core.measurement.measured import Measurement


def meets_objective(measured: Measurement | None, slo_p95_s: float) -> tuple[bool | None, str]:
    """Whether the measured p95 of the response meets the objective, with one sentence why.

    The whole interval must lie on one side: None where it contains the objective, or where too few
    samples leave the side open. A failure is an answer that never comes.
    """
    if measured is None:
        return None, "Nothing measured yet."
    p95 = measured.summary.response_p95
    if p95.value_s is None:
        return _failures_reach_into(measured, slo_p95_s)
    evidence = f"{measured.how} p95 of the response {p95.value_s:.3g} s {_interval(p95)}"
    if p95.high_s is not None and p95.high_s <= slo_p95_s:
        return True, f"{evidence}, within the objective of {slo_p95_s:g} s."
    if p95.low_s is not None and p95.low_s > slo_p95_s:
        return False, f"{evidence}, above the objective of {slo_p95_s:g} s."
    return None, f"{evidence}: too few samples to set it against the objective of {slo_p95_s:g} s."


def _failures_reach_into(measured: Measurement, slo_p95_s: float) -> tuple[bool | None, str]:
    """Too slow only where more than one request in twenty fails for certain."""
    summary = measured.summary
    failed, p95 = summary.n_failed, summary.response_p95
    evidence = f"{measured.how}: {failed} failed requests reach into the p95 of the response"
    low, _ = failure_interval(failed, failed + summary.n_ok)
    if low > 1 - LEVEL or (p95.low_s is not None and p95.low_s > slo_p95_s):
        return False, f"{evidence}."
    more = requests_to_tell(failed, failed + summary.n_ok, 1 - LEVEL)
    count = "" if more is None else f": {more:,} more"
    return None, f"{evidence}, too few requests to say{count}."


def _interval(estimate: Estimate) -> str:
    if estimate.low_s is None and estimate.high_s is None:
        return "(no interval)"
    if estimate.high_s is None:
        return f"(at least {estimate.low_s:.3g} s)"
    if estimate.low_s is None:
        return f"(at most {estimate.high_s:.3g} s)"
    return f"({estimate.low_s:.3g} to {estimate.high_s:.3g} s)"


def blocked(
    *,
    withdrawn: bool = False,
    unfit: str = "",
    lost: str = "",
    unanswered: Refusal | None = None,
    measured: Measurement | None,
    published: PublishedLatency | None = None,
    demanded_p95_s: float | None,
) -> Refusal | None:
    """Why an option cannot serve at any volume; None where nothing known stands in the way.

    ``demanded_p95_s``: the latency objective, None where it is a wish and rules nothing out.

    ``unfit`` says why the weights do not fit, ``lost`` and ``unanswered`` why too much of the texts
    is cut off, or too many have no answer; or nothing.
    """
    if withdrawn:
        gone = "Withdrawn from sale: it cannot be bought any more."
        return Refusal(Obstacle.WITHDRAWN, gone)
    too_large, too_long = Refusal.of(Obstacle.MEMORY, unfit), Refusal.of(Obstacle.LENGTH, lost)
    if (why_not := too_large or too_long or unanswered) is not None:
        return why_not
    return Refusal.of(Obstacle.LATENCY, _too_slow(measured, published, demanded_p95_s))


def _too_slow(
    measured: Measurement | None, published: PublishedLatency | None, demanded_p95_s: float | None
) -> str:
    """Why it is known to miss the demand; "" where it is not. A measurement comes first."""
    if demanded_p95_s is None:
        return ""
    if measured is not None:
        meets, why = meets_objective(measured, demanded_p95_s)
        return why if meets is False else ""
    p50 = published.p50_low_s if published is not None else None
    if published is None or p50 is None or p50 <= demanded_p95_s:
        return ""
    return (
        f"Half of its requests take {p50:.3g} s or more, as published "
        f"({published.source.as_of}); 95 % must be answered within {demanded_p95_s:g} s."
    )


def unknown_latency(
    label: str,
    measured: Measurement | None,
    demanded_p95_s: float | None,
    slowest_s: Callable[[], float],
) -> tuple[Unknown, ...]:
    """That nobody knows whether an API holds a demand; none where it was measured, or is a wish.

    A published median below the demand says nothing of the slow requests. ``slowest_s``: gives the
    slowest figure that anybody publishes of any API; a demand above it is taken for held.
    """
    if demanded_p95_s is None:
        return ()
    meets, why = meets_objective(measured, demanded_p95_s)
    if meets is not None or (measured is None and demanded_p95_s > slowest_s()):
        return ()
    sentence = (
        f"Whether {label} answers 95 % within {demanded_p95_s:g} s is not known: "
        f"{why[0].lower()}{why[1:]}"
    )
    step = "Probe it." if measured is None else "Probe it again, with more requests."
    return (Unknown(About.LATENCY, 0.0, sentence, step),)


def unknown_prediction(
    label: str,
    measured: Measurement | None,
    slowest_alone_s: float | None,
    demanded_p95_s: float | None,
) -> tuple[Unknown, ...]:
    """That nobody knows whether a machine holds a demand; none where its whole range does.

    A fleet is as large as its rate asks for, so the range of the rate is one of the cost; what no
    size mends is a text alone. ``slowest_alone_s``: its p95 at the slow end of what is published or
    predicted, s; None: there is no range. A measurement takes the place of both.
    """
    if measured is not None or demanded_p95_s is None:
        return unknown_latency(label, measured, demanded_p95_s, float) if measured else ()
    if slowest_alone_s is None or slowest_alone_s <= demanded_p95_s:
        return ()
    sentence = (
        f"Whether {label} answers 95 % within {demanded_p95_s:g} s is not known: at the slow end "
        f"of its range a text alone takes {slowest_alone_s:.3g} s."
    )
    return (Unknown(About.LATENCY, 0.0, sentence, "Measure such a machine: sweep its server."),)


def slowest_published_s(catalog: Catalog) -> float:
    """The slowest latency that anybody publishes of an API, s; inf where nobody does."""
    figures = (
        figure
        for row in catalog.latencies
        for figure in (row.p50_low_s, row.p50_high_s, row.p95_high_s)
    )
    return max((figure for figure in figures if figure), default=math.inf)


def loses_too_much(max_tokens: int | None, texts: TextLoad, max_lost_share: float) -> str:
    """Why a limit takes more of the tokens than may be lost; "" where it does not.

    One measure for texts of one length and of many: the share of all tokens beyond the limit.
    """
    if max_tokens is None or allows(max_lost_share, texts.lost_share):
        return ""
    return (
        f"It reads at most {max_tokens:,} tokens of a text: {percent(texts.lost_share)} of your "
        f"tokens would be lost, {percent(max_lost_share)} may be. Have texts split into chunks, "
        "shorten them, or choose a model with a longer window."
    )


def shown_volume(tokens_per_month: float) -> str:
    """Three digits that are known, and no exponent: 14,400,000,000."""
    return f"{float(f'{tokens_per_month:.3g}'):,.0f}"


def allows(most: float, share: float) -> bool:
    """Whether a share is no more than what is allowed; what only rounding adds is not more."""
    return share <= most * (1 + ROUNDING)


def percent(share: float) -> str:
    """A share with three digits: 31.5 %, 0.195 %."""
    return f"{100 * share:.3g} %"
