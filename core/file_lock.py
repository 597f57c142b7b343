"""A lock on an open file, which the system frees when its holder ends, however that ends.

Unlike a process id, or a file that is there or not, nobody can have it by accident.
"""

import sys
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def took_lock(file: BinaryIO) -> bool:
    """Lock an open file, until it is closed; False where another has it. Waits for nobody."""
    try:
        _try_lock(file)
    except OSError:
        return False
    return True
