"""The private address of a run of the tests."""

import os
import shutil
import subprocess
import sys

from tests.servers.network.own_address import VARIABLE, add_address, named_address, own_address


def addresses() -> bytes:
    """Every address of this computer, as a browser is told of them."""
    command = [str(shutil.which("ip")), "address"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def test_no_network_changes_while_tests_run(private_address: str) -> None:
    """It is there from the first test to the last: a change would empty a page that is loading."""
    before = addresses()
    with named_address():
        add_address()
        assert own_address() == private_address
    assert addresses() == before
    assert private_address.encode() in before


def test_every_process_of_a_run_has_the_same_address(private_address: str) -> None:
    """What one process has added serves the others, and none of them takes it away."""
    asked = (
        "from tests.servers.network.own_address import named_address, own_address\n"
        "with named_address(): print(own_address())"
    )
    for _ in range(2):
        told = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)
        assert told.stdout.decode().strip() == private_address == os.environ[VARIABLE]
