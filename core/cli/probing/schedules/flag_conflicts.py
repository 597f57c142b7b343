"""Which flags go together: two that contradict each other are refused by name.

Only flags that were typed are looked at: a default contradicts nothing. One that nothing would
read is refused as well: whoever typed it meant something.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import typer

from core.cli.probing.schedules.number_lists import flag
from core.errors import RunError

Typed = Mapping[str, Any]
"""Value by the name of the parameter, of what was typed."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to ask, by the flag that stands for it."""

    takes: frozenset[str]
    """Parameters that say more of it."""


WAYS: Final[Mapping[str, Way]] = MappingProxyType(
    {
        "ramp": Way(frozenset({"step_s", "arrivals"})),
        "batches": Way(frozenset({"characters", "repeats"})),
        "concurrency": Way(frozenset({"requests"})),
        "cold": Way(frozenset({"repeats"})),
        "against": Way(frozenset({"requests", "rate", "arrivals", "neighbours"})),
    }
)
OPEN_LOOP: Final = Way(frozenset({"requests", "rate", "arrivals"}))
"""Without a flag for another."""
MORE: Final = OPEN_LOOP.takes.union(*(way.takes for way in WAYS.values()))

AT_AN_ADDRESS: Final = (
    *("model", "wire", "client", "input_field", "dimensions"),
    *("key_header", "query", "body"),
)
"""They say something of an address that was typed."""
BESIDE_A_PLAN: Final = frozenset(
    {"plan", "to", "allow_custom_code", "key_env", "usd_per_mtok", "usd_per_second", "free"}
) | {"seed", "as_json", "fail_if", "compare_with"}
"""All else stands in the plan."""


def typed_of(context: typer.Context) -> dict[str, Any]:
    """What was typed after the command."""
    return {
        name: value
        for name, value in context.params.items()
        if getattr(context.get_parameter_source(name), "name", "") == "COMMANDLINE"
    }


def refuse_contradictions(typed: Typed) -> None:
    """Raise RunError where flags do not go together, by their names."""
    if "plan" in typed:
        if others := [flag(name) for name in typed if name not in BESIDE_A_PLAN]:
            raise RunError(f"--plan says whom to ask and how: leave out {_and(others)}.")
        return
    if "option" in typed and "base_url" in typed:
        raise RunError("--option and --base-url both say whom to ask: give one.")
    if "base_url" not in typed and (lost := [n for n in AT_AN_ADDRESS if n in typed]):
        raise RunError(
            f"{_and(map(flag, lost))} is for an address that you type: give --base-url, too."
        )
    _refuse_two_ways(typed)


def _refuse_two_ways(typed: Typed) -> None:
    ways = [name for name in WAYS if name in typed]
    if len(ways) > 1:
        raise RunError(f"{_and(map(flag, ways))} are {len(ways)} ways to ask: give one.")
    # Texts that are near each other are counted between the targets of a comparison alone.
    takes = WAYS[ways[0]].takes if ways else OPEN_LOOP.takes | {"neighbours"}
    for name in typed:
        if name in MORE - takes:
            owners = [flag(way) for way, its in WAYS.items() if name in its.takes]
            beside = f"beside {flag(ways[0])}" if ways else "by itself"
            raise RunError(
                f"{flag(name)} says nothing {beside}: it goes with {' or '.join(owners)}"
                f"{' or no such flag' if name in OPEN_LOOP.takes else ''}."
            )


def _and(names: Iterable[str]) -> str:
    return " and ".join(names)
