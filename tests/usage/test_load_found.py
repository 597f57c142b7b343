"""The user's own requests: what is inferred from them, and every kind of file that is none."""

import json
import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BreakevenError, LoadImportError
from core.scenario import Scenario
from core.usage.load_found import MAX_BYTES, LoadFound
from core.usage.take_load import with_load
from tests.harness.uploaded_load import import_load

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday


def requests(days: float, per_hour: list[int], tokens: int = 100) -> list[tuple[datetime, int]]:
    """So many requests in each hour of a repeating day, evenly spread in the hour."""
    rows = []
    for hour in range(int(days * 24)):
        count = per_hour[hour % len(per_hour)]
        for n in range(count):
            at = START + timedelta(hours=hour, seconds=(n + 0.5) * 3600 / count)
            rows.append((at, tokens + (50 if n % 2 else -50)))
    return rows


def as_csv(rows: list[tuple[datetime, int]], header: str = "timestamp,prompt_tokens") -> bytes:
    """The rows as a gateway exports them."""
    return "\n".join([header, *(f"{at.isoformat()},{n}" for at, n in rows)]).encode() + b"\n"


def found(content: bytes) -> LoadFound:
    """What is inferred at four characters a token."""
    return import_load(content, 4.0)


def why_refused(content: bytes) -> str:
    """The sentence with which a file is refused; "." where it is read."""
    try:
        found(content)
    except BreakevenError as error:
        return str(error)
    return "."


DAY = [2] * 12 + [10] * 2 + [2] * 10


def test_volume_rhythm_and_lengths_come_out_as_they_went_in() -> None:
    """Three days of a known rhythm: 64 requests a day, a busy hour at 10 of 2.67."""
    load = found(as_csv(requests(3, DAY)))
    assert load.requests == 192
    assert load.requests_per_day == pytest.approx(64, rel=0.03)
    assert load.tokens_per_request == pytest.approx(100, rel=1e-9)
    assert load.length_cv == pytest.approx(0.5, rel=1e-9)
    assert len(load.hour_weights) == 24
    assert load.busiest_hour_to_mean == pytest.approx(10 / (64 / 24), rel=0.05)
    assert load.peak_to_mean == pytest.approx(10 / (64 / 24), rel=0.1)
    assert int(np.argmax(load.hour_weights)) in (12, 13)
    assert np.mean(load.hour_weights) == pytest.approx(1)


def test_two_weeks_show_the_days_of_the_week() -> None:
    """168 weights from Monday; a quiet weekend is quiet."""
    week = [4] * 120 + [1] * 48
    load = found(as_csv(requests(28, week)))
    assert len(load.hour_weights) == 168
    assert np.mean(load.hour_weights[120:]) < np.mean(load.hour_weights[:120]) / 3
    assert any("168 hours" in sentence for sentence in load.remarks)


def test_less_than_a_day_gives_no_rhythm_and_says_so() -> None:
    """The volume a day is extrapolated."""
    load = found(as_csv(requests(0.5, [5])))
    assert load.hour_weights == ()
    assert load.peak_to_mean is None
    assert load.requests_per_day == pytest.approx(120, rel=0.03)
    assert any("extrapolated" in sentence for sentence in load.remarks)


@pytest.mark.parametrize("scale", [1, 1_000, 1_000_000, 1_000_000_000])
def test_unix_times_are_told_apart_by_their_size(scale: int) -> None:
    """Seconds, milliseconds, microseconds, nanoseconds."""
    rows = [f"{int(at.timestamp() * scale)},{n}" for at, n in requests(2, [3])]
    content = "\n".join(["ts,tokens", *rows]).encode()
    assert found(content).requests_per_day == pytest.approx(72, rel=0.03)


@pytest.mark.parametrize("shape", ["array", "lines", "wrapped", "semicolons", "tabs"])
def test_the_same_requests_in_every_format(shape: str) -> None:
    """A JSON array, one object a line, an object around a list, other separators."""
    rows = requests(2, [3])
    objects = [{"created_at": at.isoformat(), "usage": {"prompt_tokens": n}} for at, n in rows]
    contents = {
        "array": json.dumps(objects),
        "lines": "\n".join(json.dumps(o) for o in objects),
        "wrapped": json.dumps({"object": "list", "data": objects}, indent=1),
        "semicolons": as_csv(rows).decode().replace(",", ";"),
        "tabs": "\n" + as_csv(rows).decode().replace(",", "\t"),
    }
    load = found(contents[shape].encode())
    assert load.requests == 144
    assert load.tokens_per_request == pytest.approx(250 / 3)  # 50, 150, 50
    assert not any("breaks off" in sentence for sentence in load.remarks)
    assert load.first_s == pytest.approx(rows[0][0].timestamp())
    assert load.last_s == pytest.approx(rows[-1][0].timestamp())


def test_characters_become_tokens_and_the_rate_is_said() -> None:
    """Four to one, where no tokens are given."""
    load = found(as_csv(requests(2, [3], tokens=400), "Time,Characters"))
    in_tokens = found(as_csv(requests(2, [3], tokens=400), "time,tokens"))
    assert in_tokens.tokens_per_request is not None
    assert load.tokens_per_request == pytest.approx(in_tokens.tokens_per_request / 4)
    assert any("4 to one" in sentence for sentence in load.remarks)


def test_a_half_written_file_is_read_up_to_its_last_line() -> None:
    """A log that was being written: the broken line is left out, and that is said."""
    rows = as_csv(requests(2, [3]))
    load = found(rows + b"2026-03-04T00:0")
    assert load.requests == 144
    assert any("breaks off" in sentence for sentence in load.remarks)
    lines = "\n".join(json.dumps({"ts": at.timestamp(), "tokens": n}) for at, n in requests(2, [3]))
    assert found(lines.encode() + b'\n{"ts": 17').requests == 144


def test_rows_that_cannot_be_used_are_counted() -> None:
    """Bad times, negative lengths, words: left out, and said."""
    rows = as_csv(requests(2, [3]))
    rows += b"yesterday,5\n2026-03-03T10:00:00Z,-1\n2026-03-03T10:00:00Z,many\n,\n"
    load = found(rows)
    assert load.requests == 144
    assert any(sentence.startswith("4 rows") for sentence in load.remarks)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"\x89PNG\x00\x00", "not text"),
        ("timestamp,tokens\n".encode("utf-16"), "not text|not UTF-8"),
        (b"timestamp,tokens\n", "no rows"),
        (b"a,b\n1,2\n", "No column with the time"),
        (b"time,b\n1,2\n", "No column with tokens or characters"),
        (b"time,tokens\nx,y\n", "only 0 have a time"),
        (b"time,tokens\n2026-01-01,5\n", "at least 20"),
        (b"time,tokens\n" + b"2026-01-01T00:00:00Z,5\n" * 30, "the same time"),
        (b'[{"ts": 1', "breaks off or is malformed"),
        (b"[" * 200_000, "breaks off or is malformed"),
        (b'{"a": ' * 100_000, "breaks off or is malformed"),
        (b"[]", "no rows"),
        (b'{"data": 3}', "No column|no rows"),
        (b'time,tokens\n"' + b"x" * 200_000, "cannot be read|only 0"),
        (b"\xff\xfe\xfa", "not UTF-8"),
    ],
)
def test_what_is_no_export_gets_a_sentence(content: bytes, message: str) -> None:
    """Empty, binary, headless, hostile and half-written files."""
    with pytest.raises(LoadImportError, match=message):
        found(content)


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    """The size is looked at first."""
    with pytest.raises(LoadImportError, match="at most 50 MB"):
        found(b"time,tokens\n" + b"1" * MAX_BYTES)


def test_names_of_columns_are_shown_cut_and_clean() -> None:
    """A hostile heading neither floods nor colours the error."""
    names = ",".join(["\x1b[31m" + "a" * 500] + ["b"] * 50)
    with pytest.raises(LoadImportError) as error:
        found(names.encode() + b"\n" + b"1," * 50 + b"1\n")
    assert "\x1b" not in str(error.value)
    assert len(str(error.value)) < 400


def test_how_many_names_are_not_shown_is_said() -> None:
    """Eight of eleven, and three more; of eight all."""
    heading = ",".join(f"column{n}" for n in range(11))
    assert "column7 and 3 more. Rename" in why_refused(heading.encode() + b"\n" + b"1," * 10 + b"1")
    assert " more" not in why_refused(b"a,b,c,d,e,f,g,h\n1,1,1,1,1,1,1,1\n")


def test_an_even_load_is_even_however_the_hours_are_cut() -> None:
    """From 00:25 to 17:05 of the next day: the hours at the ends count by what was seen of them."""
    rows = [(START + timedelta(minutes=25 + n), 100) for n in range(40 * 60 + 41)]
    assert found(as_csv(rows)).hour_weights == pytest.approx([1.0] * 24, rel=0.02)


def test_a_short_line_at_the_top_does_not_hide_a_broken_end() -> None:
    """The heading says how many fields a line has."""
    rows = as_csv(requests(2, [3])).decode().splitlines()
    broken = [rows[0], "2026-03-02T00:00", *rows[1:], "2026-03-04T00:0"]
    load = found("\n".join(broken).encode())
    assert any("breaks off" in sentence for sentence in load.remarks)


@given(st.binary(max_size=300))
def test_no_bytes_get_past_our_own_errors(content: bytes) -> None:
    """Whatever comes is read or refused in a sentence."""
    assert why_refused(content).endswith(".")


@given(st.text(alphabet='{}[]",:;\n\t0123456789.eE-+timeokns ', max_size=200))
def test_no_text_like_an_export_gets_past_either(text: str) -> None:
    """The same with the signs that such files are made of."""
    assert why_refused(text.encode()).endswith(".")


def test_the_scenario_takes_the_load_whole() -> None:
    """Volume, length, spread, rhythm and peak."""
    load = found(as_csv(requests(3, DAY)))
    taken = with_load(Scenario(), load).workload
    assert taken.requests_per_day == pytest.approx(load.requests_per_day)
    assert taken.hour_weights == load.hour_weights
    assert taken.busy_hour_to_mean == pytest.approx(load.peak_to_mean)
    assert math.isclose(taken.length_cv, 0.5)


def test_a_value_that_no_question_has_is_refused_and_not_brought_to_one() -> None:
    """200,000 tokens a request: another column was meant, and nothing is taken."""
    long = found(as_csv(requests(2, [3], tokens=200_000)))
    with pytest.raises(LoadImportError, match=r"200,000 tokens per .* 32,768\. .* by hand"):
        with_load(Scenario(), long)


def test_without_a_rhythm_the_scenario_keeps_its_own_peak() -> None:
    """Half a day shows none; of three days the peak is taken over beside the rhythm."""
    own = Scenario()
    short = with_load(own, found(as_csv(requests(0.5, [5]))))
    assert short.workload.peak_to_mean == own.workload.peak_to_mean
    assert short.workload.hour_weights == own.workload.hour_weights
    load = found(as_csv(requests(3, DAY)))
    assert with_load(own, load).workload.peak_to_mean == pytest.approx(load.peak_to_mean)


def test_a_file_of_just_the_most_bytes_is_read() -> None:
    """What is wrong with it is its one row, not its size."""
    heading = b"time,tokens\n"
    with pytest.raises(LoadImportError) as error:
        found(heading + b"1" * (MAX_BYTES - len(heading)))
    assert "50 MB" not in str(error.value)
