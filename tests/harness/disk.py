"""Small disks of a test's own: one that is full, one that is read-only."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MEBIBYTE = 2**20
MOUNT, UMOUNT = shutil.which("mount"), shutil.which("umount")


@contextmanager
def small_disk(mebibytes: int = 2) -> Iterator[Path]:
    """A disk in memory, mounted on a new folder; the test is skipped where nobody may mount."""
    folder = Path(tempfile.mkdtemp(prefix="breakeven-disk-"))
    try:
        if not _mounted(folder, mebibytes):
            # No package that could be installed: not for BREAKEVEN_REQUIRE_ALL.
            pytest.skip("needs the right to mount a tmpfs (root on Linux)")
        yield folder
    finally:
        subprocess.run([str(UMOUNT), "-l", str(folder)], check=False, capture_output=True)
        shutil.rmtree(folder)


def _mounted(folder: Path, mebibytes: int) -> bool:
    if sys.platform != "linux" or os.getuid() != 0 or MOUNT is None:
        return False
    command = [MOUNT, "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def make_read_only(folder: Path) -> None:
    """Let nobody write to the disk any more, not even root."""
    subprocess.run([str(MOUNT), "-o", "remount,ro", str(folder)], check=True, capture_output=True)


def fill(folder: Path) -> Path:
    """Leave no room on the disk; return the file that takes it."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (MEBIBYTE, 4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return filler
