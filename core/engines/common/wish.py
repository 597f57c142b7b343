"""What the user asks of the local engine; everything left open is chosen by what is there."""

from dataclasses import dataclass
from typing import Literal

from core.engines.devices.device import DeviceWish

Precision = Literal["fp32", "fp16", "bf16"]


@dataclass(frozen=True, slots=True)
class EngineWish:
    """Which model, by which library, where and how."""

    model: str | None = None
    """A folder with a model, or a hub id whose weights are on this computer; None: the packaged
    one."""
    device: DeviceWish = "auto"
    engine: Literal["auto", "torch", "onnxruntime"] = "auto"
    precision: Literal["auto", "fp32", "fp16", "bf16"] = "auto"
    """auto: fp16 on CUDA where the model bears it, else fp32."""
    threads: int | None = None
    """Threads of one operation on the CPU; None: one a core."""
    batch_texts: int | None = None
    """Most texts that run through the model together; None: by device."""
    max_tokens: int | None = None
    """Where texts are cut; None, or more than the model allows: the model's own limit."""
    allow_custom_code: bool = False
    """Whether Python files that come with a model may be run."""
