"""No export of the page holds a formula."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.shared.csv_file import csv_bytes, safe_cell

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    '"=1',
    "'=1",
    ' "\'=cmd|"/c calc"!A1',
    "＝1+1",
    '=HYPERLINK("http://x","y")',
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_a_text_in_every_cell_and_heading(text: str) -> None:
    """It begins with an apostrophe, which a spreadsheet reads as "this is text"."""
    data = csv_bytes(pd.DataFrame({"plain": [text, "a"], text: ["b", text]}))
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert rows == [["plain", f"'{text}"], [f"'{text}", "b"], ["a", f"'{text}"]]


def test_numbers_stay_numbers() -> None:
    """Negative ones too, and those that stand as text."""
    table = pd.DataFrame(
        {
            "a": [-1.5, 2.0],
            "b": [-3, 4],
            "c": ["-5", "+6.5e-7"],
            "d": [None, -1],
            "e": [True, False],
            "f": pd.to_datetime(["2026-01-01", "2026-01-02"]),
        }
    )
    read = pd.read_csv(io.BytesIO(csv_bytes(table)))
    assert read["a"].tolist() == [-1.5, 2.0]
    assert read["b"].tolist() == [-3, 4]
    assert read["c"].tolist() == [-5, 6.5e-7]
    assert read["d"].tolist()[1] == -1
    assert read["e"].tolist() == [True, False]
    assert read["f"].tolist() == ["2026-01-01", "2026-01-02"]


def test_a_separator_of_another_country_starts_no_cell() -> None:
    """Where the list separator is a semicolon, a text with one in it is still one cell."""
    data = csv_bytes(pd.DataFrame({"a": ["x;=1+1", "y\t=1+1"]}))
    assert data.splitlines()[1:] == [b'"x;=1+1"', b'"y\t=1+1"']


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_reads_back_and_is_no_formula(text: str) -> None:
    """What is no formula is not touched; what begins like one is."""
    data = csv_bytes(pd.DataFrame({"a": [text]}))
    ((read,),) = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    assert read == safe_cell(text)
    assert read in (text, f"'{text}")
    assert read[:1] not in tuple("=@\t\r\n")


def test_no_module_writes_csv_by_another_way() -> None:
    """One function for every table that leaves the page."""
    root = Path(__file__).parents[4]
    writers = [
        path.name
        for room in ("core", "dashboard")
        for path in (root / room).rglob("*.py")
        if "to_csv(" in path.read_text(encoding="utf-8")
    ]
    assert writers == ["csv_file.py"]
