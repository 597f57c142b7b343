"""Runs as a file: what is measured in one place is looked at, and compared, in another.

One JSON document with a version. Nothing in it is believed that can be computed: the summary is
made anew from the samples. Every value is checked against its kind and its limits, because a file
may come from anywhere.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, get_type_hints

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)

from core.errors import RunError
from core.measurement.beside.inspection import Inspection
from core.measurement.beside.neighbours import NeighbourReport
from core.measurement.beside.quality_found import QualityReport
from core.measurement.beside.server_metrics import ServerMetrics
from core.measurement.report import Overhead
from core.plain_text import Plain, one_line
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Sample
from core.runs.surroundings.environment import Environment
from core.runs.watching.run_view import unread_parts
from core.runs.working.run_ending import (
    environment_of,
    inspection_of,
    neighbours_of,
    quality_of,
    server_metrics_of,
)
from core.store.runs import MOST_ERROR, StoredRun

FORMAT: Final = "breakeven-runs"
VERSION: Final = 1
MOST_BYTES: Final = 256 * 2**20
MOST_SENTENCE: Final = 1_000
MOST_RUNS: Final = 1_000
MOST_INTEGER: Final = 2**63 - 1
EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""No run is older."""
CLOCK_SLACK: Final = timedelta(days=1)
"""Two computers' clocks may differ by less than this."""

_Strict: Final = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _plausible(moment: datetime) -> datetime:
    """The moment in UTC. Compared first: not every moment of every zone has one."""
    if moment < EARLIEST:
        raise ValueError(f"it lies before {EARLIEST:%Y}: no run is so old")
    if moment > datetime.now(UTC) + CLOCK_SLACK:
        raise ValueError("it lies in the future: one of the two clocks is wrong")
    return moment.astimezone(UTC)


def _unbroken(text: Any) -> Any:
    """An error of several lines in one."""
    return one_line(text) if isinstance(text, str) else text


Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
_Money = Annotated[int, Field(ge=0, le=MOST_INTEGER)]


def _sample_row() -> type[BaseModel]:
    """A model with the fields of a sample, so that the two cannot drift apart."""
    hints = get_type_hints(Sample, include_extras=True)
    row: dict[str, Any] = {}
    for field in fields(Sample):
        default = ... if field.default is MISSING else field.default
        row[field.name] = (_limited(hints[field.name]), default)
    return create_model("SampleRow", __config__=_Strict, **row)


def _limited(kind: Any) -> Any:
    if kind is int:
        return Annotated[int, Field(ge=-MOST_INTEGER, le=MOST_INTEGER)]
    if kind == int | None:
        return Annotated[int, Field(ge=-MOST_INTEGER, le=MOST_INTEGER)] | None
    return kind


SampleRow: Final = _sample_row()


class RunInFile(BaseModel):
    """One finished run without its samples, which are read one by one."""

    model_config = _Strict

    run_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    plan: ProbePlan
    state: Literal["done", "cancelled", "failed", "lost"]
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment
    error: Annotated[str, BeforeValidator(_unbroken), Plain(MOST_ERROR)] | None
    environment: Environment | None
    overhead: Overhead | None
    """What the client itself took, as calibrated there: the one number that no sample holds."""
    inspection: Inspection | None = None
    neighbours: NeighbourReport | None = None
    server_metrics: ServerMetrics | None = None
    quality: QualityReport | None = None
    found: tuple[Annotated[str, Plain(MOST_SENTENCE)], ...] = ()
    """What its curves and comparisons say, for whoever reads the file; an import makes it anew."""
    worst_case_nano_usd: _Money
    spent_nano_usd: _Money

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        moments = [self.created_at, self.started_at or self.created_at, self.finished_at]
        if moments != sorted(moments):
            raise ValueError("it ended before it began")
        return self


class FileHead(BaseModel):
    """The document without its runs."""

    model_config = _Strict

    format: Literal["breakeven-runs"]
    version: Literal[1]
    exported_at: Moment
    summary: Any = None
    """What `probe --json` says for whoever reads the file, as the next two: an import makes it
    anew from the samples."""
    compared: Any = None
    checks: Any = None


def document_of(
    runs: Sequence[tuple[StoredRun, Sequence[Sample]]],
    beside: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """The file of these runs, as JSON. RunError for one that is live or no probe."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "exported_at": datetime.now(UTC).isoformat(),
            **beside,
            "runs": [_entry(run, samples) for run, samples in runs],
        },
        allow_nan=False,
    )


def _entry(run: StoredRun, samples: Sequence[Sample]) -> dict[str, Any]:
    if run.kind == "sweep":
        raise RunError(f"The run {run.run_id} is a sweep, and only probes are exported.")
    if run.state.live or run.finished_at is None:
        raise RunError(f"The run {run.run_id} is still live: wait for its end, or cancel it.")
    if unread := unread_parts(run):
        raise RunError(
            f"The run {run.run_id} cannot be exported whole: {' and '.join(unread)} cannot be read "
            "here. Update Breakeven and export it then."
        )
    overhead = None if run.summary is None else run.summary.overhead
    inspection, neighbours = inspection_of(run), neighbours_of(run)
    metrics, quality = server_metrics_of(run), quality_of(run)
    environment = environment_of(run)
    return {
        "run_id": run.run_id,
        "plan": run.plan.model_dump(mode="json"),
        "state": run.state.value,
        "created_at": run.created_at.isoformat(),
        "started_at": None if run.started_at is None else run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat(),
        "error": run.error,
        "environment": None if environment is None else environment.model_dump(mode="json"),
        "overhead": None if overhead is None else overhead.model_dump(mode="json"),
        "inspection": None if inspection is None else inspection.model_dump(mode="json"),
        "neighbours": None if neighbours is None else neighbours.model_dump(mode="json"),
        "server_metrics": None if metrics is None else metrics.model_dump(mode="json"),
        **({} if quality is None else {"quality": quality.model_dump(mode="json")}),
        "found": _sentences(run),
        "worst_case_nano_usd": run.worst_case_nano_usd,
        "spent_nano_usd": run.spent_nano_usd,
        "samples": [_row(sample) for sample in samples],
    }


def _sentences(run: StoredRun) -> list[str]:
    report = None if run.summary is None else run.summary.report
    return [] if report is None else list(report.sentences)


def _row(sample: Sample) -> dict[str, Any]:
    """Fields that say something; a number that JSON does not know is left out."""
    values = asdict(sample) | {"phase": sample.phase.value, "outcome": sample.outcome.value}
    return {
        name: value
        for name, value in values.items()
        if value is not None and not (isinstance(value, float) and not math.isfinite(value))
    }
