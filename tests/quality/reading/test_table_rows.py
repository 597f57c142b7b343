"""Rows of small files, and where a person finds them."""

import pytest

from core.errors import QualityInputError
from core.quality.reading import table_rows as module
from core.quality.reading.table_rows import table_rows


def test_a_row_is_counted_as_a_spreadsheet_counts() -> None:
    """The heading is row 1, a text of several lines one row, an empty line one too."""
    content = b'a,b\n"one\ntwo",x\n\nthree,y\n'
    assert [row.place for row in table_rows(content, "pairs")] == [
        "Row 2 of the pairs",
        "Row 4 of the pairs",
    ]


def test_a_line_of_json_is_counted_as_an_editor_counts() -> None:
    """Blank lines count."""
    content = b'\n\n{"a": 1}\n\n{"a": 2}'
    assert [(row.place, row.fields) for row in table_rows(content, "pairs")] == [
        ("Line 3 of the pairs", {"a": 1}),
        ("Line 5 of the pairs", {"a": 2}),
    ]


def test_a_row_may_leave_its_last_fields_out() -> None:
    """They are absent, not empty."""
    assert [row.fields for row in table_rows(b"a,b\nx\n", "pairs")] == [{"a": "x"}]


def test_a_file_of_millions_of_empty_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """They cost memory although they hold nothing."""
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    with pytest.raises(QualityInputError, match="more than 3 rows"):
        list(table_rows(b"{}\n" * 4, "pairs"))


def test_a_text_longer_than_a_field_may_be_says_so_and_fits_in_json() -> None:
    """131,072 characters are the most of a field of a CSV; a line of JSON holds more."""
    text = b"x" * 131_073
    with pytest.raises(QualityInputError, match="Row 2 of the pairs has a text of more than 131,"):
        list(table_rows(b"a,b\ny," + text + b"\n", "pairs"))
    (row,) = table_rows(b'{"a": "' + text + b'"}', "pairs")
    assert row.fields == {"a": text.decode()}
