"""A model through sentence-transformers, on CUDA, MPS or the CPU."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engines.common.engine_faults import in_sentences, is_out_of_memory, refuse_unreadable
from core.engines.common.info import EngineInfo
from core.engines.common.wish import EngineWish, Precision
from core.engines.devices.device import Device, choose_device
from core.engines.model_files.model_source import ModelSource
from core.engines.onnx_cpu.onnx_cache import versions
from core.errors import EngineError

CPU_BATCH: Final = 32
GPU_BATCH: Final = 256
"""Texts that run through the model together; the library sorts them by length before."""

LIBRARY_SETTINGS: Final = {
    "HF_HUB_OFFLINE": "1",
    # Said, since the library warns of forked processes where it is not. On a GPU 128 texts of 128
    # tokens took 27 ms to tokenize on one thread of 16, and 2 ms to embed.
    "TOKENIZERS_PARALLELISM": "true",
    "TQDM_DISABLE": "1",
    # Threads of torch that spin while they wait lose a processor that another program needs:
    # beside one busy process a short text took 170 ms instead of 10 ms on two cores.
    "OMP_WAIT_POLICY": "PASSIVE",
}
"""What the libraries read when they are imported. The user's own environment goes first."""

PROBE_TEXT: Final = "A short text, to see whether the numbers stay finite."


class TorchEngine:
    """A loaded model. One call at a time."""

    def __init__(self, model: Any, info: EngineInfo, own_max_tokens: int | None = None) -> None:
        self.model = model
        self.own_max_tokens = own_max_tokens or info.max_tokens
        """The model's limit, before any wish to cut earlier."""
        self._batch_texts = info.batch_texts
        self.info = info
        self.notes: list[str] = []
        """Sentences about what had to be changed on the way."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (texts, dims), float32. Raises EngineError."""
        with in_sentences(f"embedding {len(texts)} texts on {self.info.device}"):
            while True:
                try:
                    return self._encode(texts, self._batch_texts)
                except Exception as error:
                    refuse_unreadable(list(texts))
                    if not is_out_of_memory(error) or not self._halve(len(texts)):
                        raise

    def embed_in_one_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same in one pass, however large. Raises EngineError where the memory is too small."""
        with in_sentences(f"embedding {len(texts)} texts in one batch on {self.info.device}"):
            try:
                return self._encode(texts, len(texts))
            except Exception:
                self._free()
                raise

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens that the model processes for these texts: truncated, special tokens counted.

        Apart from :meth:`embed`, so that counting is not timed as embedding.
        """
        with in_sentences(f"counting tokens of {len(texts)} texts"):
            rows = self.model.tokenizer(
                list(texts), truncation=True, max_length=self.info.max_tokens, padding=False
            )["input_ids"]
            return sum(len(row) for row in rows)

    def warm_up(self, text: str, most_texts: int) -> None:
        """The smallest and the largest batch of such texts, once."""
        self.embed([text])
        self.embed([text] * most_texts)

    def _encode(self, texts: Sequence[str], batch_texts: int) -> NDArray[np.float32]:
        vectors = self.model.encode(list(texts), batch_size=batch_texts, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def _halve(self, texts: int) -> bool:
        """Half the texts a batch from now on; False where a batch is one text already."""
        now = min(self._batch_texts, texts)
        if now < 2:
            return False
        self._free()
        self._batch_texts = now // 2
        self.notes.append(
            f"Out of memory with {now} texts in a batch: {self._batch_texts} from now on."
        )
        return True

    def _free(self) -> None:
        if self.info.device == "cuda":
            import torch  # noqa: PLC0415 - loaded already

            torch.cuda.empty_cache()


def load_torch(source: ModelSource, wish: EngineWish, reason: str) -> TorchEngine:
    """Load a model with torch; takes seconds. Raises EngineError."""
    for name, value in LIBRARY_SETTINGS.items():
        os.environ.setdefault(name, value)
    with in_sentences(f"loading {source.name}"):
        import torch  # noqa: PLC0415 - seconds and gigabytes, for the worker alone
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - the same

        device = choose_device(wish.device, torch)
        if wish.threads is not None:
            torch.set_num_threads(wish.threads)
        where = f"cuda:{device.index}" if device.kind == "cuda" else device.kind
        model = SentenceTransformer(
            str(source.folder),
            device=where,
            local_files_only=True,
            trust_remote_code=wish.allow_custom_code,
        )
        own_max_tokens = int(model.max_seq_length)
        if wish.max_tokens is not None:
            model.max_seq_length = min(wish.max_tokens, own_max_tokens)
        precision, why = _set_precision(model, wish, device, torch)
        info = _info(model, source, wish, device, torch)
        return TorchEngine(
            model,
            replace(info, precision=precision, engine_reason=f"{reason}{why}"),
            own_max_tokens,
        )


def _set_precision(model: Any, wish: EngineWish, device: Device, torch: Any) -> tuple[str, str]:
    """Cast the model; its precision, and a remark where it is not what was asked for."""
    types = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
    wanted: Precision = wish.precision if wish.precision != "auto" else "fp32"
    if wish.precision == "auto" and device.kind == "cuda":
        wanted = "fp16"
    model.to(types[wanted])
    if wanted == "fp32" or np.isfinite(model.encode(PROBE_TEXT, show_progress_bar=False)).all():
        return wanted, ""
    if wish.precision != "auto":
        raise EngineError(
            f"In {wanted} this model gives numbers that are not finite. Choose bf16 or fp32."
        )
    model.to(torch.float32)
    return "fp32", f"; in {wanted} its numbers are not finite"


def _info(
    model: Any, source: ModelSource, wish: EngineWish, device: Device, torch: Any
) -> EngineInfo:
    config = _config(model)
    return EngineInfo(
        model=source.name,
        revision=source.revision,
        device=device.kind,
        device_name=device.name,
        device_reason=device.reason,
        threads=torch.get_num_threads(),
        dims=int(_dims(model)),
        max_tokens=int(model.max_seq_length),
        versions=tuple((name, v) for name, v in versions() if v != "absent"),
        batch_texts=wish.batch_texts or (CPU_BATCH if device.kind == "cpu" else GPU_BATCH),
        layers=_whole_number(config, "num_hidden_layers"),
        hidden=_whole_number(config, "hidden_size"),
        params_non_embedding=_params_non_embedding(model, torch),
        device_index=device.index,
        device_id=device.uuid,
        warnings=device.warnings,
    )


def _config(model: Any) -> Any:
    inner = getattr(model[0], "auto_model", None) or getattr(model[0], "model", None)
    return getattr(inner, "config", None)


def _whole_number(config: Any, name: str) -> int | None:
    value = getattr(config, name, None)
    return value if isinstance(value, int) else None


def _params_non_embedding(model: Any, torch: Any) -> int:
    """Weights that multiply: all but the look-up tables of tokens and positions."""
    tables = {
        id(module.weight) for module in model.modules() if isinstance(module, torch.nn.Embedding)
    }
    return sum(p.numel() for p in model.parameters() if id(p) not in tables)


def _dims(model: Any) -> Any:
    # Renamed in sentence-transformers 6; the old name warns there.
    name = "get_embedding_dimension"
    ask = getattr(model, name, None) or model.get_sentence_embedding_dimension
    return ask()
