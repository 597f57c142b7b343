"""What was read of a file and what was not, in sentences."""

from typing import Final

from core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR
from core.usage.choice import Chosen
from core.usage.columns import shown
from core.usage.sums import Stream, Usage

_HOURS_OF_A_WEEK: Final = 168
_MOST_NAMED: Final = 30


def remarks_of(
    usage: Usage, part: Chosen, days: float, hours: int, characters_per_token: float
) -> tuple[str, ...]:
    """``hours``: of the rhythm that was seen, 0: none."""
    return (
        *_read(usage, part, days),
        *_lengths(usage, part, characters_per_token),
        _rhythm(part, hours),
        *_left_out(usage, part),
    )


def _read(usage: Usage, part: Chosen, days: float) -> list[str]:
    columns, sums = usage.columns, part.sums
    lengths = columns.tokens or columns.characters
    read_from = f"times from '{columns.time[:_MOST_NAMED]}'"
    if columns.requests:
        read_from += f", requests from '{columns.requests[:_MOST_NAMED]}'"
    if lengths:
        read_from += f", lengths from '{lengths[:_MOST_NAMED]}'"
    what = f"{sums.requests:,.0f} requests over {days:,.3g} days, {read_from}."
    remarks = [what]
    if usage.export is not None:
        remarks.append(f"Read as: {usage.export.maker}.")
    if columns.requests:
        remarks.append(f"A row counts the requests of {_span(usage.bucket_s)}.")
    if usage.doubt:
        remarks.append(usage.doubt)
    return remarks


def _lengths(usage: Usage, part: Chosen, characters_per_token: float) -> list[str]:
    if part.sums.amount <= 0:
        return ["The file does not say how long texts are: your own length of a text stays."]
    remarks = []
    if not usage.columns.tokens:
        remarks.append(f"Characters were turned into tokens at {characters_per_token:g} to one.")
    if usage.bucket_s:
        remarks.append("It says mean lengths alone: your own spread of lengths stays.")
    if part.sums.measured < part.sums.requests:
        missing = part.sums.requests - part.sums.measured
        remarks.append(f"Of {missing:,.0f} requests the length is missing.")
    return remarks


def _rhythm(part: Chosen, hours: int) -> str:
    if not part.sums.is_hourly:
        return (
            f"{_span(part.sums.longest_s).capitalize()} is the longest time of a row, so the "
            "busiest hour is not seen: your own peak stays."
        )
    if hours == 0:
        return "The file is shorter than a day: volume a day is extrapolated, no rhythm."
    if hours == _HOURS_OF_A_WEEK:
        return "The rhythm is that of a week's 168 hours, averaged over the weeks, in UTC."
    return "The rhythm is that of a day's 24 hours, averaged over the days, in UTC."


def _left_out(usage: Usage, part: Chosen) -> list[str]:
    remarks = []
    if part.left_out:
        requests = sum(usage.streams[stream].requests for stream in part.left_out)
        why = "are no embedding" if part.by_name else "were not chosen"
        names = shown([stream.label or "no name" for stream in part.left_out])
        remarks.append(f"{requests:,.0f} requests {why} and were left out: {names}.")
    elif len(part.streams) > 1:
        names = shown([_label(stream) for stream in part.streams])
        remarks.append(f"Taken together: {names}. Choose among them to ask for one alone.")
    if usage.cached:
        remarks.append(f"{usage.cached:,.0f} requests were answered by a cache and left out.")
    if usage.failed:
        remarks.append(f"{usage.failed:,.0f} requests failed and were left out.")
    if usage.unreadable:
        remarks.append(f"{usage.unreadable:,} rows without a usable time or length were left out.")
    if usage.broken_end:
        remarks.append("The last line breaks off and was left out.")
    return remarks


def _label(stream: Stream) -> str:
    return stream.label or "no name"


def _span(seconds: float) -> str:
    if seconds == SECONDS_PER_DAY:
        return "a day"
    if seconds == SECONDS_PER_HOUR:
        return "an hour"
    if seconds > SECONDS_PER_DAY:
        return f"{seconds / SECONDS_PER_DAY:g} days"
    if seconds > SECONDS_PER_HOUR:
        return f"{seconds / SECONDS_PER_HOUR:g} hours"
    return f"{seconds / 60:g} minutes"
