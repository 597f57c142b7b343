"""How many machines answer behind one address: asked in the same words everywhere."""

from typing import Final

LABEL: Final = "Machines behind this address"
HELP: Final = (
    "How many machines answer behind the one address. Replicas, workers or cards of one machine "
    "are one machine, however many: 1. Two machines behind a balancer: 2. What comes out is "
    "divided by this number, and one part of it is the option's."
)


def shared_words(machines: int, unit: str) -> str:
    """What the number means for the option. ``unit``: what one machine of it is."""
    if machines == 1:
        return f"One machine is {unit}. All that comes out of the address counts for one."
    return (
        f"One machine is {unit}. What comes out of the address is divided by {machines:,}: one "
        "part of it counts for each."
    )
