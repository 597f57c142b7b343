"""What a loaded engine says of itself: everything that a measurement of it must state."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What runs, where, and why so."""

    model: str
    revision: str
    """sha256 of the weights."""
    device: str
    """"cpu", "cuda" or "mps"."""
    device_name: str
    device_reason: str
    threads: int
    """Threads for one operation on the CPU."""
    dims: int
    max_tokens: int
    versions: tuple[tuple[str, str], ...]
    engine: str = "torch"
    """"torch" (through sentence-transformers), "torch, CUDA graphs" or "onnxruntime"."""
    engine_reason: str = ""
    precision: str = "fp32"
    """Number format of the weights: "fp32", "fp16" or "bf16"."""
    batch_texts: int = 32
    """Most texts that run through the model together."""
    layers: int | None = None
    hidden: int | None = None
    """Hidden size d; it and ``layers`` are None where the model's config does not say."""
    params_non_embedding: int | None = None
    """Weights that multiply for each token."""
    device_index: int = 0
    """Which of several GPUs."""
    device_id: str = ""
    """The GPU's own number (UUID), by which its driver knows it; "" for a processor."""
    warnings: tuple[str, ...] = ()
    """Sentences about what disturbs a measurement here: a busy GPU, several of them."""

    @property
    def torch_device(self) -> str:
        """As torch names it."""
        return f"cuda:{self.device_index}" if self.device == "cuda" else self.device

    @property
    def hardware(self) -> str:
        """For the subject of a measurement: "CPU, 2 threads" or the name of the GPU."""
        if self.device == "cpu":
            return f"{self.device_name}, {self.threads} thread{'s' if self.threads > 1 else ''}"
        return self.device_name
