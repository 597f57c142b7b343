"""The break-even below the table of `compare`."""

from pathlib import Path

import pytest

from core.catalog.schema import Catalog
from core.cli.break_even_line import break_even_line
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.scenario import Scenario
from tests.cli.terminal import breakeven

API, MACHINE = "alpha/flat", "rent/l-1"


def said(catalog: Catalog, *options: str, **hosting: object) -> str:
    """The line of a question over the frozen catalogue."""
    asked = Scenario.model_validate(
        {"hosting": {"model": "open/large", **hosting}, "options": options}
    )
    case = Case(asked, catalog)
    return break_even_line(at_volume(curves(case), case))


def test_where_the_machine_becomes_cheaper_is_said(frozen_catalog: Catalog) -> None:
    """By hand: two at $1 an hour for 720 hours, and labour, at $0.10 for 1M tokens of the API."""
    line = said(frozen_catalog, API, MACHINE, labour_usd_per_month=0)
    assert line.endswith("at 14,400,000,000 tokens a month.")


def test_the_lead_for_good_is_said_where_it_is_at_another_volume(frozen_catalog: Catalog) -> None:
    """A step of the machines gives the lead away once more."""
    line = said(frozen_catalog, API, MACHINE, labour_usd_per_month=25_000)
    assert line.endswith(
        "at 358,000,000,000 tokens a month, and is cheaper for good from 365,200,000,000."
    )


def test_a_break_even_beyond_ones_own_cards_is_said_to_be(frozen_catalog: Catalog) -> None:
    """One card that is there, labour so dear that it would take more: beyond what it carries."""
    asked = Scenario.model_validate(
        {
            "hosting": {"model": "open/large", "labour_usd_per_month": 900_000},
            "options": (API, "owned/gpu-home"),
            "owned": (("owned/gpu-home", 1),),
        }
    )
    case = Case(asked, frozen_catalog)
    assert break_even_line(at_volume(curves(case), case)).endswith(" that yours carry.")


@pytest.mark.parametrize("options", [(API,), (MACHINE,)])
def test_without_a_pair_nothing_is_said(frozen_catalog: Catalog, options: tuple[str, ...]) -> None:
    """One side alone breaks even with nobody."""
    assert said(frozen_catalog, *options) == ""


def test_a_machine_that_is_never_cheaper_is_said_to_be(frozen_catalog: Catalog) -> None:
    """At the least utilisation it costs more a token than any API."""
    line = said(frozen_catalog, API, MACHINE, utilisation_ceiling=0.05)
    assert line.endswith("at no volume.")


def test_the_line_stands_below_the_table(tmp_path: Path) -> None:
    """With the shipped catalogue and its own question."""
    told = breakeven(tmp_path, "compare")
    assert told.stdout.count(" breaks even with ") == 1
