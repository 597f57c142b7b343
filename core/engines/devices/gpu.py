"""NVIDIA GPUs as the driver sees them: who uses them now, and what they draw.

Through NVML (the package nvidia-ml-py), which is optional: without it, or without a driver, there
is simply nothing to see.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from core.units import BYTES_PER_GB

MILLIWATTS_PER_WATT: Final = 1_000.0
"""And millijoules of a joule."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU at one moment."""

    name: str
    uuid: str
    other_processes: int
    """Programs other than this one that hold memory on it."""
    used_gb: float
    busy_share: float
    """Share of the last moments in which anything ran on it."""
    power_w: float | None
    sm_clock_mhz: float | None
    driver: str
    energy_j: float | None = None
    """What it has drawn since its driver was loaded; None on cards that do not count."""

    @property
    def line(self) -> str:
        """One line for the record of a run."""
        clock = "" if self.sm_clock_mhz is None else f", {self.sm_clock_mhz:.0f} MHz"
        power = "" if self.power_w is None else f", {self.power_w:.0f} W"
        return (
            f"{self.name}, driver {self.driver}{clock}{power}, {self.used_gb:.1f} GB in use, "
            f"{self.other_processes} other programs, busy {self.busy_share:.0%}"
        )


def nvidia_gpus() -> tuple[Gpu, ...]:
    """All NVIDIA GPUs; none where NVML is not there or says nothing."""
    with _nvml() as nvml:
        if nvml is None:
            return ()
        try:
            count = int(nvml.nvmlDeviceGetCount())
            driver = _text(nvml.nvmlSystemGetDriverVersion())
            return tuple(_gpu(nvml, i, driver) for i in range(count))
        except nvml.NVMLError:
            return ()


def _gpu(nvml: Any, index: int, driver: str) -> Gpu:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    processes = _or_none(nvml, nvml.nvmlDeviceGetComputeRunningProcesses, handle) or []
    memory = _or_none(nvml, nvml.nvmlDeviceGetMemoryInfo, handle)
    use = _or_none(nvml, nvml.nvmlDeviceGetUtilizationRates, handle)
    milliwatts = _or_none(nvml, nvml.nvmlDeviceGetPowerUsage, handle)
    millijoules = _or_none(nvml, nvml.nvmlDeviceGetTotalEnergyConsumption, handle)
    clock = _or_none(nvml, nvml.nvmlDeviceGetClockInfo, handle, nvml.NVML_CLOCK_SM)
    return Gpu(
        name=_text(nvml.nvmlDeviceGetName(handle)),
        uuid=_text(nvml.nvmlDeviceGetUUID(handle)),
        other_processes=sum(process.pid != os.getpid() for process in processes),
        used_gb=0.0 if memory is None else float(memory.used) / BYTES_PER_GB,
        busy_share=0.0 if use is None else float(use.gpu) / 100,
        power_w=None if milliwatts is None else float(milliwatts) / MILLIWATTS_PER_WATT,
        sm_clock_mhz=None if clock is None else float(clock),
        driver=driver,
        energy_j=None if millijoules is None else float(millijoules) / MILLIWATTS_PER_WATT,
    )


@contextmanager
def _nvml() -> Iterator[Any]:
    try:
        import pynvml  # noqa: PLC0415 - optional, and of no use without a driver
    except ImportError:
        yield None
        return
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        yield None
        return
    try:
        yield pynvml
    finally:
        pynvml.nvmlShutdown()


def _or_none(nvml: Any, ask: Any, *arguments: Any) -> Any:
    """What a card does not tell (old ones, virtual ones) is None."""
    try:
        return ask(*arguments)
    except nvml.NVMLError:
        return None


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
