"""One replica before the scenario's texts: its batches, its queue, what it carries in time."""

import math
from typing import Final

import numpy as np

from core.decide.load.text_load import TextLoad
from core.decide.result.replica_used import LEVEL, Replica
from core.errors import ModelInputError
from core.serving.batch.batch_time import NO_ATTENTION, BatchTime
from core.serving.queue.queue_table import QueueTable
from core.serving.response.slo_capacity import Feasible, capacity_of
from core.serving.response.varied import VariedTexts, highest_varied_rate

PARAMS_PER_MILLION: Final = 1e6


def replica_of(
    time: BatchTime,
    load: TextLoad,
    most_texts: int,
    slo_p95_s: float,
    table: QueueTable,
) -> Replica:
    """A replica from the time of its batches.

    A batch holds ``most_texts`` at most, and no more than the table knows. Texts are not padded;
    where they differ in length, see :mod:`core.serving.response.varied` for how far the p95 is then
    right.
    """
    largest = min(most_texts, int(table.batches[-1]))
    texts = VariedTexts(time, load.lengths)
    queue = table.curve(texts.cost, largest)
    rate = highest_varied_rate(texts, queue, largest, LEVEL, slo_p95_s)
    alone_s = float(np.quantile(texts.alone_s, LEVEL))
    capacity = capacity_of(rate or 0.0, queue.full_rate_per_s, alone_s, slo_p95_s, LEVEL)
    return Replica(
        texts=texts,
        texts_per_batch=largest,
        tokens_per_text=load.tokens,
        queue=queue,
        load_at_objective=capacity.load if isinstance(capacity, Feasible) else None,
        infeasible="" if isinstance(capacity, Feasible) else capacity.reason,
    )


def most_texts_in_batch(max_batch_tokens: int, tokens_per_text: float) -> int:
    """Texts that the scenario's tokens in a batch allow; one at least."""
    return max(1, int(max_batch_tokens / tokens_per_text))


def one_at_a_time(tokens_per_s: float) -> BatchTime:
    """Batch time of a machine that was seen to embed texts one after another at this rate."""
    if not 0 < tokens_per_s < math.inf:
        raise ModelInputError(f"a rate in tokens/s is positive and finite, not {tokens_per_s}")
    return BatchTime(0.0, 0.0, 1 / tokens_per_s, NO_ATTENTION)
