"""The scenario's numeric inputs, read from its declarations: label, unit, limits, URL key.

Nothing is declared here a second time: a new field with a `Knob` in `core.scenario` becomes an
input, with its control and its URL parameter.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from core.scenario import (
    Choice,
    Demands,
    Documents,
    Hosting,
    Knob,
    Objective,
    Scenario,
    Serverless,
    Vectors,
    Workload,
    limits,
)

ROUND_MANTISSAS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Steps of a decade that people call round; neighbours differ by 20 to 33 %."""


SAME: Final = 1e-11
"""Streamlit takes two choices of a slider for one if they differ by less than 5e-12."""


@dataclass(frozen=True, slots=True)
class Input:
    """One number that the user may set."""

    section: str
    """Field of Scenario that holds it: "workload", "objective", "demands"..."""
    field: str
    knob: Knob
    low: float
    high: float
    default: float
    whole: bool
    """Whether only whole numbers make sense."""
    help: str

    def clamp(self, value: float) -> float:
        """The nearest value within the limits, whole where it must be."""
        bounded = min(max(value, self.low), self.high)
        return round(bounded) if self.whole else bounded

    def of(self, scenario: Scenario) -> float:
        """This input's value in a scenario."""
        value: float = getattr(getattr(scenario, self.section), self.field)
        return value

    def choices(self, *exact: float) -> tuple[float, ...]:
        """Values for a slider: these exactly, the default, round steps between the limits.

        Where 0 is allowed, the steps of a ratio begin at the knob's own, after 0.
        """
        steps = round_steps(self.low or self.knob.step, self.high)
        steps = steps if self.low else (0.0, *steps)
        if self.whole:
            steps = tuple(dict.fromkeys(float(round(step)) for step in steps))
        return apart((*exact, self.default, *steps))


@dataclass(frozen=True, slots=True)
class NamedInput:
    """One field with a few named values."""

    section: str
    field: str
    choice: Choice
    default: str | bool
    help: str

    def of(self, scenario: Scenario) -> str | bool:
        """This input's value in a scenario."""
        value: str | bool = getattr(getattr(scenario, self.section), self.field)
        return value

    @property
    def values(self) -> tuple[str | bool, ...]:
        """What may be chosen."""
        return tuple(value for value, _ in self.choice.words)

    def word(self, value: object) -> str:
        """What the page calls a value."""
        return next(word for known, word in self.choice.words if known == value)

    @staticmethod
    def link_text(value: object) -> str:
        """A value as it stands in a link."""
        return str(value).lower()

    def parse(self, text: str) -> str | bool | None:
        """A link's text as one of the values; None for any other text."""
        return next((value for value in self.values if self.link_text(value) == text.lower()), None)


def apart(values: Iterable[float]) -> tuple[float, ...]:
    """The values in their order of size, without those that a slider takes for an earlier one."""
    result: list[float] = []
    for value in map(float, values):
        place = bisect(result, value)
        beside = result[max(place - 1, 0) : place + 1]
        if all(abs(value - other) > SAME for other in beside):
            result.insert(place, value)
    return tuple(result)


def round_steps(low: float, high: float) -> tuple[float, ...]:
    """Round numbers from low to high, ten a decade, both limits included; low must be > 0."""
    steps = {low, high}
    exponent = -12
    while 10.0**exponent <= high:
        steps |= {
            step
            for mantissa in ROUND_MANTISSAS
            # Through text: 1.2 * 10**-3 would be 0.0012000000000000001.
            if low <= (step := float(f"{mantissa}e{exponent}")) <= high
        }
        exponent += 1
    return tuple(sorted(steps))


_SECTIONS: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("workload", Workload),
    ("objective", Objective),
    ("serverless", Serverless),
    ("hosting", Hosting),
    ("vectors", Vectors),
    ("demands", Demands),
    ("documents", Documents),
)


def _inputs() -> dict[str, Input]:
    return {
        knob.url_key: _input(section, model, name, knob)
        for section, model in _SECTIONS
        for name, info in model.model_fields.items()
        for knob in info.metadata
        if isinstance(knob, Knob)
    }


def _named_inputs() -> dict[str, NamedInput]:
    return {
        choice.url_key: NamedInput(section, name, choice, info.default, info.description or "")
        for section, model in _SECTIONS
        for name, info in model.model_fields.items()
        for choice in info.metadata
        if isinstance(choice, Choice)
    }


def _input(section: str, model: type[BaseModel], name: str, knob: Knob) -> Input:
    info = model.model_fields[name]
    low, high = limits(model, name)
    return Input(
        section=section,
        field=name,
        knob=knob,
        low=low,
        high=high,
        default=float(info.default),
        whole=info.annotation is int,
        help=info.description or "",
    )


INPUTS: Final[Mapping[str, Input]] = _inputs()
"""Every numeric input by its URL key."""

NAMED: Final[Mapping[str, NamedInput]] = _named_inputs()
"""Every input with named values by its URL key."""


def with_numbers(scenario: Scenario, numbers: Mapping[str, float]) -> Scenario:
    """The scenario with these inputs (by URL key) set; each value is clamped to its limits."""
    sections: dict[str, dict[str, object]] = {}
    for key, value in numbers.items():
        entry = INPUTS[key]
        sections.setdefault(entry.section, {})[entry.field] = entry.clamp(value)
    return _with(scenario, sections)


def with_named(scenario: Scenario, values: Mapping[str, str | bool]) -> Scenario:
    """The scenario with these named inputs (by URL key) set."""
    sections: dict[str, dict[str, object]] = {}
    for key, value in values.items():
        entry = NAMED[key]
        sections.setdefault(entry.section, {})[entry.field] = value
    return _with(scenario, sections)


def _with(scenario: Scenario, sections: Mapping[str, Mapping[str, object]]) -> Scenario:
    changed = {
        section: getattr(scenario, section).model_copy(update=fields)
        for section, fields in sections.items()
    }
    return scenario.model_copy(update=changed)
