"""What a run asks, and what every target answers, whatever its kind: the one door to targets."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.catalog.schema import Endpoint
from core.plain_text import Plain, Reference
from core.probe.addresses.egress import Address, judge_url
from core.probe.addresses.reach import Reach


class AnyTarget(BaseModel, ABC):
    """A target. Callers ask it what they need to know, and do not look at its kind.

    Whatever judges an address, a key or a price goes through :attr:`apis`. So a kind has to say
    what it sends to: nothing abstract here has a default, and a kind that leaves one out cannot
    be made.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    @abstractmethod
    def apis(self) -> tuple["ApiTarget", ...]:
        """Every endpoint that texts are sent to. A call to the last is billed, to others not."""

    @property
    @abstractmethod
    def local_models(self) -> tuple["LocalTarget", ...]:
        """Every model that runs on this computer for it."""

    @abstractmethod
    def with_apis(self, change: "Callable[[ApiTarget], ApiTarget]") -> "AnyTarget":
        """The same target with each of its endpoints changed."""

    @property
    def billed(self) -> "ApiTarget | None":
        """The endpoint whose calls have a price, and which says what an answer must hold.

        None where nothing leaves this computer.
        """
        return self.apis[-1] if self.apis else None

    @property
    def unbilled(self) -> "tuple[ApiTarget, ...]":
        """Endpoints of one's own beside the billed one: paid for anyway, with another key."""
        return self.apis[:-1]

    @property
    def is_mixed(self) -> bool:
        """Whether several models answer as one: their vectors must be compared first."""
        return len(self.apis) + len(self.local_models) > 1

    @property
    def sole_api(self) -> "ApiTarget | None":
        """The endpoint that answers everything; None where another or a local model may."""
        return None if self.is_mixed else self.billed

    @property
    def sole_local(self) -> "LocalTarget | None":
        """The local model that answers everything; None where an endpoint may."""
        return None if self.is_mixed else next(iter(self.local_models), None)


class LocalTarget(AnyTarget):
    """A model on this computer, through an engine; what is left open is chosen by the engine."""

    kind: Literal["local"] = "local"
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    threads: Annotated[int | None, Field(ge=1, le=256)] = None
    model: Annotated[Reference, Field(min_length=1)] | None = None
    """A folder of this computer or a hub id whose weights are on it; None: the packaged model."""
    engine: Literal["auto", "torch", "onnxruntime"] = "auto"
    precision: Literal["auto", "fp32", "fp16", "bf16"] = "auto"
    batch_texts: Annotated[int | None, Field(ge=1, le=4_096)] = None
    """Most texts that run through the model together."""
    max_tokens: Annotated[int | None, Field(ge=8, le=131_072)] = None
    """Where texts are cut, if earlier than the model does."""
    allow_custom_code: bool = False
    """Whether Python files that come with the model may be run on this computer."""

    @property
    def apis(self) -> tuple["ApiTarget", ...]:
        """None: nothing is sent."""
        return ()

    @property
    def local_models(self) -> tuple["LocalTarget", ...]:
        """Itself."""
        return (self,)

    def with_apis(self, change: "Callable[[ApiTarget], ApiTarget]") -> "LocalTarget":
        """Itself: it has none."""
        del change
        return self


class ApiTarget(AnyTarget):
    """A remote endpoint. The key is not part of it: it reaches the worker by standard input."""

    kind: Literal["api"] = "api"
    endpoint: Endpoint
    wire_model: Annotated[str, Plain(200), Field(min_length=1)]
    dimensions: Annotated[int | None, Field(ge=1, le=65_536)] = None
    """Asked of the endpoint as ``dimensions``, and then expected. None: the model's own."""
    expected_dims: Annotated[int | None, Field(ge=1, le=65_536)] = None
    """What the model is known to give; not sent. None: the first answer sets it."""
    allow_loopback: bool = False
    """The user means a server on this computer; says nothing where the host is another."""
    client: Literal["probe", "openai_sdk"] = "probe"
    """Through which client: the probe's own, or OpenAI's, whose cost a call can be seen so."""
    input_field: Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")] = None
    """Name of the texts among the model's inputs, where each model has its own (Replicate)."""

    def address(self, reach: Reach) -> Address:
        """The base address, its form judged. Raises EgressError for one that may not be called.

        ``reach`` is the caller's: what a plan says of itself opens this computer at most, where
        the host is that by its spelling.
        """
        mine = reach.with_this_computer(meant=self.allow_loopback)
        return judge_url(str(self.endpoint.base_url), mine)

    @property
    def apis(self) -> tuple["ApiTarget", ...]:
        """Itself."""
        return (self,)

    @property
    def local_models(self) -> tuple[LocalTarget, ...]:
        """None: a server on this computer is asked as any other."""
        return ()

    def with_apis(self, change: "Callable[[ApiTarget], ApiTarget]") -> "ApiTarget":
        """Itself, changed."""
        return change(self)


class HybridTarget(AnyTarget):
    """A base of one's own that spills to an API: allowed only where both give the same vectors."""

    kind: Literal["hybrid"] = "hybrid"
    base: Annotated[LocalTarget | ApiTarget, Field(discriminator="kind")]
    """What is paid for anyway: a call costs nothing."""
    burst: ApiTarget
    in_flight_limit: Annotated[int, Field(ge=1, le=1_024)] = 1
    """A request that finds so many under way at the base goes to the burst target."""

    @property
    def apis(self) -> tuple[ApiTarget, ...]:
        """The base where it is a server, then the burst target."""
        return (*self.base.apis, self.burst)

    @property
    def local_models(self) -> tuple[LocalTarget, ...]:
        """The base where it is a model on this computer."""
        return self.base.local_models

    def with_apis(self, change: Callable[[ApiTarget], ApiTarget]) -> "HybridTarget":
        """With its base, where that is a server, and its burst target changed."""
        sides = {"base": self.base.with_apis(change), "burst": change(self.burst)}
        return self.model_copy(update=sides)


Target = Annotated[LocalTarget | ApiTarget | HybridTarget, Field(discriminator="kind")]
