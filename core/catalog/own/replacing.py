"""Files that are written whole: a reader sees the old one or the new one."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def replace_all(texts: Mapping[Path, str], mode: int | None = None) -> None:
    """Write each text in its file's place, in order. Raises OSError.

    ``mode``: permissions of the files; None: what the system gives.
    """
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                Path(name).chmod(mode)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
