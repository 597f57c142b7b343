"""A worker that starts while the command itself is still being imported.

Both import for most of a second of processor time. One after the other that is most of the time to
the first number; at once it is half of it.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from core.errors import RunError
from core.runs.starting.crew import Crew
from core.settings import Settings


@contextmanager
def ready_crew(settings: Settings, key_env: Collection[str] = ()) -> Iterator[Crew]:
    """A crew with one worker on its way; whatever has no job at the end is ended.

    ``key_env``: variables with keys as they were typed, which stay out of its environment.
    """
    crew = Crew()
    keys = tuple(os.environ.get(typed.rpartition("=")[2], "") for typed in key_env)
    try:
        # What hinders it hinders the run as well, which says so in its own sentence.
        with suppress(RunError):
            crew.make_ready(settings.data_dir, frozenset, keys)
        yield crew
    finally:
        crew.drop_unused()
        crew.dismiss()
