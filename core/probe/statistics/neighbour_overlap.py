"""Whether two models find the same neighbours among the user's own texts.

Vectors of two models cannot be compared with each other, but what is near what can: a change of
model that keeps the neighbours keeps what a search finds.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from core.errors import RunError
from core.probe.records.probe_plan import LEAST_NEIGHBOUR_TEXTS

Floats = NDArray[np.float64]

LEVEL: Final = 0.95
DESIGN_EFFECT: Final = 2.0
"""So many texts say as much as one that were nobody's neighbour."""
MOST_TEXTS: Final = 5_000
"""All pairs are looked at: 5,000 texts are 25 million."""


@dataclass(frozen=True, slots=True)
class NeighbourOverlap:
    """Share of the k nearest texts that two models agree on, mean over all texts as queries."""

    texts: int
    k: int
    mean: float
    low: float
    high: float
    """The interval at LEVEL."""
    by_chance: float
    """What two models without anything in common would agree on: k of all other texts."""
    per_text: tuple[float, ...]
    """Of each text as the query; the least agreed on are worth a look."""

    @property
    def sentence(self) -> str:
        """The result in words."""
        return (
            f"Of the {self.k} nearest texts both models share {self.mean:.0%} "
            f"({self.low:.0%} to {self.high:.0%}, {self.texts} texts as queries; "
            f"{self.by_chance:.0%} would be chance)."
        )


def neighbour_overlap(one: Floats, other: Floats, k: int = 10) -> NeighbourOverlap:
    """Compare two models' vectors of the same texts, one row a text; their sizes may differ.

    Every text is a query among all others, by cosine. The interval is Student's, with half of the
    texts counted: a text is a query and others' neighbour, so the shares are not independent. In
    simulations (30 to 150 texts, 6 and 30 dimensions) the mean scattered 1.2 to 1.4 times as much
    as independent shares would. Raises RunError for too few texts, unequal numbers or vectors of
    no length.
    """
    if len(one) != len(other):
        raise RunError(f"The models have {len(one)} and {len(other)} vectors of the same texts.")
    texts = len(one)
    if not LEAST_NEIGHBOUR_TEXTS <= texts <= MOST_TEXTS:
        raise RunError(
            f"Neighbours need {LEAST_NEIGHBOUR_TEXTS} to {MOST_TEXTS:,} different texts, not "
            f"{texts}."
        )
    if not 1 <= k < texts - 1:
        raise RunError(f"Of {texts} texts a query has {texts - 1} others: k is 1 to {texts - 2}.")
    first, second = _nearest(_unit(one), k), _nearest(_unit(other), k)
    shares = np.array([len(a & b) / k for a, b in zip(first, second, strict=True)])
    mean = float(shares.mean())
    deviation = float(shares.std(ddof=1)) * math.sqrt(DESIGN_EFFECT / texts)
    half = float(stdtrit(texts - 1, (1 + LEVEL) / 2)) * deviation
    return NeighbourOverlap(
        texts=texts,
        k=k,
        mean=mean,
        low=max(0.0, mean - half),
        high=min(1.0, mean + half),
        by_chance=k / (texts - 1),
        per_text=tuple(shares.tolist()),
    )


def _unit(vectors: Floats) -> Floats:
    rows = np.asarray(vectors, dtype=np.float64)
    if rows.ndim != 2:
        raise RunError(f"Vectors are a table, one row a text, not an array of {rows.ndim} axes.")
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (np.isfinite(norms).all() and (norms > 0).all()):
        raise RunError("A vector is zero or not finite: it has no neighbours.")
    unit: Floats = rows / norms
    return unit


def _nearest(unit: Floats, k: int) -> list[set[int]]:
    """Indices of the k nearest others of every row; of equally near ones the first counts."""
    closeness = unit @ unit.T
    np.fill_diagonal(closeness, -np.inf)
    # Rounded, so that texts that are equally near do not change places by the last bit.
    order = np.argsort(-np.round(closeness, 9), axis=1, kind="stable")[:, :k]
    return [set(row) for row in order.tolist()]
