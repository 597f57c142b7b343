"""A replica as it is used: its batch times, its queue, and what it carries."""

from dataclasses import dataclass
from typing import Final

from core.serving.batch.batch_time import BatchCost
from core.serving.queue.queue_table import LoadCurve
from core.serving.queue.response_law import ResponseLaw
from core.serving.response.varied import VariedTexts, varied_response

LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Replica:
    """What one card does with texts of the scenario's length."""

    texts: VariedTexts
    """Their lengths, and the time of a batch of any of them."""
    texts_per_batch: int
    tokens_per_text: float
    queue: LoadCurve
    load_at_objective: float | None
    """Load over full batches up to which the p95 keeps the objective; None: at no load."""
    infeasible: str
    """Why at no load; "" where at some."""
    network_s: float = 0.0
    """There and back between who asks and the machine: part of every response."""

    @property
    def batch(self) -> BatchCost:
        """Time of a batch of these texts at their mean work."""
        return self.texts.cost

    @property
    def full_tokens_per_s(self) -> float:
        """Processed tokens a second in full batches."""
        return self.queue.full_rate_per_s * self.tokens_per_text

    def response(self, tokens_per_s: float) -> ResponseLaw | None:
        """Response time at a rate of processed tokens; None where the queue never settles."""
        rate_per_s = tokens_per_s / self.tokens_per_text
        law = varied_response(self.texts, self.queue, self.texts_per_batch, rate_per_s)
        return None if law is None else law.later(self.network_s)
