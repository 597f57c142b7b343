"""Who may be live beside whom: one run of the local model, a few of APIs.

Two probes of the local model would measure each other; APIs answer elsewhere. The seat of a live
run is a lane and a slot in it, and an index of the database gives each seat to one run.
"""

from collections.abc import Sequence

from core.errors import BusyError
from core.probe.plan import ProbePlan, parts
from core.settings import Settings
from core.store.runs import RunRow

LOCAL, API = "local", "api"


def lane_of(plan: ProbePlan) -> str:
    """The lane of a plan: that of the local model where it is among the targets."""
    return (
        LOCAL
        if any(part.kind == LOCAL for target in plan.targets for part in parts(target))
        else API
    )


def free_slot(plan: ProbePlan, live: Sequence[RunRow], settings: Settings) -> int:
    """The lowest slot that none of this host's live runs has. Raises BusyError without one.

    The lowest, so that two who look at once want the same: the database lets one have it, and
    the other looks again and sees the first.
    """
    lane = lane_of(plan)
    beside = [run for run in live if run.lane == lane]
    taken = {run.slot for run in beside}
    slots = 1 if lane == LOCAL else settings.api_runs_at_once
    found = next((slot for slot in range(slots) if slot not in taken), None)
    if found is None:
        raise BusyError(_busy(lane, beside))
    return found


def _busy(lane: str, live: Sequence[RunRow]) -> str:
    names = ", ".join(f"{run.label} ({run.done} of {run.planned} requests)" for run in live)
    if lane == LOCAL:
        return (
            f"A probe of the local model is live here: {names}. Two at once would measure each "
            "other. Wait for it or cancel it."
        )
    return (
        f"Probes of {len(live)} APIs are live here: {names}. Wait for one or cancel one, or raise "
        "BREAKEVEN_API_RUNS_AT_ONCE."
    )
