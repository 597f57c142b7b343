"""Frames of a CSV hold the rows that Python's own reader finds, whatever signs stand in it."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.usage.rows import csv_frames as frames_module
from core.usage.rows.csv_frames import UnevenError, csv_frames
from core.usage.rows.csv_rows import csv_rows

HEADING = b"time,model,more\n"
NAMES = ["time", "model"]


def by_frames(content: bytes) -> "Counter[tuple[Any, ...]]":
    """Each row's time and model: those of the frames, and those that no frame has."""
    rows: list[Any] = []
    for frame in csv_frames(content, 0, NAMES, ["model"], rows.append):
        rows += frame.to_pylist()
    return counted(rows)


def counted(rows: list[Any]) -> "Counter[tuple[Any, ...]]":
    """Times and models; of a text that never ends, the ends of lines at its end do not count."""
    return Counter(tuple((row.get(name) or "").rstrip("\r\n") for name in NAMES) for row in rows)


@given(st.text('ab",\n\r é', max_size=40))
@example('a,"b\n"c"",d\n')
@example("a\na,b,c,d,e\n\n,\n")
def test_many_at_once_are_the_rows_one_by_one(body: str) -> None:
    """Quotation marks, ends of lines, rows too short and too long, and what never ends."""
    content = HEADING + body.encode()
    assert by_frames(content) == counted(list(csv_rows(content, 0)))


def test_a_row_lies_over_the_border_of_two_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a hundred bytes: no row is lost, none is there twice."""
    monkeypatch.setattr(frames_module, "FRAME_BYTES", 100)
    lines = [
        f'{number},"a\nb{number % 3}",c' if number % 7 else f"{number}" for number in range(500)
    ]
    content = HEADING + "\n".join(lines).encode()
    assert by_frames(content) == counted(list(csv_rows(content, 0)))


@pytest.mark.parametrize(
    "content",
    [
        b"time,model,time\n1,a,2\n",
        HEADING + b"1,a,b,c\n" * 200,
        HEADING + b'"' + b"x" * (2 * frames_module.FRAME_BYTES) + b'",a,b\n',
    ],
    ids=["a name twice", "no row as wide as the heading", "a row longer than a frame"],
)
def test_what_is_not_even_enough_is_left_to_the_rows(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and nothing is guessed; not more than so many bytes of such rows are held."""
    monkeypatch.setattr(frames_module, "MOST_ODD", 10_000)
    with pytest.raises(UnevenError):
        by_frames(content)


def test_a_file_of_rows_that_are_too_long_is_read() -> None:
    """Each goes the way of a single row."""
    content = HEADING + b"1,a,b,c\n" * 200
    assert by_frames(content) == Counter({("1", "a"): 200})
