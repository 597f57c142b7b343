"""Vectors of which the first dimensions alone are kept (Matryoshka), and of whom they may be cut.

A model that is trained for it puts what matters into the first dimensions, so that the rest may be
dropped and the vector scaled to length 1 again (Kusupati et al. 2022, arXiv 2205.13147). Of any
other model the first dimensions are no better than the rest.
"""

from dataclasses import dataclass

from core.catalog.schema import ApiOffer, ModelCard


@dataclass(frozen=True, slots=True)
class KeptDimensions:
    """How many dimensions of a model's vectors are kept."""

    dims: int | None
    """None: nobody says how many it has."""
    why: str = ""
    """What is said of it; "" where nothing is asked."""


def kept_dimensions(model: ModelCard | None, asked: int) -> KeptDimensions:
    """What is kept where so many dimensions are asked; 0: the model's own."""
    dims = None if model is None else model.dims
    if model is None or dims is None or asked == 0:
        return KeptDimensions(dims)
    if asked >= dims:
        return KeptDimensions(dims, f"has {dims:,} dimensions: all are kept" * (asked > dims))
    if model.matryoshka is False:
        return KeptDimensions(dims, f"not trained for shorter vectors: all {dims:,} are kept")
    if model.least_dims is not None and asked < model.least_dims:
        why = f"not cut below {model.least_dims:,}, the fewest that its publisher names"
        return KeptDimensions(dims, f"{why}: all {dims:,} are kept")
    cut = f"{asked:,} of {dims:,} dimensions kept"
    if model.matryoshka is None:
        why = "whether it is trained for that is not known, so its quality then is not"
        return KeptDimensions(asked, f"{cut}: {why}")
    return KeptDimensions(asked, f"{cut}, as it is trained for; its scores are of all")


def cut_remark(left: KeptDimensions, model: ModelCard | None, offer: ApiOffer | None) -> str:
    """What is said beside an option, with who cuts; "" where nothing is asked."""
    is_cut = model is not None and left.dims != model.dims
    if not is_cut or offer is None:
        return left.why
    if offer.takes_dimensions:
        return f"{left.why}; the API cuts by its parameter for dimensions"
    return f"{left.why}; cut them yourself, and scale each to length 1"
