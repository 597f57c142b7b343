"""What a user's own requests say of their load: volume, rhythm, peak and lengths.

Everything that is inferred is said in a sentence, with what it rests on.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.cost.curve.breakdown import amount
from core.cost.curve.piecewise import Floats
from core.decide.load.request_file import Requests, read_requests
from core.errors import LoadImportError
from core.scenario import Scenario, Workload, limits
from core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

LEAST_REQUESTS: Final = 20
LEAST_HOURS: Final = 6.0
"""Below it there is no rhythm to see."""
DAYS_FOR_A_DAY: Final = 1.0
DAYS_FOR_A_WEEK: Final = 14.0
"""From so many days the rhythm is that of a week: each of its hours was seen twice."""
HOURS_OF_A_DAY: Final = 24
HOURS_OF_A_WEEK: Final = 168
_MONDAY_S: Final = 4 * SECONDS_PER_DAY
"""1970 began on a Thursday: the first Monday is the fifth day."""


@dataclass(frozen=True, slots=True)
class LoadFound:
    """A load as it was inferred."""

    requests: int
    first_s: float
    last_s: float
    days: float
    requests_per_day: float
    tokens_per_request: float
    length_cv: float
    hour_weights: tuple[float, ...]
    """Tokens in each hour of a day or a week (UTC, a week from Monday) over their mean; empty
    where the file is too short to show a rhythm."""
    peak_to_mean: float | None
    """Busiest of these hours over the mean; None without a rhythm."""
    busiest_hour_to_mean: float
    """The one busiest hour of the file over the mean."""
    said: tuple[str, ...]
    """What was inferred and how, in sentences."""


def import_load(content: bytes, characters_per_token: float) -> LoadFound:
    """Read an export and infer its load. Raises LoadImportError with what is wrong."""
    requests = read_requests(content)
    if requests.at_s.size < LEAST_REQUESTS:
        raise LoadImportError(
            f"The file has {requests.at_s.size} usable requests; at least {LEAST_REQUESTS} are "
            "needed to say anything of a load. Export more of them."
        )
    span_s = float(requests.at_s[-1] - requests.at_s[0])
    if span_s <= 0:
        raise LoadImportError("All requests have the same time, so there is no volume a day.")
    # The last request stands for the gap after it, as every other one does.
    days = span_s * requests.at_s.size / (requests.at_s.size - 1) / SECONDS_PER_DAY
    per_token = 1.0 if requests.columns.in_tokens else characters_per_token
    tokens = requests.lengths / per_token
    weights = _weights(requests.at_s, tokens, days)
    return LoadFound(
        requests=int(requests.at_s.size),
        first_s=float(requests.at_s[0]),
        last_s=float(requests.at_s[-1]),
        days=days,
        requests_per_day=requests.at_s.size / days,
        tokens_per_request=float(tokens.mean()),
        length_cv=float(tokens.std() / tokens.mean()),
        hour_weights=tuple(weights.tolist()),
        peak_to_mean=float(weights.max()) if weights.size else None,
        busiest_hour_to_mean=_busiest_hour(requests.at_s, tokens, days),
        said=_said(requests, days, weights, characters_per_token),
    )


def with_load(scenario: Scenario, imported: LoadFound) -> tuple[Scenario, tuple[str, ...]]:
    """The scenario with the load, and a sentence for each value that had to be clamped."""
    wanted: dict[str, float] = {
        "requests_per_day": imported.requests_per_day,
        "tokens_per_request": imported.tokens_per_request,
        "length_cv": imported.length_cv,
    }
    if imported.peak_to_mean is not None:
        wanted["peak_to_mean"] = imported.peak_to_mean
    update: dict[str, object] = {}
    clamped = []
    for field, value in wanted.items():
        low, high = limits(Workload, field)
        update[field] = min(max(value, low), high)
        if update[field] != value:
            name = field.replace("_", " ")
            brought = amount(min(max(value, low), high))
            clamped.append(f"The {name} of {amount(value)} was brought to {brought}.")
    if imported.hour_weights:
        update["hour_weights"] = imported.hour_weights
    load = scenario.workload.model_copy(update=update)
    return scenario.model_copy(update={"workload": load}), tuple(clamped)


def _weights(at_s: Floats, tokens: Floats, days: float) -> Floats:
    """Tokens an hour in each hour of a day or week over the mean of these hours."""
    if days * HOURS_OF_A_DAY < LEAST_HOURS or days < DAYS_FOR_A_DAY:
        return np.empty(0)
    hours = HOURS_OF_A_WEEK if days >= DAYS_FOR_A_WEEK else HOURS_OF_A_DAY
    offset = _MONDAY_S if hours == HOURS_OF_A_WEEK else 0.0
    place = ((at_s - offset) // SECONDS_PER_HOUR).astype(np.int64) % hours
    total = np.bincount(place, tokens, minlength=hours)
    seen_s = _seconds_seen(float(at_s[0]) - offset, float(at_s[-1]) - offset, hours)
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


def _busiest_hour(at_s: Floats, tokens: Floats, days: float) -> float:
    hour = (at_s // SECONDS_PER_HOUR).astype(np.int64)
    _, place = np.unique(hour, return_inverse=True)
    busiest = float(np.bincount(place, tokens).max())
    return busiest / (float(tokens.sum()) / max(1.0, days * HOURS_OF_A_DAY))


def _said(
    requests: Requests, days: float, weights: Floats, characters_per_token: float
) -> tuple[str, ...]:
    columns = requests.columns
    read_from = f"times from '{columns.time[:30]}', lengths from '{columns.length[:30]}'"
    remarks = [f"{requests.at_s.size:,} requests over {days:,.3g} days, {read_from}."]
    if not columns.in_tokens:
        remarks.append(f"Characters were turned into tokens at {characters_per_token:g} to one.")
    if weights.size == 0:
        remarks.append("The file is shorter than a day: volume a day is extrapolated, no rhythm.")
    elif weights.size == HOURS_OF_A_WEEK:
        remarks.append("The rhythm is that of a week's 168 hours, averaged over the weeks, in UTC.")
    else:
        remarks.append("The rhythm is that of a day's 24 hours, averaged over the days, in UTC.")
    if requests.unreadable:
        remarks.append(
            f"{requests.unreadable:,} rows without a usable time or length were left out."
        )
    if requests.broken_end:
        remarks.append("The last line breaks off and was left out.")
    if requests.cut:
        remarks.append("Only the first million rows were read.")
    return tuple(remarks)
