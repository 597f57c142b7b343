"""Many rows at once are the same as one by one."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.usage.choice import Wanted
from core.usage.load_found import load_of_file
from core.usage.rows.csv_frames import FRAME_BYTES
from core.usage.sums import FIRST_LOOK
from tests.harness.uploaded_load import import_load

START = datetime(2026, 3, 2, tzinfo=UTC)
ODD = (
    "yesterday,m,embedding,5,,",
    "2026-03-02,m,embedding,7,,",
    "02.03.2026 14:05,m,embedding,9,,",
    "1772409600000,m,embedding,11,,200",
    "1772409600.5,m,embedding,12,,",
    "20260302,m,embedding,13,,",
    "2026-03-02T10:00:00,m,embedding,-1,,",
    "2026-03-02T10:00:00+02:00,m,embedding,1_000,,",
    "2026-03-02T10:00:00Z,m,embedding, 14 ,,",
    "2026-03-02 10:00:00.123456,m,embedding,15,true,",
    "2026-03-02T10:00:00Z,m,chat,16,,",
    "2026-03-02T10:00:00Z,m,embedding,17,,failure",
    '2026-03-02T10:00:00Z,"m,\nn",embedding,18,,429',
    "1999-03-02T10:00:00Z,m,embedding,19,,",
    "9999-12-31T23:59:59Z,m,embedding,19,,",
    "2026-03-02T10:00:00Z,m,embedding,nan,,",
    "2026-03-02T10:00:00Z,m,embedding,1e3,,",
    ",,,,,",
    "2026-03-02T10:00:00Z,m",
)


def a_log(rng: random.Random, rows: int) -> str:
    """Rows of every kind among plain ones."""
    lines = ["timestamp,model,call_type,prompt_tokens,cache_hit,status"]
    for n in range(rows):
        if rng.random() < 0.02:
            lines.append(rng.choice(ODD))
            continue
        at = START + timedelta(seconds=n * 7 + rng.random())
        kind = rng.choice(["aembedding", "acompletion"])
        lines.append(f"{at.isoformat()},{rng.choice('abc')},{kind},{rng.randint(1, 900)},False,")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(3))
def test_a_file_on_the_disk_says_what_an_upload_says(seed: int, tmp_path: Path) -> None:
    """Plain rows by the frame and odd ones alone: the same sums, to rounding."""
    content = a_log(random.Random(seed), FIRST_LOOK + 5_000)
    path = tmp_path / "log.csv"
    path.write_text(content, encoding="utf-8")
    for wanted in (Wanted(), Wanted(calls=("acompletion",)), Wanted(models=("a",))):
        one = import_load(content.encode(), 4.0, wanted=wanted)
        many = load_of_file(path, 4.0, wanted=wanted)
        assert many.remarks == one.remarks
        assert many.requests == one.requests
        assert many.tokens_per_request == pytest.approx(one.tokens_per_request, rel=1e-12)
        assert many.length_cv == pytest.approx(one.length_cv, rel=1e-9)
        assert many.hour_weights == pytest.approx(one.hour_weights, rel=1e-9)
        assert many.first_s == pytest.approx(one.first_s, abs=1e-3)
        assert many.last_s == pytest.approx(one.last_s, abs=1e-3)


def test_uneven_rows_are_read_one_at_a_time(tmp_path: Path) -> None:
    """A row with more fields than the heading costs the speed, and no row."""
    content = a_log(random.Random(1), FIRST_LOOK + 100) + "2026-03-02T10:00:00Z,a,b,5,,,,,\n"
    path = tmp_path / "log.csv"
    path.write_text(content, encoding="utf-8")
    assert load_of_file(path, 4.0).remarks == import_load(content.encode(), 4.0).remarks


def test_a_stretch_of_rows_too_long_among_even_ones(tmp_path: Path) -> None:
    """Also where no row of a whole frame is as wide as the heading."""
    heading, *lines = a_log(random.Random(2), FIRST_LOOK + 100).splitlines()
    wide = [f"{line},{'x' * 400}" for line in lines]
    content = "\n".join([heading, *wide, *lines]) + "\n"
    path = tmp_path / "log.csv"
    path.write_text(content, encoding="utf-8")
    assert len("\n".join(wide)) > 2 * FRAME_BYTES
    assert load_of_file(path, 4.0).remarks == import_load(content.encode(), 4.0).remarks
