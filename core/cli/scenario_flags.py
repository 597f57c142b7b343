"""What may be typed instead of a field of a scenario: `--set`, `--price`, `--own`.

The fields are read off the scenario's own declarations: a new one can be typed at once.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from pydantic import BaseModel

from core.errors import ScenarioError
from core.scenario import (
    HIGHEST_DISCOUNT,
    HIGHEST_PRICE_USD,
    HIGHEST_RATE_PER_MINUTE,
    LOWEST_PRICE_USD,
    MOST_OWNED,
    Choice,
    Scenario,
)

Sections = dict[str, dict[str, Any]]
"""What is asked, by section and field."""

WHOLE: Final = {
    "options": "--option",
    "prices": "--price",
    "tiers": "--tier",
    "limits": "--limit",
    "as_of": "--as-of",
    "owned": "--own",
    "discounts": "--discount",
}
"""Fields of the scenario that have no fields of their own, and the flag for each."""
LISTS: Final = frozenset(
    {("workload", "hour_weights"), ("demands", "languages"), ("documents", "options")}
)
"""Fields that hold several values: typed with commas between them."""


def sections_of(model: type[BaseModel] = Scenario) -> dict[str, tuple[str, ...]]:
    """Names of the fields that `--set` knows, by section."""
    return {
        name: _names(info.annotation)
        for name, info in model.model_fields.items()
        if name not in WHOLE
    }


def _names(kind: Any) -> tuple[str, ...]:
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind))
    return tuple(kind.model_fields)


def asked_by(settings: Iterable[str], flags: Mapping[str, Mapping[str, Any]]) -> Sections:
    """What `--set SECTION.FIELD=VALUE` and the flags of their own ask; None: not asked.

    Raises ScenarioError for a field that there is not, or that is given twice.
    """
    asked: Sections = {
        section: {name: value for name, value in given.items() if value is not None}
        for section, given in flags.items()
    }
    for setting in settings:
        section, field, text = _parts(setting)
        if field in asked.setdefault(section, {}):
            raise ScenarioError(f"{section}.{field} is given twice: give it once.")
        asked[section][field] = _value(section, field, text)
    for section, given in asked.items():
        for field, value in given.items():
            _refuse_unknown_word(section, field, value)
    return asked


def pairs(flag: str, given: Iterable[str], form: str) -> dict[str, str]:
    """What stands before and after the last "=" of each. Raises ScenarioError."""
    text_by_name: dict[str, str] = {}
    for text in given:
        name, joint, value = (part.strip() for part in text.rpartition("="))
        if not (joint and name and value):
            raise ScenarioError(f"{flag} {text[:80]!r}: write {form}.")
        if name in text_by_name:
            raise ScenarioError(f"{flag}: {name[:80]} is given twice: give it once.")
        text_by_name[name] = value
    return text_by_name


def own_prices(given: Iterable[str]) -> dict[str, float]:
    """Prices as typed, by option id. Raises ScenarioError with the limits."""
    low, high = LOWEST_PRICE_USD, HIGHEST_PRICE_USD
    return {
        name: _between("--price", name, text, low, high)
        for name, text in pairs("--price", given, "ID=USD").items()
    }


SHORT: Final = {
    "rpm": "requests_per_minute",
    "texts": "texts_per_minute",
    "tpm": "tokens_per_minute",
}
"""How what a limit counts is typed."""


def own_limits(given: Iterable[str]) -> dict[str, float]:
    """Rate limits of one's own account as typed, by provider and what is counted.

    Raises ScenarioError.
    """
    form = "PROVIDER:rpm=NUMBER, counted rpm, texts or tpm"
    limits = {}
    for name, text in pairs("--limit", given, form).items():
        provider, _, counted = name.partition(":")
        if not provider or counted not in SHORT:
            raise ScenarioError(f"--limit {name[:80]!r}: write {form}.")
        rate = _between("--limit", name, text, 1, HIGHEST_RATE_PER_MINUTE)
        limits[f"{provider}:{SHORT[counted]}"] = rate
    return limits


def own_counts(given: Iterable[str]) -> dict[str, int]:
    """How many cards or machines are there already, by option id. Raises ScenarioError."""
    counts = {}
    for name, text in pairs("--own", given, "ID=NUMBER, such as owned/rtx-4090=4").items():
        number = _between("--own", name, text, 1, MOST_OWNED)
        if number != int(number):
            raise ScenarioError(f"--own {name[:80]}: it must be a whole number, not {text[:24]}.")
        counts[name] = int(number)
    return counts


def own_discounts(given: Iterable[str]) -> dict[str, float]:
    """What providers take off their list, as shares. Raises ScenarioError."""
    form = "PROVIDER=SHARE, such as openai=0.2"
    return {
        name: _between("--discount", name, text, 0, HIGHEST_DISCOUNT)
        for name, text in pairs("--discount", given, form).items()
    }


def _between(flag: str, name: str, text: str, low: float, high: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        raise ScenarioError(
            f"{flag} {name[:80]}: it must be a number from {low:,g} to {high:,.15g}, not "
            f"{text[:24]}."
        )
    return number


def refuse_strange(flag: str, given: Iterable[str], known: Sequence[str]) -> None:
    """Raise ScenarioError for an id that is not among those that are compared."""
    for name in given:
        if name not in known:
            there = ", ".join(known) or "nothing"
            raise ScenarioError(f"{flag}: {name[:80]!r} is not compared. There are: {there}.")


def _parts(setting: str) -> tuple[str, str, str]:
    """Section, field and text of `SECTION.FIELD=VALUE`. Raises ScenarioError."""
    path, joint, text = setting.partition("=")
    section, dot, field = path.strip().partition(".")
    known = sections_of()
    if section in WHOLE:
        raise ScenarioError(f"--set {section}: use {WHOLE[section]}, which may be repeated.")
    if not (joint and dot):
        raise ScenarioError(
            f"--set {setting[:80]!r}: write SECTION.FIELD=VALUE, such as workload.length_cv=1."
        )
    if section not in known:
        raise ScenarioError(
            f"--set: there is no section {section[:80]!r}. There are: {', '.join(known)}."
        )
    if field not in known[section]:
        there = ", ".join(known[section])
        raise ScenarioError(f"--set: {section} has no field {field[:80]!r}. It has: {there}.")
    return section, field, text.strip()


def _value(section: str, field: str, text: str) -> Any:
    """The typed text as the scenario reads it: a list by its commas, a choice by its word."""
    if (section, field) in LISTS:
        return [part.strip() for part in text.split(",")] if text else []
    choice = _choice(section, field)
    words = {} if choice is None else {word: value for value, word in choice.words}
    return words.get(text, text)


def _choice(section: str, field: str) -> Choice | None:
    """The named values of a field; None where it has none."""
    kind = Scenario.model_fields[section].annotation
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return None
    marks = kind.model_fields[field].metadata
    return next((mark for mark in marks if isinstance(mark, Choice)), None)


def _refuse_unknown_word(section: str, field: str, value: Any) -> None:
    """Raise ScenarioError for a value that is none of those that have a name."""
    choice = _choice(section, field)
    if choice is None or any(str(value).lower() == str(known).lower() for known, _ in choice.words):
        return
    there = ", ".join(
        word if isinstance(known, bool) else f"{str(known) or repr('')} ({word})"
        for known, word in choice.words
    )
    raise ScenarioError(f"{section}.{field}: {str(value)[:80]!r} is unknown. There are: {there}.")
