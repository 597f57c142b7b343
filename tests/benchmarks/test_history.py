"""What the benchmarks find is judged by its ratio and kept for a table and a chart."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks.figure import Figure
from tests.benchmarks.history import FILE, Line, Where, commit_of, read, rows, save, where_now
from tests.benchmarks.history_chart import chart, write_chart
from tests.benchmarks.report import Spread
from tests.conftest import need

WHERE = Where("2026-11-30T02:00:00+00:00", "abc123456", "A processor", 2, 0.4, "3.11.7")
SLOWER = Figure("the model, against a numpy pass", Spread.of([9.0, 8.0, 11.0]), 12.0)
QUICKER = Figure("answers, against aiohttp", Spread.of([7.5]), 2.0, at_least=True)
LINES = [Line("many", SLOWER, WHERE), Line("transport", QUICKER, WHERE)]


@pytest.mark.parametrize(
    ("median", "budget", "at_least", "kept"),
    [
        (11.9, 12, False, True),
        (12.0, 12, False, True),
        (12.1, 12, False, False),
        (2.1, 2, True, True),
        (1.9, 2, True, False),
        (0.0, 2, True, False),
        (0.0, 0, False, True),
        (1.0, 0, False, False),
    ],
)
def test_a_budget_bounds_the_median_from_its_own_side(
    median: float, budget: float, at_least: bool, kept: bool
) -> None:
    """The most that something may take, or the least that it must do."""
    figure = Figure("x", Spread.of([median]), budget, at_least=at_least)
    assert figure.kept is kept
    assert ("MISSED" in figure.sentence()) is not kept


def test_a_figure_says_its_range_and_its_budget() -> None:
    """Median, lowest and highest of all runs, and which side the budget is on."""
    assert SLOWER.sentence() == (
        "the model, against a numpy pass: 9 (8 to 11) times, at most 12: kept"
    )
    assert QUICKER.sentence().endswith("7.5 (7.5 to 7.5) times, at least 2: kept")


def test_what_is_saved_is_read_back_and_added_to(tmp_path: Path) -> None:
    """A line of JSON a figure, with its machine, commit and load; older ones stay."""
    file = tmp_path / "history.jsonl"
    assert read(file) == []
    save(LINES[:1], file)
    save(LINES[1:], file)
    assert read(file) == LINES
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("line", ["{}", "no json", '{"benchmark": "many", "what": "x"}', "[1]"])
def test_a_line_that_is_no_figure_is_named(tmp_path: Path, line: str) -> None:
    """A history that was merged badly says where."""
    file = tmp_path / "history.jsonl"
    save(LINES[:1], file)
    with file.open("a", encoding="utf-8") as out:
        out.write(line + "\n")
    with pytest.raises(ValueError, match="line 2, is no figure"):
        read(file)


def test_a_table_tells_machines_apart() -> None:
    """One row a figure and machine: the newest value, and the medians of all that were saved."""
    again = replace(SLOWER, runs=Spread.of([10.0]))
    other = replace(WHERE, processor="Another")
    lines = [*LINES, Line("many", again, WHERE), Line("many", SLOWER, other)]
    first, second, third = rows(lines)
    assert {first[-1], second[-1]} == {"A processor, 2 cores", "Another, 2 cores"}
    ours = first if first[-1].startswith("A p") else second
    assert ours[1:5] == ("10 (10 to 10)", "≤ 12", "kept", "9 to 10 of 2")
    assert third[2] == "≥ 2"


def test_a_chart_shows_shares_of_the_budget(tmp_path: Path) -> None:
    """Above 1 is missed, whichever side a budget is on; the file needs no network."""
    drawn = chart(LINES)
    assert [list(trace.y) for trace in drawn.data] == [[0.75], [2 / 7.5]]
    assert "abc123456" in drawn.data[0].text[0]
    write_chart(LINES, tmp_path / "chart.html")
    text = (tmp_path / "chart.html").read_text(encoding="utf-8")
    assert "Share of the budget" in text
    assert 'src="http' not in text


def test_the_machine_and_the_commit_are_known(tmp_path: Path) -> None:
    """The processor, its cores, and the commit; a change since is marked, no git is no commit."""
    here = where_now()
    assert here.processor
    assert here.cores
    assert commit_of(tmp_path) is None
    need(shutil.which("git") is not None, "git")
    _git(tmp_path, "init", "-q")
    (tmp_path / "code.py").write_text("one")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "one")
    clean = commit_of(tmp_path)
    (tmp_path / "code.py").write_text("two")
    assert commit_of(tmp_path) == f"{clean}+"


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)  # noqa: S607


def test_the_history_of_the_repository_can_be_read() -> None:
    """Every line that was committed is a figure of a benchmark that there is."""
    assert {line.benchmark for line in read(FILE)} <= set(command.names())


def test_the_command_shows_the_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table on the screen and a chart in a file; a sentence where nothing was saved."""
    file = tmp_path / "history.jsonl"
    assert command.show_history(tmp_path / "chart.html", file) == 1
    save(LINES, file)
    assert command.show_history(tmp_path / "chart.html", file) == 0
    assert (tmp_path / "chart.html").exists()
    assert command.main(["no-such-benchmark"]) == 2
    assert "No benchmark is called no-such-benchmark" in capsys.readouterr().out
