"""The command `breakeven` without a name: where the page opens, what it says, how it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from core.cli.commands.dashboard_command import free_port, streamlit_arguments
from core.cli.main import cli
from core.errors import BreakevenError
from tests.benchmarks.browser import chromium
from tests.conftest import need
from tests.dashboard.server.raw import open_websocket

PATIENCE_S = 60
EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what is tested
LOOPBACK = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]


@contextmanager
def listener(family: socket.AddressFamily, place: str, port: int = 0) -> Iterator[int]:
    """A program that listens; gives its port."""
    with socket.socket(family) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind((place, port))
        line.listen()
        yield line.getsockname()[1]


def is_there(family: socket.AddressFamily, place: str) -> bool:
    """Whether this computer has an address."""
    try:
        with listener(family, place):
            return True
    except OSError:
        return False


def test_the_page_reports_to_nobody_whatever_folder_it_is_started_from() -> None:
    """The options that keep the page private are passed."""
    arguments = streamlit_arguments(host="localhost", port=8501, browser=True)
    assert "--server.address=localhost" in arguments
    assert "--browser.gatherUsageStats=false" in arguments
    assert "--client.showErrorDetails=none" in arguments
    assert "--server.enableCORS=true" in arguments
    assert "--server.enableXsrfProtection=true" in arguments
    assert "--server.headless=true" not in arguments
    quiet = streamlit_arguments(host="localhost", port=8501, browser=False)
    assert "--server.headless=true" in quiet


def test_the_page_and_its_theme_are_files_that_exist() -> None:
    """The paths that are handed to Streamlit are absolute and there."""
    _, page, *options = streamlit_arguments(host="localhost", port=8501, browser=True)
    theme = next(o.partition("=")[2] for o in options if o.startswith("--theme.base="))
    for path in (Path(page), Path(theme)):
        assert path.is_absolute()
        assert path.is_file()


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_an_impossible_port_is_refused_with_the_limits(port: str) -> None:
    """A bad port is an error of usage, not a crash of the server."""
    result = CliRunner().invoke(cli, ["--port", port])
    assert result.exit_code != 0
    assert isinstance(result.exception, BreakevenError)
    assert str(result.exception).startswith("--port must be a whole number from 1 to 65,535")


@pytest.mark.parametrize(("family", "place"), LOOPBACK)
def test_a_port_on_which_another_program_listens_is_passed_over(
    family: socket.AddressFamily, place: str
) -> None:
    """Of either address of localhost: a browser might meet the other program there."""
    need(is_there(family, place), f"the address {place}")
    with listener(family, place) as taken:
        assert free_port("localhost", taken) > taken
        assert free_port(EVERYWHERE, taken) > taken
    assert free_port("localhost", taken) == taken


def test_a_port_whose_last_visitor_has_just_left_is_free() -> None:
    """A restart takes the same port: a closed connection's remains do not count."""
    with listener(socket.AF_INET, "127.0.0.1") as port, ExitStack() as ends:
        client = ends.enter_context(socket.create_connection(("127.0.0.1", port)))
        client.close()
    assert free_port("localhost", port) == port


def test_when_every_port_is_taken_it_is_said() -> None:
    """The range ends at the last port there is."""
    with (
        listener(socket.AF_INET, "127.0.0.1", 65_535),
        pytest.raises(BreakevenError, match="Every port from 65535 to 65535 is taken"),
    ):
        free_port("localhost", 65_535)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_computer_is_refused_in_a_sentence(host: str) -> None:
    """One that this computer lacks, and one that is none."""
    with pytest.raises(BreakevenError, match=host):
        free_port(host, 8501)


@dataclass
class Started:
    """A command that runs, and the lines that it has said so far."""

    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)

    def wait_for(self, words: str) -> str:
        """Give the first line with these words, once it is said."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for line in list(self.lines):
                if words in line:
                    return line
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        pytest.fail(f"{words!r} was not said, but {self.lines}")

    def address(self) -> str:
        """Where the page is, once it says so and answers there."""
        url = self.wait_for("Breakeven is open at").split()[4]
        assert httpx2.get(f"{url}/_stcore/health", timeout=PATIENCE_S).text == "ok"
        return url


@contextmanager
def breakeven(folder: Path, *arguments: str, **variables: str) -> Iterator[Started]:
    """The command, started in a folder without a configuration."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    kept |= {"BREAKEVEN_DATA_DIR": str(folder / "data"), "STREAMLIT_SERVER_HEADLESS": "true"}
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", *arguments],
        cwd=folder,
        env=kept | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    started = Started(process)
    reader = threading.Thread(target=lambda: started.lines.extend(process.stdout or ()))
    reader.start()
    try:
        yield started
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)
        reader.join(PATIENCE_S)
        if process.stdout is not None:
            process.stdout.close()


def test_a_taken_port_is_said_and_the_page_opens_on_the_next(tmp_path: Path) -> None:
    """From any folder, also where the port was typed: as --help promises."""
    with (
        listener(socket.AF_INET, "127.0.0.1") as taken,
        breakeven(tmp_path, "--port", str(taken)) as started,
    ):
        url = started.address()
        free = int(url.rsplit(":", 1)[1])
        assert taken < free
        assert started.lines[0] == f"Port {taken} is taken: the page takes {free}.\n"
        assert url == f"http://localhost:{free}"


def test_what_is_typed_comes_before_the_environment_and_that_before_the_default(
    tmp_path: Path,
) -> None:
    """STREAMLIT_SERVER_PORT and ADDRESS are heard, unless a flag says otherwise."""
    port = free_port("localhost", 18_501)
    variables = {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(port)}
    with breakeven(tmp_path, **variables) as started:
        assert started.address() == f"http://127.0.0.1:{port}"
        with breakeven(tmp_path, "--host", "localhost", **variables) as second:
            name, _, taken = second.address().removeprefix("http://").partition(":")
            assert name == "localhost"
            assert int(taken) > port


def test_listening_for_others_is_said_with_what_they_may_do(tmp_path: Path) -> None:
    """Whoever reaches the page sees and spends; other names are answered when the owner says so."""
    added = {"BREAKEVEN_ALLOWED_HOSTS": "page.example.com"}
    with breakeven(tmp_path, "--host", EVERYWHERE, **added) as started:
        url = started.address()
        assert "see every run and spend" in started.wait_for("no sign-in")
        assert "localhost, page.example.com;" in started.wait_for("BREAKEVEN_ALLOWED_HOSTS")
        for host, status in (("page.example.com", 200), ("other.example.com", 421)):
            assert httpx2.get(url, headers={"Host": host}).status_code == status


def test_a_bad_name_among_the_allowed_hosts_is_a_sentence(tmp_path: Path) -> None:
    """The page does not open to names that nobody meant."""
    with breakeven(tmp_path, BREAKEVEN_ALLOWED_HOSTS="https://page.example.com") as started:
        assert started.process.wait(timeout=PATIENCE_S) == 2
        assert "BREAKEVEN_ALLOWED_HOSTS" in started.wait_for("BREAKEVEN_ALLOWED_HOSTS")
    assert not any("Traceback" in line for line in started.lines)


def test_nothing_leaves_while_the_page_starts_and_is_visited_through_a_proxy(
    tmp_path: Path,
) -> None:
    """No address of this computer is asked of the internet, though Streamlit would by itself."""
    with socket.create_server(("127.0.0.1", 0)) as internet:
        internet.settimeout(2)
        proxy = f"http://127.0.0.1:{internet.getsockname()[1]}"
        away = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), proxy)
        added = {"BREAKEVEN_ALLOWED_HOSTS": "page.example.com", "NO_PROXY": "", "no_proxy": ""}
        with breakeven(tmp_path, "--host", EVERYWHERE, **away, **added) as started:
            port = started.wait_for("Breakeven is open at").split()[4].rsplit(":", 1)[1]
            url = f"http://127.0.0.1:{port}"
            own = f"127.0.0.1:{port}"
            assert open_websocket(url, own, "Origin: https://page.example.com").status == 101
            with pytest.raises(TimeoutError):
                internet.accept()


def test_a_browser_is_opened_where_the_page_is(tmp_path: Path) -> None:
    """The user's own browser gets the address, unless --no-browser keeps it shut."""
    need(sys.platform == "linux", "Linux, whose browser is a command in a variable")
    opened = tmp_path / "opened"
    command = tmp_path / "browser"
    command.write_text(f'#!/bin/sh\necho "$1" >> "{opened}"\n', encoding="utf-8")
    command.chmod(0o755)
    screen = {"STREAMLIT_SERVER_HEADLESS": "false", "BROWSER": str(command)}
    for arguments in (("--no-browser",), ()):
        assert not opened.exists()
        with breakeven(tmp_path, *arguments, **screen) as started:
            url = started.address()
    assert opened.read_text(encoding="utf-8") == f"{url}\n"


@pytest.mark.browser
def test_sigterm_ends_the_page_in_order_while_it_is_open(tmp_path: Path) -> None:
    """What is due at the end is done, soon, though a browser still shows the page."""
    need(shutil.which("chromium"), "chromium")
    with breakeven(tmp_path) as started, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{started.address()}/method")
        expect(page.get_by_role("heading").first).to_be_visible(timeout=PATIENCE_S * 1_000)
        started.process.send_signal(signal.SIGTERM)
        started.process.wait(timeout=20)
    assert started.lines[-1] == "Breakeven is closed.\n"
