"""A sweep's rate beside what the device can do at most, and what its tokens cost in energy."""

import time
from dataclasses import dataclass
from typing import Final

from core.catalog.schema import Card
from core.engines.common.info import EngineInfo
from core.engines.local import Engine
from core.engines.measuring.power import find_meter, idle_watts, metered
from core.engines.measuring.timing import text_of
from core.serving.batch.physics import ModelShape, flops_per_token, mfu, utilisation_verdict
from core.units import TOKENS_PER_MTOK

CLOCKS_UP_S: Final = 1.0
"""Work before the metering, until clocks and power have risen."""
ACTIVE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Physics:
    """A rate against a measured peak."""

    mfu: float | None
    flops_per_token: float | None
    verdict: str
    kind: str


@dataclass(frozen=True, slots=True)
class Energy:
    """Watts, and what they make of a million tokens."""

    idle_w: float | None
    active_w: float | None
    joules_per_mtok: float | None
    source: str
    sentence: str


def physics_of(
    info: EngineInfo, tokens_per_s: float, tokens_per_text: float, peak: float
) -> Physics:
    """The MFU of a rate (tokens/s, of texts of this length) against a peak in TFLOP/s."""
    if info.params_non_embedding is None or info.layers is None or info.hidden is None:
        return Physics(
            None, None, f"The shape of {info.model} is unknown: its MFU is too.", "unknown"
        )
    shape = ModelShape(info.params_non_embedding, info.layers, info.hidden)
    flops = flops_per_token(shape, tokens_per_text)
    share = mfu(tokens_per_s, flops, peak)
    verdict = utilisation_verdict(share, peak, on_cpu=info.device == "cpu")
    return Physics(share, flops, verdict.sentence, verdict.kind)


def idle_w(engine: Engine) -> float | None:
    """Watts before the sweep's work begins, the model loaded; None where none can be read."""
    return idle_watts(find_meter(engine.info.device, engine.info.device_id))


def energy_of(
    engine: Engine,
    shape: tuple[int, int],
    tokens_per_s: float,
    idle_w: float | None,
    card: Card | None,
) -> Energy:
    """Measure watts under full batches of a shape, else take a datasheet's, else none."""
    meter = find_meter(engine.info.device, engine.info.device_id)
    if meter is None:
        return _of_datasheet(engine.info, tokens_per_s, card)
    batch = [text_of(engine, shape[1])] * shape[0]
    _repeat(engine, batch, CLOCKS_UP_S)
    with metered(meter) as active:
        batches, took_s = _repeat(engine, batch, ACTIVE_S)
    if not active:
        return _of_datasheet(engine.info, tokens_per_s, card)
    joules = active[0] * took_s / (batches * shape[0] * shape[1]) * TOKENS_PER_MTOK
    sentence = (
        f"{joules:,.0f} J for 1M tokens, from {active[0]:.0f} W at full batches read by "
        f"{meter.source}"
    )
    idle = None if idle_w is None else min(idle_w, active[0])
    sentence += "." if idle is None else f"; {idle:.0f} W before, with nothing to do."
    return Energy(idle, active[0], joules, meter.source, sentence)


def _repeat(engine: Engine, batch: list[str], for_s: float) -> tuple[int, float]:
    """Batches run one after another for so long, and the time they took, s."""
    began, batches = time.perf_counter(), 0
    while (took_s := time.perf_counter() - began) < for_s:
        engine.embed(batch)
        batches += 1
    return batches, took_s


def _of_datasheet(info: EngineInfo, tokens_per_s: float, card: Card | None) -> Energy:
    if card is None or card.tdp_w is None:
        sentence = (
            f"No power of {info.device_name} can be read here (neither NVML nor RAPL), and the "
            "catalogue has no datasheet of it: its energy is unknown, not zero."
        )
        return Energy(None, None, None, "", sentence)
    joules = card.tdp_w / tokens_per_s * TOKENS_PER_MTOK
    sentence = (
        f"At most {joules:,.0f} J for 1M tokens: no power can be read here, so this is the "
        f"datasheet's TDP of {card.tdp_w:g} W, not a measurement."
    )
    return Energy(None, card.tdp_w, joules, f"datasheet TDP of {card.name}", sentence)
