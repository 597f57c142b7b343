"""What somebody published of the speed of embedding on one machine, and what may be made of it."""

from enum import StrEnum

from pydantic import model_validator

from core.catalog.rows.provenance import Count, Flag, Name, Positive, Row, Slug, Source


class RateKind(StrEnum):
    """What was timed. A bare call of the model is quicker than any server around it."""

    SERVER = "server"
    """Requests over HTTP, or the engine of such a server."""
    LIBRARY = "library"
    """A call in the same process, text in and vector out, tokenizing within."""
    MODEL_CALL = "model_call"
    """The model alone, no tokenizing and no HTTP: a ceiling of the card."""
    UNSTATED = "unstated"
    """The source does not say."""


MAY_BE_USED = frozenset({RateKind.SERVER, RateKind.LIBRARY})


class Throughput(Row):
    """A published rate of embedding on one kind of card or processor, at full batches."""

    model: str
    what: RateKind
    card: Slug | None = None
    """Absent where the source names no GPU, or hardware that has no datasheet row here."""
    cpu: Slug | None = None
    """Of a rate without a card: the processor, of which ``vcpus`` worked."""
    vcpus: Count | None = None
    """Of the whole machine; absent where the source does not state them."""
    machine: Name | None = None
    """Id of the one machine that it is of, as in an option: of it nothing else then counts."""
    batch_texts: Count | None = None
    """Texts that ran through the model together; absent: full batches."""
    hardware: str = ""
    """The hardware in the source's words, where there is no card."""
    server: str
    precision: str = ""
    tokens_per_text: Positive | None = None
    tokens_per_s: Positive | None = None
    """Whole machine, all its cards together."""
    texts_per_s: Positive | None = None
    """In place of tokens/s, where the source does not state the length of its texts."""
    gpu_count: Count = 1
    usable: Flag
    """False: kept as a warning or a ceiling, never modelled."""
    verdict: Name
    source: Source

    @property
    def of_half_precision(self) -> bool:
        """Whether a card's dense fp16 peak bounds the rate: int8 has a peak of its own."""
        return self.precision != "int8"

    @model_validator(mode="after")
    def _hardware_known(self) -> "Throughput":
        if self.machine is not None and (self.card is not None or self.cpu is not None):
            raise ValueError("a rate of one machine has no card and no cpu: take them out")
        if self.card is None and self.cpu is None and not (self.hardware or self.machine):
            raise ValueError("a row without a card or a cpu must name its hardware")
        if self.cpu is not None and (self.card is not None or self.vcpus is None):
            raise ValueError("a rate of a cpu has no card, and says how many vcpus worked")
        return self

    @model_validator(mode="after")
    def _one_unit(self) -> "Throughput":
        if (self.tokens_per_s is None) is (self.texts_per_s is None):
            raise ValueError("a row gives its rate in one unit: tokens_per_s or texts_per_s")
        return self

    @model_validator(mode="after")
    def _usable_as_a_rate(self) -> "Throughput":
        if not self.usable:
            return self
        if self.card is None and self.cpu is None and self.machine is None:
            raise ValueError("only a row with a card or a cpu can be usable")
        if self.what not in MAY_BE_USED:
            raise ValueError("only a rate of a server or a library can be usable")
        if self.tokens_per_s is None or self.tokens_per_text is None:
            raise ValueError("a usable row needs tokens_per_s and tokens_per_text")
        return self
