"""Whether the law of size was fitted to anything like a pair of card and model.

A row is near where it is of the same card, whatever the model; or of a model whose working weights
are within a factor of 2, whatever the card. Both move the law's own terms, peak and bandwidth the
one, operations the other. Of cards only rows of servers count, which is what is predicted: a bare
call is their ceiling. That a factor of 2 is near is a judgement.
"""

from functools import cache
from typing import Final

from core.serving.batch.physics import ModelShape
from core.serving.law.batch_law import Machine, ServerKind
from core.serving.law.measured_batches import MeasuredBatch, measured_batches

NEAR_SIZE: Final = 2.0
"""Factor either way."""


def why_far(card_name: str, shape: ModelShape, machine: Machine) -> str:
    """What there is no row of, in words; "" where one is near."""
    rows = _rows(is_card=machine.bandwidth_gb_s is not None)
    if any(_same_card(row, card_name) or _same_size(row, shape) for row in rows):
        return ""
    return (
        f"predicted far from what was published: no server is on {card_name}, none has a model "
        f"within a factor of {NEAR_SIZE:g} of its size"
    )


def has_server(card_name: str) -> bool:
    """Whether the law was fitted to a server on this card."""
    return any(_same_card(row, card_name) for row in _rows(is_card=True))


@cache
def _rows(*, is_card: bool) -> tuple[MeasuredBatch, ...]:
    """Rows of servers on cards, or those of processors."""
    rows = measured_batches()
    if is_card:
        return tuple(row for row in rows if row.kind is ServerKind.SERVER)
    return tuple(row for row in rows if row.machine.bandwidth_gb_s is None)


def _same_card(row: MeasuredBatch, card_name: str) -> bool:
    """By whole words: "A10" names an NVIDIA A10, and no A10G."""
    return set(row.chip.split()) <= set(card_name.split())


def _same_size(row: MeasuredBatch, shape: ModelShape) -> bool:
    times = row.shape.params_non_embedding / shape.params_non_embedding
    return 1 / NEAR_SIZE <= times <= NEAR_SIZE
