"""Brings runs from a file into the store: each once, as measured elsewhere."""

from dataclasses import dataclass
from typing import Final

from core.errors import RunError
from core.measurement.latency import Subject
from core.plain_text import LABEL
from core.probe.findings.summary import summarise
from core.probe.records.probe_plan import OpenLoop, ProbePlan
from core.probe.records.sample import Sample
from core.runs.files.run_file import RunInFile
from core.runs.files.run_file_reading import read_runs
from core.runs.starting.seats import lane_of
from core.runs.trust.claims import as_sent
from core.runs.working.run_ending import extras_report
from core.scenario import THIS_MACHINE
from core.store.open import Store
from core.store.runs import MOST_ORIGIN, PROBE, add_run, has_run
from core.store.samples import add_samples

ELSEWHERE: Final = "machine/"
"""Option ids of other computers: what one measured there belongs to no option here."""

AT_ONCE: Final = 2_000
"""Samples that are made into rows together."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    """Ids of runs that were here already; nothing of them was changed."""


def import_runs(store: Store, data: bytes, name: str) -> Imported:
    """Import every run of a file, or none. Raises RunError or StoreError in a sentence."""
    new: list[str] = []
    known: list[str] = []
    with store.write() as connection:
        for run, measured in read_runs(data, name):
            if run.run_id in {*new, *known}:
                raise RunError(f"{name} holds a run twice. Export it again.")
            if has_run(connection, run.run_id):
                known.append(run.run_id)
                continue
            plan = _as_of_elsewhere(run)
            add_run(connection, run.run_id, plan, **_columns(run, plan, measured))
            for first in range(0, len(measured), AT_ONCE):
                add_samples(connection, run.run_id, measured[first : first + AT_ONCE])
            new.append(run.run_id)
    return Imported(tuple(new), tuple(known))


def _columns(run: RunInFile, plan: ProbePlan, measured: list[Sample]) -> dict[str, object]:
    summary = summarise(plan, measured).model_copy(update={"overhead": run.overhead})
    n_outcomes = summary.n_ok + summary.n_failed
    environment = run.environment
    return {
        "kind": PROBE if isinstance(plan.schedule, OpenLoop) else plan.schedule.kind,
        "lane": lane_of(plan),
        "state": run.state,
        "host": f"imported:{run.run_id}",
        "imported_from": origin(run),
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "heartbeat_at": run.finished_at,
        "planned": plan.planned,
        "done": sum(sample.asked for sample in measured),
        "summary": summary.model_dump_json() if n_outcomes else None,
        "error": run.error,
        "report": extras_report(run.inspection, run.neighbours),
        "environment": None if environment is None else environment.model_dump_json(),
        "worst_case_nano_usd": run.worst_case_nano_usd,
        "spent_nano_usd": run.spent_nano_usd,
        "spend_day": run.created_at.date(),
    }


def origin(run: RunInFile) -> str:
    """Where a run was made, as far as its environment says."""
    found = run.environment
    said = () if found is None else (found.host, found.place, found.region)
    return ", ".join(word for word in said if word)[:MOST_ORIGIN] or "another computer"


def _as_of_elsewhere(run: RunInFile) -> ProbePlan:
    """The plan with the other computer's own model as an option of that computer.

    Else its latency would be drawn as this machine's. A claim to an option of the catalogue counts
    only where its own server was asked.
    """
    plan, at = as_sent(run.plan), origin(run)
    update: dict[str, object] = {}
    if _is_local(plan, 0):
        update["subject"] = _moved(plan.subject, at)
    rivals = [
        rival.model_copy(update={"subject": _moved(rival.subject, at)})
        if _is_local(plan, i)
        else rival
        for i, rival in enumerate(plan.rivals, 1)
    ]
    return plan.model_copy(update=update | {"rivals": tuple(rivals)})


def _is_local(plan: ProbePlan, target: int) -> bool:
    """Whether it measured the other computer itself, by its target or by its own word."""
    named = plan.subjects[target].option_id.partition("/")[0] == THIS_MACHINE
    return named or bool(plan.targets[target].local_models)


def _moved(subject: Subject, at: str) -> Subject:
    return subject.model_copy(
        update={
            "option_id": LABEL.made(f"{ELSEWHERE}{at}"),
            "label": LABEL.made(f"{subject.label} ({at})"),
        }
    )
