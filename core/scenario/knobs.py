"""How a field of the scenario is asked on screen, and within which limits."""

from dataclasses import dataclass
from typing import Final, Literal

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict

STRICT: Final = ConfigDict(
    frozen=True, extra="forbid", allow_inf_nan=False, revalidate_instances="always"
)
"""Of every part of the scenario: no other keys, no nan and no inf, and a part that was made
elsewhere is checked like one from a file."""


@dataclass(frozen=True, slots=True)
class Knob:
    """How one field is asked on screen: its words, unit, and address in the URL."""

    label: str
    unit: str
    url_key: str
    step: float
    scale: Literal["linear", "log"] = "linear"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a field with a few named values is asked on screen, and its address in the URL."""

    label: str
    url_key: str
    words: tuple[tuple[str | bool, str], ...]
    """Each value with what the page calls it; the value's text is what stands in the URL."""


YES_NO: Final = ((False, "no"), (True, "yes"))


def limits(model: type[BaseModel], field: str) -> tuple[float, float]:
    """The lowest and the highest value of a number, as its field declares them."""
    marks = model.model_fields[field].metadata
    low = next(float(str(mark.ge)) for mark in marks if isinstance(mark, Ge))
    high = next(float(str(mark.le)) for mark in marks if isinstance(mark, Le))
    return low, high
