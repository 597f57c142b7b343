"""A torch model in batches of our own making: on a GPU quicker than the library's own loop.

Texts are tokenized by all processors while the GPU works on those before, batches hold texts of
like length, nothing waits for the GPU until the last batch is on its way, and shapes that come
again are recorded passes (:mod:`core.engines.torch_gpu.cuda_graphs`). On an H200 beside 16
processors the 2.4 to 2.7 million tokens/s of MiniLM were 7 % of its peak: the tokenizer took longer
than the GPU.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engines.common.batch_groups import length_sorted
from core.engines.common.engine_faults import in_sentences, is_out_of_memory
from core.engines.common.same_vectors import CHECK_TEXTS, lowest_cosine
from core.engines.common.token_rows import Rows, cut_at, layout_of, padded, rows_of
from core.engines.torch_gpu.cuda_graphs import TIMES_UNTIL_RECORDED, GraphBook, shape_for
from core.engines.torch_gpu.torch_engine import TorchEngine

LEAST_COSINE: Final = 0.999
"""Below this to the library's vectors in the same precision, the model is left to the library."""
BATCH_TOKENS: Final = 32_768
"""Padded tokens that run together: enough to fill any GPU, and no more memory than that takes."""
BATCH_TEXTS: Final = 64
"""Texts that run together at most, unless the user says otherwise. With more the GPU waits longer
for the first batch: 2,048 texts of mixed lengths took 52 ms in batches of 64, 67 ms in ones of
256, on an H200."""
TOKENIZED_TOGETHER: Final = 256
"""Texts that are tokenized at once, while the GPU works on those before."""


class BatchingEngine:
    """A loaded model. One call at a time."""

    def __init__(self, loaded: TorchEngine, *, record: bool) -> None:
        self._forward = _Forward(loaded.model)
        self._layout = layout_of(loaded.model)
        self._tokenizer = cut_at(_own_tokenizer(loaded.model), loaded.info.max_tokens)
        self._book = GraphBook(self._forward, loaded.info.torch_device) if record else None
        self._batch_tokens = max(BATCH_TOKENS, loaded.info.max_tokens)
        self.info = loaded.info
        self.notes: list[str] = []
        """Sentences about what had to be changed on the way."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (texts, dims), float32. Raises EngineError."""
        with in_sentences(f"embedding {len(texts)} texts on {self.info.device}"):
            while True:
                try:
                    return self._in_batches(texts)
                except Exception as error:
                    if not is_out_of_memory(error) or not self._halve():
                        raise

    def embed_in_one_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same in one pass, however large. Raises EngineError where the memory is too small."""
        with in_sentences(f"embedding {len(texts)} texts in one batch on {self.info.device}"):
            try:
                return self._on_host([self._pass(self._rows(texts), recorded=False)])
            except Exception:
                self._free()
                raise

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Tokens that the model processes for these texts: truncated, special tokens counted."""
        with in_sentences(f"counting tokens of {len(texts)} texts"):
            return sum(map(len, self._rows(texts)))

    def warm_up(self, text: str, most_texts: int) -> None:
        """The largest batch of every shape up to so many such texts: each is recorded."""
        tokens = self.count_tokens([text])
        shapes = [shape_for(n, tokens, self.info.max_tokens) for n in range(1, most_texts + 1)]
        for texts, shape in enumerate(shapes, start=1):
            if texts == most_texts or shape != shapes[texts]:
                for _ in range(TIMES_UNTIL_RECORDED):
                    self.embed([text] * texts)

    def _rows(self, texts: Sequence[str], places: Sequence[int] | None = None) -> Rows:
        return rows_of(self._tokenizer, texts, self._layout.prompt, places)

    def _in_batches(self, texts: Sequence[str]) -> NDArray[np.float32]:
        outputs: list[Any] = []
        order: list[int] = []
        for places in _like_lengths(texts, max(TOKENIZED_TOGETHER, self.info.batch_texts)):
            rows = self._rows([texts[i] for i in places], places)
            lengths = list(map(len, rows))
            for batch in length_sorted(lengths, self._batch_tokens, self.info.batch_texts):
                outputs.append(self._pass([rows[i] for i in batch], recorded=True))
                order += [places[i] for i in batch]
        vectors = np.empty((len(texts), self.info.dims), np.float32)
        if outputs:
            vectors[order] = self._on_host(outputs)
        return vectors

    def _pass(self, rows: Rows, *, recorded: bool) -> Any:
        """Vectors of one batch, on the device, which may still be at work on them."""
        import torch  # noqa: PLC0415 - loaded already with the model

        width = max(map(len, rows))
        shape = shape_for(len(rows), width, self.info.max_tokens)
        with torch.inference_mode():
            if self._book is None or shape is None or not recorded:
                table = torch.from_numpy(padded(rows, self._layout)).to(self.info.torch_device)
                return self._forward(table)
            try:
                outputs = self._book.vectors(padded(rows, self._layout, *shape))
            except Exception as error:
                if is_out_of_memory(error):
                    raise
                self._record_no_more(error)
                return self._pass(rows, recorded=False)
            # A copy: the next replay writes to the same place.
            return outputs[: len(rows)].clone()

    def _record_no_more(self, error: Exception) -> None:
        """From now on every pass is launched anew: slower for small batches, the same vectors."""
        self._book = None
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        self.notes.append(f"Batches are no longer recorded as CUDA graphs: {first_line}")

    def _on_host(self, found: list[Any]) -> NDArray[np.float32]:
        import torch  # noqa: PLC0415 - loaded already with the model

        vectors: NDArray[np.float32] = torch.cat(found).cpu().numpy()
        return vectors

    def _halve(self) -> bool:
        """Half the tokens a batch from now on; False where a batch is one text already."""
        self._free()
        if self._batch_tokens <= self.info.max_tokens:
            return False
        self._batch_tokens = max(self._batch_tokens // 2, self.info.max_tokens)
        self.notes.append(f"Out of memory: batches of {self._batch_tokens:,} tokens from now on.")
        return True

    def _free(self) -> None:
        if self._book is not None:
            self._book.forget()
        if self.info.device == "cuda":
            import torch  # noqa: PLC0415 - loaded already with the model

            torch.cuda.empty_cache()


class _Forward:
    """The modules of a model in a row.

    Knows nothing of the engine, so that both are freed at once when nobody needs them any more, not
    at some later time that spoils another's recording.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._inputs = _input_names(model)

    def __call__(self, table: Any) -> Any:
        """Vectors (texts, dims), float32, of a table (2, texts, tokens) on the device."""
        import torch  # noqa: PLC0415 - loaded already with the model

        known = {"input_ids": table[0], "attention_mask": table[1]}
        zeros = torch.zeros_like(table[0])
        features = {name: known.get(name, zeros) for name in self._inputs}
        return self._model(features)["sentence_embedding"].float()


def quicker_on_cuda(
    loaded: TorchEngine, batch_texts: int | None = None
) -> "BatchingEngine | TorchEngine":
    """The same model in recorded batches, where these give the library's vectors; else as it was.

    What a model is that the library runs and this does not (a tokenizer in Python, inputs other
    than tokens, a pass that cannot be recorded) shows in an error or in the vectors: the reason is
    kept in the engine's info.
    """
    try:
        engine = BatchingEngine(loaded, record=True)
        cosine = _cosine_to_library(engine, loaded)
        reason = f"its vectors are not the library's (lowest cosine {cosine:.6f})"
    except Exception as error:  # noqa: BLE001 - whatever it is, the library's own way is there
        cosine, reason = 0.0, next(iter(str(error).splitlines()), type(error).__name__)
    if not cosine > LEAST_COSINE:
        loaded.info = replace(
            loaded.info,
            engine_reason=f"{loaded.info.engine_reason}; not in recorded batches: {reason}"[:400],
        )
        return loaded
    engine.info = replace(
        loaded.info,
        batch_texts=batch_texts or BATCH_TEXTS,
        engine="torch, CUDA graphs",
        engine_reason=(
            f"{loaded.info.engine_reason}; batches recorded as CUDA graphs, with a cosine of at "
            f"least {cosine:.6f} to the library's vectors in {loaded.info.precision}"
        ),
    )
    return engine


def _cosine_to_library(engine: BatchingEngine, loaded: TorchEngine) -> float:
    """Of texts together and one by one, as often as it takes to be recorded, and from there."""
    texts = list(CHECK_TEXTS)
    expected = loaded.embed(texts)
    lowest = []
    for _ in range(TIMES_UNTIL_RECORDED + 1):
        alone = np.concatenate([engine.embed([text]) for text in texts])
        lowest += [lowest_cosine(actual, expected) for actual in (engine.embed(texts), alone)]
    return min(lowest)


def _own_tokenizer(model: Any) -> Any:
    """A copy of the model's tokenizer, whose settings are ours."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - in the extra `local`

    return Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())


def _input_names(model: Any) -> tuple[str, ...]:
    ask = getattr(model, "preprocess", None) or model.tokenize
    return tuple(name for name, value in ask(["a text"]).items() if hasattr(value, "shape"))


def _like_lengths(texts: Sequence[str], together: int) -> Iterator[list[int]]:
    """Places of the texts, longest first, so many at a time."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]), reverse=True)
    for start in range(0, len(order), together):
        yield order[start : start + together]
