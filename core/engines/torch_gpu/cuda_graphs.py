"""CUDA graphs: passes of a model recorded once on an NVIDIA GPU and replayed.

A small model's pass is some hundred kernels of a few microseconds each, and launching them one by
one from Python takes longer than running them. A recorded pass is launched whole. It has one
shape, so that batches are padded up to the next recorded one.
"""

import gc
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from core.engines.common.token_rows import Ints

MOST_TOKENS: Final = 32_768
"""Padded tokens of the largest pass that is recorded: beyond, the GPU is busy for longer than the
launches take."""
LEAST_TOKENS_PER_TEXT: Final = 16
TIMES_UNTIL_RECORDED: Final = 2
"""A shape is recorded when it comes this often: recording takes as long as some twenty passes,
which a shape that never comes again would not give back."""
KEPT: Final = 128
"""Recorded passes kept; the longest unused go first."""

STAGED_BYTES: Final = 65_536
"""Larger tables go over pinned memory: from any other the copy waits for the passes before."""

Forward = Callable[[Any], Any]
"""From a tensor (2, texts, tokens) of token numbers and mask to vectors (texts, dims)."""


def shape_for(texts: int, tokens: int, most_tokens_per_text: int) -> tuple[int, int] | None:
    """The recorded shape that holds a batch; None for one that is too large to be recorded.

    Both sides go up in steps of a quarter of a power of two: less than a quarter comes on top of
    each.
    """
    width = min(_step_up(max(tokens, LEAST_TOKENS_PER_TEXT)), most_tokens_per_text)
    height = _step_up(texts)
    return (height, width) if height * width <= MOST_TOKENS else None


def _step_up(number: int) -> int:
    """The next number up of those that cut the way to the next power of two in four."""
    power = 1 << (number.bit_length() - 1)
    step = max(1, power // 4)
    return -(-number // step) * step


class GraphBook:
    """Recorded passes by shape. Their vectors stay valid until the next call."""

    def __init__(self, forward: Forward, device: str) -> None:
        self._forward = forward
        self._device = device
        self._seen: Counter[tuple[int, int]] = Counter()
        self._passes: OrderedDict[tuple[int, int], _RecordedPass] = OrderedDict()
        self._pool: Any = None

    def vectors(self, table: Ints) -> Any:
        """Vectors (texts, dims) of a table of a recorded shape, on the GPU, maybe still at work."""
        shape = (table.shape[1], table.shape[2])
        if shape not in self._passes:
            self._seen[shape] += 1
            if self._seen[shape] < TIMES_UNTIL_RECORDED:
                return self._forward(_on_device(table, self._device))
            self._record(shape)
        self._passes.move_to_end(shape)
        return self._passes[shape].replay(table)

    def forget(self) -> None:
        """Free the memory of all recorded passes."""
        self._passes.clear()
        self._pool = None

    def _record(self, shape: tuple[int, int]) -> None:
        import torch  # noqa: PLC0415 - loaded already by the engine

        if self._pool is None:
            # One pool: a pass may use what another used, since they never run at once.
            self._pool = torch.cuda.graph_pool_handle()
        while len(self._passes) >= KEPT:
            self._passes.popitem(last=False)
        with _no_garbage_collection():
            self._passes[shape] = _RecordedPass(self._forward, shape, self._device, self._pool)


class _RecordedPass:
    def __init__(self, forward: Forward, shape: tuple[int, int], device: str, pool: Any) -> None:
        import torch  # noqa: PLC0415 - loaded already by the engine

        self._given = torch.ones((2, *shape), dtype=torch.int64, device=device)
        self._graph = torch.cuda.CUDAGraph()
        # What other threads ask of the GPU meanwhile is none of this recording's business.
        with torch.cuda.graph(self._graph, pool=pool, capture_error_mode="thread_local"):
            self._found = forward(self._given)

    def replay(self, table: Ints) -> Any:
        """Run the pass on other tokens."""
        self._given.copy_(_ready(table), non_blocking=True)
        self._graph.replay()
        return self._found


def _on_device(table: Ints, device: str) -> Any:
    return _ready(table).to(device, non_blocking=True)


def _ready(table: Ints) -> Any:
    """A tensor that is copied to the GPU without waiting for the passes before."""
    import torch  # noqa: PLC0415 - loaded already by the engine

    given = torch.from_numpy(table)
    return given.pin_memory() if table.nbytes > STAGED_BYTES else given


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Freeing a GPU's memory, as the end of another engine does, spoils a recording under way."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
