"""Work that makes much and throws nothing away: without searches for garbage in all of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No search within; what was made is then old, and looked through in a full search alone.

    Reading a catalogue or importing a hundred modules takes a fifth longer with searches. Not for
    what takes long: circles of other threads wait, too.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_freeze_count() == 0:
            # There and back: that makes everything old without a look at it.
            gc.freeze()
            gc.unfreeze()
        if enabled:
            gc.enable()
