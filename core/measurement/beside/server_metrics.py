"""What a server's own counters say of the time of a run."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict

from core.plain_text import Few, Label, Sentence


class ServerMetrics(BaseModel):
    """The difference of two looks, before the first and after the last request. None: not told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    server: Label
    """Whose counters they are: "Text Embeddings Inference"."""
    requests: float | None = None
    """Requests that it counted, of whomever."""
    batch_texts: float | None = None
    """Mean number of texts that it computed at once."""
    batch_tokens: float | None = None
    """Mean number of tokens that it computed at once."""
    queue_s: float | None = None
    """Mean time that a request waited in its queue, s."""
    inference_s: float | None = None
    """Mean time that the model took for a request, s."""
    gpu_busy: float | None = None
    """Share of the time in which the GPU worked, at the second look; the busiest of several."""
    sentences: Annotated[tuple[Sentence, ...], Few(10)] = ()
