"""The table of options and its download."""

import csv
import io
import re
from collections.abc import Sequence

import pytest

from core.catalog.schema import Source
from core.decide.result.snapshot import OptionAtVolume
from core.measurement.estimate import Estimate
from core.scenario import THIS_MACHINE
from dashboard.components.compare.option_table import (
    SHOWN_OF_LINK,
    p95_text,
    share,
    shown,
    source_link,
    styled,
)
from dashboard.components.compare.option_table import csv as written
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


def test_what_is_ones_own_is_named_in_table_and_file(ask: Ask) -> None:
    """Cards that are there, and a discount: in the cell of the price, and in columns of the CSV."""
    rows = ask(owned=(("owned/gpu-home", 3),), discounts=(("alpha", 0.25),)).snapshot.rows
    cells = {row.option.id: str(shown(row)["Price"]) for row in rows}
    assert cells["owned/gpu-home"].endswith("(already yours)")
    assert cells["alpha/flat"].endswith("(25 % off list: your discount)")
    assert "(" not in cells["beta/requests"]
    lines = {
        line["option_id"]: line for line in csv.DictReader(io.StringIO(written(rows).decode()))
    }
    assert (lines["owned/gpu-home"]["already_yours"], lines["alpha/flat"]["already_yours"]) == (
        "3.0",
        "",
    )
    assert lines["alpha/flat"]["price_terms"] == "25 % off list: your discount"


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


def test_a_share_fits_its_cell() -> None:
    """The words of a sentence were cut at the edge of a narrow column."""
    shown_shares = [share(value).replace("\xa0", " ") for value in (0.32, 0.004, 0.00001, 0.0)]
    assert shown_shares == ["32 %", "0.4 %", "< 0.01 %", "0 %"]


def test_what_nobody_knows_is_no_yes(ask: Ask) -> None:
    """A computer whose capacity was never measured is not said to be able to serve."""
    texts = {row.option.id: row.serves_text for row in ask().snapshot.rows}
    assert texts[THIS_MACHINE].startswith("Not measured yet")
    assert texts["alpha/flat"] == "yes"


def headings(rows: Sequence[OptionAtVolume]) -> str:
    """The table as it is drawn."""
    return str(styled(rows).to_html())


def test_a_corpus_has_its_column_where_it_is_asked(ask: Ask) -> None:
    """All it costs, its days, and whether they do: in the table and in the file."""
    assert "Corpus, once" not in headings(ask().snapshot.rows)
    rows = ask(corpus_tokens=1e9).snapshot.rows
    assert "Corpus, once" in headings(rows)
    texts = {row.option.id: shown(row)["Corpus, once"] for row in rows}
    assert texts["alpha/flat"] == "$100, 0.72 days, by your deadline"
    assert str(texts["beta/requests"]).endswith(", nobody knows how soon")
    read = {line["option_id"]: line for line in csv.DictReader(io.StringIO(written(rows).decode()))}
    assert float(read["alpha/flat"]["corpus_usd"]) == pytest.approx(100)
    assert read["alpha/flat"]["corpus_in_time"] == "True"
    assert read["beta/requests"]["corpus_days"] == ""


def test_what_stays_unanswered_and_what_is_cut_off_have_their_columns(ask: Ask) -> None:
    """Shares of texts and of tokens; nothing is said of the failures of one's own replicas."""
    rows = ask(failure_rate=0.1, length_cv=0.5).snapshot.rows
    for row in rows:
        cells = shown(row)
        assert cells["Tokens lost"] == row.option.lost_share
        if row.option.id == "alpha/flat":
            assert cells["Unanswered"] == pytest.approx(0.001)
        if row.option.id == "rent/l-1":
            assert cells["Unanswered"] is None


def test_losses_have_a_column_where_there_are_any(ask: Ask) -> None:
    """Columns that would say 0 % of every option take no room from the others."""
    lossless = styled(ask().snapshot.rows).data  # type: ignore[attr-defined]
    assert {"Unanswered", "Tokens lost"}.isdisjoint(lossless.columns)
    rows = ask(failure_rate=0.5).snapshot.rows
    failing = styled(rows).data  # type: ignore[attr-defined]
    assert "Unanswered" in failing.columns
    assert "Tokens lost" not in failing.columns


def test_a_package_is_named_as_the_source_of_a_price() -> None:
    """By name and version, on a link to it; a page by its host."""
    row = {"read": "2026-11-01", "kind": "secondary", "confidence": "low"}
    package = Source.model_validate(row | {"package": "genai-prices", "version": "0.2.3"})
    page = Source.model_validate(row | {"url": "https://www.alpha.com/prices/embeddings"})
    texts = {}
    for source in (package, page):
        matched = re.match(SHOWN_OF_LINK, source_link(source) or "")
        assert matched is not None
        texts[source.where] = matched[1]
    assert list(texts.values()) == ["package genai-prices 0.2.3", "alpha.com"]


def test_a_column_that_says_nothing_of_any_option_is_left_out(ask: Ask) -> None:
    """None has replicas among APIs alone; what one of them says keeps its column."""
    options = ("alpha/flat", "alpha/tiered")
    columns = set(styled(ask(options=options).snapshot.rows).columns)
    assert {"Replicas", "Duty cycle", "Utilisation", "Tokens lost"}.isdisjoint(columns)
    assert {"Option", "USD/month", "Price", "Source of price", "Can serve"} <= columns
    assert "Replicas" in styled(ask(options=(*options, "rent/l-1")).snapshot.rows).columns
