"""Demands of page Plan that belong to the question by now: a question kept before is read so."""

from typing import Any

from core.scenario import HOME, Licence


def with_moved_demands(read: Any) -> Any:
    """A question as it was read, its `stay_home` and `commercial` where they stand by now.

    What is no such question, and a value that is neither true nor false, stays to be refused.
    """
    demands = read.get("demands") if isinstance(read, dict) else None
    if not isinstance(demands, dict) or not demands.keys() & {"stay_home", "commercial"}:
        return read
    stays, business = demands.get("stay_home", False), demands.get("commercial", True)
    if not (isinstance(stays, bool) and isinstance(business, bool)):
        return read
    asked = {name: part for name, part in demands.items() if name not in _MOVED}
    scenario = read.get("scenario", {})
    if stays:
        scenario = _with(scenario, "objective", "region", HOME)
    if not business:
        scenario = _with(scenario, "demands", "licence", Licence.ANY.value)
    return read | {"demands": asked, "scenario": scenario}


_MOVED = ("stay_home", "commercial")


def _with(scenario: Any, section: str, field: str, value: str) -> Any:
    """A scenario as it was read with one field; anything else stays to be refused."""
    if not isinstance(scenario, dict) or not isinstance(scenario.get(section, {}), dict):
        return scenario
    return scenario | {section: scenario.get(section, {}) | {field: value}}
