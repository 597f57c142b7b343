"""Watts while an engine works: from the GPU's driver or the processor's own counters.

Where neither can be read there is no number: nothing is invented.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from core.engines.devices.gpu import nvidia_gpus

POWERCAP: Final = Path("/sys/class/powercap")
SAMPLE_S: Final = 0.05
MICROJOULES: Final = 1e6
IDLE_STRETCH_S: Final = 1.0
MOST_IDLE_STRETCHES: Final = 10
SETTLED: Final = 0.97
"""An interval whose watts are not below this share of the one before ends the wait."""


class PowerMeter(Protocol):
    """Something that can say how many watts were drawn in between."""

    @property
    def source(self) -> str:
        """Its name for the page: "NVML" or "RAPL"."""
        ...

    def start(self) -> None:
        """Begin an interval."""
        ...

    def stop(self) -> float | None:
        """End it: mean watts, None where nothing was read."""
        ...


class NvmlMeter:
    """Reads a GPU's energy counter at both ends; where it has none, samples its power.

    Power is the second best: drivers of recent cards report its mean over the last second.
    """

    source = "NVML"

    def __init__(self, gpu_id: str) -> None:
        self._id = gpu_id
        self._watts: list[float] = []
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._began: tuple[float, float | None] = (0.0, None)

    def start(self) -> None:
        """Read the counter, and begin to sample."""
        self._watts, self._done = [], threading.Event()
        self._thread = threading.Thread(target=self._sample, name="power", daemon=True)
        self._thread.start()
        self._began = (time.perf_counter(), self._energy_j())

    def stop(self) -> float | None:
        """Energy over time, else the mean of the samples."""
        passed_s, ended_j = time.perf_counter() - self._began[0], self._energy_j()
        self._done.set()
        if self._thread is not None:
            self._thread.join()
        began_j = self._began[1]
        if began_j is not None and ended_j is not None and ended_j > began_j:
            return (ended_j - began_j) / passed_s
        return sum(self._watts) / len(self._watts) if self._watts else None

    def _energy_j(self) -> float | None:
        return next((gpu.energy_j for gpu in nvidia_gpus() if self._id in gpu.uuid), None)

    def _sample(self) -> None:
        while not self._done.wait(SAMPLE_S):
            self._watts += [
                gpu.power_w
                for gpu in nvidia_gpus()
                if self._id in gpu.uuid and gpu.power_w is not None
            ]


class RaplMeter:
    """Reads the energy counters of all processor packages at both ends."""

    source = "RAPL"

    def __init__(self, packages: tuple[Path, ...]) -> None:
        self._packages = packages
        self._began: tuple[float, list[int]] = (0.0, [])

    def start(self) -> None:
        """Read the counters."""
        self._began = (time.perf_counter(), [_counter(path) for path in self._packages])

    def stop(self) -> float | None:
        """Mean watts of all packages since; a counter that ran over is set right."""
        then_s, before = self._began
        passed_s = time.perf_counter() - then_s
        if not before or passed_s <= 0:
            return None
        joules = 0.0
        for path, start in zip(self._packages, before, strict=True):
            spent = _counter(path) - start
            if spent < 0:
                spent += _number(path / "max_energy_range_uj")
            joules += spent / MICROJOULES
        return joules / passed_s


def find_meter(device: str, device_id: str, powercap: Path = POWERCAP) -> PowerMeter | None:
    """The meter of a device, if it has one that may be read; a GPU is known by its UUID."""
    if device == "cuda":
        readable = device_id and any(
            device_id in gpu.uuid and gpu.power_w is not None for gpu in nvidia_gpus()
        )
        return NvmlMeter(device_id) if readable else None
    if device != "cpu":
        return None
    packages = tuple(path for path in sorted(powercap.glob("intel-rapl:?")) if _readable(path))
    return RaplMeter(packages) if packages else None


def idle_watts(meter: PowerMeter | None, stretch_s: float = IDLE_STRETCH_S) -> float | None:
    """Idle watts of a device, once they have stopped falling; None if unknown.

    A device that has just worked keeps its clocks up for seconds: it draws more than it will.
    """
    lowest: float | None = None
    for _ in range(MOST_IDLE_STRETCHES):
        with metered(meter) as mean_watts:
            if meter is not None:
                time.sleep(stretch_s)
        if not mean_watts:
            return None
        if lowest is not None and mean_watts[0] > SETTLED * lowest:
            return min(lowest, mean_watts[0])
        lowest = mean_watts[0]
    return lowest


@contextmanager
def metered(meter: PowerMeter | None) -> Iterator[list[float]]:
    """Mean watts of a block, in the list once it has ended; an empty list where unknown."""
    mean_watts: list[float] = []
    if meter is not None:
        meter.start()
    try:
        yield mean_watts
    finally:
        watts = None if meter is None else meter.stop()
        if watts is not None:
            mean_watts.append(watts)


def _readable(package: Path) -> bool:
    try:
        _counter(package)
    except (OSError, ValueError):  # since 2020 the counters are root's alone on most systems
        return False
    return True


def _counter(package: Path) -> int:
    return _number(package / "energy_uj")


def _number(path: Path) -> int:
    return int(path.read_text(encoding="ascii").strip())
