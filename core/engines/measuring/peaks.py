"""What this device can do at most, measured on the spot: products of large matrices, large copies.

The same library, precision and threads as the engine, so that a share of this peak means something.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.engines.common.engine_faults import in_sentences
from core.engines.common.info import EngineInfo
from core.engines.onnx_cpu.onnx_engine import waiting

REPEATS: Final = 5
MOST_REPEATS: Final = 100
BUDGET_S: Final = 0.5
CPU_SIDES: Final = (512, 1_024, 2_048)
GPU_SIDE: Final = 8_192
COPY_BYTES: Final = 256 * 1_024 * 1_024
TFLOP: Final = 1e12
GB: Final = 1e9


@dataclass(frozen=True, slots=True)
class Peaks:
    """The best of several repeats each."""

    dense_tflops: float
    memory_gb_per_s: float


def measure_peaks(info: EngineInfo) -> Peaks:
    """Measure both; two to four seconds. Raises EngineError."""
    with in_sentences(f"measuring the peak of {info.device_name}"):
        if info.engine == "onnxruntime":
            flop_s = _onnx_product(info.threads)
        else:
            flop_s = _torch_product(info)
        bytes_s = _torch_copy(info) if info.device != "cpu" else _cpu_copy(info.threads)
    return Peaks(flop_s / TFLOP, bytes_s / GB)


def best_of(one: Peaks, other: Peaks) -> Peaks:
    """The higher of each: what others did to one of two measurements is not the device's peak."""
    return Peaks(
        max(one.dense_tflops, other.dense_tflops), max(one.memory_gb_per_s, other.memory_gb_per_s)
    )


def best_s(work: Callable[[], Any]) -> float:
    """Least of several times, s, after one that warms up."""
    work()
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < REPEATS or (
        len(times) < MOST_REPEATS and time.perf_counter() - began < BUDGET_S
    ):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _onnx_product(threads: int) -> float:
    """FLOP/s of the best product in ONNX Runtime, fp32, against a constant as a model's weights."""
    return max(_onnx_product_of(side, threads) for side in CPU_SIDES)


def _onnx_product_of(side: int, threads: int) -> float:
    import onnx  # noqa: PLC0415 - in the extra `local`
    import onnxruntime  # noqa: PLC0415 - the same

    matrix = np.ones((side, side), np.float32)
    real = onnx.TensorProto.FLOAT
    given = onnx.helper.make_tensor_value_info("a", real, matrix.shape)
    result = onnx.helper.make_tensor_value_info("c", real, matrix.shape)
    weights = onnx.numpy_helper.from_array(matrix, "b")
    node = onnx.helper.make_node("MatMul", ["a", "b"], ["c"])
    graph = onnx.helper.make_graph([node], "product", [given], [result], [weights])
    opset = onnx.helper.make_opsetid("", 17)
    model = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    for name, value in waiting(onnxruntime.__version__):
        options.add_session_config_entry(name, value)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return float(2 * side**3 / best_s(lambda: session.run(None, {"a": matrix})))


def _torch_product(info: EngineInfo) -> float:
    """FLOP/s of one product in torch, in the engine's precision."""
    import torch  # noqa: PLC0415 - loaded already by the engine

    types = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
    sides = CPU_SIDES if info.device == "cpu" else (GPU_SIDE,)

    def flop_s(side: int) -> float:
        matrix = torch.ones((side, side), dtype=types[info.precision], device=info.torch_device)

        def product() -> None:
            torch.mm(matrix, matrix)
            _wait(torch, info)

        return float(2 * side**3 / best_s(product))

    with torch.inference_mode():
        return max(map(flop_s, sides))


def _torch_copy(info: EngineInfo) -> float:
    """Bytes read and written a second by a copy within the device."""
    import torch  # noqa: PLC0415 - loaded already by the engine

    source = torch.ones(COPY_BYTES, dtype=torch.uint8, device=info.torch_device)
    target = torch.empty_like(source)

    def copy() -> None:
        target.copy_(source)
        _wait(torch, info)

    return 2 * COPY_BYTES / best_s(copy)


def _wait(torch: Any, info: EngineInfo) -> None:
    """A GPU is still at work when the call comes back."""
    if info.device == "cuda":
        torch.cuda.synchronize(info.torch_device)
    elif info.device == "mps":
        torch.mps.synchronize()


def _cpu_copy(threads: int) -> float:
    """The same in main memory, with as many threads as the engine has."""
    source = np.ones(COPY_BYTES, np.uint8)
    target = np.empty_like(source)
    parts = list(zip(np.array_split(target, threads), np.array_split(source, threads), strict=True))
    with ThreadPoolExecutor(threads) as pool:
        return 2 * COPY_BYTES / best_s(lambda: list(pool.map(lambda part: np.copyto(*part), parts)))
