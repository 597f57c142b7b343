"""What a run will do, decided before it starts and stored with it."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.catalog.schema import Endpoint
from core.measurement import Subject

MAX_TEXTS = 2_000
MAX_TEXT_CHARACTERS = 200_000


def is_sendable(text: str) -> bool:
    """Whether a text has a UTF-8 form: a lone surrogate has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class LocalTarget(BaseModel):
    """The packaged model on this computer, through an engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["local"] = "local"
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    threads: Annotated[int | None, Field(ge=1, le=256)] = None


class ApiTarget(BaseModel):
    """A remote endpoint. The key is not part of it: it reaches the worker by standard input."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["api"] = "api"
    endpoint: Endpoint
    wire_model: Annotated[str, Field(min_length=1, max_length=200)]
    dimensions: Annotated[int | None, Field(ge=1, le=65_536)] = None
    """Asked of the endpoint as ``dimensions``, and then expected. None: the model's own."""
    expected_dims: Annotated[int | None, Field(ge=1, le=65_536)] = None
    """What the model is known to give; not sent. None: the first answer sets it."""
    allow_loopback: bool = False
    """Plain HTTP and private addresses are refused unless the user typed a loopback address."""


Target = Annotated[LocalTarget | ApiTarget, Field(discriminator="kind")]


class ProbePlan(BaseModel):
    """One run: whom, what, when, how long, how much at most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: Subject
    target: Target
    texts: Annotated[tuple[str, ...], Field(min_length=1, max_length=MAX_TEXTS)]
    """Sample texts, used in turn."""
    requests: Annotated[int, Field(ge=1, le=10_000)] = 80
    """Measured requests; 72 are needed for a two-sided p95 interval."""
    warm_up_requests: Annotated[int, Field(ge=0, le=100)] = 3
    """Sent first, one after another, kept apart. The very first is the cold start."""
    rate_per_s: Annotated[float, Field(gt=0, le=10_000)] = 8.0
    arrivals: Literal["poisson", "constant"] = "poisson"
    seed: int = 0
    texts_per_request: Annotated[int, Field(ge=1, le=2_048)] = 1
    in_flight_cap: Annotated[int, Field(ge=1, le=1_024)] = 64
    """Above this an arrival is refused and recorded as such, never silently delayed."""
    timeout_s: Annotated[float, Field(gt=0, le=600)] = 30.0
    """Total time of one request: a dripping body does not outlive it."""

    @model_validator(mode="after")
    def _texts_can_be_sent(self) -> Self:
        for i, text in enumerate(self.texts):
            if not text.strip():
                raise ValueError(f"text {i + 1} is empty: providers refuse empty texts")
            if not is_sendable(text):
                raise ValueError(f"text {i + 1} holds half a character (a lone surrogate)")
            if len(text) > MAX_TEXT_CHARACTERS:
                raise ValueError(
                    f"text {i + 1} has {len(text):,} characters; the limit is "
                    f"{MAX_TEXT_CHARACTERS:,}"
                )
        return self
