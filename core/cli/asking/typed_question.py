"""From what is typed to the question: a file of a scenario with the flags in its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.cli.scenario_flags import (
    Sections,
    asked_by,
    own_counts,
    own_discounts,
    own_limits,
    own_prices,
    pairs,
    refuse_strange,
)
from core.cli.support import read_text
from core.errors import ScenarioError
from core.refusals import first_fault
from core.scenario import FIRST_DAY, LAST_DAY, Scenario


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked instead of what a scenario says."""

    sections: Sections = field(default_factory=dict)
    options: tuple[str, ...] = ()
    prices: dict[str, float] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    as_of: date | None = None
    owned: dict[str, int] = field(default_factory=dict)
    discounts: dict[str, float] = field(default_factory=dict)
    of_any: bool = False
    """Whether prices and cards of one's own may be of what is not among the scenario's options."""


def question_from(file: Path | None, asked: Asked) -> Scenario:
    """The scenario of the file, or the default one, with what is asked instead.

    Raises ScenarioError.
    """
    try:
        read = Scenario() if file is None else Scenario.model_validate_json(read_text(file))
        question = Scenario.model_validate(_with(read.model_dump(), asked))
    except ValidationError as error:
        raise ScenarioError(
            f"This scenario cannot be asked: {first_fault(error, Scenario)}."
        ) from None
    if not asked.of_any:
        refuse_strange("--price", asked.prices, question.priced_ids)
        refuse_strange("--own", asked.owned, question.machine_ids)
    return question


def _with(sections: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """A scenario's fields with what is asked in the place of some."""
    changed: dict[str, Any] = {
        name: sections[name] | given for name, given in asked.sections.items()
    }
    for name in ("prices", "limits", "tiers", "owned", "discounts"):
        changed[name] = tuple((dict(sections[name]) | getattr(asked, name)).items())
    if asked.options:
        changed["options"] = asked.options
    if asked.as_of is not None:
        changed["as_of"] = asked.as_of
    return sections | changed


def day_of(text: str) -> date | None:
    """A day whose prices may be asked, as 2026-06-01; "": none. Raises ScenarioError."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ScenarioError(
            f"--as-of {text[:40]!r} is no day from {FIRST_DAY} to {LAST_DAY}, as 2026-06-01."
        )
    return day


def typed(
    sections: Mapping[str, Mapping[str, Any]],
    *,
    settings: Sequence[str] | None,
    options: Sequence[str] | None = None,
    prices: Sequence[str] | None,
    tiers: Sequence[str] | None,
    limits: Sequence[str] | None,
    owned: Sequence[str] | None,
    discounts: Sequence[str] | None,
    as_of: str,
    of_any: bool = False,
) -> Asked:
    """All flags of a question, read. ``sections``: those that are fields of the scenario.

    Raises ScenarioError for the first that cannot be.
    """
    return Asked(
        asked_by(settings or (), sections),
        tuple(options or ()),
        own_prices(prices or ()),
        pairs("--tier", tiers or (), "PROVIDER=TIER"),
        own_limits(limits or ()),
        day_of(as_of),
        own_counts(owned or ()),
        own_discounts(discounts or ()),
        of_any,
    )
