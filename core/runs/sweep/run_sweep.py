"""A sweep of the local engine: batches timed, fitted, judged, and held against an open loop."""

from collections.abc import Callable
from typing import Final

import numpy as np

from core.catalog.device_card import card_of
from core.catalog.schema import Card
from core.engines.local import Engine
from core.engines.measuring.memory_limit import LargestBatch, largest_batch
from core.engines.measuring.peaks import Peaks, best_of, measure_peaks
from core.engines.measuring.timing import ROUNDS, ShapeTiming, shapes_for, time_shape
from core.errors import RunError
from core.measurement.sweep import CapacityFound, EngineFit, LoadCheck, SweepPoint, SweepReport
from core.probe.records.sample import Sample
from core.runs.sweep.sweep_load import Server, capacity_found, check_load, server_of
from core.runs.sweep.sweep_physics import Energy, Physics, energy_of, idle_w, physics_of
from core.runs.sweep.sweep_question import CHECK_SHARES, SweepQuestion
from core.serving.batch.batch_fit import BatchTiming, FittedBatchTime, fit_batch_time
from core.serving.batch.batch_noise import noise_factors

FALLBACK_HIDDEN: Final = 768
"""Where a model's config does not say its hidden size: BERT-base's; it shapes attention's part."""

Progress = Callable[[int], None]
"""Told how many steps were done just now."""
Cancelled = Callable[[], bool]


class SweepStoppedError(RunError):
    """The sweep was cancelled between two steps."""


def run_sweep(
    engine: Engine,
    question: SweepQuestion,
    cards: tuple[Card, ...],
    progress: Progress,
    cancelled: Cancelled,
) -> SweepReport:
    """Carry a sweep out; about a minute on two cores.

    Raises SweepStoppedError where cancelled, EngineError or ModelInputError where the engine
    fails or its times say nothing.
    """
    resting_w = idle_w(engine)
    before = measure_peaks(engine.info)
    timings = _timed(engine, progress, cancelled)
    largest = largest_batch(engine, cancelled)
    _step(progress, cancelled)
    peaks = best_of(before, measure_peaks(engine.info))
    _step(progress, cancelled)
    usable = [BatchTiming(t.texts, float(t.tokens_per_text), t.seconds) for t in timings]
    hidden = engine.info.hidden or FALLBACK_HIDDEN
    fitted = fit_batch_time(usable, hidden)
    best = max(timings, key=_rate)
    card = card_of(engine.info.device_name, cards)
    physics = physics_of(engine.info, _rate(best), best.tokens_per_text, peaks.dense_tflops)
    energy = energy_of(engine, (best.texts, best.tokens_per_text), _rate(best), resting_w, card)
    _step(progress, cancelled)
    factors = noise_factors(usable, fitted.batch_time)
    server = server_of(fitted.batch_time, factors, question, engine)
    capacity = capacity_found(server)
    checks = _checks(engine, server, capacity, progress, cancelled)
    return SweepReport(
        fit=_fit(engine, fitted, best, largest, peaks, physics, energy, float(np.mean(factors))),
        points=tuple(_point(timing, fitted) for timing in timings),
        capacity=capacity,
        checks=checks,
        verdict=physics.verdict,
        verdict_kind=physics.kind,
        flops_per_token=physics.flops_per_token,
        dense_tflops_datasheet=None if card is None else card.dense_tflops,
        largest_batch_reason=largest.reason,
        energy=energy.sentence,
        notes=_notes(engine, timings),
    )


def _timed(engine: Engine, progress: Progress, cancelled: Cancelled) -> list[ShapeTiming]:
    """All shapes, round after round."""
    shapes = shapes_for(engine.info.max_tokens, engine.info.device)
    timings: dict[tuple[int, int], ShapeTiming] = {}
    for _ in range(ROUNDS):
        for shape in shapes:
            timed = time_shape(engine, *shape, cancelled)
            timings[shape] = timings[shape].and_again(timed) if shape in timings else timed
            _step(progress, cancelled)
    return list(timings.values())


def _checks(
    engine: Engine,
    server: Server,
    capacity: CapacityFound,
    progress: Progress,
    cancelled: Cancelled,
) -> tuple[LoadCheck, ...]:
    """Predicted beside measured at each share of the capacity; every answer is a step."""

    def count(sample: Sample) -> None:
        del sample
        progress(1)

    checks = []
    for share in CHECK_SHARES:
        checks.append(check_load(engine, server, capacity, share, count, cancelled))
        if cancelled():
            raise SweepStoppedError("The sweep was cancelled.")
    return tuple(checks)


def _step(progress: Progress, cancelled: Cancelled) -> None:
    progress(1)
    if cancelled():
        raise SweepStoppedError("The sweep was cancelled.")


def _rate(timing: ShapeTiming) -> float:
    """Tokens a second of a shape, by the median: what it sustains, not its luckiest repeat."""
    return timing.texts * timing.tokens_per_text / float(np.median(timing.sustained))


def _fit(
    engine: Engine,
    fitted: FittedBatchTime,
    best: ShapeTiming,
    largest: LargestBatch,
    peaks: Peaks,
    physics: Physics,
    energy: Energy,
    mean_over_fit: float,
) -> EngineFit:
    batch_time, info = fitted.batch_time, engine.info
    return EngineFit(
        engine=info.engine,
        precision=info.precision,
        start_s=batch_time.start_s,
        floor_s=batch_time.floor_s,
        per_token_s=batch_time.per_token_s,
        hidden=batch_time.hidden,
        log_spread=fitted.log_spread,
        worst_log=fitted.worst_log,
        mean_over_fit=mean_over_fit,
        shapes=fitted.shapes,
        largest_batch=largest.texts,
        largest_batch_tokens=largest.tokens_per_text,
        tokens_per_s=_rate(best),
        tokens_per_text=best.tokens_per_text,
        mfu=physics.mfu,
        dense_tflops_measured=peaks.dense_tflops,
        memory_gb_per_s=peaks.memory_gb_per_s,
        joules_per_mtok=energy.joules_per_mtok,
        idle_w=energy.idle_w,
        active_w=energy.active_w,
        energy_source=energy.source,
        warnings=_notes(engine, ()),
    )


def _point(timing: ShapeTiming, fitted: FittedBatchTime) -> SweepPoint:
    low, middle, high = np.quantile(timing.seconds, (0.0, 0.5, 0.95)).tolist()
    return SweepPoint(
        texts=timing.texts,
        tokens_per_text=timing.tokens_per_text,
        repeats=len(timing.seconds),
        settled=timing.settled,
        min_s=low,
        p50_s=middle,
        p95_s=high,
        fitted_s=fitted.batch_time.seconds(timing.texts, timing.tokens_per_text),
    )


def _notes(engine: Engine, timings: list[ShapeTiming] | tuple[()]) -> tuple[str, ...]:
    unsettled = [f"{t.texts} x {t.tokens_per_text}" for t in timings if not t.settled]
    notes = [*engine.info.warnings, *engine.notes]
    if unsettled:
        notes.append(
            f"The least times of {', '.join(unsettled)} differ from one round to the next: other "
            "work on this machine disturbed them."
        )
    return tuple(notes)
