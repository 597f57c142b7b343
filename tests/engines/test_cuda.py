"""The engine on a real NVIDIA GPU; collected only where there is a driver.

``BREAKEVEN_BENCH_MODEL`` names the folder of another model than the packaged one.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.catalog.load import load_catalog
from core.engines.common.same_vectors import CHECK_TEXTS, lowest_cosine
from core.engines.devices.device import choose_device
from core.engines.devices.gpu import nvidia_gpus
from core.engines.local import Engine, EngineWish, load_engine
from core.engines.measuring.memory_limit import largest_batch
from core.engines.measuring.peaks import measure_peaks
from core.engines.measuring.power import find_meter, metered
from core.engines.torch_gpu.batching_engine import BatchingEngine
from core.errors import EngineError
from core.runs.sweep.run_sweep import run_sweep
from core.runs.sweep.sweep_question import SweepQuestion

MODEL = os.environ.get("BREAKEVEN_BENCH_MODEL")
GB = 2**30


@pytest.fixture(scope="module")
def engine() -> Engine:
    """As a user gets it who chooses nothing."""
    return load_engine(EngineWish(model=MODEL))


@pytest.fixture(scope="module")
def plain() -> Engine:
    """The library's own loop, in fp32."""
    return load_engine(EngineWish(model=MODEL, engine="torch", precision="fp32", device="cuda"))


@pytest.fixture
def little_memory() -> Iterator[None]:
    """All of the GPU's memory but a little is taken by somebody else."""
    torch.cuda.empty_cache()
    free, _ = torch.cuda.mem_get_info()
    taken = torch.empty(free - 2 * GB, dtype=torch.uint8, device="cuda")
    yield
    del taken
    torch.cuda.empty_cache()


def some_texts(count: int, seed: int) -> list[str]:
    """Lengths as a corpus has them, in no order."""
    rng = np.random.default_rng(seed)
    lengths = np.clip(rng.lognormal(3.0, 1.2, count), 1, 400).astype(int)
    return [" ".join(rng.choice(["cat", "dog", "embedding", "Ærø", "9"], n)) for n in lengths]


def test_left_to_itself_it_records_batches_in_fp16(engine: Engine) -> None:
    """And says so."""
    assert isinstance(engine, BatchingEngine)
    assert (engine.info.device, engine.info.precision) == ("cuda", "fp16")
    assert "CUDA graphs" in engine.info.engine_reason
    assert engine.info.device_id


@pytest.mark.parametrize("count", [1, 2, 7, 33, 300, 2_500])
def test_its_vectors_are_the_librarys_in_fp32(engine: Engine, plain: Engine, count: int) -> None:
    """Whatever shape was recorded, the second time as the first."""
    texts = some_texts(count, seed=count)
    expected = plain.embed(texts)
    for _ in range(2):
        assert lowest_cosine(engine.embed(texts), expected) > 0.999
    assert lowest_cosine(engine.embed_in_one_batch(texts), expected) > 0.999


def test_in_fp32_its_vectors_are_the_librarys_to_the_last_digits(plain: Engine) -> None:
    """What is left of the difference is rounding."""
    same = load_engine(EngineWish(model=MODEL, precision="fp32", device="cuda"))
    assert isinstance(same, BatchingEngine)
    texts = [*CHECK_TEXTS, *some_texts(200, seed=1)]
    assert lowest_cosine(same.embed(texts), plain.embed(texts)) > 0.999_99


def test_many_shapes_one_after_another_do_not_disturb_each_other(
    engine: Engine, plain: Engine
) -> None:
    """More than are kept: passes are forgotten and recorded anew."""
    rng = np.random.default_rng(5)
    for _ in range(150):
        count, words = int(rng.integers(1, 40)), int(rng.integers(1, 250))
        text = "a word " * (words // 2 + 1)
        found = engine.embed([text] * count)
        assert np.allclose(found, found[0], atol=2e-2)
    texts = some_texts(50, seed=9)
    assert lowest_cosine(engine.embed(texts), plain.embed(texts)) > 0.999


@pytest.mark.usefixtures("little_memory")
def test_out_of_memory_halves_the_batch_and_says_so(plain: Engine) -> None:
    """The vectors are the same, and the next call still works."""
    tight = load_engine(EngineWish(model=MODEL, precision="fp32", device="cuda"))
    assert isinstance(tight, BatchingEngine)
    tight._batch_tokens = 4_194_304  # so that one batch needs more than there is
    tight.info = replace(tight.info, batch_texts=16_384)
    texts = ["many words " * 120] * 6_000
    found = tight.embed(texts)
    assert tight.notes
    assert tight.notes[0].startswith("Out of memory: batches of ")
    assert lowest_cosine(found, plain.embed(texts[:1]).repeat(len(texts), axis=0)) > 0.999_9
    with pytest.raises(EngineError, match="Out of memory while embedding 6000 texts in one batch"):
        tight.embed_in_one_batch(texts)
    found_batch = largest_batch(tight, lambda: False)
    assert found_batch.texts >= 1
    assert found_batch.reason
    assert tight.embed(["once more"]).shape == (1, tight.info.dims)


def test_the_driver_knows_this_gpu_and_what_it_draws(engine: Engine) -> None:
    """By the UUID that torch gives; at work it draws more than nothing."""
    mine = [gpu for gpu in nvidia_gpus() if engine.info.device_id in gpu.uuid]
    assert len(mine) == 1
    assert mine[0].driver
    meter = find_meter("cuda", engine.info.device_id)
    assert meter is not None
    texts = some_texts(256, seed=2)
    with metered(meter) as watts:
        began = time.perf_counter()
        while time.perf_counter() - began < 1.0:
            engine.embed(texts)
    assert 10 < watts[0] < 2_000


def test_a_gpu_in_use_by_another_program_is_named() -> None:
    """And is measured all the same."""
    code = (
        "import sys, torch; x = torch.ones(2_000_000_000, dtype=torch.uint8, device='cuda'); "
        "print('taken', flush=True); sys.stdin.readline()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "taken"
        warnings = choose_device("cuda", torch).warnings
        print([gpu.line for gpu in nvidia_gpus()])  # noqa: T201 - shown where the next line fails
        other.communicate("\n")
    assert warnings
    assert "in use by" in warnings[0]


def test_a_peak_is_what_a_gpu_can_do(engine: Engine) -> None:
    """A product of large matrices in fp16 is beyond any processor, memory likewise."""
    peaks = measure_peaks(engine.info)
    assert 5 < peaks.dense_tflops < 10_000
    assert 50 < peaks.memory_gb_per_s < 50_000


def test_a_sweep_of_a_gpu_finds_a_rate_that_physics_allows(engine: Engine) -> None:
    """With watts of its own and a datasheet's card where the catalogue has it."""
    question = SweepQuestion(requests=200, slo_p95_s=0.05)
    report = run_sweep(engine, question, load_catalog().cards, lambda _: None, lambda: False)
    assert report.fit.mfu is not None
    assert 0 < report.fit.mfu < 1
    assert report.fit.energy_source == "NVML"
    assert report.fit.idle_w is not None
    assert report.fit.active_w is not None
    assert report.fit.idle_w <= report.fit.active_w
    assert [check.measured.n_ok for check in report.checks] == [200, 200]
