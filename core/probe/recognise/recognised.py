"""What was recognised, as a plain value, and what is not known of it."""

from collections.abc import Collection
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from core.plain_text import Few, Label, Sentence
from core.probe.recognise.answer_fields import MOST_COUNT

OPENAI: Final = "openai_compatible"

_Count = Annotated[int, Field(ge=1, le=MOST_COUNT)]


class ServedModel(BaseModel):
    """A model that a server says it has. None: it does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Label
    """As a request names it."""
    embeds: bool | None = None
    """Whether it gives vectors."""
    max_tokens: _Count | None = None
    """Tokens that it reads of a text at most."""
    dimensions: _Count | None = None
    dtype: Label | None = None
    revision: Label | None = None


class Spoken(BaseModel):
    """A format that a server speaks, and the base address for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wire: Label
    base_url: str


class Recognised(BaseModel):
    """A server by its own word. What was not said stays None."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: Label
    version: Label | None = None
    by_what: Sentence
    """What it was recognised by: "GET /info: model_id and max_client_batch_size"."""
    speaks: Annotated[tuple[Spoken, ...], Field(min_length=1)]
    """The proposed one first."""
    models: Annotated[tuple[ServedModel, ...], Few(200)] = ()
    max_texts_per_request: _Count | None = None
    max_tokens_per_batch: _Count | None = None
    """Tokens of all texts that the server computes at once."""
    key_header: Label | None = None
    """Where the key goes, if not into ``Authorization``."""
    query: tuple[tuple[Label, Label], ...] = ()
    """What goes with each request's address."""
    notes: Annotated[tuple[Sentence, ...], Few(20)] = ()
    what_was_mended: Annotated[tuple[Sentence, ...], Few(20)] = ()
    """Of the address that somebody typed."""

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.server} {self.version}" if self.version else self.server

    @property
    def embedders(self) -> tuple[ServedModel, ...]:
        """The models that embed by the server's word; where it does not say, those that may."""
        sure = tuple(model for model in self.models if model.embeds)
        return sure or tuple(model for model in self.models if model.embeds is None)

    def spoken(self, wires: Collection[str]) -> Spoken | None:
        """The first format that somebody here speaks, too."""
        return next((one for one in self.speaks if one.wire in wires), None)

    def preferring(self, wire: str) -> "Recognised":
        """The same with another of its formats proposed; unchanged where it has no such one."""
        first = sorted(self.speaks, key=lambda one: one.wire != wire)
        return self.model_copy(update={"speaks": tuple(first)})
