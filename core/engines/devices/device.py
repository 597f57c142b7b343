"""Which device the local model runs on, and why."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.engines.devices.gpu import Gpu, nvidia_gpus
from core.errors import EngineError

DeviceWish = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is there."""

    kind: Literal["cpu", "cuda", "mps"]
    name: str
    reason: str
    """Why this one: for the page and the record of the run."""
    index: int = 0
    """Which of several GPUs."""
    uuid: str = ""
    """The GPU's own number, by which its driver knows it."""
    warnings: tuple[str, ...] = ()
    """What disturbs a measurement on it."""


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
        return _cuda(torch, reason)
    if kind == "mps":
        return Device(kind, f"Apple GPU ({platform.machine()})", reason)
    return Device(kind, cpu_name(), reason)


def _cuda(torch: Any, reason: str) -> Device:
    """The CUDA device with the most free memory; others and other people's work are named."""
    count = int(torch.cuda.device_count())
    free = [int(torch.cuda.mem_get_info(i)[0]) for i in range(count)] if count > 1 else [0]
    index = free.index(max(free))
    name = str(torch.cuda.get_device_name(index))
    if count > 1:
        reason += f"; number {index} of {count}, the one with the most free memory"
    uuid = str(getattr(torch.cuda.get_device_properties(index), "uuid", ""))
    return Device("cuda", name, reason, index, uuid, busy_warnings(uuid, nvidia_gpus()))


def busy_warnings(uuid: str, gpus: tuple[Gpu, ...]) -> tuple[str, ...]:
    """Sentences about other programs on the GPU of this UUID, as the driver sees it now."""
    mine = next((gpu for gpu in gpus if uuid and uuid in gpu.uuid), None)
    if mine is None or not (mine.other_processes or mine.busy_share):
        return ()
    programs = "programs" if mine.other_processes != 1 else "program"
    sentence = (
        f"{mine.name} is in use by {mine.other_processes} other {programs} "
        f"({mine.used_gb:.1f} GB taken, busy {mine.busy_share:.0%} of the time): what is measured "
        "is what is left over."
    )
    return (sentence,)


def cpu_threads() -> int:
    """Processors that this process may use, without their second hardware threads."""
    affinity = getattr(os, "sched_getaffinity", None)
    usable = len(affinity(0)) if affinity else os.cpu_count() or 1
    smt = Path("/sys/devices/system/cpu/smt/active")
    try:
        doubled = smt.read_text(encoding="ascii").strip() == "1"
    except OSError:
        doubled = False
    return max(1, usable // 2 if doubled else usable)


def cpu_mhz() -> float | None:
    """Mean clock of the processors now, MHz; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    clocks = [line.partition(":")[2] for line in info.splitlines() if line.startswith("cpu MHz")]
    return sum(map(float, clocks)) / len(clocks) if clocks else None


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
