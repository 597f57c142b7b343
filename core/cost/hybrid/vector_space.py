"""Whether two servers give vectors that may stand in one index.

A hybrid answers some texts here and some there, so both sides must give the same vector for the
same text: the same weights, pooling, normalisation and precision, or models whose publisher
declares that they share one space. Vectors of different models do not mix, however alike they are.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VectorSource:
    """What makes the vectors. What is not known is None, and is not held against a pair."""

    weights: str
    """Id of the model: "BAAI/bge-m3"."""
    revision: str | None = None
    pooling: str | None = None
    normalised: bool | None = None
    precision: str | None = None
    """Of the computation: "fp16"."""
    dims: int | None = None
    shared_space: str | None = None
    """Name of the space that the publisher declares several of its models to share."""


def why_not_mixed(one: VectorSource, other: VectorSource) -> str:
    """The reason why vectors of the two do not mix; "" where they do."""
    declared = one.shared_space is not None and one.shared_space == other.shared_space
    if one.weights != other.weights and not declared:
        return (
            f"vectors of {one.weights} and {other.weights} do not mix: they are different "
            "weights, and no shared vector space is declared"
        )
    same = ("dims", "normalised") if declared else _SAME
    for field in same:
        here, there = getattr(one, field), getattr(other, field)
        if here is not None and there is not None and here != there:
            return (
                f"vectors of {one.weights} and {other.weights} do not mix: "
                f"{_NAMES.get(field, field)} is {here} on one side and {there} on the other"
            )
    return ""


_SAME = ("revision", "pooling", "normalised", "precision", "dims")
_NAMES = {"dims": "the number of dimensions", "normalised": "normalisation"}
