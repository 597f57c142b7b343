"""Numbers of the scenario with flags of their own: typed within the limits that it declares."""

from typing import Any

import typer
from pydantic import BaseModel

from core.scenario import limits


def number(model: type[BaseModel], field: str, words: str, least: float | None = None) -> Any:
    """The option for a field. ``least``: in the place of its own lower limit."""
    low, high = limits(model, field)
    lowest = low if least is None else least
    whole = model.model_fields[field].annotation is int
    ends = (int(lowest), int(high)) if whole else (lowest, high)
    return typer.Option(min=ends[0], max=ends[1], help=words)
