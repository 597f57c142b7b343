"""Whether an option can serve at all, and whether it was seen to meet the latency objective."""

from core.cost.by_use.retries import ROUNDING
from core.decide.load.text_load import TextLoad
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.replica_used import LEVEL
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
    slo_p95_s: float,
) -> Refusal | None:
    """Why an option cannot serve at any volume; None where nothing known stands in the way.

    ``unfit`` says why the weights do not fit, ``lost`` and ``unanswered`` why too much of the texts
    is cut off, or too many have no answer; or nothing.
    """
    if withdrawn:
        gone = "Withdrawn from sale: it cannot be bought any more."
        return Refusal(Obstacle.WITHDRAWN, gone)
    too_large, too_long = Refusal.of(Obstacle.MEMORY, unfit), Refusal.of(Obstacle.LENGTH, lost)
    if (why_not := too_large or too_long or unanswered) is not None:
        return why_not
    meets, why = meets_objective(measured, slo_p95_s)
    return Refusal(Obstacle.LATENCY, why) if meets is False else None


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


def allows(most: float, share: float) -> bool:
    """Whether a share is no more than what is allowed; what only rounding adds is not more."""
    return share <= most * (1 + ROUNDING)


def percent(share: float) -> str:
    """A share with three digits: 31.5 %, 0.195 %."""
    return f"{100 * share:.3g} %"
