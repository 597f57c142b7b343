"""The scenario's numeric inputs, read from its declarations: label, unit, limits, URL key.

Nothing is declared here a second time: a new field with a `Knob` in `core.scenario` becomes an
input, with its control and its URL parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.scenario import Hosting, Knob, Objective, Scenario, Workload

ROUND_MANTISSAS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Steps of a decade that people call round; neighbours differ by 20 to 33 %."""


@dataclass(frozen=True, slots=True)
class Input:
    """One number that the user may set."""

    section: str
    """Field of Scenario: "workload", "objective" or "hosting"."""
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

    def choices(self, current: float) -> tuple[float, ...]:
        """Values for a slider: round steps between the limits, the current one and the default.

        A value that came by link or was typed stays exact; it is one of the steps while it holds.
        """
        steps = round_steps(self.low, self.high)
        if self.whole:
            steps = tuple(dict.fromkeys(float(round(step)) for step in steps))
        return tuple(sorted({*steps, float(current), float(self.default)}))


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


def _inputs(section: str, model: type[BaseModel]) -> dict[str, Input]:
    found = {}
    for name, info in model.model_fields.items():
        knob = next((m for m in info.metadata if isinstance(m, Knob)), None)
        if knob is not None:
            found[knob.url_key] = _input(section, name, info, knob)
    return found


def _input(section: str, name: str, info: FieldInfo, knob: Knob) -> Input:
    return Input(
        section=section,
        field=name,
        knob=knob,
        low=next(float(str(m.ge)) for m in info.metadata if isinstance(m, Ge)),
        high=next(float(str(m.le)) for m in info.metadata if isinstance(m, Le)),
        default=float(info.default),
        whole=info.annotation is int,
        help=info.description or "",
    )


INPUTS: Final[Mapping[str, Input]] = {
    **_inputs("workload", Workload),
    **_inputs("objective", Objective),
    **_inputs("hosting", Hosting),
}
"""Every numeric input by its URL key."""


def with_numbers(scenario: Scenario, numbers: Mapping[str, float]) -> Scenario:
    """The scenario with these inputs (by URL key) set; each value is clamped to its limits."""
    sections: dict[str, dict[str, float]] = {}
    for key, value in numbers.items():
        entry = INPUTS[key]
        sections.setdefault(entry.section, {})[entry.field] = entry.clamp(value)
    changed = {
        section: getattr(scenario, section).model_copy(update=fields)
        for section, fields in sections.items()
    }
    return scenario.model_copy(update=changed)
