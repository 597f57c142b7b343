"""Texts are taken apart into heading, body and functions."""

import pytest

from dashboard.components.method import method_texts
from dashboard.components.method.method_sections import contents, label, place, unbroken
from dashboard.resources.source import Code


@pytest.mark.parametrize("name", method_texts.FORMULAS)
def test_a_section_has_all_its_parts(name: str) -> None:
    """Nothing is lost between the file and its parts, and no name stays in the body."""
    whole, found = method_texts.text(name), method_texts.section(name)
    assert whole.startswith(f"### {found.title}\n")
    assert found.title
    assert found.body
    assert method_texts.CODE not in found.body
    named = ", ".join(f"`{dotted}`" for dotted in found.functions)
    assert whole == f"### {found.title}\n\n{found.body}\n\n{method_texts.CODE} {named}.\n"


def test_sections_have_addresses_of_their_own() -> None:
    """No two sections share an anchor, and none reads like another's title."""
    found = [method_texts.section(name) for name in method_texts.FORMULAS]
    assert len({one.anchor for one in found}) == len(found)
    assert len({one.title for one in found}) == len(found)


def test_the_contents_lead_to_every_section() -> None:
    """One link for each section, in the order of reading."""
    links = [
        f"[{one.title}](#{one.anchor})" for one in map(method_texts.section, method_texts.FORMULAS)
    ]
    places = [contents().index(link) for link in links]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("dotted", "shown"),
    [
        ("core.cost.by_use.usage_bill.UsageBill.curve", "UsageBill.curve"),
        ("core.cost.by_replica.spot_and_reserved.Tranche", "spot_and_reserved.Tranche"),
        ("core.cost.by_replica.capital.monthly_rate", "capital.monthly_rate"),
    ],
)
def test_a_function_is_called_by_its_last_two_names(dotted: str, shown: str) -> None:
    """A method with its class, anything else with its module."""
    assert label(dotted) == shown


def test_a_number_stays_with_its_sign() -> None:
    """Only the space before a per cent sign is one that does not break."""
    assert unbroken("68.5 % of 5 texts, 100 %") == "68.5\u00a0% of 5 texts, 100\u00a0%"


def test_a_place_is_file_and_line() -> None:
    """The line is left out where there is no source."""
    assert place(Code("core.a.b", "core/a.py", 7, "", "")) == "`core/a.py`, line 7"
    assert place(Code("core.a.b", "core/a.py", None, "", "")) == "`core/a.py`"
