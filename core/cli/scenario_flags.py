"""What may be typed instead of a field of a scenario: `--set`, `--price`, `--limit`.

The fields are read off the scenario's own declarations: a new one can be typed at once.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from pydantic import BaseModel

from core.errors import ScenarioError
from core.scenario import (
    HIGHEST_PRICE_USD,
    HIGHEST_RATE_PER_MINUTE,
    LOWEST_PRICE_USD,
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
}
"""Fields of the scenario that have no fields of their own, and the flag for each."""
LISTS: Final = frozenset({("workload", "hour_weights")})
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
    return {name: _usd(name, text) for name, text in pairs("--price", given, "ID=USD").items()}


def _usd(name: str, text: str) -> float:
    try:
        usd = float(text)
    except ValueError:
        usd = math.nan
    if not LOWEST_PRICE_USD <= usd <= HIGHEST_PRICE_USD:
        raise ScenarioError(
            f"--price {name[:80]}: it must be a number from {LOWEST_PRICE_USD:g} to "
            f"{HIGHEST_PRICE_USD:,.0f}, not {text[:24]}."
        )
    return usd


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
        limits[f"{provider}:{SHORT[counted]}"] = _a_minute(name, text)
    return limits


def _a_minute(name: str, text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 1 <= rate <= HIGHEST_RATE_PER_MINUTE:
        raise ScenarioError(
            f"--limit {name[:80]}: it must be a number from 1 to "
            f"{HIGHEST_RATE_PER_MINUTE:,.0f}, not {text[:24]}."
        )
    return rate


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
