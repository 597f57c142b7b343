"""What moving costs, as it is typed: `--term NAME=VALUE`."""

import math
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final

from core.cli.scenario_flags import pairs
from core.decide.plan.plan_terms import Decline, PlanTerms
from core.errors import ModelInputError, ScenarioError

BY_OTHER_FLAGS: Final = frozenset({"current", "corpus_tokens"})
"""The option in use has a flag; the corpus is the scenario's."""


def names() -> tuple[str, ...]:
    """Terms that may be typed."""
    return tuple(one.name for one in fields(PlanTerms) if one.name not in BY_OTHER_FLAGS)


def typed_terms(base: PlanTerms, given: Iterable[str], current: str | None) -> PlanTerms:
    """The terms with what is typed in the place of some.

    A fall of prices is one rate, or low:middle:high. Raises ScenarioError with the name.
    """
    typed = {
        name: _value(name, text) for name, text in pairs("--term", given, "NAME=VALUE").items()
    }
    try:
        return replace(base, current=current, **typed)
    except ModelInputError as error:
        raise ScenarioError(f"--term: {error}.") from None


def _value(name: str, text: str) -> Any:
    """One term as its field has it."""
    if name not in names():
        raise ScenarioError(
            f"--term: there is no term {name[:80]!r}. There are: {', '.join(names())}."
        )
    now = getattr(PlanTerms(), name)
    if isinstance(now, str):
        return text
    if isinstance(now, Decline):
        rates = [_number(name, part) for part in text.split(":")]
        if len(rates) not in (1, 3):
            raise ScenarioError(f"--term {name}: give one rate, or low:middle:high.")
        return Decline(*(rates if len(rates) == 3 else rates * 3))
    number = _number(name, text)
    if isinstance(now, int) and number.is_integer():
        return int(number)
    return number


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ScenarioError(f"--term {name}: it must be a number, not {text[:24]!r}.")
    return value
