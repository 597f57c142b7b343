"""As many connections as a plan may need, where the system lets this user have them."""

import subprocess
import sys

import pytest

ASK = """
import resource
from core.runs.working.open_files import allow_open_files
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
hard = 512 if most == resource.RLIM_INFINITY else min(512, most)
resource.setrlimit(resource.RLIMIT_NOFILE, (128, hard))
allow_open_files(300)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
allow_open_files(200)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
allow_open_files(4_096)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] == hard)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_a_low_limit_is_raised_as_far_as_it_may_be() -> None:
    """Never lowered, never above what the user may have."""
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["300", "300", "True"]
