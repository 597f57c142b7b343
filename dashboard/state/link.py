"""The scenario as URL parameters, and back. A link is a stranger's text: nothing in it is trusted.

Defaults are left out, so a link stays short. Whatever in a link cannot be used is dropped, and each
such case is reported in a sentence: nothing changes silently, and no other value is made of it.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pydantic import ValidationError

from core.money import DOLLARS, Rate
from core.plain_text import LABEL, is_plain
from core.scenario import (
    CALENDARS,
    FIRST_DAY,
    HIGHEST_DISCOUNT,
    HIGHEST_PRICE_USD,
    HIGHEST_RATE_PER_MINUTE,
    LANGUAGES,
    LAST_DAY,
    LOWEST_PRICE_USD,
    MOST_BUDGET_USD,
    MOST_MODEL_CHARACTERS,
    MOST_OPTIONS,
    MOST_OWNED,
    RATES,
    Demands,
    Hosting,
    Scenario,
    Workload,
    hybrid_parts,
    machine_and_model,
    machine_id,
)
from dashboard import formats
from dashboard.state.inputs import INPUTS, NAMED, Input, with_named, with_numbers

MAX_NUMBER_CHARACTERS: Final = 40
MAX_LIST_CHARACTERS: Final = 4_000
MAX_REPORTS: Final = 8
MAX_OPTIONS: Final = MOST_OPTIONS
PRICE_LOW_USD: Final = LOWEST_PRICE_USD
PRICE_HIGH_USD: Final = HIGHEST_PRICE_USD

CALENDAR_KEYS: Final = dict(zip(("30d", "avg"), CALENDARS, strict=True))
"""URL value -> name of the calendar."""

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9 ._/+-]")
_DEFAULT: Final = Scenario()

Parameters = Mapping[str, Sequence[str]]
"""URL parameters as they stand: each name with all of its values."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue knows: a link may name nothing else."""

    list_prices: Mapping[str, float | None] = field(default_factory=dict)
    """Option id -> list price in its billed unit; None where it has none."""
    tiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Provider id -> tiers of accounts, where there is more than one."""
    sellers: frozenset[str] = frozenset()
    """Ids of the providers that sell APIs: an account there has a rate limit."""
    models: tuple[str, ...] = ()
    """Open-weight models that can be hosted."""
    machines: frozenset[str] = frozenset()
    """Option ids that a model may be put on: what is rented or owned, or runs any model."""
    owned: frozenset[str] = frozenset()
    """Option ids of what one may own: cards that are bought, machines of one's own."""
    providers: frozenset[str] = frozenset()
    """Ids of all that sell anything: one may have a discount there."""
    rates: Mapping[str, Rate] = field(default_factory=dict)
    """Currency that amounts can be shown in -> what one of it is worth."""


@dataclass(slots=True)
class _Reading:
    """A link being read: what is left of it, and what had to be said about it."""

    parameters: dict[str, str]
    reports: list[str]

    def take(self, key: str, label: str, limit: int) -> str | None:
        """Remove a parameter and return its text; None where absent or too long."""
        text = self.parameters.pop(key, None)
        if text is not None and len(text) > limit:
            self.reports.append(
                f"{label}: the link's value has {len(text):,} characters, the limit is {limit:,}; "
                "it was dropped."
            )
            return None
        return text


def decode(parameters: Parameters, known: Known) -> tuple[Scenario, tuple[str, ...]]:
    """Read a scenario from URL parameters; returns it with a sentence for all that was not used."""
    reading = _Reading({}, [])
    for key, values in parameters.items():
        if len(values) > 1:
            reading.reports.append(
                f"The link gives “{quote(key)}” {len(values)} times; the last one is used."
            )
        if values:
            reading.parameters[key] = values[-1]
    scenario = with_numbers(_DEFAULT, _numbers(reading))
    scenario = with_named(scenario, _named(reading))
    for reader in READERS:
        scenario = reader(scenario, reading, known)
    reading.reports += [
        f"The link's parameter “{quote(key)}” is not known; it was dropped."
        for key in reading.parameters
    ]
    return scenario, _shortened(reading.reports)


def encode(scenario: Scenario) -> dict[str, str]:
    """URL parameters of a scenario; what equals the default is left out."""
    result = {
        key: _number_text(value)
        for key, entry in INPUTS.items()
        if (value := entry.of(scenario)) != entry.default
    }
    result |= {
        key: named.link_text(named.of(scenario))
        for key, named in NAMED.items()
        if named.of(scenario) != named.default
    }
    if scenario.workload.hour_weights:
        result["hours"] = ",".join(f"{weight:.4g}" for weight in scenario.workload.hour_weights)
    if scenario.calendar != _DEFAULT.calendar:
        name = next(name for name, value in CALENDARS.items() if value == scenario.calendar)
        result["cal"] = next(key for key, value in CALENDAR_KEYS.items() if value == name)
    if scenario.as_of is not None:
        result["day"] = scenario.as_of.isoformat()
    if scenario.hosting.model != _DEFAULT.hosting.model:
        result["m"] = scenario.hosting.model
    if scenario.options != _DEFAULT.options:
        result["o"] = ",".join(scenario.options) or "none"
    return result | _lists(scenario)


def _lists(scenario: Scenario) -> dict[str, str]:
    """What is the user's own by id: prices, tiers, limits, what is there, discounts."""
    result = {}
    if scenario.prices:
        result["p"] = ",".join(f"{name}:{_number_text(usd)}" for name, usd in scenario.prices)
    if scenario.tiers:
        result["a"] = ",".join(f"{provider}:{tier}" for provider, tier in scenario.tiers)
    if scenario.limits:
        result["lim"] = ",".join(f"{name}:{_number_text(rate)}" for name, rate in scenario.limits)
    if scenario.owned:
        result["own"] = ",".join(f"{name}:{count}" for name, count in scenario.owned)
    if scenario.discounts:
        result["off"] = ",".join(
            f"{name}:{_number_text(part)}" for name, part in scenario.discounts
        )
    if scenario.documents.options:
        result["do"] = ",".join(scenario.documents.options)
    return result | _demanded(scenario.demands)


def _demanded(demands: Demands) -> dict[str, str]:
    """URL parameters of the demands that are neither a number nor a named value."""
    usd = demands.budget_usd_per_month
    budget = {} if usd is None else {"budget": _number_text(usd)}
    return budget | ({"lang": ",".join(demands.languages)} if demands.languages else {})


def quote(text: str, limit: int = 40) -> str:
    """A stranger's text made fit to be shown: shortened, and without anything markdown reads."""
    clean = _UNSAFE.sub("·", text[:limit])
    return clean + ("…" if len(text) > limit else "")


def _numbers(reading: _Reading) -> dict[str, float]:
    """The link's numbers that an input may have; any other is named, and the default holds."""
    numbers = {}
    for key, entry in INPUTS.items():
        text = reading.take(key, entry.knob.label, MAX_NUMBER_CHARACTERS)
        if text is None:
            continue
        value = parse_number(text)
        if value is not None and entry.clamp(value) == value:
            numbers[key] = value
            continue
        default = formats.quantity(entry.default, entry.knob.unit, DOLLARS)
        why = "is not a number" if value is None else f"is not allowed, {_must_be(entry)}"
        reading.reports.append(
            f"{entry.knob.label}: “{quote(text)}” in the link {why}; {default} is used."
        )
    return numbers


def _must_be(entry: Input) -> str:
    ends = (entry.low, entry.high)
    low, high = (formats.quantity(limit, entry.knob.unit, DOLLARS) for limit in ends)
    return f"it must be {'whole, ' if entry.whole else ''}from {low} to {high}"


def _named(reading: _Reading) -> dict[str, str | bool]:
    named = {}
    for key, entry in NAMED.items():
        text = reading.take(key, entry.choice.label, MAX_NUMBER_CHARACTERS)
        if text is None:
            continue
        value = entry.parse(text)
        if value is None:
            known = ", ".join(entry.link_text(known) for known in entry.values)
            reading.reports.append(
                f"{entry.choice.label}: “{quote(text)}” in the link is none of {known}; "
                f"{entry.word(entry.default)} is used."
            )
            continue
        named[key] = value
    return named


def parse_number(text: str) -> float | None:
    """A plain decimal number; None for anything else: words, NaN, infinity, other digits."""
    if _NUMBER.fullmatch(text.strip()) is None:
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _calendar(scenario: Scenario, reading: _Reading, _known: Known) -> Scenario:
    text = reading.take("cal", "Calendar", MAX_NUMBER_CHARACTERS)
    if text is None:
        return scenario
    if text not in CALENDAR_KEYS:
        reading.reports.append(f"Calendar: “{quote(text)}” in the link is not one; 30 days.")
        return scenario
    return scenario.model_copy(update={"calendar": CALENDARS[CALENDAR_KEYS[text]]})


def _day(scenario: Scenario, reading: _Reading, _known: Known) -> Scenario:
    text = reading.take("day", "Prices as of", MAX_NUMBER_CHARACTERS)
    if text is None:
        return scenario
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        reading.reports.append(
            f"Prices as of: “{quote(text)}” in the link is no day from {FIRST_DAY} to {LAST_DAY}; "
            "the newest prices are used."
        )
        return scenario
    return scenario.model_copy(update={"as_of": day})


def _hours(scenario: Scenario, reading: _Reading, _known: Known) -> Scenario:
    """The hours of a load of one's own; all of them or none."""
    text = reading.take("hours", "Hours of the load", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    weights = [parse_number(part) for part in text.split(",")]
    try:
        load = Workload.model_validate(scenario.workload.model_dump() | {"hour_weights": weights})
    except ValidationError:
        reading.reports.append(
            "Hours of the load: the link must give 24 or 168 numbers of 0 or more, not all 0; "
            "a smooth day is used."
        )
        return scenario
    return scenario.model_copy(update={"workload": load})


def _model(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("m", "Self-hosted model", MOST_MODEL_CHARACTERS)
    if text is None:
        return scenario
    if text not in known.models if known.models else not is_plain(text):
        default = Hosting.model_fields["model"].default
        reading.reports.append(
            f"Self-hosted model: “{quote(text)}” is not in the catalogue; {default} is used."
        )
        return scenario
    return scenario.model_copy(
        update={"hosting": scenario.hosting.model_copy(update={"model": text})}
    )


def _options(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("o", "Options", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    asked = [] if text == "none" else list(dict.fromkeys(filter(None, text.split(","))))
    chosen = _only_known("Option", asked, known, reading, lambda entry: entry)
    if len(chosen) > MAX_OPTIONS:
        reading.reports.append(
            f"Options: the link names {len(chosen)}; the first {MAX_OPTIONS} are used."
        )
        chosen = chosen[:MAX_OPTIONS]
    if asked and not chosen:
        reading.reports.append("Options: none of the link's options is known; the default is used.")
        return scenario
    return scenario.model_copy(update={"options": tuple(chosen)})


def _document_options(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("do", "Options of the documents", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    asked = list(dict.fromkeys(filter(None, text.split(","))))
    chosen = _only_known("Option", asked, known, reading, lambda entry: entry)[:MAX_OPTIONS]
    documents = scenario.documents.model_copy(update={"options": tuple(chosen)})
    return scenario.model_copy(update={"documents": documents})


def _prices(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("p", "Own prices", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    entries = list(filter(None, text.split(",")))
    prices = {}
    for entry in _only_known("Price", entries, known, reading, _priced):
        option_id, _, amount = entry.rpartition(":")
        usd = parse_number(amount) if len(amount) <= MAX_NUMBER_CHARACTERS else None
        if usd is None:
            reading.reports.append(
                f"Price of {quote(option_id)}: “{quote(amount)}” is not a number; the list price "
                "is used."
            )
            continue
        if not PRICE_LOW_USD <= usd <= PRICE_HIGH_USD:
            low, high = (formats.usd(end, DOLLARS) for end in (PRICE_LOW_USD, PRICE_HIGH_USD))
            reading.reports.append(
                f"Price of {quote(option_id)}: {quote(amount)} in the link is not allowed, it "
                f"must be from {low} to {high}; the list price is used."
            )
            continue
        prices[option_id] = usd
    return scenario.model_copy(update={"prices": tuple(sorted(prices.items()))})


def _tiers(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("a", "Account tiers", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    tiers = {}
    for entry in filter(None, text.split(",")):
        provider, _, tier = entry.partition(":")
        if tier in known.tiers.get(provider, ()):
            tiers[provider] = tier
        else:
            reading.reports.append(
                f"Account tier: “{quote(entry)}” is not in the catalogue; the entry tier is used."
            )
    return scenario.model_copy(update={"tiers": tuple(sorted(tiers.items()))})


def _limits(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("lim", "Your rate limits", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    limits = {}
    for entry in filter(None, text.split(",")):
        name, _, amount = entry.rpartition(":")
        provider, _, counted = name.partition(":")
        rate = parse_number(amount) or 0.0
        if provider in known.sellers and counted in RATES and 1 <= rate <= HIGHEST_RATE_PER_MINUTE:
            limits[name] = rate
        else:
            reading.reports.append(
                f"Your rate limit “{quote(entry)}” is not PROVIDER:COUNTED:NUMBER of a known "
                "provider, with a number from 1; it was dropped."
            )
    return scenario.model_copy(update={"limits": tuple(sorted(limits.items()))})


def _owned(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("own", "What is yours already", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    counts = {}
    for name, number, entry in _numbered(text):
        whole = number == int(number) and 1 <= number <= MOST_OWNED
        if whole and _may_be(name, known.owned, known) and machine_id(name) == name:
            counts[name] = int(number)
        else:
            reading.reports.append(
                f"“{quote(entry)}” in the link is no card or machine to own with a whole number "
                f"from 1 to {MOST_OWNED:,}; it was dropped."
            )
    return scenario.model_copy(update={"owned": tuple(sorted(counts.items()))})


def _discounts(scenario: Scenario, reading: _Reading, known: Known) -> Scenario:
    text = reading.take("off", "Your discounts", MAX_LIST_CHARACTERS)
    if text is None:
        return scenario
    shares = {}
    for name, number, entry in _numbered(text):
        if 0 <= number <= HIGHEST_DISCOUNT and _may_be(name, known.providers, known):
            shares[name] = number
        else:
            reading.reports.append(
                f"Your discount “{quote(entry)}” is not PROVIDER:SHARE of a known provider, with "
                f"a share from 0 to {HIGHEST_DISCOUNT:g}; it was dropped."
            )
    return scenario.model_copy(update={"discounts": tuple(sorted(shares.items()))})


def _numbered(text: str) -> Iterator[tuple[str, float, str]]:
    """Name and number of each ``NAME:NUMBER``, and the entry; -1 where it is no number."""
    for entry in filter(None, text.split(",")):
        name, _, amount = entry.rpartition(":")
        number = parse_number(amount) if len(amount) <= MAX_NUMBER_CHARACTERS else None
        yield name, -1.0 if number is None else number, entry


def _may_be(name: str, names: frozenset[str], known: Known) -> bool:
    """Whether a name is one of those; without a catalogue any plain one is kept."""
    return name in names if known.list_prices else LABEL.fits(name)


def _budget(scenario: Scenario, reading: _Reading, _known: Known) -> Scenario:
    text = reading.take("budget", "Budget", MAX_NUMBER_CHARACTERS)
    if text is None:
        return scenario
    usd = parse_number(text)
    if usd is None or not 0 <= usd <= MOST_BUDGET_USD:
        most = formats.usd(MOST_BUDGET_USD, DOLLARS)
        reading.reports.append(
            f"Budget: “{quote(text)}” in the link is no amount from $0 to {most} a month; none is "
            "demanded."
        )
        return scenario
    demands = scenario.demands.model_copy(update={"budget_usd_per_month": usd})
    return scenario.model_copy(update={"demands": demands})


def _languages(scenario: Scenario, reading: _Reading, _known: Known) -> Scenario:
    text = reading.take("lang", "Languages", MAX_LIST_CHARACTERS)
    codes = [] if text is None else list(dict.fromkeys(filter(None, text.split(","))))
    reading.reports += [
        f"Language: “{quote(code)}” in the link is no code of one that can be demanded, such as "
        "de; it was dropped."
        for code in codes
        if code not in LANGUAGES
    ]
    named = tuple(sorted(code for code in LANGUAGES if code in codes))
    demands = scenario.demands.model_copy(update={"languages": named})
    return scenario.model_copy(update={"demands": demands}) if named else scenario


def _priced(entry: str) -> str:
    """What a price is of; "" where that is a machine with a model: it has one price with any."""
    option_id = entry.rpartition(":")[0]
    return option_id if machine_id(option_id) == option_id else ""


def _only_known(
    what: str,
    entries: Sequence[str],
    known: Known,
    reading: _Reading,
    name_of: Callable[[str], str],
) -> list[str]:
    """Entries whose option is in the catalogue (all of them where there is no catalogue)."""
    known_entries = []
    for entry in entries:
        if _is_known(name_of(entry), known):
            known_entries.append(entry)
        else:
            reading.reports.append(
                f"{what}: “{quote(entry)}” is not in the catalogue; it was dropped."
            )
    return known_entries


def _is_known(option_id: str, known: Known) -> bool:
    """Whether the catalogue has the option, or both parts of a hybrid.

    Without a catalogue any plain name is kept for when there is one.
    """
    if not known.list_prices:
        return LABEL.fits(option_id)
    parts = hybrid_parts(option_id) or (option_id,)
    return all(_is_known_part(part, known) for part in parts)


def _is_known_part(option_id: str, known: Known) -> bool:
    """Whether the catalogue has an option, and the model that it puts on a machine."""
    machine, model_id = machine_and_model(option_id)
    if model_id is None:
        return option_id in known.list_prices
    return machine in known.machines and model_id in known.models


def _number_text(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _shortened(reports: list[str]) -> tuple[str, ...]:
    if len(reports) <= MAX_REPORTS:
        return tuple(reports)
    rest = len(reports) - MAX_REPORTS
    return (*reports[:MAX_REPORTS], f"And {rest} more of the link's values could not be used.")


READERS: Final[tuple[Callable[[Scenario, _Reading, Known], Scenario], ...]] = (
    *(_calendar, _day, _hours, _model, _options, _prices, _tiers, _limits),
    *(_owned, _discounts, _budget, _languages, _document_options),
)
"""What reads the parameters that are neither a number nor a named value."""
