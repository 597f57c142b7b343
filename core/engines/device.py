"""Which device the local model runs on, and why."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.errors import EngineError

DeviceWish = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is there."""

    kind: Literal["cpu", "cuda", "mps"]
    name: str
    reason: str
    """Why this one: for the page and the record of the run."""


def choose_device(wish: DeviceWish, torch: Any) -> Device:  # the module is handed in: it is slow
    """The wished device, or for "auto" the fastest that is there.

    Raises EngineError where a named device is not there.
    """
    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wish != "auto":
        if not has[wish]:
            raise EngineError(
                f"The device {wish} was asked for, but torch {torch.__version__} finds none here. "
                "Choose the device auto or cpu, or install a torch that is built for it."
            )
        return _named(wish, torch, "as asked")
    if has["cuda"]:
        return _named("cuda", torch, "torch finds a CUDA device")
    if has["mps"]:
        return _named("mps", torch, "torch finds an Apple GPU")
    return _named("cpu", torch, f"torch {torch.__version__} finds no GPU")


def _named(kind: Literal["cpu", "cuda", "mps"], torch: Any, reason: str) -> Device:
    if kind == "cuda":
        return Device(kind, str(torch.cuda.get_device_name()), reason)
    if kind == "mps":
        return Device(kind, f"Apple GPU ({platform.machine()})", reason)
    return Device(kind, cpu_name(), reason)


def cpu_name() -> str:
    """The processor's name as the system gives it; its architecture where it gives none."""
    if sys.platform == "linux":
        info = Path("/proc/cpuinfo")
        lines = info.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    # Windows and macOS; some ARM Linux kernels name no model.
    return os.environ.get("PROCESSOR_IDENTIFIER") or platform.processor() or platform.machine()
