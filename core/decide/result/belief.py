"""One input that is not known for certain, with its range, its law and where those are from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.catalog.schema import PriceUnit
from core.cost.many_scenarios.laws import Law, LawKind, known
from core.errors import ModelInputError

PRICE: Final = "price/"
SECONDS: Final = "seconds/"
THROUGHPUT: Final = "throughput/"
LABOUR: Final = "labour"
API_LABOUR: Final = "labour of APIs"
ELECTRICITY: Final = "electricity"
PEAK: Final = "peak"
CEILING: Final = "ceiling"
VOLUME: Final = "volume"
GROWTH: Final = "growth"


@dataclass(frozen=True, slots=True)
class Belief:
    """One input that may be otherwise than the scenario has it."""

    name: str
    label: str
    unit: str
    law: Law
    """Around the scenario's value, in ``unit``."""
    basis: str
    """Where the range is from, a sentence."""
    options: frozenset[str] | None = None
    """Ids of the options that it acts on; None: all that have such an input."""
    before: Law | None = None
    """What was believed before a measurement narrowed it."""
    price_unit: PriceUnit | None = None
    measured_apart: float | None = None
    """The scenario's value, where a measurement contradicts it and the law lies elsewhere."""

    @property
    def to_find_out(self) -> str:
        """What to do about it, to begin a sentence with."""
        label = self.label
        inside = label[0].lower() + label[1:] if label[1:2].islower() else label
        if self.name.startswith(THROUGHPUT):
            return f"Measure your own {inside}"
        return (
            f"Measure the {inside}" if self.name.startswith(SECONDS) else f"Find out the {inside}"
        )

    @property
    def stated(self) -> float:
        """The value that the scenario's costs rest on."""
        return self.law.value if self.measured_apart is None else self.measured_apart


@dataclass(frozen=True, slots=True)
class Range:
    """A range that the user set."""

    kind: LawKind
    low: float
    high: float


def with_ranges(
    believed: Sequence[Belief], ranges: Mapping[str, Range]
) -> tuple[tuple[Belief, ...], tuple[str, ...]]:
    """The beliefs with the user's ranges, and a sentence for each range that makes no sense.

    A range that leaves out the scenario's value is refused, not stretched: one of the two is wrong.
    """
    changed, complaints = [], []
    for belief in believed:
        wanted = ranges.get(belief.name)
        if wanted is None:
            changed.append(belief)
            continue
        try:
            law = Law(wanted.kind, wanted.low, belief.law.value, wanted.high)
            changed.append(replace(belief, law=law, basis="Your range.", before=None))
        except ModelInputError as why:
            complaints.append(f"{belief.label}: {why}. The range from the sources is used.")
            changed.append(belief)
    return tuple(changed), tuple(complaints)


def around(
    kind: LawKind, low: float, value: float, high: float, limits: tuple[float, float] | None = None
) -> Law:
    """A law over a range, stretched so that it holds the value; known where it has no width.

    A value of 0 is somebody's decision, not a guess: it is taken as known.
    """
    low, high = min(low, value), max(high, value)
    if limits is not None:
        low, high = max(low, min(limits[0], value)), min(high, max(limits[1], value))
    return known(value) if value == 0 or low >= high else Law(kind, low, value, high)
