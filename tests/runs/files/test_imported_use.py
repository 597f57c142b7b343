"""A run from a file measures nothing by itself."""

from pathlib import Path

import pytest

from core.runs.service import Runs
from core.settings import Settings
from core.store.open import Store, open_store
from tests.cli.terminal import breakeven
from tests.dashboard.past_runs import api_plan, whole_run, write_run

PLAN = api_plan()
FROM = "a stranger's desk, Tokyo"


@pytest.fixture
def service(store: Store, tmp_path: Path) -> Runs:
    """A store with two runs, as an older version left them: the newer one is from a file."""
    write_run(store, PLAN, samples=whole_run(PLAN), age_days=2)
    write_run(store, PLAN, samples=whole_run(PLAN), age_days=1, imported_from=FROM)
    return Runs(store, Settings(data_dir=tmp_path))


def test_the_newest_run_of_ones_own_counts_and_not_a_newer_one_from_a_file(service: Runs) -> None:
    """Also in a data folder in which imported runs once counted; they are still listed."""
    assert service.measurements()["alpha/flat"].run_id == "run-2-done"
    assert [run.imported_from for run in service.recent()] == [FROM, None]


def test_an_imported_run_counts_once_a_person_chose_it_and_says_so(service: Runs) -> None:
    """Until it is given back; whoever shows its number knows where it is from."""
    service.adopt("run-1-done")
    used = service.measurements()["alpha/flat"]
    assert (used.run_id, used.imported_from, used.how) == ("run-1-done", FROM, "Imported")
    assert used.said_of_it == f", imported from {FROM}"
    service.release("alpha/flat")
    own = service.measurements()["alpha/flat"]
    assert (own.run_id, own.how, own.said_of_it) == ("run-2-done", "Measured", "")


def test_an_option_with_imported_runs_alone_is_not_measured(store: Store, tmp_path: Path) -> None:
    """Unknown stays unknown."""
    write_run(store, PLAN, samples=whole_run(PLAN), imported_from=FROM)
    assert Runs(store, Settings(data_dir=tmp_path)).measurements() == {}


def test_the_command_says_what_is_imported_and_asks_before_it_counts(tmp_path: Path) -> None:
    """In the list, in the comparison and its JSON."""
    store = open_store(Settings(data_dir=tmp_path))
    plan = api_plan("openai/text-embedding-3-small")
    run_id = write_run(store, plan, samples=whole_run(plan), imported_from=FROM)
    store.close()
    assert f"imported: {FROM}" in breakeven(tmp_path, "runs", "list").stdout
    assert "imported" not in breakeven(tmp_path, "compare").stdout
    used = breakeven(tmp_path, "runs", "use", run_id)
    assert used.stdout == (
        f"openai/text-embedding-3-small is now judged by {run_id} (imported from {FROM}).\n"
    )
    assert "(imported)" in breakeven(tmp_path, "compare").stdout
    assert f'"measured_imported_from": "{FROM}"' in breakeven(tmp_path, "compare", "--json").stdout
    for wrong in (("nobody",), (run_id, "--target", "3")):
        refused = breakeven(tmp_path, "runs", "use", *wrong)
        assert refused.returncode == 2
        assert "Traceback" not in refused.stderr
