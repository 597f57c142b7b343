"""The time of a batch from the model's size, the card, the host and the kind of server.

    T(n, s) = start + max(launches, n s h / vCPUs, n s share (a F / peak + b L d / bandwidth))

seconds for n texts of s tokens, F = 2N + 4 s d L operations a token. Arithmetic goes by the dense
peak; what goes by the memory's bandwidth is what every layer writes and reads again, some bytes
for each of L layers of d numbers. Small models on fast cards meet neither: the host prepares their
texts, a token takes a processor h. After the roofline (Williams, Waterman, Patterson 2009).
"""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import ModelInputError
from core.serving.batch.batch_time import NO_ATTENTION, BatchTime
from core.serving.batch.physics import FLOPS_PER_TFLOP, ModelShape
from core.units import BYTES_PER_GB

BYTES_PER_WEIGHT = 2
"""fp16 or bf16, which the published rates and the cards' tensor peaks are for."""


class ServerKind(StrEnum):
    """What runs the model: each has its own start and its own share of what the card can do."""

    FUSED = "fused call"
    """The bare call of fused kernels (TensorRT, FasterTransformer): the card's ceiling."""
    GRAPHS = "CUDA graphs"
    """The whole call of an engine that replays recorded kernels, tokenizer included."""
    PYTORCH = "PyTorch"
    """Kernels launched one by one: sentence-transformers, TorchScript."""
    PYTORCH_FP32 = "PyTorch fp32"
    """The same without tensor cores."""
    NEURON = "Neuron"
    """Inferentia and Trainium, compiled."""
    SERVER = "server"
    """Text Embeddings Inference, Infinity, vLLM: over HTTP, or the engine behind it."""
    CPU_FP32 = "CPU fp32"
    CPU_INT8 = "CPU int8"
    CPU_AMX = "CPU int8 AMX"
    """int8 on a processor with matrix units (AMX)."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A card, or a processor, with the host beside it."""

    dense_tflops: float
    """Dense peak of the precision used, TFLOP/s; of a processor that of fp32."""
    bandwidth_gb_s: float | None
    """Of the card's memory; None for a processor: the share then holds what memory costs."""
    vcpus: float | None
    """Of the host beside each card; None where nothing was said of it."""
    vcpus_range: tuple[float, float] | None = None
    """Fewest and most that they may be, where they are assumed; None where they are known."""


@dataclass(frozen=True, slots=True)
class KindNumbers:
    """What is a kind of server's own."""

    start_s: float = 0.0
    """What every batch costs, s."""
    launch_s: float = 0.0
    """Launching the kernels of one layer, s: they run while the card computes."""
    share: float = 1.0
    """Times that its work takes what a fused call's would."""


@dataclass(frozen=True, slots=True)
class LawNumbers:
    """The parts of the law."""

    compute: float
    """a: times that arithmetic takes what the dense peak would."""
    traffic_bytes: float
    """b: bytes through the memory for each layer, number of the hidden size, and token."""
    host_s: float
    """h: seconds that one vCPU takes to prepare a token."""
    kinds: dict[ServerKind, KindNumbers]


def law_batch_time(
    shape: ModelShape, machine: Machine, kind: ServerKind, numbers: LawNumbers
) -> BatchTime:
    """Time of a batch of any texts. Raises ModelInputError for a machine without a peak.

    A model without known layers has its 2N operations a token, and no attention.
    """
    if not machine.dense_tflops > 0:
        raise ModelInputError(f"the peak of a card is above 0, not {machine.dense_tflops}")
    own, peak = numbers.kinds[kind], machine.dense_tflops * FLOPS_PER_TFLOP
    weights = 2 * numbers.compute * shape.params_non_embedding / peak
    attention = 4 * numbers.compute * shape.width / peak if shape.has_layers else 0.0
    moved, weights_s, host_s = 0.0, 0.0, 0.0
    if machine.bandwidth_gb_s:  # a card: a processor's work is its host's
        host_s = numbers.host_s / machine.vcpus if machine.vcpus else 0.0
        bandwidth = machine.bandwidth_gb_s * BYTES_PER_GB
        moved = numbers.traffic_bytes * shape.width / bandwidth
        weights_s = shape.weights_read * BYTES_PER_WEIGHT / bandwidth
    return BatchTime(
        start_s=own.start_s,
        floor_s=max(own.launch_s * (shape.layers or 0), weights_s),
        per_token_s=own.share * (weights + moved),
        hidden=(weights + moved) / attention / 6 if attention else NO_ATTENTION,
        host_per_token_s=host_s,
    )
