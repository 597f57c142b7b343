"""A sweep in words: what it found, how sure it is, and what limits the prediction."""

from core.measurement.sweep import LoadCheck, SweepReport
from dashboard import formats

QUEUE_IS_RIGHT: float = 0.15
"""With the run's own batch times the queue's p95 counts as right within this share."""


def figures(report: SweepReport) -> list[tuple[str, str, str]]:
    """Label, value and help of each headline number."""
    fit, capacity = report.fit, report.capacity
    rate = capacity.texts_per_s
    return [
        (
            "Full batches",
            formats.tokens_per_s(fit.tokens_per_s),
            (
                f"Median rate of the quickest measured batch, texts of {fit.tokens_per_text:.0f} "
                "tokens."
            ),
        ),
        (
            "MFU",
            formats.percent(fit.mfu),
            "Work done over the peak of a large matrix product, measured in the same run.",
        ),
        (
            f"Within {formats.duration(capacity.slo_p95_s)} at p95",
            "not at all" if rate is None else f"{formats.significant(rate, 3)} texts/s",
            capacity.explanation,
        ),
        (
            "Largest batch",
            f"{fit.largest_batch} x {fit.largest_batch_tokens}",
            (
                f"Texts of full length in one pass; the search ended because: "
                f"{report.largest_batch_reason}."
            ),
        ),
        (
            "Energy",
            "unknown"
            if fit.joules_per_mtok is None
            else f"{formats.compact(fit.joules_per_mtok)} J/1M",
            report.energy,
        ),
    ]


def fit_sentence(report: SweepReport) -> str:
    """The fitted times and how well they fit."""
    fit = report.fit
    return (
        f"A batch of n texts of s tokens takes {formats.duration(fit.start_s)} + the greater of "
        f"{formats.duration(fit.floor_s)} and {formats.duration(fit.per_token_s)} x n s "
        f"(1 + s/{6 * fit.hidden}); the {fit.shapes} measured shapes lie within "
        f"{formats.percent(fit.log_spread)} of it, the worst {formats.percent(fit.worst_log)} off."
    )


def check_sentence(check: LoadCheck) -> str:
    """Predicted against measured p95 at one load, and why they differ."""
    measured = formats.duration(check.measured.response_p95.value_s)
    predicted = formats.duration(check.predicted_p95_s)
    error = check.p95_error
    start = (
        f"At {formats.percent(check.share)} ({formats.significant(check.rate_per_s, 3)} texts/s"
        f"{_in_requests(check)}): "
        f"p95 predicted {predicted}, measured {measured}"
    )
    if error is None:
        return f"{start}: failures reach into the percentile."
    return f"{start}, {error:+.0%}. {limit_sentence(check)}"


def _in_requests(check: LoadCheck) -> str:
    if check.texts_per_request == 1:
        return ""
    return f" in requests of {check.texts_per_request}"


def limit_sentence(check: LoadCheck) -> str:
    """What limits a prediction: the machine's own times, or the queue's assumptions."""
    slower = (
        f"Batches took {check.slowdown:.2f} times as long as their fit says, because of whatever "
        "else this machine did"
    )
    measured_s = check.measured.response_p95.value_s
    if check.own_times_p95_s is None or measured_s is None:
        return f"{slower}: so slow that the queue would never settle."
    own = check.own_times_p95_s / measured_s - 1
    rest = f"with the run's own batch times the queue says {own:+.0%}"
    if abs(own) <= QUEUE_IS_RIGHT:
        return f"{slower}; {rest}: what is off is the batch times, not the queue."
    return f"{slower}; {rest}: times that cluster in bursts are not in the queue's assumptions."
