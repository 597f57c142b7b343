"""What the break-even chart is asked to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.cost.curve.piecewise import Floats
from dashboard.figures.base.palette import Palette
from dashboard.figures.compare.crossings import Mark


@dataclass(frozen=True, slots=True)
class CostBand:
    """The spread of one option's monthly cost over the volume."""

    option_id: str
    tokens_per_month: Floats
    low_usd: Floats
    high_usd: Floats


View = Literal["month", "mtok"]


@dataclass(frozen=True, slots=True)
class CostView:
    """How the curves are looked at."""

    view: View
    palette: Palette
    height_px: int
    marks: Sequence[Mark]
    emphasised: frozenset[str]
    """Option ids drawn strong: the answer and what it is compared with."""
    bands: tuple[CostBand, ...] = ()
    """Spread of the options' costs; drawn for the emphasised ones."""
