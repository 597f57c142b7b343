"""The table of options and its download."""

import csv
import io

import pytest

from core.measurement.estimate import Estimate
from core.scenario import THIS_MACHINE
from dashboard.components.compare.option_table import csv as written
from dashboard.components.compare.option_table import p95_text, serves_text, shown, styled
from tests.dashboard.conftest import Ask, measurement


def test_the_download_has_every_option_in_full_precision(ask: Ask) -> None:
    """What is rounded on the page is exact in the file."""
    rows = ask().snapshot.rows
    read = list(csv.DictReader(io.StringIO(written(rows).decode())))
    assert [line["option_id"] for line in read] == [row.option.id for row in rows]
    for line, row in zip(read, rows, strict=True):
        if row.usd_per_month is None:
            assert line["usd_per_month"] == ""
        else:
            assert float(line["usd_per_month"]) == pytest.approx(row.usd_per_month, rel=1e-14)


def test_an_option_that_cannot_serve_says_why(ask: Ask) -> None:
    """The table never leaves a "no" without its reason."""
    for row in ask().snapshot.rows:
        text = shown(row)["Can serve"]
        known = row.option.id != THIS_MACHINE
        assert text == "yes" if row.feasible and known else text not in ("yes", "")


def test_own_prices_are_marked(ask: Ask) -> None:
    """A price that the user set is never taken for a list price."""
    answer = ask(prices=(("rent/l-1", 0.25),))
    row = next(r for r in answer.snapshot.rows if r.option.id == "rent/l-1")
    assert shown(row)["Price"] == "$0.25/h (yours)"


def test_the_p95_says_what_it_rests_on(ask: Ask) -> None:
    """Measured, failing and unknown are told apart."""
    measured = {
        "alpha/flat": measurement("alpha/flat", Estimate(value_s=0.08)),
        "rent/l-1": measurement("rent/l-1", Estimate(value_s=None), n_failed=9),
    }
    texts = {row.option.id: p95_text(row) for row in ask(measured=measured).snapshot.rows}
    assert texts["alpha/flat"].replace("\xa0", " ") == "80 ms"
    assert texts["rent/l-1"] == "failures reach into it"
    assert texts["beta/characters"] == "not measured"


def test_the_table_sorts_by_number(ask: Ask) -> None:
    """Cells are numbers that are shown as text, not text."""
    table = styled(ask().snapshot.rows)
    assert table.data["USD/month"].dtype.kind == "f"  # type: ignore[attr-defined]
    assert "$" in table.to_html()


def test_what_nobody_knows_is_no_yes(ask: Ask) -> None:
    """A computer whose capacity was never measured is not said to be able to serve."""
    texts = {row.option.id: serves_text(row) for row in ask().snapshot.rows}
    assert texts[THIS_MACHINE].startswith("Not measured yet")
    assert texts["alpha/flat"] == "yes"
