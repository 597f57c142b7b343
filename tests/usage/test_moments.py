"""Dates of every country, time zones, and the hour that is there twice."""

from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LoadImportError
from core.usage.moments import DateOrder, clock_for

BERLIN = ZoneInfo("Europe/Berlin")


def read(*values: object, order: DateOrder | None = None) -> list[datetime | None]:
    """The values in turn, by a clock made for them."""
    clock = clock_for(values, order)
    seconds = [clock.read(value) for value in values]
    return [None if s is None else datetime.fromtimestamp(s, UTC) for s in seconds]


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-31T14:05:00Z", at(3, 31, 14, 5)),
        ("2026-03-31 14:05", at(3, 31, 14, 5)),
        ("2026-03-31", at(3, 31)),
        ("2026-03-31T14:05:00+02:00", at(3, 31, 12, 5)),
        ("31.03.2026 14:05", at(3, 31, 14, 5)),
        ("31.3.2026", at(3, 31)),
        ("03/31/2026 2:05 PM", at(3, 31, 14, 5)),
        ("03/31/2026 12:05 am", at(3, 31, 0, 5)),
        ("31/03/2026 14:05:00", at(3, 31, 14, 5)),
        ("[31/Mar/2026:14:05:00 +0200]", at(3, 31, 12, 5)),
        ("1774965900", at(3, 31, 14, 5)),
        (1774965900000, at(3, 31, 14, 5)),
        ("1774965900000", at(3, 31, 14, 5)),
        ("1710121231530", datetime(2024, 3, 11, 1, 40, 31, 530_000, tzinfo=UTC)),
        ("20260331", at(3, 31)),
        ("yesterday", None),
        ("31.02.2026", None),
        ("25:99", None),
        (None, None),
        (True, None),
    ],
)
def test_a_time_is_read_as_it_was_written(text: object, moment: datetime | None) -> None:
    """ISO, German, American, British, of a log, and Unix times; all else is none."""
    assert read(text) == [moment]


def test_evidence_tells_the_day_from_the_month() -> None:
    """One date with a 13th settles all; else the order in which they rise."""
    assert read("02/03/2026", "13/03/2026") == [at(3, 2), at(3, 13)]
    assert read("03/02/2026", "03/13/2026") == [at(3, 2), at(3, 13)]
    assert read("11/03/2026", "12/03/2026", "01/04/2026") == [at(3, 11), at(3, 12), at(4, 1)]


def test_what_nothing_tells_apart_is_said() -> None:
    """3 April or 4 March: read as the United States do, with the doubt."""
    clock = clock_for(["03/04/2026"], None)
    assert clock.read("03/04/2026") == at(3, 4).timestamp()
    assert "month-first" in clock.doubt
    assert read("03/04/2026", order=DateOrder.DAY_FIRST) == [at(4, 3)]
    assert clock_for(["2026-03-04"], None).doubt == ""


def test_a_file_that_contradicts_itself_is_refused() -> None:
    """Day-first here and month-first there; or not at all as was said."""
    with pytest.raises(LoadImportError, match="neither all day-first nor all month-first"):
        clock_for(["13/03/2026", "03/13/2026"], None)
    with pytest.raises(LoadImportError, match=r"'31/03/2026' cannot be\. .* day-first"):
        read("31/03/2026", order=DateOrder.MONTH_FIRST)


def test_the_hour_that_is_there_twice_is_two_hours() -> None:
    """25 October 2026 in Berlin: 02:00 in summer time, then 02:00 again, each an hour long."""
    clock = clock_for([], None, BERLIN)
    hours = ["01:00", "02:00", "02:30", "02:00", "02:30", "03:00"]
    seconds = [clock.read(f"2026-10-25 {hour}") for hour in hours]
    known = [s for s in seconds if s is not None]
    steps = [(b - a) / 60 for a, b in pairwise(known)]
    assert steps == [60, 30, 30, 30, 30]


@given(st.text(max_size=40))
def test_no_text_gets_past(text: str) -> None:
    """Whatever stands there is a time, or none, or a refusal."""
    with suppress(LoadImportError):
        assert clock_for([text], None).read(text) is None or text
