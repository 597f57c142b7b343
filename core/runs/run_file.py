"""Runs as a file: what is measured in one place is looked at, and compared, in another.

One JSON document with a version. Nothing in it is believed that can be computed: the summary is
made anew from the samples. Every value is checked against its kind and its limits, because a file
may come from anywhere.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal, Self, get_type_hints

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
    model_validator,
)

from core.errors import RunError
from core.measurement.inspection import Inspection
from core.measurement.neighbours import NeighbourReport
from core.measurement.report import Overhead
from core.plain_text import Plain, one_line
from core.probe.plan import ProbePlan
from core.probe.sample import Sample
from core.refusals import first_fault
from core.runs.ending import environment_of, inspection_of, neighbours_of
from core.runs.environment import Environment
from core.store.runs import MOST_ERROR, StoredRun

FORMAT: Final = "breakeven-runs"
VERSION: Final = 1
MOST_BYTES: Final = 256 * 2**20
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
    """One finished run with all its samples."""

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
    worst_case_nano_usd: _Money
    spent_nano_usd: _Money
    samples: Annotated[tuple[Any, ...], Field(max_length=100_000)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        measured = self.measured()
        seqs = [sample.seq for sample in measured]
        if len(set(seqs)) != len(seqs) or any(not 0 <= seq < self.plan.planned for seq in seqs):
            raise ValueError("the samples are not those of the plan")
        if any(not 0 <= s.target < len(self.plan.targets) for s in measured):
            raise ValueError("a sample belongs to a target that the plan does not have")
        moments = [self.created_at, self.started_at or self.created_at, self.finished_at]
        if moments != sorted(moments):
            raise ValueError("it ended before it began")
        return self

    def measured(self) -> list[Sample]:
        """The samples, checked one by one."""
        rows = (SampleRow.model_validate(row) for row in self.samples)
        return [Sample(**dict(row)) for row in rows]


class RunFile(BaseModel):
    """The whole document."""

    model_config = _Strict

    format: Literal["breakeven-runs"]
    version: Literal[1]
    exported_at: Moment
    runs: Annotated[tuple[RunInFile, ...], Field(max_length=MOST_RUNS)]


def document_of(runs: Sequence[tuple[StoredRun, Sequence[Sample]]]) -> str:
    """The file of these runs, as JSON. RunError for one that is live or no probe."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "exported_at": datetime.now(UTC).isoformat(),
            "runs": [_entry(run, samples) for run, samples in runs],
        },
        allow_nan=False,
    )


def _entry(run: StoredRun, samples: Sequence[Sample]) -> dict[str, Any]:
    if run.kind == "sweep":
        raise RunError(f"The run {run.run_id} is a sweep, and only probes are exported.")
    if run.state.live or run.finished_at is None:
        raise RunError(f"The run {run.run_id} is still live: wait for its end, or cancel it.")
    overhead = None if run.summary is None else run.summary.overhead
    inspection, neighbours = inspection_of(run), neighbours_of(run)
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
        "worst_case_nano_usd": run.worst_case_nano_usd,
        "spent_nano_usd": run.spent_nano_usd,
        "samples": [_row(sample) for sample in samples],
    }


def _row(sample: Sample) -> dict[str, Any]:
    """Fields that say something; a number that JSON does not know is left out."""
    values = asdict(sample) | {"phase": sample.phase.value, "outcome": sample.outcome.value}
    return {
        name: value
        for name, value in values.items()
        if value is not None and not (isinstance(value, float) and not math.isfinite(value))
    }


def read_document(data: bytes, name: str) -> RunFile:
    """Read a file of runs. Raises RunError: what is wrong, where, and what to do."""
    document = _json(data, name)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise RunError(
            f"{name} is no file of runs. Make one with `breakeven probe --json` or "
            "`breakeven runs export`."
        )
    version = document.get("version")
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        mend = "Update Breakeven here." if newer else "Export it again with this version."
        raise RunError(
            f"{name} has version {str(version)[:20]!r} of the format, and this Breakeven reads "
            f"version {VERSION}. {mend}"
        )
    try:
        return RunFile.model_validate(document)
    except ValidationError as error:
        raise RunError(f"{name} cannot be imported: {first_fault(error)}. Nothing was.") from None


def _json(data: bytes, name: str) -> Any:
    if len(data) > MOST_BYTES:
        raise RunError(f"{name} is larger than {MOST_BYTES // 2**20} MiB: no file of runs is.")
    try:
        return json.loads(data, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise RunError(
            f"{name} is cut off or damaged at line {error.lineno}, column {error.colno}. Export "
            "it again."
        ) from None
    except (ValueError, RecursionError):
        raise RunError(f"{name} is no JSON text. Export it again.") from None


def _refuse_constant(word: str) -> float:
    raise ValueError(word)
