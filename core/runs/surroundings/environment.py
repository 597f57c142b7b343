"""On what a run was measured: what one must know to believe, or to repeat, its numbers."""

import os
import platform
import time
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict

from core.engines.common.info import EngineInfo
from core.engines.devices.device import cpu_mhz, cpu_name
from core.engines.devices.gpu import nvidia_gpus
from core.plain_text import AS_STORED, Few, Label, Reference, Sentence

PACKAGES: Final = ("breakeven", "numpy", "httptools", "orjson")


class Environment(BaseModel):
    """The computer, the software and the model of one run."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    python: Label
    os: Label
    cpu: Label
    logical_cpus: int
    host: Label | None = None
    """What this computer is called: its label, or its network name."""
    place: Label | None = None
    """Where this computer is, as its owner said."""
    region: Label | None = None
    """The same as the name of a cloud's region."""
    route: Label | None = None
    """"direct" or "through a proxy"; None where nothing left this computer."""
    versions: Annotated[tuple[tuple[Label, Label], ...], Few(100)] = ()
    clock_resolution_s: float
    load_at_start: float | None = None
    """Processes that want a processor, mean of a minute; None on Windows, which keeps none."""
    load_at_end: float | None = None
    model: Reference | None = None
    """The model that an engine loaded here; None where the model is remote."""
    revision: Label | None = None
    """sha256 of its weights."""
    device: Label | None = None
    device_reason: Sentence | None = None
    hardware: Label | None = None
    threads: int | None = None
    engine: Label | None = None
    """"torch" or "onnxruntime"."""
    engine_reason: Sentence | None = None
    precision: Label | None = None
    cpu_mhz: float | None = None
    """Mean clock of the processors when the run began, where the system tells."""
    gpus: Annotated[tuple[Sentence, ...], Few(100)] = ()
    """NVIDIA GPUs with driver, clock, power and other users, as seen when the engine was ready."""
    warnings: Annotated[tuple[Sentence, ...], Few(100)] = ()
    """What disturbed the engine's device."""

    def with_engine(self, info: EngineInfo) -> "Environment":
        """The same with the engine that was loaded."""
        return self.model_copy(
            update={
                "versions": self.versions + info.versions,
                "model": info.model,
                "revision": info.revision,
                "device": info.device,
                "device_reason": info.device_reason,
                "hardware": info.hardware,
                "threads": info.threads,
                "engine": info.engine,
                "engine_reason": info.engine_reason,
                "precision": info.precision,
                "gpus": tuple(gpu.line for gpu in nvidia_gpus()),
                "warnings": info.warnings,
            }
        )

    def by_way_of(self, route: str) -> "Environment":
        """The same with the way by which requests leave."""
        return self.model_copy(update={"route": route})

    def on_hardware(self, hardware: str) -> "Environment":
        """The same with what an API says that it runs on."""
        return self.model_copy(update={"hardware": hardware})

    def at_end(self) -> "Environment":
        """The same with the load as it is now."""
        return self.model_copy(update={"load_at_end": load_average()})


def environment(
    place: str | None, *, host: str | None = None, region: str | None = None
) -> Environment:
    """What can be said of this computer now."""
    fields = {
        "host": host or platform.node() or None,
        "region": region,
        "python": platform.python_version(),
        "os": f"{platform.system()} {platform.release()}",
        "cpu": cpu_name(),
        "logical_cpus": os.cpu_count() or 1,
        "place": place,
        "versions": tuple(_versions(PACKAGES)),
        "clock_resolution_s": time.get_clock_info("perf_counter").resolution,
        "load_at_start": load_average(),
        "cpu_mhz": cpu_mhz(),
    }
    # What a computer says of itself is no reason not to measure: made plain, not refused.
    return Environment.model_validate(fields, context=AS_STORED)


def load_average() -> float | None:
    """Load of the last minute, where the system keeps it."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def _versions(packages: Iterable[str]) -> Iterable[tuple[str, str]]:
    for package in packages:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue
