"""How much of the texts of a hybrid its API may take, and what both sides together leave undone."""

from core.decide.capacity.answered import surely_unanswered
from core.decide.result.option import Option
from core.measurement.measured import Measurement
from core.scenario import Objective


def most_api_share(
    base: Option,
    burst: Option,
    measured: Measurement | None,
    max_attempts: int,
    objective: Objective,
) -> float:
    """Of all tokens, what the API may take so that few enough are lost, and stay unanswered.

    One measure for every option: the share of all its texts. ``measured`` of the API. What is not
    known asks for nothing.
    """
    surely = surely_unanswered(measured, max_attempts)
    unanswered = max(burst.unanswered_share or 0.0, surely)
    return min(
        _most(0.0, unanswered, objective.max_unanswered_share),
        _most(base.lost_share or 0.0, burst.lost_share or 0.0, objective.max_lost_share),
    )


def _most(of_base: float, of_burst: float, allowed: float) -> float:
    """Largest a with (1 - a) base + a burst <= allowed; a base that fails alone is refused."""
    if of_burst <= allowed * (1 + 1e-9):
        return 1.0
    return max(0.0, (allowed - of_base) / (of_burst - of_base)) if of_burst > of_base else 1.0


def of_all(of_base: float | None, of_burst: float | None, api_share: float) -> float | None:
    """What both sides lose of all tokens where the API takes so many; None: not known of a side.

    A side that takes nothing loses nothing, known or not.
    """
    if api_share == 0:
        return of_base
    if api_share == 1:
        return of_burst
    if of_base is None or of_burst is None:
        return None
    return (1 - api_share) * of_base + api_share * of_burst
