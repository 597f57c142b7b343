"""A server of somebody else in a process of its own: waited for until it listens."""

import socket
import subprocess
import time


def wait_until_it_listens(port: int, process: "subprocess.Popen[bytes]", patience_s: float) -> None:
    """Come back once somebody listens at the port; fails where the process ends or takes longer."""
    deadline = time.monotonic() + patience_s
    while True:
        with socket.socket() as looking:
            if looking.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.05)
