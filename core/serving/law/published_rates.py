"""How many tokens a second one card embeds at full batches: published, or predicted by the law."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.errors import ModelInputError
from core.grade import Grade
from core.serving.batch.batch_time import NO_ATTENTION, BatchTime, work_tokens
from core.serving.batch.physics import ModelShape, checked_mfu, flops_per_token
from core.serving.law.batch_law import LawNumbers, Machine, ServerKind, law_batch_time
from core.serving.law.law_numbers import LAW, SERVER_START_S
from core.serving.law.measured_batches import full_batch_texts
from core.serving.law.stated_range import Known, stated

DEFAULT_TOKENS_PER_TEXT = 512.0
"""Length assumed where a source does not state it: full windows of a 512-token model."""


@dataclass(frozen=True, slots=True)
class Served:
    """What runs the model, by which numbers of the law."""

    kind: ServerKind
    numbers: LawNumbers
    card_has_server: bool = False
    """Whether the law was fitted to a server on this card."""

    def time(self, shape: ModelShape, machine: Machine) -> BatchTime:
        """Time of a batch on a server of the middle.

        A processor prepares the texts with the cores that do the work, so both times add up.
        """
        law = law_batch_time(shape, machine, self.kind, self.numbers)
        if machine.bandwidth_gb_s or not machine.vcpus:
            return law
        host_s = self.numbers.host_s / machine.vcpus
        return replace(
            law,
            start_s=SERVER_START_S,
            per_token_s=law.per_token_s + host_s,
            hidden=law.hidden * (1 + host_s / law.per_token_s),  # attention takes what it took
        )


SERVED: Final = Served(ServerKind.SERVER, LAW)
"""A card behind a server of the middle."""


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """A rate that somebody published for one model on one kind of card."""

    model: str
    card: str
    server: str
    tokens_per_s: float
    """Per card."""
    tokens_per_text: float | None
    batch_texts: int | None = None
    """Texts that ran through the model together; None: full batches."""


@dataclass(frozen=True, slots=True)
class Nominal:
    """How quick one card is with a model on a server of the middle."""

    time: BatchTime
    """With the start of such a server; the scenario's takes its place."""
    tokens_per_text: float
    """Length of the texts that the figure is for."""
    low_share: float
    """8 of 10 servers are meant to be within this and..."""
    high_share: float
    """...this share of its rate."""
    basis: Grade
    """Published or predicted."""
    explanation: str
    warning: str
    """Doubt about the figure, "" without one."""
    reference: PublishedRate | None
    """The row that the figure is; None where the law predicts it."""
    vcpus_assumed: float | None = None
    """vCPUs beside the card that the figure, or its range, assumes; None where none are."""

    @property
    def tokens_per_s(self) -> float:
        """In full batches of texts of that length."""
        texts = full_batch_texts(self.tokens_per_text)
        return texts * self.tokens_per_text / self.time.seconds(texts, self.tokens_per_text)


def nominal_throughput(
    model: str,
    card: str,
    shape: ModelShape | None,
    machine: Machine,
    rates: Sequence[PublishedRate],
    served: Served = SERVED,
) -> Nominal | None:
    """The middle server published for the pair, else the law's; None where neither is possible.

    ``rates`` holds usable rows only. Raises ModelInputError where the figure is above the peak.
    """
    own = [rate for rate in rates if rate.model == model and rate.card == card]
    if own:
        return _beside_assumed(_published(own, shape, machine, served), machine)
    if shape is None:
        return None
    return _beside_assumed(_predicted(model, card, shape, machine, served), machine)


def said_throughput(
    rate: PublishedRate, shape: ModelShape | None, machine: Machine, served: Served, cards: int
) -> Nominal:
    """A rate that the user knows of one machine with so many cards: taken as known, as his prices.

    The law carries it to other lengths and batches. Raises ModelInputError where the figure is
    above the peak of the hardware, or leaves no time for work.
    """
    length = rate.tokens_per_text or DEFAULT_TOKENS_PER_TEXT
    each = rate.tokens_per_s / cards
    warning = _warning(each, shape, length, machine)
    alone = _time_of_rate(each, length, shape, machine, served, rate.batch_texts)
    time = replace(alone, host_per_token_s=0.0)  # what was seen holds the work of the host
    batch = f" in batches of {rate.batch_texts}" if rate.batch_texts else ""
    explanation = (
        f"You said: {rate.tokens_per_s:,.0f} tokens/s of {rate.model} in texts of {length:g} "
        f"tokens{batch}, {rate.server}."
    )
    return Nominal(time, length, 1.0, 1.0, Grade.CLAIMED, explanation, warning, rate)


def _published(
    own: Sequence[PublishedRate], shape: ModelShape | None, machine: Machine, served: Served
) -> Nominal:
    speeds = [rate.tokens_per_s for rate in own]
    middle = math.sqrt(statistics.median_low(speeds) * statistics.median_high(speeds))
    reference = min(own, key=lambda rate: abs(math.log(rate.tokens_per_s / middle)))
    length = reference.tokens_per_text or DEFAULT_TOKENS_PER_TEXT
    factor, _ = stated(
        served.kind, Known.PAIR
    )  # few servers seldom show the slowest and the quickest
    low, high = min(min(speeds) / middle, 1 / factor), max(max(speeds) / middle, factor)
    explanation = f"Published for {reference.server}: {middle:,.0f} tokens/s"
    if len(own) > 1:
        explanation += (
            f", the middle of {len(own)} servers from {min(speeds):,.0f} to {max(speeds):,.0f}"
        )
    warning = _warning(middle, shape, length, machine)
    time = _time_of_rate(middle, length, shape, machine, served, reference.batch_texts)
    return Nominal(time, length, low, high, Grade.PUBLISHED, f"{explanation}.", warning, reference)


def _predicted(
    model: str, card: str, shape: ModelShape, machine: Machine, served: Served
) -> Nominal:
    time = served.time(shape, machine)
    known = Known.CARD if served.card_has_server else Known.NEITHER
    factor, groups = stated(served.kind, known)
    nominal = Nominal(
        time, DEFAULT_TOKENS_PER_TEXT, 1 / factor, factor, Grade.PREDICTED, "", "", None
    )
    bound = f"the work of the {'card' if machine.bandwidth_gb_s else 'processor'}"
    if time.host_per_token_s >= time.per_token_s:
        bound = f"the host's {machine.vcpus:g} vCPUs, which prepare the texts"
    explanation = (
        f"Predicted by a law of size: {nominal.tokens_per_s:,.0f} tokens/s of {model} on {card} in "
        f"texts of {DEFAULT_TOKENS_PER_TEXT:g} tokens, bound by {bound}. 8 of 10 servers are "
        f"meant to be within a factor of {factor:.3g} of it, by the errors on {groups} "
        "left out of the fit."
    )
    warning = _warning(nominal.tokens_per_s, shape, DEFAULT_TOKENS_PER_TEXT, machine)
    return replace(nominal, explanation=explanation, warning=warning)


def _beside_assumed(nominal: Nominal, machine: Machine) -> Nominal:
    """The same, with the host's ceiling at the fewest and at the most vCPUs within its range."""
    if machine.vcpus is None or machine.vcpus_range is None:
        return nominal
    rates = []
    for vcpus in machine.vcpus_range:
        host_s = nominal.time.host_per_token_s * machine.vcpus / vcpus
        time = replace(nominal.time, host_per_token_s=host_s)
        rates.append(replace(nominal, time=time).tokens_per_s / nominal.tokens_per_s)
    slower, quicker = min(1.0, *rates), max(1.0, *rates)
    if nominal.basis == Grade.PUBLISHED and slower == quicker:
        return nominal
    fewest, most = machine.vcpus_range
    beside = f" Beside {machine.vcpus:g} vCPUs, assumed; the range holds {fewest:g} to {most:g}."
    return replace(
        nominal,
        low_share=nominal.low_share * slower,
        high_share=nominal.high_share * quicker,
        explanation=nominal.explanation + beside,
        vcpus_assumed=machine.vcpus,
    )


def _warning(tokens_per_s: float, shape: ModelShape | None, length: float, machine: Machine) -> str:
    if shape is None:
        return ""
    return checked_mfu(tokens_per_s, flops_per_token(shape, length), machine.dense_tflops)[1]


def _time_of_rate(
    tokens_per_s: float,
    length: float,
    shape: ModelShape | None,
    machine: Machine,
    served: Served,
    batch_texts: int | None = None,
) -> BatchTime:
    """The law's time with as much work that a batch, its own start within, does the rate.

    ``batch_texts`` None: a full one.
    """
    law = BatchTime(SERVER_START_S, 0.0, 1.0, NO_ATTENTION)
    if shape is not None:
        law = served.time(shape, machine)
    texts = batch_texts or full_batch_texts(length)
    left_s = texts * length / tokens_per_s - law.start_s
    if left_s <= 0:
        raise ModelInputError(
            f"{tokens_per_s:,.0f} tokens/s leave no time for work: the start of a batch takes "
            f"{law.start_s * 1e3:g} ms. Check the row."
        )
    return replace(law, per_token_s=left_s / (texts * work_tokens(length, law.hidden)))
