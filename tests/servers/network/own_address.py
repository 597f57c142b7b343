"""A private address of this computer: an alias of its loopback device, where the tests may add one.

A computer whose addresses change tells its browsers so, and Chromium then gives up whatever it is
loading (net::ERR_NETWORK_CHANGED): a page that was on its way to a test beside stays blank for
good. So the address comes before the first test and goes after the last one.
"""

import os
import random
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

NEEDED = "iproute2 (ip), and the right to give lo an address (root on Linux)"
VARIABLE = "TESTS_PRIVATE_ADDRESS"
"""Names the address to all processes of one run of the tests."""


@contextmanager
def named_address() -> Iterator[None]:
    """Name an address in 10.77.0.0/16 to this process and its children; at the end it is gone."""
    if VARIABLE in os.environ:  # a child's: the address is its parent's
        yield
        return
    os.environ[VARIABLE] = f"10.77.{random.randint(1, 254)}.{random.randint(1, 254)}"
    try:
        yield
    finally:
        _ip("del", os.environ.pop(VARIABLE))


def add_address() -> None:
    """Let this computer answer at the named address, where it may; twice is the same as once."""
    if not _answers():
        _ip("add", os.environ[VARIABLE])


def own_address() -> str | None:
    """The named address; None where this computer does not answer there."""
    return os.environ[VARIABLE] if _answers() else None


def _answers() -> bool:
    with socket.socket() as tried:
        try:
            tried.bind((os.environ[VARIABLE], 0))
        except OSError:
            return False
    return True


def _ip(what: str, address: str) -> None:
    if shutil.which("ip") is not None:
        command = ["ip", "address", what, f"{address}/32", "dev", "lo"]
        subprocess.run(command, capture_output=True, check=False)
