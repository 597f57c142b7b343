"""Own options among what a command measures: their bound keys, and what is said of them."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from core.catalog.schema import Catalog
from core.runs.starting.candidates import Candidate
from core.runs.starting.key_bindings import with_bound_key


def bound_keys(
    candidates: Sequence[Candidate], catalog: Catalog, data_dir: Path
) -> list[Candidate]:
    """Each with the variable of its key; on stderr where a binding does not apply any more."""
    bound = [with_bound_key(candidate, catalog, data_dir) for candidate in candidates]
    for candidate in bound:
        if candidate.remark:
            Console(stderr=True).print(
                candidate.remark, highlight=False, markup=False, soft_wrap=True
            )
    return bound


def own_among(candidates: Sequence[Candidate], catalog: Catalog) -> dict[str, Candidate]:
    """Those that the user has added, by their id."""
    return {one.option_id: one for one in candidates if catalog.is_own(one.option_id)}
