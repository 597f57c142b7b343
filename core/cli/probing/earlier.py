"""The run of another day that this one is held against."""

from core.errors import RunError
from core.probe.findings.two_runs import Measured
from core.runs.service import Runs


def measured_run(runs: Runs, run_id: str, label: str = "") -> Measured:
    """A finished run with its samples, named after its moment unless ``label`` says another name.

    Raises RunError for no such run, one that is live, or one without an answer.
    """
    view = runs.view(run_id)
    if view.live:
        raise RunError(f"The run {run_id} is still live: wait for its end, or cancel it.")
    if view.summary is None or not view.summary.answered:
        raise RunError(f"The run {run_id} measured nothing that could be compared.")
    name = label or f"the run {run_id} of {view.created_at:%Y-%m-%d %H:%M} UTC"
    return Measured(name, view.plan, runs.samples(run_id))
