"""Whether enough texts are answered in the end: by what is assumed, and by what was measured."""

from core.cost.by_use.retries import Retries, attempts_needed
from core.decide.capacity.meets_objective import allows, percent
from core.decide.result.obstacle import NOTHING_SEEN, Answered, Obstacle, Refusal
from core.measurement.failures import failure_interval, requests_to_tell
from core.measurement.measured import Measurement


def leaves_too_many(retries: Retries, max_unanswered_share: float) -> str:
    """Why so many failed attempts leave too many texts unanswered; "" where they do not."""
    left = retries.unanswered_share
    if allows(max_unanswered_share, left):
        return ""
    return (
        f"{percent(left)} of the texts stay unanswered after {_attempts(retries.max_attempts)}; "
        f"you allow {percent(max_unanswered_share)}. "
        f"{_mend(retries.failure_rate, max_unanswered_share)}"
    )


def unanswered(
    answered: Answered, assumed: Retries | None, max_unanswered_share: float
) -> Refusal | None:
    """Why too many texts are left without an answer; None where nothing says so.

    ``assumed`` is what the scenario says of an API; None for one's own replicas, of which it says
    nothing.
    """
    if assumed is not None and (why := leaves_too_many(assumed, max_unanswered_share)):
        return Refusal(Obstacle.UNANSWERED, why)
    return Refusal(Obstacle.FAILURES, answered.evidence) if answered.enough is False else None


def answers_enough(
    measured: Measurement | None, max_attempts: int, max_unanswered_share: float
) -> Answered:
    """Whether a run's failures leave few enough texts unanswered, with one sentence why.

    With p of the attempts failing, p^K of the texts are left after K of them, as long as they fail
    apart from each other. The whole interval of p must lie on one side; None where it does not.
    """
    if measured is None:
        return NOTHING_SEEN
    failed = measured.summary.n_failed
    if (sent := failed + measured.summary.n_ok) == 0:
        return NOTHING_SEEN
    low, high = failure_interval(failed, sent)
    allowed = max_unanswered_share ** (1 / max_attempts)
    evidence = (
        f"{measured.how}: {failed:,} of {sent:,} requests failed ({percent(low)} to "
        f"{percent(high)} of all such)"
    )
    tries = _attempts(max_attempts)
    if low > allowed:
        left = f"at least {percent(low**max_attempts)} of the texts stay unanswered after {tries}"
        mend = _mend(failed / sent, max_unanswered_share)
        why = f"{evidence}: {left}; you allow {percent(max_unanswered_share)}. {mend}"
        return Answered(enough=False, evidence=why)
    if high <= allowed:
        left = f"at most {percent(high**max_attempts)} of the texts stay unanswered after {tries}"
        return Answered(enough=True, evidence=f"{evidence}: {left}.")
    more = requests_to_tell(failed, sent, allowed)
    count = "" if more is None else f": {more:,} more"
    return Answered(None, f"{evidence}: too few requests to say{count}.")


def surely_unanswered(measured: Measurement | None, max_attempts: int) -> float:
    """Share of the texts that a run's failures leave at least; 0 where nothing is known of it."""
    if measured is None or (sent := measured.summary.n_failed + measured.summary.n_ok) == 0:
        return 0.0
    low, _ = failure_interval(measured.summary.n_failed, sent)
    return float(low**max_attempts)


def _mend(failure_rate: float, max_unanswered_share: float) -> str:
    """How many attempts would do."""
    needed = attempts_needed(failure_rate, max_unanswered_share)
    if needed is None:
        return "No number of attempts would mend that."
    return f"{_attempts(needed).capitalize()} would mend that."


def _attempts(count: int) -> str:
    return f"{count:,} {'attempt' if count == 1 else 'attempts'}"
