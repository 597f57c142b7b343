"""An option as it is compared: its bill, and every figure that the bill rests on."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.catalog.schema import Area, PriceUnit, Source
from core.decide.result.limit_used import LimitUsed
from core.decide.result.obstacle import NOTHING_SEEN, Answered, Refusal
from core.decide.result.replica_used import Replica
from core.decide.result.unknown import Unknown
from core.grade import Grade


class OptionKind(StrEnum):
    """How an option is paid for."""

    API = "api"
    """By the token, character or request."""
    PER_SECOND = "per_second"
    """By the second of compute."""
    RENTED = "rented"
    """A GPU by the hour."""
    HYBRID = "hybrid"
    """Replicas for the base load, bursts to an API with the same vectors."""
    OWNED = "owned"
    """A card that was bought."""
    THIS_MACHINE = "this_machine"
    """The computer that runs the page: measured, and priced only if the user says its price."""


BY_USE: Final = frozenset({OptionKind.API, OptionKind.PER_SECOND})
"""Kinds that are paid for what is used."""

SELF_HOSTED: Final = frozenset({OptionKind.RENTED, OptionKind.OWNED, OptionKind.THIS_MACHINE})
"""Kinds that are paid by the replica, and that one operates oneself."""


@dataclass(frozen=True, slots=True)
class PriceUsed:
    """The price behind a curve: what was used, what the list says, and who says so."""

    usd: float | None
    """None: no price is known, so no cost is drawn."""
    unit: PriceUnit | None
    """None for an owned card: ``usd`` is then its purchase price."""
    list_usd: float | None
    source: Source | None
    overridden: bool
    said: str = ""
    """Terms of one's own that are in it: "already yours", a discount, a reservation."""

    @property
    def is_yours(self) -> bool:
        """Whether it is the user's own word: typed in the scenario, or in a row of one's own."""
        return self.overridden or (self.source is not None and self.source.is_yours)

    @property
    def grade(self) -> Grade | None:
        """How well it is founded; None where it is the user's own word."""
        if self.is_yours:
            return None
        return self.source.grade if self.source else Grade.UNKNOWN


@dataclass(frozen=True, slots=True)
class PlaceUsed:
    """Where an option computes, as far as it matters: in the area that is demanded, or by rule."""

    words: str
    grade: Grade
    source: Source | None
    area: Area | None = None
    """None: nobody says."""


@dataclass(frozen=True, slots=True)
class CapacityUsed:
    """What one replica carries within the objective, and where the number comes from."""

    nominal_tokens_per_s: float
    """Processed tokens a second in full batches of the scenario's texts."""
    usable_tokens_per_s: float
    """Of these, what one replica carries in the busy hour: within the objective and the ceiling."""
    tokens_per_month: float
    """Mean offered volume per replica whose peak is carried: usable / peak-to-mean x month."""
    basis: Grade
    """Published, predicted or measured."""
    low_tokens_per_s: float | None
    high_tokens_per_s: float | None
    explanation: str
    """One sentence: whose figure, carried over how."""
    source: Source | None
    replica: Replica | None = None
    """How one of its cards batches and queues."""
    cards: int = 1
    """Cards of a replica, each with a queue of its own."""
    processed_share: float = 1.0
    """Processed tokens over offered ones: below 1 where texts are cut."""
    peak: float = 1.0
    """Highest rate that it must carry over the mean rate, bursts included."""
    vcpus_assumed: float | None = None
    """vCPUs beside each card where the figure assumes them; None where it does not."""
    binding: str = "ceiling"
    """What limits the load: "objective" (the p95) or "ceiling" (the utilisation ceiling)."""
    slowest_alone_s: float | None = None
    """p95 of texts that find it idle at the slow end of its range, s; None without a range."""


@dataclass(frozen=True, slots=True)
class InputUsed:
    """One input of a bill, and where it comes from."""

    name: str
    """As the lines of the bill name it."""
    value: str
    """With its unit."""
    origin: str
    """"yours", "default", "catalogue", "measured" or "computed"."""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class PowerUsed:
    """Watts of a machine as they were measured, where they are billed."""

    idle_w: float
    active_w: float
    """At full batches."""
    source: str
    """What they were read from: "NVML" or "RAPL"."""


@dataclass(frozen=True, slots=True)
class OwnedUsed:
    """What is one's own by purchase: how long it lives, and what it draws."""

    life_months: int
    idle_w: float
    active_w: float
    """At full load."""
    host_usd: float = 0.0
    """To buy beside its price."""
    is_card: bool = False
    """A card alone, which needs a host; else a whole machine."""
    source: Source | None = None
    """Of the watts."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to embed, with everything that its curve rests on."""

    id: str
    label: str
    kind: OptionKind
    model: str | None
    price: PriceUsed
    capacity: CapacityUsed | None
    """None for APIs and where no throughput is known."""
    max_tokens: int | None
    """Longest text that is read whole; longer ones are refused or cut."""
    ceiling_tokens_per_month: float | None
    """Volume at which the entry rate limit binds in the busy hour; None: none known."""
    ceiling_reason: str
    """The binding limit, by its name in the catalogue, or "replicas"; "" without one."""
    notes: tuple[str, ...]
    """What the reader must know: withdrawn, legacy, other model, text longer than its limit."""
    unpriced_reason: str
    """Why there is no curve ("" where there is one): a sentence with what to do."""
    refusal: Refusal | None = None
    """Why it cannot serve at any volume, None where it can: withdrawn, texts too long, too slow."""
    burst: "Option | None" = None
    """Of a hybrid, its API as an option of its own."""
    seconds_per_text: float | None = None
    """Seconds of compute that a text is billed; None where that is not how it is paid."""
    power: PowerUsed | None = None
    """Measured watts in its bill; None: none were measured, or the price contains them."""
    lost_share: float | None = None
    """Share of all tokens that its limit cuts off, of a hybrid that of its base's; None where no
    limit is known."""
    other_model: str | None = None
    """The model that the id puts on a machine, where that is another than the scenario's."""
    unanswered_share: float | None = None
    """Share of the texts without an answer after the last attempt, by the failures that the
    scenario states; of a hybrid, of what goes to its API. None: nothing is stated."""
    limit: LimitUsed | None = None
    """Rate limit of an API, known or not; None of what is bought by the replica."""
    place: PlaceUsed | None = None
    """None: on machines of one's own."""
    owned: OwnedUsed | None = None
    """Of a hybrid, of its base. None of what is rented or sold by use."""
    many: int | None = None
    """Replicas that there are: all are paid at any load. None: as many as the load needs."""
    against: tuple[Refusal, ...] = ()
    """Every demand that it is known to break at any volume; of a hybrid, either of its sides."""
    unknown: tuple[Unknown, ...] = ()
    """What nobody knows of it and a demand could break; each from a volume on."""
    answered: Answered = NOTHING_SEEN
    """What its own run says of texts that stay unanswered."""

    @property
    def known_up_to_tokens_per_month(self) -> float:
        """Volume up to which nothing unknown could break the demand; inf without an end."""
        return min((one.above_tokens_per_month for one in self.unknown), default=math.inf)

    def unknowns_at(self, tokens_per_month: float) -> tuple[Unknown, ...]:
        """What is not known and matters at a volume."""
        return tuple(one for one in self.unknown if tokens_per_month > one.above_tokens_per_month)

    @property
    def terms(self) -> str:
        """Terms of one's own in its price, of a hybrid in both; "" where all is by list."""
        burst = self.burst.price.said if self.burst else ""
        return ", ".join(dict.fromkeys(filter(None, (self.price.said, burst))))

    @property
    def terms_beside_label(self) -> str:
        """The same, without what the label says already."""
        parts = (part for part in self.terms.split(", ") if part and part not in self.label)
        return ", ".join(parts)

    @property
    def is_already_yours(self) -> bool:
        """Whether its machines are the user's, by number, and their purchase is left out."""
        return self.owned is not None and self.many is not None and self.price.usd == 0

    @property
    def blocked_reason(self) -> str:
        """The sentence of its refusal; "" where it can serve."""
        return self.refusal.sentence if self.refusal else ""

    @property
    def bought(self) -> OwnedUsed | None:
        """What is one's own, where that alone is the option; None of a hybrid."""
        return self.owned if self.kind is OptionKind.OWNED else None
