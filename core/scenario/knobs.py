"""How a field of the scenario is asked on screen."""

from dataclasses import dataclass
from typing import Final, Literal


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
