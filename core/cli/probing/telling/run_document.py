"""A finished run for a program: its numbers beside the runs of the file."""

from collections.abc import Sequence
from typing import Any

from core.cli.probing.limits.limit_verdict import Verdict
from core.measurement.report import Comparison
from core.runs.watching.run_view import RunView


def beside_the_run(
    view: RunView, compared: Comparison | None, verdicts: Sequence[Verdict]
) -> dict[str, Any]:
    """What `probe --json` says of a run before its samples.

    ``summary``: every percentile with its interval in seconds, cold start, and in its ``report``
    the steps, the fit, the capacity and what limits it; None where nothing was answered. ``knee``
    in it is the step itself.
    """
    document: dict[str, Any] = {"summary": _summary(view)}
    if compared is not None:
        document["compared"] = compared.model_dump(mode="json")
    if verdicts:
        document["checks"] = [verdict.document() for verdict in verdicts]
    return document


def _summary(view: RunView) -> dict[str, Any] | None:
    summary = view.summary
    if summary is None or not summary.answered:
        return None
    load = None if summary.report is None else summary.report.load
    knee = None if load is None else load.knee_step
    return {
        "run_id": view.run_id,
        "state": view.state.value,
        **summary.model_dump(mode="json"),
        "knee": None if knee is None else knee.model_dump(mode="json"),
        "billed_usd": str(view.spent_usd),
    }
