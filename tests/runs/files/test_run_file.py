"""Runs on their way to another computer: whole, once, checked, and nobody's own by mistake."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RunError
from core.probe.records.probe_plan import LocalTarget
from core.runs.files import importing
from core.runs.files.importing import import_runs
from core.runs.files.run_file import document_of
from core.runs.files.run_file_reading import read_runs
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import RunState, count_runs, get_run
from core.store.samples import get_samples
from tests.oracles.ledger_totals import spent_in_all
from tests.runs.support import api_plan, finished, slow_plan, wait_until
from tests.servers.ground_truth import GroundTruthServer
from tests.store.support import NOON, sample, write_run
from tests.store.support import plan as local_plan

Serve = Callable[..., GroundTruthServer]


@pytest.fixture
def exported(runs: Runs, embedding_server: Serve) -> dict[str, Any]:
    """The document of one run of an API, made here."""
    run_id = runs.start(api_plan(embedding_server().base_url), rate=FREE)
    assert finished(runs, run_id).state is RunState.DONE
    document: dict[str, Any] = json.loads(runs.export([run_id]))
    return document


@pytest.fixture(scope="module")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The document of a real run, for all tests that only change it."""
    with GroundTruthServer() as server:
        config = Settings(data_dir=tmp_path_factory.mktemp("made") / "data")
        opened = open_store(config)
        service = Runs(opened, config)
        run_id = service.start(api_plan(server.base_url), rate=FREE)
        finished(service, run_id)
        text = service.export([run_id])
        service.close()
        opened.close()
    return text


@pytest.fixture
def document(_made_once: str) -> dict[str, Any]:
    """A copy of it."""
    copy: dict[str, Any] = json.loads(_made_once)
    return copy


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Store]:
    """The store of another installation."""
    opened = open_store(Settings(data_dir=tmp_path / "elsewhere"))
    yield opened
    opened.close()


def as_bytes(document: Any) -> bytes:
    """A document as a file has it."""
    return json.dumps(document).encode()


def test_a_run_arrives_as_it_left_and_once(
    runs: Runs, store: Store, elsewhere: Store, exported: dict[str, Any], tmp_path: Path
) -> None:
    """Samples, plan, times, money and calibration; its summary is computed anew and the same."""
    data = as_bytes(exported)
    (run_id,) = import_runs(elsewhere, data, "f.json").new
    with store.read() as here, elsewhere.read() as there:
        before, after = get_run(here, run_id), get_run(there, run_id)
        assert get_samples(here, run_id) == get_samples(there, run_id)
    assert before is not None
    assert after is not None
    assert (after.plan, after.summary, after.state) == (before.plan, before.summary, before.state)
    assert (after.started_at, after.finished_at) == (before.started_at, before.finished_at)
    assert (after.done, after.planned, after.kind) == (before.done, before.planned, before.kind)
    assert after.imported_from is not None
    assert "a test" in after.imported_from
    again = import_runs(elsewhere, data, "f.json")
    assert (again.new, again.known) == ((), (run_id,))
    there_too = Runs(elsewhere, Settings(data_dir=tmp_path / "elsewhere"))
    assert there_too.measurements() == {}
    there_too.adopt(run_id)
    measured = there_too.measurements()["endpoint/test/m"]
    assert measured.imported_from == after.imported_from
    here_too = runs.measurements()["endpoint/test/m"]
    assert here_too.imported_from is None
    assert measured.model_copy(update={"imported_from": None}) == here_too
    assert there_too.view(run_id).imported_from == after.imported_from
    assert json.loads(there_too.export([run_id]))["runs"] == exported["runs"]


def test_another_computers_own_model_is_not_this_machine(store: Store, elsewhere: Store) -> None:
    """Its latency is kept, and drawn on no option here."""
    write_run(
        store,
        "00112233445566aa",
        state="done",
        started_at=NOON,
        finished_at=NOON,
        summary=None,
    )
    with store.read() as connection:
        run = get_run(connection, "00112233445566aa")
    assert run is not None
    assert isinstance(run.plan.target, LocalTarget)
    document = document_of([(run, [sample(1), sample(2)])])
    import_runs(elsewhere, document.encode(), "f.json")
    with elsewhere.read() as connection:
        found = get_run(connection, "00112233445566aa")
    assert found is not None
    assert found.plan.subject.option_id == "machine/another computer"
    assert found.plan.texts == local_plan().texts


def test_a_live_run_is_not_exported(runs: Runs, embedding_server: Serve) -> None:
    """Half a run would be taken for a whole one."""
    run_id = runs.start(slow_plan(embedding_server().base_url), rate=FREE)
    wait_until(runs, run_id, lambda view: view.done > 1)
    with pytest.raises(RunError, match="still live"):
        runs.export([run_id])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cut off or damaged at line 1"),
        (b"\xff\xfe\x00", "no JSON text"),
        (b"[" * 100_000, "no JSON text"),
        (b"[]", "no file of runs"),
        (b"{}", "no file of runs"),
        (b'{"format": "breakeven-runs"}', "version 'None'"),
        (b'{"format": "breakeven-runs", "version": 2}', "Update Breakeven here"),
        (b'{"format": "breakeven-runs", "version": 0}', "Export it again with this version"),
        (b'{"format": "breakeven-runs", "version": "1"}', "Export it again"),
        (b'{"format": "breakeven-runs", "version": 1}', "exported_at: Field required"),
        (b'{"format": "breakeven-runs", "version": NaN}', "no JSON text"),
    ],
)
def test_what_is_no_file_of_runs_is_told(elsewhere: Store, data: bytes, words: str) -> None:
    """What is wrong, where, and what to do."""
    with pytest.raises(RunError, match=words):
        import_runs(elsewhere, data, "f.json")


def test_a_half_written_file_is_told_and_nothing_is_imported(
    elsewhere: Store, document: dict[str, Any]
) -> None:
    """Cut anywhere, it is damaged; not one run of it is taken."""
    data = as_bytes(document)
    for share in (0.1, 0.5, 0.9, 0.999):
        with pytest.raises(RunError, match="cut off or damaged"):
            import_runs(elsewhere, data[: int(len(data) * share)], "f.json")
    with elsewhere.read() as connection:
        assert get_run(connection, document["runs"][0]["run_id"]) is None


def changed(document: dict[str, Any], path: str, value: Any) -> bytes:
    """The document with one value replaced or added."""
    copy = json.loads(json.dumps(document))
    *way, last = [int(part) if part.isdecimal() else part for part in path.split(".")]
    place = copy
    for part in way:
        place = place[part]
    place[last] = value
    return as_bytes(copy)


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("runs.0.run_id", "../../etc/passwd", "run_id"),
        ("runs.0.run_id", "x' OR 1=1 --", "run_id"),
        ("runs.0.state", "running", "state"),
        ("runs.0.surprise", 1, "surprise: Extra inputs"),
        ("runs.0.created_at", "2026-01-01T00:00:00", "created_at"),
        ("runs.0.created_at", "2999-01-01T00:00:00Z", "in the future"),
        ("runs.0.created_at", "0001-01-01T00:00:00+14:00", "created_at: it lies before 2020"),
        ("runs.0.created_at", "2019-12-31T23:59:59Z", "before 2020"),
        ("runs.0.started_at", "9999-12-31T23:59:59-14:00", "started_at: it lies in the future"),
        ("runs.0.finished_at", "2020-01-01T00:00:00+14:00", "before 2020"),
        ("runs.0.finished_at", "2020-01-02T00:00:00Z", "ended before it began"),
        ("exported_at", "0001-01-01T00:00:00+14:00", "exported_at: it lies before 2020"),
        ("runs.0.finished_at", "2999-01-01T00:00:00Z", "in the future"),
        ("runs.0.spent_nano_usd", -1, "spent_nano_usd"),
        ("runs.0.spent_nano_usd", 10**30, "spent_nano_usd"),
        ("runs.0.plan", {}, "plan"),
        ("runs.0.plan.texts", [" "], "empty"),
        ("runs.0.plan.surprise", 1, "surprise"),
        ("runs.0.samples.0.seq", 10**9, "not those of the plan"),
        ("runs.0.samples.0.seq", 1, "not those of the plan"),
        ("runs.0.samples.0.seq", 1.5, "seq"),
        ("runs.0.samples.0.completed_ns", 10**40, "completed_ns"),
        ("runs.0.samples.0.target", 3, "target that the plan does not have"),
        ("runs.0.samples.0.outcome", "great", "outcome"),
        ("runs.0.samples.0.surprise", 1, "surprise"),
        ("runs.0.samples.0.detail", "x" * 1_000, "detail"),
        ("runs.0.samples.0", "<script>", "valid dictionary"),
        ("runs.0.samples", {"0": 1}, "samples"),
        ("runs.0.error", "x" * 10_000, "error"),
        ("runs.1", {}, "run_id"),
    ],
)
def test_a_hostile_value_is_refused_with_its_place(
    elsewhere: Store, document: dict[str, Any], path: str, value: Any, words: str
) -> None:
    """And repeated in no sentence; nothing of the file is imported."""
    if path == "runs.1":
        document["runs"].append({})
    with pytest.raises(RunError, match=words) as refused:
        import_runs(elsewhere, changed(document, path, value), "f.json")
    assert "passwd" not in str(refused.value)
    assert len(str(refused.value)) < 600
    with elsewhere.read() as connection:
        assert get_run(connection, document["runs"][0]["run_id"]) is None


def test_a_run_twice_in_a_file_is_refused(elsewhere: Store, document: dict[str, Any]) -> None:
    """Nobody could say which of the two counts."""
    document["runs"] *= 2
    with pytest.raises(RunError, match="holds a run twice"):
        import_runs(elsewhere, as_bytes(document), "f.json")


def test_a_summary_cannot_be_forged(elsewhere: Store, document: dict[str, Any]) -> None:
    """There is none in the file: it is made from the samples, and follows them."""
    assert "summary" not in document["runs"][0]
    for entry in document["runs"][0]["samples"]:
        entry["completed_ns"] = entry["sent_ns"] + 1_000_000_000
    (run_id,) = import_runs(elsewhere, as_bytes(document), "f.json").new
    with elsewhere.read() as connection:
        run = get_run(connection, run_id)
    assert run is not None
    assert run.summary is not None
    assert run.summary.service_p50.value_s == pytest.approx(1)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_whatever_a_file_holds_a_sentence_comes_out(value: Any) -> None:
    """No other exception than ours, for any JSON."""
    head = {"format": "breakeven-runs", "version": 1, "exported_at": "2026-01-01T00:00:00Z"}
    for found in (value, head | {"runs": value}, head | {"runs": [value]}):
        with suppress(RunError):
            assert list(read_runs(as_bytes(found), "f")) == []


WRITE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=0.2) as other:
    other.execute("UPDATE ledger_total SET spent_nano_usd = spent_nano_usd + 1")
"""


def test_others_write_while_a_file_is_read(
    store: Store, settings: Settings, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process writes before each run and after the last; then the file is there, whole."""
    document["runs"] = [document["runs"][0] | {"run_id": f"{i:016x}"} for i in range(3)]

    def write() -> None:
        subprocess.run([sys.executable, "-c", WRITE, str(settings.database_file)], check=True)

    def slowly(data: bytes, name: str) -> Iterator[Any]:
        for found in read_runs(data, name):
            write()
            yield found
        write()

    monkeypatch.setattr(importing, "read_runs", slowly)
    imported = import_runs(store, json.dumps(document).encode(), "f.json")
    assert len(imported.new) == 3
    with store.read() as connection:
        assert spent_in_all(connection) == (0, 4)
        for run_id in imported.new:
            assert len(get_samples(connection, run_id)) == len(document["runs"][0]["samples"])


@pytest.mark.parametrize("in_memory", [1, 2**20])
def test_a_run_that_is_here_already_hides_none_that_follows_it(
    store: Store, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    """The samples of each go to their own run, whether they waited in memory or in a file."""
    monkeypatch.setattr(importing, "IN_MEMORY", in_memory)
    monkeypatch.setattr(importing, "AT_ONCE", 7)
    first = document["runs"][0]
    import_runs(store, json.dumps(document).encode(), "f.json")
    other = first | {"run_id": "f" * 16, "samples": first["samples"][:9]}
    both = document | {"runs": [first, other]}
    imported = import_runs(store, json.dumps(both).encode(), "f.json")
    assert (imported.known, imported.new) == ((first["run_id"],), ("f" * 16,))
    with store.read() as connection:
        assert len(get_samples(connection, "f" * 16)) == 9
        assert len(get_samples(connection, first["run_id"])) == len(first["samples"])


def test_without_room_for_what_was_read_nothing_is_imported(
    store: Store, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder for temporary files that is not there: one sentence with what to do."""
    monkeypatch.setattr(importing, "IN_MEMORY", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(RunError, match=r"no room for what was read of it .* set TMPDIR"):
        import_runs(store, json.dumps(document).encode(), "f.json")
    with store.read() as connection:
        assert count_runs(connection) == 0
