"""What a sweep says of hardware and energy."""

import pytest

from core.catalog.device_card import card_of
from core.catalog.load import load_catalog
from core.catalog.schema import Catalog
from core.engines.common.info import EngineInfo
from core.runs.sweep import sweep_physics
from core.runs.sweep.sweep_physics import energy_of, physics_of
from tests.engines.test_sweep_parts import WordEngine


@pytest.fixture(scope="module")
def shipped_catalog() -> Catalog:
    """The catalogue with its real cards."""
    return load_catalog()


MINILM = EngineInfo(
    "MiniLM", "r", "cpu", "CPU", "", 2, 384, 256, (), layers=6, hidden=384,
    params_non_embedding=10_650_000,
)  # fmt: skip


def test_the_mfu_is_work_done_over_work_possible() -> None:
    """2 N + 4 s d L floating-point operations a token: 22.5 million at 128 tokens."""
    physics = physics_of(MINILM, 5_000.0, 128.0, peak=0.3)
    assert physics.flops_per_token == 2 * 10_650_000 + 4 * 128 * 384 * 6
    assert physics.mfu == pytest.approx(5_000 * 22_479_648 / 0.3e12)
    assert physics.kind == "good"


def test_of_a_model_without_a_known_shape_nothing_is_claimed() -> None:
    """Unknown is said, not 0."""
    unknown = EngineInfo("odd", "r", "cpu", "CPU", "", 2, 384, 256, ())
    physics = physics_of(unknown, 5_000.0, 128.0, peak=0.3)
    assert (physics.mfu, physics.kind) == (None, "unknown")
    assert "unknown" in physics.verdict


def test_energy_is_measured_or_a_named_datasheets_or_unknown(shipped_catalog: Catalog) -> None:
    """Without a meter: the TDP by name, an upper bound; without a card: no number at all."""
    engine = WordEngine()
    l4 = card_of("NVIDIA L4", shipped_catalog.cards)
    assert l4 is not None
    of_card = energy_of(engine, (4, 16), 10_000.0, None, l4)
    if of_card.source != "RAPL":  # this machine has no readable meter
        assert of_card.joules_per_mtok == pytest.approx(72 / 10_000 * 1e6)
        assert of_card.source == f"datasheet TDP of {l4.name}"
        assert "not a measurement" in of_card.sentence
        nothing = energy_of(engine, (4, 16), 10_000.0, None, None)
        assert nothing.joules_per_mtok is nothing.active_w is None
        assert "unknown, not zero" in nothing.sentence


class SteadyMeter:
    """A device that draws 90 W."""

    source = "NVML"

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> float:
        """Always the same."""
        return 90.0


def test_measured_joules_are_watts_over_the_rate_while_they_were_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not over a rate of another moment; idle is never more than at work."""
    monkeypatch.setattr(sweep_physics, "find_meter", lambda *_: SteadyMeter())
    monkeypatch.setattr(sweep_physics, "CLOCKS_UP_S", 0.01)
    monkeypatch.setattr(sweep_physics, "ACTIVE_S", 0.2)
    engine = WordEngine(seconds_per_text=0.005)
    found = energy_of(engine, (4, 16), 1e9, 120.0, None)
    assert found.joules_per_mtok is not None
    slowest = 4 * 16 / (4 * 0.005)
    assert found.joules_per_mtok >= 0.9 * 90.0 / slowest * 1e6
    assert found.joules_per_mtok <= 3 * 90.0 / slowest * 1e6
    assert (found.idle_w, found.active_w, found.source) == (90.0, 90.0, "NVML")
    assert "90 W before, with nothing to do" in found.sentence
