"""How many connections this process may have: systems start a process with few."""

import sys
from typing import Final

ENOUGH: Final = 4_096
"""For every request that may be in flight, and whatever else is open."""


def allow_open_files(wanted: int = ENOUGH) -> None:
    """Ask the system for so many open files, or for as many as it lets this user have.

    256 or 1,024 are usual: fewer than the requests that may wait while a server stands still.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - only where there is such a limit

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
