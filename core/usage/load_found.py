"""What one's own use says of the load: volume, rhythm, peak and lengths.

Everything that is inferred is said in a sentence, with what it rests on.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.cost.curve.piecewise import Floats
from core.errors import LoadImportError
from core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from core.usage.choice import Chosen, Wanted, chosen
from core.usage.reading import Reading, read_usage
from core.usage.rows.file_rows import rows_of
from core.usage.rows.mapped import mapped
from core.usage.sums import Stream, Usage
from core.usage.use_remarks import remarks_of

MAX_BYTES: Final = 50_000_000
"""Of a file that is uploaded: it is held in memory. A command reads a larger one from its disk."""
LEAST_REQUESTS: Final = 20
LEAST_HOURS: Final = 6.0
"""Below it there is no rhythm to see."""
DAYS_FOR_A_DAY: Final = 1.0
DAYS_FOR_A_WEEK: Final = 14.0
"""From so many days the rhythm is that of a week: each of its hours was seen twice."""
HOURS_OF_A_DAY: Final = 24
HOURS_OF_A_WEEK: Final = 168
_MONDAY_H: Final = 4 * HOURS_OF_A_DAY
"""1970 began on a Thursday: the first Monday is the fifth day."""


@dataclass(frozen=True, slots=True)
class LoadFound:
    """A load as it was inferred."""

    requests: float
    first_s: float
    last_s: float
    days: float
    requests_per_day: float
    tokens_per_request: float | None
    """None where the file does not say how long texts are."""
    length_cv: float | None
    """None where it has no single requests, or no lengths."""
    hour_weights: tuple[float, ...]
    """Tokens in each hour of a day or a week (UTC, a week from Monday) over their mean; empty
    where the file is too short, or its rows too long, to show a rhythm."""
    peak_to_mean: float | None
    """Busiest of these hours over the mean; None without a rhythm."""
    busiest_hour_to_mean: float | None
    """The one busiest hour of the file over the mean; None where no hour is seen."""
    streams: tuple[Stream, ...]
    """What is in it."""
    left_out: tuple[Stream, ...]
    remarks: tuple[str, ...]
    """What was inferred and how, in sentences."""

    @property
    def tokens_per_day(self) -> float | None:
        """Volume, tokens a day; None where lengths are not known."""
        length = self.tokens_per_request
        return None if length is None else self.requests_per_day * length


def usage_of(content: bytes, reading: Reading = Reading()) -> Usage:  # noqa: B008  # frozen
    """Add an uploaded file up, whatever of it is wanted. Raises LoadImportError."""
    if len(content) > MAX_BYTES:
        raise LoadImportError(
            f"The file has {len(content) / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:,.0f} MB are "
            "read here. Read it with the command: breakeven load FILE."
        )
    return read_usage(rows_of(content, reading.series), reading)


def load_of_file(
    path: Path,
    characters_per_token: float,
    reading: Reading = Reading(),  # noqa: B008  # frozen
    wanted: Wanted = Wanted(),  # noqa: B008  # frozen
    *,
    known_models: Collection[str] = (),
    passed: Callable[[int], None] | None = None,
) -> LoadFound:
    """Read a file on a disk, of any size, and infer its load; it is not held in memory.

    ``passed`` is told now and then how many bytes were read. Raises LoadImportError.
    """
    with mapped(path, passed) as content:
        usage = read_usage(rows_of(content, reading.series), reading)
    return load_of_usage(usage, chosen(usage, wanted, known_models), characters_per_token)


def load_of_usage(usage: Usage, part: Chosen, characters_per_token: float) -> LoadFound:
    """The load of some streams of a file. Raises LoadImportError where they say too little."""
    sums = part.sums
    if sums.requests < LEAST_REQUESTS:
        raise LoadImportError(
            f"The file has {sums.requests:,.0f} usable requests; at least {LEAST_REQUESTS} are "
            "needed to say anything of a load. Export more of them."
        )
    span_s = sums.last_s - sums.first_s
    if span_s <= 0:
        raise LoadImportError("All requests have the same time, so there is no volume a day.")
    if not usage.bucket_s:
        # The last request stands for the gap after it, as every other one does.
        span_s *= sums.requests / (sums.requests - 1)
    days = span_s / SECONDS_PER_DAY
    per_token = 1.0 if usage.columns.tokens else characters_per_token
    # A request of unknown length has the mean of the others, not none.
    tokens = sums.amount / sums.measured / per_token if sums.amount > 0 else None
    by_hour = sums.amount_by_hour if sums.amount > 0 else sums.requests_by_hour
    hourly = sums.is_hourly
    weights = _weights(by_hour, sums.first_s, sums.last_s, days) if hourly else np.empty(0)
    return LoadFound(
        requests=sums.requests,
        first_s=sums.first_s,
        last_s=sums.last_s,
        days=days,
        requests_per_day=sums.requests / days,
        tokens_per_request=tokens,
        length_cv=_cv(usage, part),
        hour_weights=tuple(weights.tolist()),
        peak_to_mean=float(weights.max()) if weights.size else None,
        busiest_hour_to_mean=_busiest_hour(by_hour, days) if hourly else None,
        streams=part.streams,
        left_out=part.left_out,
        remarks=remarks_of(usage, part, days, weights.size, characters_per_token),
    )


def _cv(usage: Usage, part: Chosen) -> float | None:
    """Spread of the lengths over their mean; a bucket says the mean alone."""
    sums = part.sums
    if usage.bucket_s or sums.amount <= 0:
        return None
    mean = sums.amount / sums.measured
    variance = max(0.0, sums.square / sums.measured - mean * mean)
    return float(np.sqrt(variance)) / mean


def _weights(by_hour: dict[int, float], first_s: float, last_s: float, days: float) -> Floats:
    """Tokens an hour in each hour of a day or week over the mean of these hours."""
    if days * HOURS_OF_A_DAY < LEAST_HOURS or days < DAYS_FOR_A_DAY:
        return np.empty(0)
    hours = HOURS_OF_A_WEEK if days >= DAYS_FOR_A_WEEK else HOURS_OF_A_DAY
    offset = _MONDAY_H if hours == HOURS_OF_A_WEEK else 0
    place = (np.array(list(by_hour)) - offset) % hours
    total = np.bincount(place, np.array(list(by_hour.values())), minlength=hours)
    start = offset * SECONDS_PER_HOUR
    seen_s = _seconds_seen(first_s - start, last_s - start, hours)
    rate = np.where(seen_s > 0, total / np.maximum(seen_s, 1.0), 0.0)
    result: Floats = rate / rate.mean()
    return result


def _seconds_seen(first_s: float, last_s: float, hours: int) -> Floats:
    """How long each hour of the period was looked at: an hour cut by either end counts in part."""
    edges = np.arange(first_s // SECONDS_PER_HOUR, last_s // SECONDS_PER_HOUR + 1)
    start = np.maximum(edges * SECONDS_PER_HOUR, first_s)
    end = np.minimum((edges + 1) * SECONDS_PER_HOUR, last_s)
    place = edges.astype(np.int64) % hours
    return np.bincount(place, end - start, minlength=hours).astype(np.float64)


def _busiest_hour(by_hour: dict[int, float], days: float) -> float:
    total = sum(by_hour.values())
    return max(by_hour.values()) / (total / max(1.0, days * HOURS_OF_A_DAY))
