"""A run's samples, made ready for charts, tables and files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np
import pandas as pd

from core.probe.records.sample import Outcome, Phase, Sample
from core.units import NS_PER_SECOND
from dashboard import formats
from dashboard.components.shared.csv_file import csv_bytes
from dashboard.figures.runs.run_distribution import Times
from dashboard.figures.runs.run_phases import PHASES, PhaseMedians
from dashboard.figures.runs.run_points import Group, RunPoint

GROUPS: Final[Mapping[Phase, Group]] = {
    Phase.COLD: Group.COLD,
    Phase.WARM_UP: Group.WARM_UP,
    Phase.MEASURED: Group.MEASURED,
}


def outcome_text(outcome: Outcome | str) -> str:
    """An outcome in words: refused by cap."""
    value = outcome.value if isinstance(outcome, Outcome) else outcome
    return value.replace("_", " ")


def points(samples: Sequence[Sample]) -> list[RunPoint]:
    """Every request that was asked of the endpoint, on the schedule's own time."""
    zero_ns = schedule_start_ns(samples)
    return [
        RunPoint(
            due_s=(sample.intended_ns - zero_ns) / NS_PER_SECOND,
            response_s=sample.response_s if sample.ok else None,
            group=GROUPS[sample.phase] if sample.ok else Group.FAILED,
            text=point_text(sample),
        )
        for sample in samples
        if sample.asked
    ]


def schedule_start_ns(samples: Sequence[Sample]) -> int:
    """When the first measured request was due; without one, the first of all."""
    measured = [s.intended_ns for s in samples if s.phase is Phase.MEASURED]
    return min(measured or [s.intended_ns for s in samples], default=0)


def point_text(sample: Sample) -> str:
    """A request in one line: number, what became of it, times."""
    name = f"request {sample.seq + 1}, {GROUPS[sample.phase].value}"
    if not sample.ok:
        detail = f": {sample.detail}" if sample.detail else ""
        return f"{name}<br>{outcome_text(sample.outcome)}{formats.in_figure(detail)}"
    return (
        f"{name}<br>response {formats.duration(sample.response_s)}, "
        f"service {formats.duration(sample.service_s)}"
    )


def times(samples: Sequence[Sample]) -> Times:
    """Times of the measured requests."""
    measured = [s for s in samples if s.phase is Phase.MEASURED and s.asked]
    answered = [s for s in measured if s.ok]
    return Times(
        response_s=np.array([s.response_s for s in answered], dtype=np.float64),
        service_s=np.array([s.service_s for s in answered], dtype=np.float64),
        asked=len(measured),
    )


def phase_medians(samples: Sequence[Sample]) -> tuple[PhaseMedians, ...]:
    """Medians of the phases of answered requests: kept connections, and opened ones apart."""
    kinds = (("connection kept", False), ("connection opened", True))
    answered = [s for s in samples if s.ok]
    medians = []
    for label, opened in kinds:
        rows = [phases_s(s) for s in answered if s.new_connection is opened]
        if rows:
            columns = [_median([row.get(name) for row in rows]) for name in PHASES]
            medians.append(PhaseMedians(label, len(rows), tuple(columns)))
    return tuple(medians)


def phases_s(sample: Sample) -> dict[str, float]:
    """Duration of each phase that took place, seconds: from one moment to the next one reached."""
    reached = [
        (name, moment_ns)
        for name, moment_ns in (
            ("sent", sample.sent_ns),
            ("DNS", sample.dns_done_ns),
            ("connect", sample.connected_ns),
            ("TLS", sample.tls_done_ns),
            ("write", sample.request_written_ns),
            ("first byte", sample.first_byte_ns),
            ("last byte", sample.completed_ns),
        )
        if moment_ns is not None
    ]
    return {name: (end - start) / NS_PER_SECOND for (_, start), (name, end) in pairwise(reached)}


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def sample_table(samples: Sequence[Sample]) -> pd.DataFrame:
    """The text alternative of the charts: one row a request, times in ms."""
    zero_ns = schedule_start_ns(samples)
    return pd.DataFrame(_shown(sample, zero_ns) for sample in samples)


def _shown(sample: Sample, zero_ns: int) -> dict[str, object]:
    lag_s = sample.generator_lag_s
    return {
        "Request": sample.seq + 1,
        "Due (s)": round((sample.intended_ns - zero_ns) / NS_PER_SECOND, 3),
        "Response (ms)": formats.milliseconds(sample.response_s if sample.ok else None),
        "Outcome": outcome_text(sample.outcome),
        "Part": GROUPS[sample.phase].value,
        "Service (ms)": formats.milliseconds(sample.service_s if sample.ok else None),
        "Sent late by (ms)": formats.milliseconds(lag_s),
        "Tokens billed": sample.tokens_billed,
        "HTTP status": sample.http_status,
        "Detail": sample.detail,
        "The server's own words": sample.server_said,
    }


def phase_table(medians: Sequence[PhaseMedians]) -> pd.DataFrame:
    """The phases as a table, medians in ms."""
    return pd.DataFrame(
        {"Requests": f"{row.label} ({row.requests})"}
        | {
            f"{name} (ms)": formats.milliseconds(value)
            for name, value in zip(PHASES, row.median_s, strict=True)
        }
        for row in medians
    )


def samples_csv(samples: Sequence[Sample]) -> bytes:
    """Every sample as it was stored, and the two times derived from it, in seconds."""
    return csv_bytes(pd.DataFrame(_records(samples)))


def samples_parquet(samples: Sequence[Sample]) -> bytes:
    """The same as Parquet, which keeps whole numbers whole where some are missing."""
    frame = pd.DataFrame(_records(samples)).convert_dtypes()
    return bytes(frame.to_parquet(index=False))


def _records(samples: Sequence[Sample]) -> Iterator[dict[str, object]]:
    for sample in samples:
        yield {
            **asdict(sample),
            "phase": sample.phase.value,
            "outcome": sample.outcome.value,
            "response_s": sample.response_s if sample.ok else None,
            "service_s": sample.service_s if sample.ok else None,
        }
