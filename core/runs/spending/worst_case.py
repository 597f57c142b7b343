"""The upper bound of a plan's cost, known before anything is sent.

Rounded up to whole nano-USD for each request, so that the sum over requests never passes the
amount for the plan.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cache
from typing import Final

from core.catalog.schema import Price, PriceUnit
from core.errors import ModelInputError
from core.probe.answers.answer_check import SPECIAL_TOKENS_PER_TEXT
from core.probe.answers.inspecting import inspection_texts
from core.probe.embedders.wrapped.hybrid_embedder import check_texts
from core.probe.records.probe_plan import BatchSweep, ProbePlan, ServerSweep, Target
from core.probe.sending.script import script
from core.units import NANO_USD_PER_USD

BATCH: Final = 32
"""Texts of one request; every provider takes as many."""

UTF16_UNIT_BYTES: Final = 2


@dataclass(frozen=True, slots=True)
class Rate:
    """A price without its provenance: USD as quoted and the unit as billed."""

    usd: Decimal
    unit: PriceUnit

    @classmethod
    def highest(cls, price: Price) -> "Rate":
        """The most that a catalogue price may mean: over its tiers and its range."""
        tiers = (tier.usd for tier in price.tiers)
        return cls(max((price.usd, price.high or price.usd, *tiers)), price.unit)


FREE: Final = Rate(Decimal(0), PriceUnit.PER_REQUEST)
"""The local model, or a server of one's own."""

_UNITS_PER_PRICE: Final[dict[PriceUnit, int]] = {
    PriceUnit.PER_MTOK: 1_000_000,
    PriceUnit.PER_MCHAR: 1_000_000,
    PriceUnit.PER_REQUEST: 1,
    PriceUnit.PER_SECOND: 1,
    PriceUnit.PER_HOUR: 3_600,
    PriceUnit.PER_MONTH: 28 * 24 * 3_600,  # the shortest month: a second of it is the dearest
}

BY_TIME: Final = frozenset({PriceUnit.PER_SECOND, PriceUnit.PER_HOUR, PriceUnit.PER_MONTH})


def worst_case_usd(plan: ProbePlan, *rates: Rate) -> Decimal:
    """Upper bound of what the whole plan can be billed, USD."""
    return Decimal(plan_nano_usd(plan, *rates)) / NANO_USD_PER_USD


def plan_nano_usd(plan: ProbePlan, *rates: Rate) -> int:
    """Upper bound of the plan, nano-USD: at least the sum of :func:`request_nano_usd`.

    ``rates``: the price of each of its targets, in their order.
    """
    if len(rates) != len(plan.targets):
        raise ModelInputError(f"{len(plan.targets)} targets need as many prices, not {len(rates)}")
    return (
        sum(
            (_target_nano_usd(plan, rate) + _proof_nano_usd(plan, target, rate))
            * (1 + plan.retries)
            for target, rate in zip(plan.targets, rates, strict=True)
        )
        + _inspection_nano_usd(plan, rates[0])
        + _neighbours_nano_usd(plan, rates)
    )


def _inspection_nano_usd(plan: ProbePlan, rate: Rate) -> int:
    """What the questions after the run may cost, where the plan has them."""
    if not plan.inspect or plan.target.sole_api is None or rate.usd == 0:
        return 0
    once = sum(request_nano_usd(texts, rate, plan.timeout_s) for texts in inspection_texts())
    return once * (1 + plan.retries)  # it draws on the same hold as what is retried


def _neighbours_nano_usd(plan: ProbePlan, rates: Sequence[Rate]) -> int:
    """What the texts once more through every target may cost, where neighbours are compared."""
    if plan.neighbours_k is None:
        return 0
    once = sum(
        request_nano_usd(texts, rate, plan.timeout_s)
        for rate in rates
        if rate.usd
        for texts in batches(plan)
    )
    return once * (1 + plan.retries)


def _proof_nano_usd(plan: ProbePlan, target: Target, rate: Rate) -> int:
    """What it may cost to prove that both sides of a hybrid give the same vectors."""
    if not target.is_mixed or rate.usd == 0:
        return 0
    return request_nano_usd(check_texts(plan.texts), rate, plan.timeout_s)


def _target_nano_usd(plan: ProbePlan, rate: Rate) -> int:
    """The part of one target: each gets the same texts."""
    if rate.usd == 0:
        return 0
    requests = plan.first_calls + plan.requests
    counter = _TEXT_COUNTERS.get(rate.unit)
    if counter is None:
        return requests * request_nano_usd((), rate, plan.timeout_s)
    if plan.texts_once or isinstance(plan.schedule, BatchSweep | ServerSweep):
        known = cache(counter)
        parts = (part for call in script(plan) if call.target == 0 for part in call.parts)
        # A tail begins with a blank, so no character of it joins one of the text.
        units = sum(known(text) + len(tail) for text, tail in parts)
        return _nano_usd(units, rate) + requests
    # The texts are used in turn: the first of them once more than the last.
    rounds, rest = divmod(requests * plan.texts_per_request, len(plan.texts))
    counts = [counter(text) for text in plan.texts]
    units = rounds * sum(counts) + sum(counts[:rest])
    return _nano_usd(units, rate) + requests


def request_nano_usd(texts: Sequence[str], rate: Rate, timeout_s: float) -> int:
    """Upper bound of one request with these texts, nano-USD, rounded up."""
    counter = _TEXT_COUNTERS.get(rate.unit)
    if counter is not None:
        return _nano_usd(sum(counter(text) for text in texts), rate)
    return _nano_usd(Decimal(timeout_s) if rate.unit in BY_TIME else 1, rate)


def billed_nano_usd(rate: Rate, *, tokens: int | None, seconds: float | None) -> int | None:
    """What stated tokens or seconds cost, nano-USD, rounded up; None where the unit is another."""
    if rate.unit is PriceUnit.PER_MTOK and tokens is not None:
        return _nano_usd(tokens, rate)
    if rate.unit in BY_TIME and seconds is not None:
        return _nano_usd(Decimal(seconds), rate)
    return None


def cheaper(rate: Rate) -> str:
    """What would make a probe at this price cheaper, as the beginning of a sentence."""
    if rate.unit in _TEXT_COUNTERS:
        return "Send fewer requests or shorter texts"
    if rate.unit in BY_TIME:
        return "Send fewer requests or set a shorter timeout: each may be billed for all of it"
    return "Send fewer requests"


def planned_requests(plan: ProbePlan) -> int:
    """Requests of all phases and targets: the cold one, the warm-up, the measured, at most."""
    return plan.planned


def token_bound(text: str) -> int:
    """No tokenizer makes more tokens of a text: each covers at least one byte of UTF-8.

    Counted on the longer of the text and its compatibility decomposition, because tokenizers
    may normalise first (one Arabic ligature becomes eighteen letters). On top come the markers
    and instructions that an answer may bill without being called implausible.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return max(_utf8_bytes(text), _utf8_bytes(decomposed)) + SPECIAL_TOKENS_PER_TEXT


def character_bound(text: str) -> int:
    """Characters as any provider counts them: UTF-16 units, of which some need two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // UTF16_UNIT_BYTES


def _utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_TEXT_COUNTERS: Final[dict[PriceUnit, Callable[[str], int]]] = {
    PriceUnit.PER_MTOK: token_bound,
    PriceUnit.PER_MCHAR: character_bound,
}


def _nano_usd(units: int | Decimal, rate: Rate) -> int:
    exact = rate.usd * units * NANO_USD_PER_USD / _UNITS_PER_PRICE[rate.unit]
    return int(exact.to_integral_value(ROUND_CEILING))


def different_texts(plan: ProbePlan) -> tuple[str, ...]:
    """The texts of a plan, each once, in the order of their first appearance."""
    return tuple(dict.fromkeys(plan.texts))


def batches(plan: ProbePlan) -> tuple[tuple[str, ...], ...]:
    """The requests that each target gets: known before, so that their cost is too."""
    texts = different_texts(plan)
    return tuple(texts[i : i + BATCH] for i in range(0, len(texts), BATCH))
