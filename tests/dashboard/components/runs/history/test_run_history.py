"""The table of runs and the choice of one."""

from core.measurement.estimate import Estimate
from dashboard.components.runs.history import run_history
from dashboard.resources.cached.cached_store import RunView


def test_the_table_has_a_row_a_run_and_leaves_unknowns_open(history: list[RunView]) -> None:
    """A run without a number has none; failures that reach a percentile make it infinite."""
    table = run_history.history_table(history)
    assert list(table["Run"]) == [run.run_id for run in history]
    assert table["Answered"].iloc[0] == "79 of 80"
    assert table["Failures"].iloc[0] == "timeout 1"
    assert table["p50"].isna().tolist() == [False, False, True, False]
    assert run_history.seconds(Estimate(value_s=None)) == float("inf")


def test_the_filter_offers_each_option_once(history: list[RunView]) -> None:
    """Options are named by their newest run; every run belongs to one of them."""
    labels = run_history.labels(history)
    assert list(labels) == ["alpha/flat", "this-machine"]
    parts = [run_history.of_option(history, option_id) for option_id in labels]
    assert sum(map(len, parts)) == len(run_history.of_option(history, run_history.EVERY)) == 4
