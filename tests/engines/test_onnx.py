"""The export for ONNX Runtime: the same vectors, cached whole, refused where it is not right."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.engines.common.same_vectors import CHECK_TEXTS, lowest_cosine
from core.engines.common.status import INSTALL, engine_status
from core.engines.local import EngineWish, load_engine, prepare
from core.engines.model_files.model_source import find_model
from core.engines.onnx_cpu import onnx_export
from core.engines.onnx_cpu.onnx_cache import GRAPH, MANIFEST, find_export
from core.engines.onnx_cpu.onnx_engine import OnnxEngine, waiting
from core.engines.onnx_cpu.onnx_export import LEAST_COSINE
from core.engines.torch_gpu.torch_engine import TorchEngine
from core.errors import EngineError
from tests.conftest import need

pytestmark = pytest.mark.local_model


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    status = engine_status()
    need(status.ready and not status.missing_for_onnx, "the extra: " + INSTALL)


@pytest.fixture(scope="module")
def cache(exported_model: Path) -> Path:
    """A folder with the packaged model's export."""
    return exported_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> EngineWish:
    """A model of this test's own."""
    from tests.engines.support import tiny_model  # noqa: PLC0415

    return EngineWish(model=str(tiny_model(tmp_path_factory.mktemp("model"))))


@pytest.fixture(scope="module")
def tiny_cache(tiny: EngineWish, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with its export, made once."""
    folder = tmp_path_factory.mktemp("tiny-exports")
    load_engine(tiny, folder, "now")
    return folder


def mixed_texts() -> list[str]:
    """Twenty texts from one word to more than the model reads, in no order of length."""
    return [f"word {i} " * (1 + (i * 37) % 140) for i in range(20)] + list(CHECK_TEXTS)


def test_its_vectors_are_those_of_torch(cache: Path) -> None:
    """Of every length and script, in one batch or several, cosine above 0.99999."""
    quick = load_engine(EngineWish(device="cpu"), cache)
    plain = load_engine(EngineWish(device="cpu", engine="torch"))
    texts = mixed_texts()
    expected = plain.embed(texts)
    assert (quick.info.engine, plain.info.engine) == ("onnxruntime", "torch")
    assert lowest_cosine(quick.embed(texts), expected) > LEAST_COSINE
    assert lowest_cosine(quick.embed_in_one_batch(texts), expected) > LEAST_COSINE
    assert quick.count_tokens(texts) == plain.count_tokens(texts)


def test_batches_side_by_side_give_the_same_vectors(cache: Path) -> None:
    """With three threads, one batch each, in whatever order they end."""
    one = load_engine(EngineWish(device="cpu", threads=1), cache)
    three = load_engine(EngineWish(device="cpu", threads=3), cache)
    for texts in (mixed_texts(), ["the same words again"] * 300, ["one"]):
        assert lowest_cosine(three.embed(texts), one.embed(texts)) > LEAST_COSINE
    assert three.info.threads == 3


def test_a_cached_model_starts_without_torch(cache: Path) -> None:
    """Seconds of start-up that a run need not pay."""
    code = (
        "import sys; from pathlib import Path; from core.engines.local import *; "
        f"e = load_engine(EngineWish(), Path({str(cache)!r})); print(e.embed(['x']).shape); "
        "print([n for n in ('torch', 'transformers', 'sentence_transformers') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["(1,", "384)", "[]"]


def test_without_an_export_torch_serves_and_says_why(tiny: EngineWish, tmp_path: Path) -> None:
    """The first number is not kept waiting; the next run is the quick one."""
    first = load_engine(tiny, tmp_path)
    assert isinstance(first, TorchEngine)
    assert "not exported for ONNX Runtime yet" in first.info.engine_reason
    second = prepare(first, tiny, tmp_path)
    assert isinstance(second, OnnxEngine)
    assert prepare(second, tiny, tmp_path) is second
    texts = mixed_texts()
    assert lowest_cosine(second.embed(texts), first.embed(texts)) > LEAST_COSINE
    assert second.info.hidden == 32
    assert second.info.params_non_embedding == first.info.params_non_embedding


def test_a_limit_of_tokens_cuts_and_serves_from_the_same_export(
    tiny: EngineWish, tmp_path: Path
) -> None:
    """An export made under a limit still knows the model's own."""
    cut = EngineWish(model=tiny.model, max_tokens=16)
    first = load_engine(cut, tmp_path)
    short = prepare(first, cut, tmp_path)
    whole = load_engine(tiny, tmp_path)
    assert (short.info.max_tokens, whole.info.max_tokens) == (16, 64)
    long_text = ["many words " * 100]
    assert short.count_tokens(long_text) == 16
    assert whole.count_tokens(long_text) == 64
    assert lowest_cosine(short.embed(long_text), first.embed(long_text)) > LEAST_COSINE


def test_an_export_with_other_vectors_is_refused(
    tiny: EngineWish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Torch serves, with the reason; it is not exported again; who asks for it is told."""

    def crooked(self: OnnxEngine, texts: Any) -> Any:
        return np.roll(real(self, texts), 1, axis=1)

    real = OnnxEngine.embed
    monkeypatch.setattr(OnnxEngine, "embed", crooked)
    engine = load_engine(tiny, tmp_path, "now")
    monkeypatch.undo()
    assert isinstance(engine, TorchEngine)
    monkeypatch.setattr(onnx_export, "_write_graph", None)  # would be called by a second try
    again = load_engine(tiny, tmp_path, "now")
    assert "refused: its vectors are not torch's" in again.info.engine_reason
    assert prepare(again, tiny, tmp_path) is again
    with pytest.raises(EngineError, match=r"asked for, but the export .* is refused"):
        load_engine(EngineWish(model=tiny.model, engine="onnxruntime"), tmp_path)


def test_a_model_that_cannot_be_exported_runs_through_torch(
    tiny: EngineWish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever torch raises: its first line is the reason."""

    def fail(*_: Any) -> Any:
        raise RuntimeError("no rule for aten::odd\nmore")

    monkeypatch.setattr(onnx_export, "_write_graph", fail)
    load_engine(tiny, tmp_path, "now")
    reason = load_engine(tiny, tmp_path).info.engine_reason
    assert reason.endswith("refused: torch cannot export it (RuntimeError: no rule for aten::odd)")


@pytest.mark.parametrize("damage", ["cut", "gone", "manifest"])
def test_a_damaged_export_is_no_export(
    tiny: EngineWish, tiny_cache: Path, tmp_path: Path, damage: str
) -> None:
    """Half a file on the disk costs time, never a wrong vector: torch serves as before it."""
    shutil.copytree(tiny_cache, tmp_path, dirs_exist_ok=True)
    damage_export(tmp_path, tiny, damage)
    engine = load_engine(tiny, tmp_path)
    assert isinstance(engine, TorchEngine)
    assert "not exported for ONNX Runtime yet" in engine.info.engine_reason
    assert not list(tmp_path.iterdir())


def test_a_damaged_export_is_made_again(tiny: EngineWish, tiny_cache: Path, tmp_path: Path) -> None:
    """As if it had never been; no draft of it is left."""
    shutil.copytree(tiny_cache, tmp_path, dirs_exist_ok=True)
    damage_export(tmp_path, tiny, "cut")
    assert isinstance(load_engine(tiny, tmp_path, "now"), OnnxEngine)
    assert not list(tmp_path.glob("draft-*"))
    again = find_export(tmp_path, find_model(tiny.model))
    assert again is not None
    assert not again.manifest.refused


def damage_export(cache: Path, wish: EngineWish, damage: str) -> None:
    """Cut the graph of a model's export, take it away, or write half a manifest."""
    whole = find_export(cache, find_model(wish.model))
    assert whole is not None
    graph = whole.folder / GRAPH
    if damage == "cut":
        graph.write_bytes(graph.read_bytes()[:-7])
    elif damage == "gone":
        graph.unlink()
    else:
        (whole.folder / MANIFEST).write_text(json.dumps({"dims": 3}), encoding="utf-8")


def test_threads_spin_for_a_bounded_time_or_not_at_all() -> None:
    """An old version that ignores the bound would spin for ever beside other programs."""
    assert dict(waiting("1.32.0"))["session.intra_op.spin_duration_us"] == "50"
    assert waiting("1.20.1") == (("session.intra_op.allow_spinning", "0"),)


def test_odd_texts_become_vectors_or_a_sentence(cache: Path) -> None:
    """Empty, huge, binary and emoji texts embed; half a character is named by its text."""
    engine = load_engine(EngineWish(device="cpu"), cache)
    vectors = engine.embed(["", "🚀" * 5_000, "\x00\xff" * 900, "word " * 200_000])
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    with pytest.raises(EngineError, match=r"Text 2 holds half a character"):
        engine.embed(["fine", "half \ud83d"])
    plain = load_engine(EngineWish(device="cpu", engine="torch"))
    with pytest.raises(EngineError, match=r"Text 2 holds half a character"):
        plain.embed(["fine", "half \ud83d"])


def test_exhausted_memory_halves_the_batch_and_says_so(cache: Path) -> None:
    """The answer comes all the same, and the note is kept for the run."""
    engine = load_engine(EngineWish(device="cpu", threads=1), cache)
    assert isinstance(engine, OnnxEngine)
    texts = ["some words " * 20] * 40
    expected = engine.embed(texts)
    narrow = NarrowSession(engine._session, most_tokens=300)
    engine._session = narrow
    assert np.allclose(engine.embed(texts), expected, atol=1e-5)
    assert engine.notes == [
        "Out of memory: batches of 512 tokens from now on.",
        "Out of memory: batches of 256 tokens from now on.",
    ]
    engine._session = NarrowSession(narrow, most_tokens=10)
    with pytest.raises(EngineError, match="Out of memory while embedding 40 texts on the CPU"):
        engine.embed(texts)


class NarrowSession:
    """A session on a machine with little memory."""

    def __init__(self, session: Any, most_tokens: int) -> None:
        self._session, self._most_tokens = session, most_tokens

    def run(self, outputs: Any, feed: dict[str, Any]) -> Any:
        """Fail as ONNX Runtime does where a batch is larger than the memory."""
        if feed["input_ids"].size > self._most_tokens:
            raise RuntimeError("Failed to allocate memory for requested buffer of size 12345")
        return self._session.run(outputs, feed)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (EngineWish(engine="onnxruntime", precision="bf16", device="cpu"), "exports are in fp32"),
        (EngineWish(engine="onnxruntime", device="cuda"), "torch drives the device cuda"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(cache: Path, wish: EngineWish, said: str) -> None:
    """Nothing else is measured under its name."""
    with pytest.raises(EngineError, match=f"ONNX Runtime was asked for, but .*{said}"):
        load_engine(wish, cache)


def test_other_precisions_run_through_torch(tiny: EngineWish, tmp_path: Path) -> None:
    """bf16 is nearly the same vectors, and says what it is."""
    half = load_engine(EngineWish(model=tiny.model, precision="bf16", device="cpu"), tmp_path)
    full = load_engine(EngineWish(model=tiny.model, device="cpu", engine="torch"), tmp_path)
    assert half.info.precision == "bf16"
    assert "exports are in fp32" in half.info.engine_reason
    texts = ["one text", "another, longer text"]
    assert 0.99 < lowest_cosine(half.embed(texts), full.embed(texts)) <= 1
