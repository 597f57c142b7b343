"""A private address of this computer: an alias of its loopback device, where a test may add one."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

NEEDED = "iproute2 (ip), and the right to give lo an address (root on Linux)"


@contextmanager
def own_address() -> Iterator[str | None]:
    """An address in 10.77.0.0/16 that answers as long as the block lasts; None where none can."""
    address = f"10.77.{random.randint(1, 254)}.{random.randint(1, 254)}"
    if shutil.which("ip") is None or not _ip("add", address):
        yield None
        return
    try:
        yield address
    finally:
        _ip("del", address)


def _ip(what: str, address: str) -> bool:
    command = ["ip", "address", what, f"{address}/32", "dev", "lo"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
