"""The command without a name: opens the page on a free port, in this very process."""

import errno
import importlib.util
import os
import runpy
import socket
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from core.errors import BreakevenError

STREAMLIT_OPTIONS: Final[tuple[str, ...]] = (
    "--server.fileWatcherType=none",
    "--server.showEmailPrompt=false",
    "--server.enableCORS=true",
    "--server.enableXsrfProtection=true",
    "--browser.gatherUsageStats=false",
    "--client.showErrorDetails=none",
    "--client.toolbarMode=minimal",
    # Streamlit's own asks the internet for this computer's address.
    "--logger.hideWelcomeMessage=true",
)
"""What the page needs wherever it is started from; a project's config.toml is found only in
its own folder. Nothing is reported to anybody."""

WILDCARDS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- compared, never a default
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS_TRIED: Final = 100
LAST_PORT: Final = 65_535
TAKEN: Final = frozenset({errno.EADDRINUSE, errno.EACCES})
"""In use, or kept by the system for others."""

Host = Annotated[
    str,
    typer.Option(
        envvar="STREAMLIT_SERVER_ADDRESS",
        help="Address to listen on; 0.0.0.0 is every one of this computer's.",
    ),
]
Port = Annotated[
    int,
    typer.Option(
        min=1,
        max=LAST_PORT,
        envvar="STREAMLIT_SERVER_PORT",
        help="Port to listen on (the next free one if taken).",
    ),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")]


def open_dashboard(*, host: str, port: int, browser: bool) -> None:
    """Serve the page until Ctrl-C or SIGTERM.

    Raises SettingsError if a setting makes no sense, BreakevenError if no port is free.
    """
    from core.settings import load_settings  # noqa: PLC0415  `--help` need not read any

    allowed = load_settings().allowed_hosts
    free = free_port(host, port)
    if free != port:
        typer.echo(f"Port {port} is taken: the page takes {free}.")
    if host not in LOOPBACK:
        typer.echo(_warning(host, allowed), err=True)
    sys.argv = ["streamlit", *streamlit_arguments(host=host, port=free, browser=browser)]
    # In this very process: one thing to stop with Ctrl-C, on every system.
    runpy.run_module("streamlit", run_name="__main__")


def streamlit_arguments(*, host: str, port: int, browser: bool) -> list[str]:
    """Arguments for `streamlit` that open the page with the options it needs.

    Without a browser the page is headless; with one, Streamlit itself decides by whether there
    is a display.
    """
    folder = _dashboard_folder()
    arguments = [
        "run",
        str(folder / "app.py"),
        f"--server.address={host}",
        f"--server.port={port}",
        f"--theme.base={folder / 'theme.toml'}",
        *STREAMLIT_OPTIONS,
    ]
    return arguments if browser else [*arguments, "--server.headless=true"]


def free_port(host: str, first: int) -> int:
    """The first port, from ``first`` up, on which nothing listens at any address of ``host``.

    ``localhost`` is two addresses: a browser may try either, and must not meet another program
    at one of them.

    Raises BreakevenError if ``host`` is no address of this computer, or every port is taken.
    """
    addresses = _addresses(host)
    last = min(first + PORTS_TRIED - 1, LAST_PORT)
    for port in range(first, last + 1):
        faults = [_fault(family, address, port) for family, address in addresses]
        if faults[0] not in TAKEN | {None}:
            raise BreakevenError(f"This computer has no address {host}: give another as --host.")
        if not TAKEN.intersection(faults):
            return port
    raise BreakevenError(f"Every port from {first} to {last} is taken: give another as --port.")


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """The address that is listened on, then those that a browser here may try for it."""
    try:
        address_infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise BreakevenError(f"--host {host} is no address: {error.strerror}.") from error
    addresses = [(family, str(address[0])) for family, _, _, _, address in address_infos]
    if host in {"localhost", *WILDCARDS}:
        addresses = [*addresses, (socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
    # Streamlit listens on the older kind of address where a name has both.
    return sorted(set(addresses), key=lambda one: one[0] != socket.AF_INET)


def _fault(family: socket.AddressFamily, address: str, port: int) -> int | None:
    """The error's number by which this address cannot be listened on; None if it can."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as attempt:
            if os.name != "nt":  # there it would let two programs have one port
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind((address, port))
            attempt.listen()
    except OSError as error:
        return error.errno
    return None


def _warning(host: str, allowed: tuple[str, ...]) -> str:
    others = f"localhost, {', '.join(allowed)}" if allowed else "localhost alone"
    return (
        f"Listening on {host}: whoever reaches this computer can see every run and spend up to "
        "your caps, for there is no sign-in yet.\n"
        f"The page answers to {others}; add names with BREAKEVEN_ALLOWED_HOSTS."
    )


def _dashboard_folder() -> Path:
    """Folder of the installed page, found without importing it."""
    spec = importlib.util.find_spec("dashboard")
    if spec is None or spec.origin is None:
        raise BreakevenError(
            "The package `dashboard` is not installed. Install the project again: "
            'python -m pip install -e ".[local]"'
        )
    return Path(spec.origin).parent
