"""Every number's source, safe to show."""

from datetime import date

from pydantic import AnyUrl

from core.catalog.schema import Confidence, Source, SourceKind
from core.decide.answer.bill_inputs import inputs_of
from core.decide.case import Case
from dashboard import formats
from dashboard.components.compare.provenance_box import option_sources, source_text
from tests.dashboard.conftest import Ask


def test_a_source_has_its_address_date_kind_and_words() -> None:
    """All that a reader needs to check a number is there."""
    text = source_text(
        Source(
            url=AnyUrl("https://prices.example/a_(b)?x=1"),
            read=date(2026, 1, 15),
            kind=SourceKind.LIST_PRICE,
            confidence=Confidence.HIGH,
            note="$0.10 per *million*",
        )
    )
    assert "list price" in text
    assert "high confidence" in text
    assert "2026-01-15" in text
    assert "(https://prices.example/a_%28b%29?x=1)" in text
    assert r"\$0.10 per \*million\*" in text


def test_a_judgement_says_that_it_has_no_address() -> None:
    """What somebody thinks is not dressed up as a source."""
    source = Source(
        read=date(2026, 1, 15), kind=SourceKind.JUDGEMENT, confidence=Confidence.LOW, note="a guess"
    )
    assert source_text(source).startswith("judgement, low confidence")
    assert "no address" in source_text(source)


def test_each_option_shows_what_its_numbers_rest_on(ask: Ask) -> None:
    """Price source, capacity and every line of the bill are listed."""
    answer = ask()
    for row in answer.snapshot.rows:
        named = inputs_of(row.option, Case(answer.scenario, answer.catalog))
        text = option_sources(row, {entry.name: entry for entry in named})
        assert all(line.label in text for line in row.lines)
        assert all(formats.plain(f"{name}: ") in text for line in row.lines for name in line.inputs)
        if row.option.price.source is not None:
            assert "Price list:" in text
        if row.option.capacity is not None:
            assert "usable a replica" in text
