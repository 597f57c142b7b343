"""The torch engine where memory ends or numbers overflow."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.engines.common.info import EngineInfo
from core.engines.torch_gpu.torch_engine import TorchEngine
from core.errors import EngineError

INFO = EngineInfo("m", "r", "cpu", "CPU", "", 1, 3, 64, (), batch_texts=32)


def engine_with(most_texts: int, error: Exception) -> TorchEngine:
    """A model on a device whose memory holds so many texts."""

    def encode(texts: list[str], *, batch_size: int, show_progress_bar: bool) -> Any:
        if min(batch_size, len(texts)) > most_texts:
            raise error
        return np.ones((len(texts), 3))

    return TorchEngine(SimpleNamespace(encode=encode), INFO)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_exhausted_memory_halves_the_batch_and_says_so(error: Exception) -> None:
    """Whichever way the libraries say it; where one text is too much, a sentence."""
    engine = engine_with(10, error)
    assert engine.embed(["x"] * 40).shape == (40, 3)
    assert engine.notes == [
        "Out of memory with 32 texts in a batch: 16 from now on.",
        "Out of memory with 16 texts in a batch: 8 from now on.",
    ]
    with pytest.raises(EngineError, match="Out of memory while embedding 40 texts in one batch"):
        engine.embed_in_one_batch(["x"] * 40)
    with pytest.raises(EngineError, match="Out of memory while embedding 1 texts on cpu"):
        engine_with(0, error).embed(["x"])


def test_any_other_fault_is_a_sentence() -> None:
    """The first line of what the library said."""
    with pytest.raises(EngineError, match="Fault while embedding 2 texts on cpu: odd shape"):
        engine_with(1, ValueError("odd shape\nmore")).embed(["x", "y"])
