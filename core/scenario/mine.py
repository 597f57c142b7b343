"""What is one's own already, by number, and what one has negotiated: limits and their words."""

from collections.abc import Iterable
from typing import Annotated, Final

from pydantic import Field

from core.scenario.option_ids import HYBRID_PREFIX, machine_id

MOST_OWNED: Final = 1_000_000
HIGHEST_DISCOUNT: Final = 0.95

OwnCount = Annotated[int, Field(ge=1, le=MOST_OWNED)]
"""Cards or machines of one kind that are there already."""

OwnDiscount = Annotated[float, Field(ge=0, le=HIGHEST_DISCOUNT)]
"""Share that a provider takes off its list prices."""


def named_counts(value: object) -> object:
    """Counts as they were given, by id. Raises ValueError that names the first that is none."""
    for name, count in _pairs(value):
        if machine_id(name) != name or name.startswith(HYBRID_PREFIX):
            raise ValueError(f"{name} is no machine alone: write {machine_id(name)!r}")
        if not (1 <= count <= MOST_OWNED and count == int(count)):
            raise ValueError(
                f"{name} cannot be there {count:g} times: write a whole number from 1 to "
                f"{MOST_OWNED:,}, or leave it out"
            )
    return value


def named_discounts(value: object) -> object:
    """Discounts as they were given, by provider. Raises ValueError that names the first bad one."""
    for name, share in _pairs(value):
        if not 0 <= share <= HIGHEST_DISCOUNT:
            raise ValueError(
                f"{name} cannot take {share:g} off: write a share of the list price from 0 to "
                f"{HIGHEST_DISCOUNT:g}, 0.2 for 20 %"
            )
    return value


def _pairs(value: object) -> Iterable[tuple[str, float]]:
    """Names with their numbers; what has another form is left to the field's own type."""
    if not isinstance(value, list | tuple):
        return
    for entry in value:
        match entry:
            case [str(name), int(number) | float(number)] if not isinstance(number, bool):
                yield name, number
