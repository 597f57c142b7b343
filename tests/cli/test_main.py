"""The command `breakeven`."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from core.cli.commands.doctor_command import _as_table
from core.cli.doctor import Check
from core.cli.main import cli


def test_doctor_reports_in_json_and_never_prints_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that is set is named as set; its value is nowhere in the output."""
    monkeypatch.setenv("BREAKEVEN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-do-not-print-me")
    monkeypatch.delenv("TOGETHER_API_KEY", raising=False)
    result = CliRunner().invoke(cli, ["doctor", "--json"])
    report = {check["what"]: check for check in json.loads(result.output)}
    assert report["key OPENAI_API_KEY"]["state"] == "ok"
    assert report["key TOGETHER_API_KEY"]["state"] == "absent"
    assert "sk-do-not-print-me" not in result.output
    assert report["data folder"]["found"] == str(tmp_path)


def test_doctor_names_a_setting_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken setting is one broken line with the variable's name; the rest is still reported."""
    monkeypatch.setenv("BREAKEVEN_SPEND_CAP_PER_RUN_USD", "a lot")
    result = CliRunner().invoke(cli, ["doctor", "--json"])
    assert result.exit_code == 1
    report = {check["what"]: check for check in json.loads(result.output)}
    broken = report["settings and store"]
    assert broken["state"] == "broken"
    assert "BREAKEVEN_SPEND_CAP_PER_RUN_USD" in broken["found"]
    assert report["catalogue"]["state"] == "ok"


def test_an_advice_with_brackets_is_printed_as_it_is() -> None:
    """The name of an extra is text, not a style of the terminal."""
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(_as_table((Check("local model", "absent", "[x]", 'install ".[local]"'),)))
    printed = console.export_text()
    assert "[x]" in printed
    assert 'install ".[local]"' in printed


def test_doctor_draws_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --json a person reads a table."""
    monkeypatch.setenv("BREAKEVEN_DATA_DIR", str(tmp_path))
    result = CliRunner().invoke(cli, ["doctor"])
    assert "Breakeven on this machine" in result.output
