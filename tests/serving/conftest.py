"""What the tests of serving share."""

import numpy as np
import pytest

from core.serving.queue.queue_table import QueueTable
from core.serving.queue.tabulate import FILE


@pytest.fixture(scope="session")
def queue_table() -> QueueTable:
    """The shipped table of response times."""
    with np.load(FILE, allow_pickle=False) as arrays:
        return QueueTable.from_arrays(arrays)
