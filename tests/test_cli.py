"""The command `breakeven`."""

import io
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from rich.console import Console
from typer.testing import CliRunner

from core.cli import _as_table, cli, streamlit_arguments
from core.doctor import Check


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_page_listens_on_localhost_and_reports_to_nobody() -> None:
    """The options that keep the page private are passed whatever folder it is started from."""
    arguments = streamlit_arguments(port=8501, browser=True)
    assert "--server.address=localhost" in arguments
    assert "--browser.gatherUsageStats=false" in arguments
    assert "--server.headless=true" not in arguments
    assert "--server.headless=true" in streamlit_arguments(port=8501, browser=False)


def test_the_page_and_its_theme_are_files_that_exist() -> None:
    """The paths that are handed to Streamlit are absolute and there."""
    _, page, *options = streamlit_arguments(port=8501, browser=True)
    theme = next(o.partition("=")[2] for o in options if o.startswith("--theme.base="))
    for path in (Path(page), Path(theme)):
        assert path.is_absolute()
        assert path.is_file()


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_an_impossible_port_is_refused_with_the_limits(port: str) -> None:
    """A bad port is an error of usage, not a crash of the server."""
    result = CliRunner().invoke(cli, ["--port", port])
    assert result.exit_code == 2
    assert "--port" in result.output


def test_the_page_comes_up_from_any_folder(tmp_path: Path) -> None:
    """`breakeven` started elsewhere answers its health check and serves the page."""
    port = free_port()
    environment = os.environ | {"BREAKEVEN_DATA_DIR": str(tmp_path / "data")}
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "--no-browser", "--port", str(port)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert _healthy(port, process), _output(process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _healthy(port: int, process: "subprocess.Popen[bytes]", patience_s: float = 60) -> bool:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"http://localhost:{port}/_stcore/health").text == "ok":
                return True
        except httpx2.TransportError:
            time.sleep(0.1)
    return False


def _output(process: "subprocess.Popen[bytes]") -> str:
    process.terminate()
    return process.communicate(timeout=20)[0].decode(errors="replace")


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
