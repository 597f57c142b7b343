"""A sweep as a run: started, watched, cancelled, stored, and lent to the option it measured."""

import shutil
from pathlib import Path

import pytest

from core.cli.support import opened_runs
from core.engines.common.status import INSTALL, engine_status
from core.engines.local import EngineWish, load_engine
from core.errors import AlreadyLiveError
from core.measurement.latency import Subject
from core.probe.records.probe_plan import LocalTarget
from core.runs.places.folders import models_folder
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE
from core.runs.sweep.sweep_question import SweepQuestion
from core.settings import Settings
from core.store.runs import RunState
from tests.conftest import need
from tests.runs.support import finished, local_plan, wait_until

pytestmark = pytest.mark.local_model

QUESTION = SweepQuestion(tokens_per_text=32, slo_p95_s=2.0, largest_batch=8, requests=72)
SUBJECT = Subject(option_id="this-machine", label="This machine", model="tiny")


@pytest.fixture(scope="module")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model so small that a sweep of it takes seconds."""
    need(engine_status().ready, "the extra: " + INSTALL)
    from tests.engines.support import tiny_model  # noqa: PLC0415

    return tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def exports(tiny_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export, made once."""
    folder = tmp_path_factory.mktemp("exports")
    load_engine(EngineWish(model=str(tiny_weights)), folder, "now")
    return folder


@pytest.fixture
def tiny(tiny_weights: Path, exports: Path, settings: Settings) -> LocalTarget:
    """The model, as an installation that has run it before has it."""
    shutil.copytree(exports, models_folder(settings.data_dir))
    return target_of(tiny_weights)


def target_of(weights: Path) -> LocalTarget:
    """The model on one thread of this computer."""
    return LocalTarget(device="cpu", threads=1, model=str(weights))


@pytest.fixture(scope="module")
def swept(tiny_weights: Path, exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation that has swept the model once; its only run."""
    folder = tmp_path_factory.mktemp("swept") / "data"
    shutil.copytree(exports, models_folder(folder))
    with opened_runs(Settings(data_dir=folder, database_url=None)) as runs:
        finished(runs, runs.start_sweep(SUBJECT, target_of(tiny_weights), QUESTION))
    return folder


def test_a_sweep_measures_fits_predicts_and_checks(swept: Path) -> None:
    """Every number of the report is there, consistent with the others, and survives the store."""
    with opened_runs(Settings(data_dir=swept, database_url=None)) as runs:
        check_report(runs)


def check_report(runs: Runs) -> None:
    """The one sweep of these runs, and all that is lent from it."""
    (view,) = runs.recent()
    run_id = view.run_id
    assert view.state is RunState.DONE, view.error
    assert view.kind == "sweep"
    assert view.done == view.planned == QUESTION.planned
    found = runs.sweep_report(run_id)
    assert found is not None
    fit = found.fit
    assert (fit.engine, fit.precision, fit.hidden) == ("onnxruntime", "fp32", 32)
    assert fit.shapes == len(found.points) >= 4
    assert all(0 < point.min_s <= point.p50_s <= point.p95_s for point in found.points)
    assert found.capacity.tokens_per_text == 32
    assert found.capacity.texts_per_s is not None
    assert found.capacity.texts_per_s < found.capacity.full_texts_per_s
    assert [check.share for check in found.checks] == [0.5, 0.8]
    for check in found.checks:
        assert check.rate_per_s == pytest.approx(check.share * found.capacity.texts_per_s)
        assert check.measured.n_ok == 72
        assert check.p95_error is not None
        assert check.slowdown > 0
    assert fit.dense_tflops_measured is not None
    assert fit.largest_batch >= 1
    environment = view.environment
    assert environment is not None
    assert (environment.engine, environment.threads) == ("onnxruntime", 1)
    assert environment.load_at_start is not None
    newest = runs.newest_sweep("this-machine")
    assert newest is not None
    assert newest[1] == found
    assert runs.measurements()["this-machine"].fit == fit


def test_a_fit_is_lent_to_a_probe_of_the_same_weights_alone(
    swept: Path, tiny_weights: Path, tmp_path: Path
) -> None:
    """A probe of another model on this machine has its latency without the sweep's fit."""
    tiny = target_of(tiny_weights)
    folder = shutil.copytree(swept, tmp_path / "data")
    with opened_runs(Settings(data_dir=folder, database_url=None)) as runs:
        assert [view.state for view in runs.recent()] == [RunState.DONE]
        same = local_plan(subject=SUBJECT, target=tiny)
        finished(runs, runs.start(same, rate=FREE))
        measured = runs.measurements()["this-machine"]
        assert measured.fit is not None
        assert measured.summary.n_planned == same.requests
        other = local_plan(subject=SUBJECT.model_copy(update={"model": "other"}), target=tiny)
        finished(runs, runs.start(other, rate=FREE))
        assert runs.measurements()["this-machine"].fit is None


def test_a_sweep_is_live_once_and_can_be_cancelled(runs: Runs, tiny: LocalTarget) -> None:
    """Who starts it again is told its id. It ends soon, as cancelled, and measures nothing."""
    question = SweepQuestion(requests=5_000)
    run_id = runs.start_sweep(SUBJECT, tiny, question)
    with pytest.raises(AlreadyLiveError) as live:
        runs.start_sweep(SUBJECT, tiny, question)
    assert live.value.run_id == run_id
    wait_until(runs, run_id, lambda view: view.state is RunState.RUNNING and view.done > 1)
    runs.cancel(run_id)
    assert finished(runs, run_id).state is RunState.CANCELLED
    assert runs.sweep_report(run_id) is None
    assert runs.newest_sweep("this-machine") is None
    assert runs.measurements() == {}


def test_a_sweep_of_no_model_fails_in_a_sentence(runs: Runs, tmp_path: Path) -> None:
    """As a probe does."""
    target = LocalTarget(model=str(tmp_path / "nowhere"))
    view = finished(runs, runs.start_sweep(SUBJECT, target))
    assert view.state is RunState.FAILED
    assert view.error is not None
    assert "There is no folder" in view.error
