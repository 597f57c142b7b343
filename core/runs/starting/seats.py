"""Concurrency limits of live runs: one run of the local model, a few of APIs, one of an endpoint.

Two probes of one model or one endpoint would measure each other. The seat of a live run is a lane
and a slot in it, and an index of the database gives each seat to one run.
"""

import platform
from collections.abc import Sequence

from core.errors import AlreadyLiveError, BusyError
from core.probe.records.probe_plan import ProbePlan
from core.runs.starting.endpoints import endpoints_of
from core.runs.sweep.sweep_job import question_of
from core.runs.sweep.sweep_question import SWEEP, SweepQuestion
from core.settings import Settings
from core.store.runs import RunList, RunRow

LOCAL, API = "local", "api"


def lane_of(plan: ProbePlan) -> str:
    """The lane of a plan: that of the local model where it is among the targets."""
    return LOCAL if any(target.local_models for target in plan.targets) else API


def refuse_same(plan: ProbePlan, sweep: SweepQuestion | None, live: RunList, host: str) -> None:
    """Raise AlreadyLiveError where this very run is live on this host: it is measured once."""
    for run in live.readable:
        swept = question_of(run) if run.kind == SWEEP else None
        if run.host == host and run.plan.same_wish(plan) and _same_sweep(swept, sweep):
            raise AlreadyLiveError(
                f"This very run is live here already: {_name(run)}. It is measured once.",
                run.run_id,
            )


def _same_sweep(one: SweepQuestion | None, other: SweepQuestion | None) -> bool:
    """Whether two sweeps ask the same; their seeds stand in their plans, too."""
    if one is None or other is None:
        return one is other
    return one == other.model_copy(update={"seed": one.seed})


def refuse_shared(plan: ProbePlan, live: RunList) -> None:
    """Raise BusyError where a live run, of any computer, asks an endpoint that this one asks.

    Of a run that cannot be read here nobody knows whom it asks, so it may be the same.
    """
    asked = endpoints_of(plan, platform.node())
    unknown = next(iter(live.unreadable), None)
    if asked and unknown is not None:
        raise BusyError(
            f"{unknown.sentence} It is live, and may ask the same endpoint: wait for its end, or "
            f"end it (breakeven runs cancel {unknown.run_id}; runs delete, where it is damaged)."
        )
    for run in live.readable:
        # A computer and its data folder, as core.runs.watching.watch.host_name writes them.
        shared = asked & endpoints_of(run.plan, run.host.partition(":")[0])
        if shared:
            names = " and ".join(sorted(endpoint.address for endpoint in shared))
            raise BusyError(
                f"{names} is being probed already: {_name(run)}. Two probes of one endpoint would "
                f"measure each other: wait for it, or cancel it (breakeven runs cancel "
                f"{run.run_id})."
            )


def free_slot(plan: ProbePlan, live: RunList, host: str, settings: Settings) -> tuple[str, int]:
    """The plan's lane and the lowest slot of it that no live run of this host has.

    Raises BusyError where there is none.
    """
    lane = lane_of(plan)
    rows = [*live.readable, *(run.row for run in live.unreadable if run.row is not None)]
    beside = [row for row in rows if row.lane == lane and row.host == host]
    taken = {run.slot for run in beside}
    slots = 1 if lane == LOCAL else settings.api_runs_at_once
    free = next((slot for slot in range(slots) if slot not in taken), None)
    if free is None:
        raise BusyError(_busy(lane, beside))
    return lane, free


def _name(run: RunRow) -> str:
    return f"{run.label} ({run.done} of {run.planned} requests, run {run.run_id})"


def _busy(lane: str, live: Sequence[RunRow]) -> str:
    names = "; ".join(map(_name, live))
    if lane == LOCAL:
        return (
            f"A probe of the local model is live here: {names}. Two at once would measure each "
            "other. Wait for it, or cancel it (breakeven runs cancel RUN)."
        )
    return (
        f"Probes of {len(live)} APIs are live here: {names}. Wait for one, cancel one (breakeven "
        "runs cancel RUN), or raise BREAKEVEN_API_RUNS_AT_ONCE."
    )
