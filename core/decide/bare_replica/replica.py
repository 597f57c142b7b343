"""One replica before the scenario's texts: its batches, its queue, what it carries in time."""

import math
from typing import Final

import numpy as np

from core.catalog.schema import Card, ModelCard
from core.decide.load.text_load import TextLoad
from core.decide.result.replica_used import LEVEL, Replica
from core.errors import ModelInputError
from core.scenario import Hosting
from core.serving.batch.batch_time import BatchTime, work_tokens
from core.serving.queue.queue_table import QueueTable
from core.serving.response.slo_capacity import Feasible, capacity_of
from core.serving.response.varied import VariedTexts, highest_varied_rate
from core.units import BYTES_PER_GB

PARAMS_PER_MILLION: Final = 1e6
BYTES_PER_WEIGHT: Final = 2
"""fp16 or bf16, which the published rates and the cards' tensor peaks are for."""
NO_ATTENTION: Final = 10**18
"""Hidden size of a model whose own is not known: its attention then weighs nothing."""
LARGEST_START: Final = 0.5
"""Of a full batch: a published rate cannot be had with batches that do little but start."""


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


def batch_time_of_rate(
    tokens_per_s: float,
    at_tokens_per_text: float,
    model: ModelCard | None,
    card: Card,
    hosting: Hosting,
) -> BatchTime:
    """Batch time of a card whose full batches do a published rate at a published length.

    t0 is the scenario's start of a batch, tm the reading of all weights once (bytes/bandwidth), and
    alpha what is left of the full batch over its work, so that the rate is met exactly.
    """
    texts = most_texts_in_batch(hosting.max_batch_tokens, at_tokens_per_text)
    full_batch_s = texts * at_tokens_per_text / tokens_per_s
    start_s = min(hosting.batch_start_s, LARGEST_START * full_batch_s)
    left_s = full_batch_s - start_s
    hidden = model.hidden if model is not None and model.hidden else NO_ATTENTION
    work = texts * work_tokens(at_tokens_per_text, hidden)
    floor_s = min(weights_bytes(model) / (card.bandwidth_gb_s * BYTES_PER_GB), left_s)
    return BatchTime(start_s, floor_s, left_s / work, hidden)


def most_texts_in_batch(max_batch_tokens: int, tokens_per_text: float) -> int:
    """Texts that the scenario's tokens in a batch allow; one at least."""
    return max(1, int(max_batch_tokens / tokens_per_text))


def weights_bytes(model: ModelCard | None) -> float:
    """Bytes of the weights that every pass reads, in half precision; 0 where they are not known."""
    if model is None or model.params_non_embedding_m is None:
        return 0.0
    return model.params_non_embedding_m * PARAMS_PER_MILLION * BYTES_PER_WEIGHT


def one_at_a_time(tokens_per_s: float) -> BatchTime:
    """Batch time of a machine that was seen to embed texts one after another at this rate."""
    if not 0 < tokens_per_s < math.inf:
        raise ModelInputError(f"a rate in tokens/s is positive and finite, not {tokens_per_s}")
    return BatchTime(0.0, 0.0, 1 / tokens_per_s, NO_ATTENTION)
