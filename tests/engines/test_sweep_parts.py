"""Timing, memory, power: what a sweep is made of, with engines of known behaviour."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.engines.common.info import EngineInfo
from core.engines.devices.gpu import Gpu
from core.engines.measuring import memory_limit, power
from core.engines.measuring.memory_limit import largest_batch, needed_bytes
from core.engines.measuring.peaks import Peaks, best_of, best_s
from core.engines.measuring.power import NvmlMeter, RaplMeter, find_meter, idle_watts, metered
from core.engines.measuring.timing import ShapeTiming, shapes_for, text_of, time_shape
from core.errors import EngineError

INFO = EngineInfo("m", "r", "cpu", "CPU", "", 1, 3, 64, (), hidden=8)


class WordEngine:
    """A word is a token, each text has two more; a batch takes a known time and memory."""

    def __init__(self, seconds_per_text: float = 0.0, most_texts: int = 10**9) -> None:
        self.info = INFO
        self.notes: list[str] = []
        self.calls: list[int] = []
        self._seconds, self._most = seconds_per_text, most_texts

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Take the time."""
        self.calls.append(len(texts))
        time.sleep(self._seconds * len(texts))
        return np.ones((len(texts), 3), np.float32)

    def embed_in_one_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Fail where the memory ends."""
        if len(texts) > self._most:
            raise EngineError(f"Out of memory while embedding {len(texts)} texts in one batch.")
        return self.embed(texts)

    def warm_up(self, text: str, most_texts: int) -> None:
        """Nothing to record."""

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Words and markers, cut."""
        return sum(min(len(text.split()) + 2, self.info.max_tokens) for text in texts)


def never() -> bool:
    """Nobody cancels."""
    return False


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("limit", [32, 64, 256, 512, 8_192])
def test_a_plan_has_four_to_nine_different_shapes_within_the_limit(device: str, limit: int) -> None:
    """Enough for three times and their residuals, also for a model that reads little."""
    shapes = shapes_for(limit, device)
    assert 4 <= len(set(shapes)) == len(shapes) <= 9
    assert all(tokens <= limit for _, tokens in shapes)


@pytest.mark.parametrize("tokens", [3, 16, 40, 64])
def test_a_text_has_the_asked_number_of_tokens(tokens: int) -> None:
    """Markers of the tokenizer included."""
    engine = WordEngine()
    assert engine.count_tokens([text_of(engine, tokens)]) == tokens


def test_a_text_shorter_than_its_markers_is_refused() -> None:
    """Two markers leave no room for a word."""
    with pytest.raises(EngineError, match="A text of 2 tokens cannot be made"):
        text_of(WordEngine(), 2)


def test_a_shape_is_warmed_up_and_repeated() -> None:
    """The first two calls are in no number; a cancelled shape has what it had."""
    engine = WordEngine(0.001)
    timing = time_shape(engine, 4, 16, never)
    assert len(engine.calls) == 2 + len(timing.seconds)
    assert len(timing.seconds) >= 5
    assert min(timing.seconds) >= 0.004
    assert (timing.texts, timing.tokens_per_text) == (4, 16)
    assert time_shape(engine, 4, 16, lambda: True).seconds == ()


def test_every_other_repeat_comes_after_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as the batch took; what is sustained is told by the others."""
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    found = time_shape(WordEngine(), 4, 16, never)
    own = [rest for rest in rests if rest > 0]  # the engine itself sleeps for no time
    assert own == [min(second, 0.25) for second in found.rounds[0][:-1:2]]
    assert found.sustained == found.rounds[0][::2]


def test_two_rounds_that_disagree_are_not_settled() -> None:
    """A round that others disturbed is seen beside the other."""
    one = ShapeTiming(1, 16, ((1.0, 1.1, 1.5),))
    assert one.settled
    assert one.and_again(ShapeTiming(1, 16, ((1.04, 2.0),))).settled
    twice = one.and_again(ShapeTiming(1, 16, ((1.2, 2.0),)))
    assert not twice.settled
    assert twice.seconds == (1.0, 1.1, 1.5, 1.2, 2.0)


def test_where_memory_ends_half_of_the_last_try_fits() -> None:
    """And the reason says so."""
    found = largest_batch(WordEngine(most_texts=40), never)
    assert (found.texts, found.tokens_per_text) == (32, 64)
    assert found.reason == "out of memory with 64 texts: half of it fits"


class EngineTime:
    """A clock that an engine alone moves, by the time that its batches should take."""

    def __init__(self, engine: WordEngine) -> None:
        self._engine = engine

    def perf_counter(self) -> float:
        """Seconds, s."""
        return self._engine._seconds * sum(self._engine.calls)


def test_nobody_waits_for_a_batch_that_no_server_would_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time ends the search before the memory does, and so does sense."""
    monkeypatch.setattr(memory_limit, "PATIENCE_S", 0.05)
    engine = WordEngine(0.005)
    monkeypatch.setattr(memory_limit, "time", EngineTime(engine))
    found = largest_batch(engine, never)
    assert found.texts == 16
    assert found.reason.startswith("a batch already takes 0.")
    monkeypatch.setattr(memory_limit, "MOST_TEXTS", 8)
    assert largest_batch(WordEngine(), never).reason == "8 texts are as many as are tried"


def test_a_batch_that_might_wake_the_systems_killer_is_not_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a CPU memory does not fail, it ends programs: so it is reckoned before."""
    monkeypatch.setattr(memory_limit, "free_bytes", lambda: int(2 * needed_bytes(8, 64, 8)) + 1)
    found = largest_batch(WordEngine(), never)
    assert found.texts == 8
    assert "the memory: 16 texts may need" in found.reason


def test_one_text_that_does_not_fit_is_an_error() -> None:
    """There is no batch of none."""
    with pytest.raises(EngineError, match="Out of memory"):
        largest_batch(WordEngine(most_texts=0), never)


def test_the_better_of_two_peaks_counts() -> None:
    """What others did to one of them is not the device's."""
    assert best_of(Peaks(1.0, 9.0), Peaks(2.0, 8.0)) == Peaks(2.0, 9.0)
    assert 0 < best_s(lambda: sum(range(100))) < 1


def rapl(folder: Path, name: str, energy_uj: int, most_uj: int = 10**9) -> Path:
    """A processor package as Linux shows it."""
    package = folder / name
    package.mkdir(parents=True)
    (package / "energy_uj").write_text(f"{energy_uj}\n", encoding="ascii")
    (package / "max_energy_range_uj").write_text(f"{most_uj}\n", encoding="ascii")
    return package


def test_rapl_counters_become_watts_though_they_run_over(tmp_path: Path) -> None:
    """Joules of all packages over seconds; a counter that starts again at 0 is set right."""
    first = rapl(tmp_path, "intel-rapl:0", 5_000_000)
    second = rapl(tmp_path, "intel-rapl:1", 999_000_000)
    meter = find_meter("cpu", "CPU", tmp_path)
    assert isinstance(meter, RaplMeter)
    began = time.perf_counter()
    with metered(meter) as watts:
        inside = time.perf_counter()
        time.sleep(0.2)
        (first / "energy_uj").write_text("7000000", encoding="ascii")
        (second / "energy_uj").write_text("1000000", encoding="ascii")
        least_s = time.perf_counter() - inside
    most_s = time.perf_counter() - began
    assert (2 + 2) / most_s <= watts[0] <= (2 + 2) / least_s


def test_without_readable_counters_there_is_no_meter(tmp_path: Path) -> None:
    """No watt is invented."""
    (tmp_path / "intel-rapl:0").mkdir()
    assert find_meter("cpu", "CPU", tmp_path) is None
    assert find_meter("mps", "Apple GPU", tmp_path) is None
    assert find_meter("cuda", "a card that is not here", tmp_path) is None
    with metered(None) as watts:
        pass
    assert watts == []


class Driver:
    """What NVML says of two equal GPUs: the second works, its counter and its power rise."""

    def __init__(self, *, counts: bool) -> None:
        self.counts = counts
        self.asked = 0

    def gpus(self) -> tuple[Gpu, ...]:
        """Both, 100 J later at every look."""
        self.asked += 1
        energy_j = 100.0 * self.asked if self.counts else None
        return (
            Gpu("NVIDIA L4", "GPU-aa", 0, 1.0, 0.0, 15.0, 210.0, "580", 1.0),
            Gpu("NVIDIA L4", "GPU-bb", 0, 1.0, 0.9, 70.0, 1_900.0, "580", energy_j),
        )


def test_a_gpus_watts_are_its_energy_over_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the GPU with this UUID, not of another of the same name."""
    driver = Driver(counts=True)
    monkeypatch.setattr(power, "nvidia_gpus", driver.gpus)
    meter = find_meter("cuda", "bb")
    assert isinstance(meter, NvmlMeter)
    began, before = time.perf_counter(), driver.asked
    with metered(meter) as watts:
        inside = time.perf_counter()
        time.sleep(0.12)
        least_s = time.perf_counter() - inside
    drawn_j, most_s = 100.0 * (driver.asked - before), time.perf_counter() - began
    # Between the two lies what was metered: the computer may stall just before or after it.
    assert 0.4 * drawn_j / most_s < watts[0] <= 1.2 * drawn_j / least_s


def test_a_gpu_that_does_not_count_energy_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean of its own power."""
    monkeypatch.setattr(power, "nvidia_gpus", Driver(counts=False).gpus)
    meter = find_meter("cuda", "bb")
    with metered(meter) as watts:
        time.sleep(0.2)
    assert watts == [70.0]
    assert find_meter("cuda", "cc") is None
    assert find_meter("cuda", "") is None


class Cooling:
    """A meter of a device that has just worked."""

    source = "NVML"

    def __init__(self, watts: list[float]) -> None:
        self.watts = watts

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> float | None:
        """The next."""
        return self.watts.pop(0) if self.watts else None


def test_idle_watts_are_read_when_they_have_stopped_falling() -> None:
    """A device keeps its clocks up for seconds after its work.

    One that never rests is not waited for; one that says nothing has no number.
    """
    assert idle_watts(Cooling([180.0, 140.0, 100.0, 99.0, 50.0]), 0.0) == 99.0
    assert idle_watts(Cooling([80.0, 82.0]), 0.0) == 80.0
    falling = [200.0 * 0.9**n for n in range(20)]
    assert idle_watts(Cooling(falling.copy()), 0.0) == falling[9]
    assert idle_watts(Cooling([]), 0.0) is None
    assert idle_watts(None, 0.0) is None


def test_a_gpus_shapes_reach_further() -> None:
    """A batch that fills a processor for seconds is over in milliseconds there."""
    most = [max(n * s for n, s in shapes_for(512, device)) for device in ("cpu", "cuda")]
    assert most[1] > 10 * most[0]
