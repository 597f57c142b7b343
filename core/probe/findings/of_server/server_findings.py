"""A sweep of a server in numbers: from its samples alone, so that a file of them says the same."""

from collections.abc import Sequence
from statistics import median

from core.measurement.server_found import ServerCell, ServerFound, ServerTimes
from core.probe.findings.batch_fit_of_api import LEAST_SIZES, amounts_of, fit_to
from core.probe.findings.of_server.server_load_findings import Seen, load_fields
from core.probe.findings.of_server.server_words import rate_limit, sentence_of
from core.probe.records.probe_plan import ProbePlan
from core.probe.records.sample import Phase, Sample
from core.probe.records.server_sweep import ServerSweep
from core.probe.statistics.estimates import estimate
from core.probe.statistics.of_server.between_limits import refused_for_size
from core.probe.statistics.of_server.server_clock import Clock, clock_of
from core.probe.statistics.of_server.server_limits import size_limit
from core.units import CHARACTERS_PER_TOKEN


def server_found(plan: ProbePlan, samples: Sequence[Sample]) -> ServerFound | None:
    """What a sweep of a server has found so far; None for other schedules."""
    schedule = plan.schedule
    if not isinstance(schedule, ServerSweep):
        return None
    asked = [s for s in samples if s.phase is Phase.MEASURED and s.asked]
    batches = [s for s in asked if s.step < len(schedule.cells)]
    clock = clock_of(samples, batches)
    times = _times(schedule, [s for s in batches if s.ok], clock)
    cells = tuple(_cells(schedule, batches, clock, times))
    limit = size_limit(schedule, asked)
    swept = ServerFound(
        cells=cells,
        times=times,
        times_by=clock.whose,
        round_trip_s=clock.round_trip_s,
        network_s=clock.network_s,
        most_texts=None if limit is None else limit.texts,
        refused_texts=None if limit is None else limit.refused_texts,
        refused_tokens=None if limit is None else limit.refused_tokens,
        taken_tokens=None if limit is None else limit.taken_tokens,
        tokens_exact=limit is not None and limit.tokens_exact,
        most_tokens=max((c.tokens for c in cells if c.tokens and c.n_ok), default=None),
        slo_p95_s=plan.slo_s,
        machines=schedule.machines,
        limit=rate_limit(asked),
        answered=sum(s.ok for s in asked),
    )
    seen = Seen(plan, schedule, asked, cells, times, clock)
    swept = swept.model_copy(update=load_fields(seen))
    return swept.model_copy(update={"sentence": sentence_of(swept)})


def _times(schedule: ServerSweep, answered: Sequence[Sample], clock: Clock) -> ServerTimes | None:
    """The fit of the compute times; None below three sizes and lengths."""
    if len({s.step for s in answered}) < LEAST_SIZES:
        return None
    lengths = [CHARACTERS_PER_TOKEN * tokens for _, tokens in schedule.cells]
    unit, amounts = amounts_of(answered, lengths)
    seconds = [clock.compute_s(s) for s in answered]
    if min(seconds) <= 0:
        return None
    fit = fit_to(answered, seconds, unit, amounts)
    return ServerTimes(
        start_s=fit.fixed_s,
        per_text_s=fit.per_text_s,
        per_unit_s=fit.per_unit_s,
        unit=unit,
        residual=fit.residual,
        worst=fit.worst,
    )


def _cells(
    schedule: ServerSweep, batches: Sequence[Sample], clock: Clock, times: ServerTimes | None
) -> list[ServerCell]:
    by_step: dict[int, list[Sample]] = {}
    for sample in batches:
        by_step.setdefault(sample.step, []).append(sample)
    return [_cell(schedule.cells[step], by_step[step], clock, times) for step in sorted(by_step)]


def _cell(
    cell: tuple[int, int], samples: Sequence[Sample], clock: Clock, times: ServerTimes | None
) -> ServerCell:
    size, asked = cell
    answered = [s for s in samples if s.ok]
    counts = [s.tokens_billed or s.input_tokens for s in answered]
    tokens = median(c for c in counts if c) if any(counts) else None
    letters = size * asked * CHARACTERS_PER_TOKEN
    units = tokens if times is None or times.unit == "token" else letters
    return ServerCell(
        texts=size,
        tokens_asked=asked,
        tokens=tokens,
        n=len(samples),
        n_ok=len(answered),
        compute_s=median(map(clock.compute_s, answered)) if answered else None,
        service_p50=estimate([s.service_s for s in samples], 0.5),
        fitted_s=None if times is None or units is None else times.seconds(size, units),
        refused=any(map(refused_for_size, samples)),
    )
