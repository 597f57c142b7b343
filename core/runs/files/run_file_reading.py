"""Reads a file of runs one run after the other, and each sample by itself.

Whoever sent the file may have written anything into it: the first wrong thing ends the reading
with its place, before more of it is in memory than one run.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import RunError
from core.json_pieces import (
    MOST_PIECE,
    JsonError,
    Span,
    elements,
    first_place,
    members,
    place_text,
    read,
)
from core.probe.records.probe_plan import MAX_TEXTS
from core.probe.records.sample import Sample
from core.probe.refusal.cleaned import cleaned
from core.refusals import first_fault
from core.runs.files.run_file import (
    FORMAT,
    MOST_BYTES,
    MOST_RUNS,
    VERSION,
    FileHead,
    RunInFile,
    SampleRow,
)

Model = TypeVar("Model", bound=BaseModel)


def read_runs(data: bytes, name: str) -> Iterator[tuple[RunInFile, list[Sample]]]:
    """Every run of a file with its samples. Raises RunError: what is wrong, where, what to do."""
    if len(data) > MOST_BYTES:
        raise RunError(f"{name} is larger than {MOST_BYTES // 2**20} MiB: no file of runs is.")
    try:
        yield from _runs(data, name)
    except JsonError as error:
        if error.at is None:
            raise RunError(f"{name} is no JSON text: {error}. Export it again.") from None
        raise RunError(
            f"{name} is cut off or damaged at {place_text(data, error.at)}: {error}. Export it "
            "again."
        ) from None


def _runs(data: bytes, name: str) -> Iterator[tuple[RunInFile, list[Sample]]]:
    head, runs = _head(data, name)
    _refuse_other_versions(head, name)
    _valid(FileHead, head, name, "")
    for number, span in enumerate(_list(data, runs, name, "runs", most=len(data))):
        if number >= MOST_RUNS:
            raise _refused(name, "runs", f"it holds more than {MOST_RUNS:,}")
        yield _run(data, span, name, f"runs.{number}")


def _head(data: bytes, name: str) -> tuple[dict[str, Any], Span | None]:
    """What stands beside the runs, and where they are."""
    at = first_place(data)
    if data[at : at + 1] == b"[":
        next(elements(data, at), None)
    if at < len(data) and data[at] in b'["-0123456789tfn':
        raise _no_file_of_runs(name)
    if at < len(data) and data[at : at + 1] != b"{":
        raise JsonError("it begins with another sign")
    values = dict(members(data, at, alone=True))
    runs = values.pop("runs", None)
    return {key: read(data, span) for key, span in values.items()}, runs


def _refuse_other_versions(head: dict[str, Any], name: str) -> None:
    if head.get("format") != FORMAT:
        raise _no_file_of_runs(name)
    version = head.get("version")
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        mend = "Update Breakeven here." if newer else "Export it again with this version."
        raise RunError(
            f"{name} has version {str(version)[:20]!r} of the format, and this Breakeven reads "
            f"version {VERSION}. {mend}"
        )


def _run(data: bytes, span: Span, name: str, place: str) -> tuple[RunInFile, list[Sample]]:
    values = _object(data, span, name, place)
    samples = values.pop("samples", None)
    fields: dict[str, Any] = {
        key: read(data, value) for key, value in values.items() if key != "plan"
    }
    if "plan" in values:
        fields["plan"] = _plan(data, values["plan"], name, f"{place}.plan")
    run = _valid(RunInFile, fields, name, f"{place}.")
    return run, list(_samples(data, samples, run, name, f"{place}.samples"))


def _plan(data: bytes, span: Span, name: str, place: str) -> dict[str, Any]:
    """A plan, whose texts may be many and long."""
    values = _object(data, span, name, place)
    texts = values.pop("texts", None)
    fields: dict[str, Any] = {key: read(data, value) for key, value in values.items()}
    if texts is not None:
        pieces = _list(data, texts, name, f"{place}.texts")
        # One more than there may be: the plan itself says what is wrong with that.
        fields["texts"] = [read(data, piece) for piece in islice(pieces, MAX_TEXTS + 1)]
    return fields


def _samples(
    data: bytes, span: Span | None, run: RunInFile, name: str, place: str
) -> Iterator[Sample]:
    """The samples, each checked by itself and against the plan."""
    seen: set[int] = set()
    for number, piece in enumerate(_list(data, span, name, place)):
        row = _valid(SampleRow, read(data, piece), name, f"{place}.{number}.")
        fields = dict(row)
        fields["server_said"] = cleaned(fields["server_said"], run.plan.texts)
        sample = Sample(**fields)
        if sample.seq in seen or not 0 <= sample.seq < run.plan.planned:
            raise _refused(name, f"{place}.{number}", "the samples are not those of the plan")
        if not 0 <= sample.target < len(run.plan.targets):
            words = "a sample belongs to a target that the plan does not have"
            raise _refused(name, f"{place}.{number}", words)
        seen.add(sample.seq)
        yield sample


def _object(data: bytes, span: Span, name: str, place: str) -> dict[str, Span]:
    if data[span[0] : span[0] + 1] != b"{":
        raise _refused(name, place, "Input should be a valid dictionary")
    return dict(members(data, span[0]))


def _list(
    data: bytes, span: Span | None, name: str, place: str, most: int = MOST_PIECE
) -> Iterator[Span]:
    if span is None:
        raise _refused(name, place, "Field required")
    if data[span[0] : span[0] + 1] != b"[":
        raise _refused(name, place, "Input should be a valid list")
    yield from elements(data, span[0], most=most)


def _valid(kind: type[Model], fields: Any, name: str, place: str) -> Model:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise _refused(name, place, first_fault(error, kind), joint="") from None


def _refused(name: str, place: str, words: str, joint: str = ": ") -> RunError:
    return RunError(f"{name} cannot be imported: {place}{joint}{words}. Nothing was.")


def _no_file_of_runs(name: str) -> RunError:
    return RunError(
        f"{name} is no file of runs. Make one with `breakeven probe --json` or "
        "`breakeven runs export`."
    )
