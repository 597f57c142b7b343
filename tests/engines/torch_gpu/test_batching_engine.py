"""Batches of our own making through a torch model: the library's vectors, in the right order."""

import weakref
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.engines.common.same_vectors import CHECK_TEXTS, lowest_cosine
from core.engines.common.status import engine_status
from core.engines.common.token_rows import TextLayout, padded, rows_of
from core.engines.local import EngineWish
from core.engines.model_files.model_source import ModelSource
from core.engines.torch_gpu import batching_engine
from core.engines.torch_gpu.batching_engine import BatchingEngine, quicker_on_cuda
from core.engines.torch_gpu.cuda_graphs import MOST_TOKENS, shape_for
from core.engines.torch_gpu.torch_engine import TorchEngine, load_torch
from core.errors import EngineError
from tests.conftest import need
from tests.engines.support import tiny_model


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> TorchEngine:
    """A small model of random weights, through the library on the processor."""
    need(engine_status().ready, "the extra local")
    folder = tiny_model(tmp_path_factory.mktemp("tiny"))
    return load_torch(ModelSource("tiny", folder, "r"), EngineWish(device="cpu"), "as asked")


@pytest.fixture
def engine(loaded: TorchEngine) -> BatchingEngine:
    """The same in batches of our own, none recorded: that takes an NVIDIA GPU."""
    return BatchingEngine(loaded, record=False)


def some_texts() -> list[str]:
    """More than are tokenized together, long and short in no order."""
    return [f"word {i} " * (1 + (i * 37) % 50) for i in range(60)] + list(CHECK_TEXTS)


def test_its_vectors_are_the_librarys_in_the_order_of_the_texts(
    engine: BatchingEngine, loaded: TorchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though sorted by length, tokenized in parts and padded."""
    monkeypatch.setattr(batching_engine, "TOKENIZED_TOGETHER", 16)
    engine.info = replace(engine.info, batch_texts=7)
    texts = some_texts()
    expected = loaded.embed(texts)
    assert lowest_cosine(engine.embed(texts), expected) > 0.99999
    assert lowest_cosine(engine.embed_in_one_batch(texts), expected) > 0.99999
    assert engine.embed([]).shape == (0, loaded.info.dims)


def test_it_counts_the_tokens_that_the_library_counts(
    engine: BatchingEngine, loaded: TorchEngine
) -> None:
    """Cut and with markers."""
    assert engine.count_tokens(some_texts()) == loaded.count_tokens(some_texts())


def test_a_text_that_cannot_be_read_is_named_by_its_place_among_all(
    engine: BatchingEngine,
) -> None:
    """Not by its place in a sorted batch."""
    with pytest.raises(EngineError, match=r"Text 2 holds half a character"):
        engine.embed(["short", "broken \ud800", "the longest of all these texts"])


def test_exhausted_memory_halves_the_tokens_of_a_batch_and_says_so(
    engine: BatchingEngine, loaded: TorchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a pass fits; where one text is too much, a sentence."""
    real = engine._forward
    most = 300

    def forward(table: Any) -> Any:
        if table.shape[1] * table.shape[2] > most:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return real(table)

    monkeypatch.setattr(engine, "_forward", forward)
    texts = some_texts()
    assert lowest_cosine(engine.embed(texts), loaded.embed(texts)) > 0.99999
    assert engine.notes[0] == "Out of memory: batches of 16,384 tokens from now on."
    assert engine.notes[-1] == "Out of memory: batches of 256 tokens from now on."
    with pytest.raises(EngineError, match="Out of memory while embedding 70 texts in one batch"):
        engine.embed_in_one_batch(texts)
    most = 1
    with pytest.raises(EngineError, match="Out of memory while embedding 1 texts on cpu"):
        engine.embed(["a"])


def test_every_shape_up_to_the_largest_batch_is_run_to_warm_up(
    engine: BatchingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a shape: a server records its shapes at the start, not under its first users."""
    seen: list[int] = []

    def embed(texts: Sequence[str]) -> Any:
        seen.append(len(texts))

    monkeypatch.setattr(engine, "embed", embed)
    engine.warm_up("a text", 21)
    assert seen[::2] == [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 21]
    assert seen[1::2] == seen[::2]


class BrokenBook:
    """Recording fails, or the memory ends in it."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.forgotten = 0

    def vectors(self, table: Any) -> Any:
        """Never."""
        del table
        raise self.error

    def forget(self) -> None:
        """Counted."""
        self.forgotten += 1


def test_where_recording_fails_passes_are_launched_one_by_one(
    engine: BatchingEngine, loaded: TorchEngine
) -> None:
    """The vectors are there all the same, and a note says what happened."""
    engine._book = BrokenBook(RuntimeError("CUDA error: operation failed\nmore"))  # type: ignore[assignment]
    texts = some_texts()
    assert lowest_cosine(engine.embed(texts), loaded.embed(texts)) > 0.99999
    assert engine.notes == [
        "Batches are no longer recorded as CUDA graphs: CUDA error: operation failed"
    ]


def test_where_memory_ends_the_recorded_passes_are_given_up_first(engine: BatchingEngine) -> None:
    """They hold memory that a smaller batch may need."""
    book = BrokenBook(RuntimeError("CUDA out of memory"))
    engine._book = book  # type: ignore[assignment]
    with pytest.raises(EngineError, match="Out of memory"):
        engine.embed(["a text"])
    assert book.forgotten > 1


def test_an_engine_that_nobody_needs_is_freed_at_once(loaded: TorchEngine) -> None:
    """Not by the collector of circular garbage, in the middle of another engine's recording."""
    engine = BatchingEngine(loaded, record=True)
    gone = weakref.ref(engine)
    del engine
    assert gone() is None


@pytest.mark.parametrize("fault", ["raises", "other vectors"])
def test_a_model_that_it_runs_otherwise_stays_with_the_library(
    loaded: TorchEngine, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """And the reason is kept: an error, or vectors that are not the model's."""

    class Faulty(BatchingEngine):
        def __init__(self, model: TorchEngine, *, record: bool) -> None:
            del record
            super().__init__(model, record=False)

        def embed(self, texts: Sequence[str]) -> Any:
            if fault == "raises":
                raise RuntimeError("a pass that cannot be recorded\nand more")
            return np.random.default_rng(0).normal(size=(len(texts), self.info.dims))

    before = loaded.info
    monkeypatch.setattr(batching_engine, "BatchingEngine", Faulty)
    try:
        chosen = quicker_on_cuda(loaded)
        assert chosen is loaded
        assert "not in recorded batches" in loaded.info.engine_reason
        expected = "cannot be recorded" if fault == "raises" else "not the library's"
        assert expected in loaded.info.engine_reason
    finally:
        loaded.info = before


def test_a_model_whose_vectors_agree_is_run_in_recorded_batches(
    loaded: TorchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the cosine in the reason."""

    class Unrecorded(BatchingEngine):
        def __init__(self, model: TorchEngine, *, record: bool) -> None:
            assert record
            super().__init__(model, record=False)

    monkeypatch.setattr(batching_engine, "BatchingEngine", Unrecorded)
    chosen = quicker_on_cuda(loaded)
    assert isinstance(chosen, BatchingEngine)
    assert chosen.info.engine == "torch, CUDA graphs"
    assert "cosine of at least 1.0000" in chosen.info.engine_reason


@pytest.mark.parametrize("texts", [1, 2, 3, 5, 7, 9, 31, 33, 100, 128])
@pytest.mark.parametrize("tokens", [1, 15, 16, 17, 33, 100, 129, 250, 256])
def test_a_recorded_shape_holds_its_batch_with_little_padding(texts: int, tokens: int) -> None:
    """Less than a quarter on top of each side, and none beyond the model's limit."""
    found = shape_for(texts, tokens, 256)
    if found is None:
        assert texts * max(16, tokens) * 1.25**2 > MOST_TOKENS
        return
    height, width = found
    assert texts <= height < texts * 1.25
    assert tokens <= width < max(17, tokens * 1.25)
    assert width <= 256
    assert shape_for(height, width, 256) == found


def test_a_batch_beyond_the_largest_is_not_recorded() -> None:
    """The GPU is busy for longer than its launches take."""
    assert shape_for(1_024, 512, 512) is None
    assert shape_for(64, 512, 512) == (64, 512)


@pytest.mark.parametrize("pad_left", [True, False])
def test_padding_is_where_the_model_wants_it_and_spare_rows_count_one_token(
    *, pad_left: bool
) -> None:
    """Token numbers, then the mask; a mean over no token would be no number."""
    table = padded([[5, 6, 7], [8]], TextLayout(9, pad_left, ""), 3, 4)
    ids = [[9, 5, 6, 7], [9, 9, 9, 8]] if pad_left else [[5, 6, 7, 9], [8, 9, 9, 9]]
    mask = [[0, 1, 1, 1], [0, 0, 0, 1]] if pad_left else [[1, 1, 1, 0], [1, 0, 0, 0]]
    assert table.tolist() == [[*ids, [9, 9, 9, 9]], [*mask, [1, 0, 0, 0]]]


def test_a_text_without_tokens_is_named() -> None:
    """Some tokenizers add no markers: an empty text is then nothing."""
    tokenizer = SimpleNamespace(
        encode_batch_fast=lambda texts: [SimpleNamespace(ids=list(map(ord, t))) for t in texts]
    )
    with pytest.raises(EngineError, match="Text 2 has no tokens for this model: it is empty"):
        rows_of(tokenizer, ["a", ""], "")
    with pytest.raises(EngineError, match="Text 5 has no tokens"):
        rows_of(tokenizer, ["a", ""], "", [7, 4])
    assert rows_of(tokenizer, ["a"], "q") == [[113, 97]]
