"""The scenario's numeric inputs, found by their declarations, to be turned one at a time."""

from dataclasses import dataclass

from annotated_types import Ge, Le
from pydantic import BaseModel

from core.scenario import Knob, Scenario


@dataclass(frozen=True, slots=True)
class Input:
    """One number of the scenario with its limits."""

    section: str
    field: str
    label: str
    unit: str
    url_key: str
    low: float
    high: float
    whole: bool
    logarithmic: bool

    def of(self, scenario: Scenario) -> float:
        """Its value."""
        value: float = getattr(getattr(scenario, self.section), self.field)
        return value

    def turned(self, scenario: Scenario, value: float) -> Scenario:
        """The scenario with this input at another value."""
        section = getattr(scenario, self.section)
        number = round(value) if self.whole else value
        changed = section.model_copy(update={self.field: number})
        return scenario.model_copy(update={self.section: changed})


def inputs(scenario: Scenario) -> tuple[Input, ...]:
    """Every input that is declared with a knob, in the order of declaration.

    Not what is no demand as it stands, a latency objective that is a wish, a length of 0: whoever
    moves it makes it a demand, which is another question, not another amount.
    """
    wished = {"slo_p95_s"} if scenario.objective.demanded_p95_s is None else set[str]()
    wished |= set() if scenario.demands.least_tokens else {"least_tokens"}
    entries = []
    for section in type(scenario).model_fields:
        value = getattr(scenario, section)
        if isinstance(value, BaseModel):
            entries += _of_section(section, type(value))
    return tuple(one for one in entries if one.field not in wished)


def _of_section(section: str, model: type[BaseModel]) -> list[Input]:
    entries = []
    for name, info in model.model_fields.items():
        knob = next((m for m in info.metadata if isinstance(m, Knob)), None)
        if knob is None:
            continue
        entries.append(
            Input(
                section=section,
                field=name,
                label=knob.label,
                unit=knob.unit,
                url_key=knob.url_key,
                low=next(float(str(m.ge)) for m in info.metadata if isinstance(m, Ge)),
                high=next(float(str(m.le)) for m in info.metadata if isinstance(m, Le)),
                whole=info.annotation is int,
                logarithmic=knob.scale == "log",
            )
        )
    return entries
