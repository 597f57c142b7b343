"""A bill with all of a price list: retries, free quota, tiers, batch discount, plan, minimum, fees.

In this order; then what is charged by the call and by the second:

cost = max(minimum, fixed + plan + tiers(max(0, U rho - free)) (1 - q d))
       + calls (fee + seconds x price)

with U units a month, rho billed attempts for an answered text, q the share of the volume that takes
the batch discount d. Up to the units that an account without a plan may use, U rho <= planless,
only the calls are charged: the cost steps up there. Piecewise affine in the volume, so it crosses
other costs exactly.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from core.cost.by_use.api_labour import labour_moved
from core.cost.by_use.flat_bill import USAGE_INPUTS, ApiBill
from core.cost.by_use.retries import NO_RETRIES, Retries
from core.cost.curve.breakdown import CostLine, amount
from core.cost.curve.checks import not_negative, positive, share
from core.cost.curve.piecewise import Floats, Piecewise
from core.cost.monthly_bill import MonthlyBill
from core.cost.under_factors.many_factors import Column, Factors, bought
from core.cost.under_factors.many_tiers import all_units, graduated
from core.errors import ModelInputError

_BATCH_INPUTS: Final = ("batch price", "share that can wait")
_CALL_INPUTS: Final = ("fee of a call", "texts per call", "tokens per request", "volume")


class TierRule(StrEnum):
    """What the price of a tier holds for. A bound belongs to the lower tier."""

    GRADUATED = "graduated"
    """For the units that fall into the tier."""
    ALL_UNITS = "all_units"
    """For all units of the month: the bill may fall where a tier begins."""


@dataclass(frozen=True, slots=True)
class CallFees:
    """What is charged for a call besides the units in it."""

    tokens_per_call: float
    """Tokens of all items that a call carries."""
    usd_per_call: float = 0.0
    seconds_per_call: float = 0.0
    """Billed compute."""
    usd_per_second: float = 0.0

    def __post_init__(self) -> None:
        positive("tokens in a call", self.tokens_per_call)
        not_negative("fee for a call", self.usd_per_call)
        not_negative("billed seconds of a call", self.seconds_per_call)
        not_negative("price of a second", self.usd_per_second)

    @property
    def usd_per_token(self) -> float:
        """Fee and seconds of one attempt's call, spread over its tokens, USD."""
        usd = self.usd_per_call + self.seconds_per_call * self.usd_per_second
        return usd / self.tokens_per_call


@dataclass(frozen=True, slots=True)
class UsageBill(MonthlyBill):
    """A month's bill over the volume that is to be answered, failed attempts and all."""

    tiers: tuple[tuple[float, float], ...]
    """(upper bound in billed units a month, USD per unit), rising; the last bound is inf."""
    tokens_per_unit: float
    unit_name: str
    """What is billed, in the plural: "M tokens"."""
    rule: TierRule = TierRule.GRADUATED
    free_units: float = 0.0
    """Units a month that cost nothing; the tiers count from there."""
    free_money_units: float = 0.0
    """The same, bought with money that is given: at a higher price it buys fewer."""
    fixed_usd: float = 0.0
    """Monthly fee that counts towards the minimum."""
    minimum_usd: float = 0.0
    plan_usd: float = 0.0
    """Monthly fee of the plan that use beyond ``planless_units`` needs."""
    planless_units: float = 0.0
    """Units a month for which neither plan nor anything else is due; 0: no such account is sold."""
    planless_money_units: float = 0.0
    """The same, bought with money that is given."""
    batch_share: float = 0.0
    """Share of the volume that can wait, q."""
    batch_discount: float = 0.0
    """What the batch interface takes off the price, d."""
    retries: Retries = NO_RETRIES
    calls: CallFees | None = None
    by_month: tuple[CostLine, ...] = ()
    """What else is due each month, whatever the provider bills: storage."""

    def __post_init__(self) -> None:
        ApiBill(self.tiers, self.tokens_per_unit, self.unit_name)  # refuses tiers with gaps
        not_negative("price of a unit", np.array([usd for _, usd in self.tiers]))
        positive("tokens per unit", self.tokens_per_unit)
        not_negative("free units a month", self.free_units)
        not_negative("units that free money buys a month", self.free_money_units)
        not_negative("fixed fee a month", self.fixed_usd)
        not_negative("minimum a month", self.minimum_usd)
        not_negative("plan a month", self.plan_usd)
        not_negative("units without a plan", self.planless_units)
        not_negative("units without a plan that money buys", self.planless_money_units)
        share("share of the volume in batches", self.batch_share)
        share("batch discount", self.batch_discount)

    def curve(self) -> Piecewise:
        """Cost over volume in tokens/month."""
        discount = 1 - self.batch_saving
        usage = self._usage_curve()
        usage_and_fixed = Piecewise(
            usage.upper_tokens,
            self.fixed_usd + self.plan_usd + usage.usd_fixed * discount,
            usage.usd_per_token * discount,
        )
        billed = _nothing_up_to(self._planless, _at_least(usage_and_fixed, self.minimum_usd))
        fees = self.fees_usd_per_token
        return Piecewise(
            billed.upper_tokens, billed.usd_fixed + self._beside_usd, billed.usd_per_token + fees
        )

    def provider_curve(self) -> Piecewise:
        """The curve without what others are paid by the month."""
        return replace(self, by_month=()).curve()

    def under(self, factors: Factors, volume: Column) -> Column:
        """The formula of the module with its prices multiplied."""
        usd = self._usd(volume, self.batch_share, factors.price, factors.units)
        if not self.by_month:
            return usd
        return usd + (self._beside_usd + labour_moved(self.by_month, factors.api_labour))

    def added_usd(self, volume: Floats, tokens: Floats, *, batched: bool) -> Floats:
        """What tokens beyond the month's volume cost, all of them by batch or none, USD."""
        with_them = volume + tokens
        waiting = self.batch_share * volume + (tokens if batched else 0.0)
        share_of_all = waiting / np.where(with_them > 0, with_them, 1.0)
        together = self._usd(with_them, np.minimum(1.0, share_of_all))
        return np.asarray(together - self._usd(volume, self.batch_share))

    @property
    def is_by_use(self) -> bool:
        """Nothing runs for one user alone."""
        return True

    def _usd(
        self, volume: Column, batch_share: Column, price: Column = 1.0, units: Column = 1.0
    ) -> Column:
        """The formula with prices and the units of a token multiplied, without ``by_month``."""
        # What changes nothing is left out: each pass over very many volumes takes its time.
        attempts, by_month = self.retries.billed_attempts, self.fixed_usd + self.plan_usd
        billed = volume if attempts == 1 else volume * attempts
        if isinstance(units, np.ndarray) or units != 1:
            billed = billed * units
        if self.free_units > 0 or self.free_money_units > 0:
            billed = np.maximum(billed - self._free_tokens_at(price), 0.0)
        tiers = graduated if self.rule is TierRule.GRADUATED else all_units
        usd = tiers(self.tiers, self.tokens_per_unit, billed) * price
        if self.batch_discount > 0:
            usd = usd * (1 - batch_share * self.batch_discount)
        if by_month > 0:
            usd = usd + by_month
        if self.minimum_usd > 0:
            usd = np.maximum(self.minimum_usd, usd)
        if self._has_planless:
            usd = usd * np.greater(volume * units, self._planless_at(price))
        return usd if self.calls is None else usd + self.fees_usd_per_token * volume

    def bends(self, price: Column = 1.0) -> list[Column]:
        """Tokens a month at which the curve bends or steps, its prices multiplied.

        A few may lie where it does neither: where the minimum would be passed in another tier.
        """
        tiers, attempts = self._tiers_curve(), self.retries.billed_attempts
        free = self._free_tokens_at(price)
        ends: list[Column] = [(bound + free) / attempts for bound in tiers.upper_tokens[:-1]]
        if self.free_units > 0 or self.free_money_units > 0:
            ends.append(free / attempts)
        if self._has_planless:
            ends.append(self._planless_at(price))
        if self.minimum_usd > self.fixed_usd + self.plan_usd:
            ends += [(billed + free) / attempts for billed in self._at_minimum(tiers, price)]
        return ends

    def _at_minimum(self, tiers: Piecewise, price: Column) -> Iterator[Column]:
        """Billed tokens at which each tier's line would pass the minimum."""
        short = self.minimum_usd - (self.fixed_usd + self.plan_usd)
        usage = (
            bought(short / (1 - self.batch_saving), price) if self.batch_saving < 1 else math.inf
        )
        for fixed, slope in zip(tiers.usd_fixed, tiers.usd_per_token, strict=True):
            if slope > 0:
                yield (usage - float(fixed)) / float(slope)

    @property
    def batch_saving(self) -> float:
        """Q d."""
        return self.batch_share * self.batch_discount

    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """The bill at a volume; the lines sum to the curve's value."""
        not_negative("volume in tokens a month", tokens_per_month)
        lines = list(self._usage_lines(tokens_per_month))
        usage = math.fsum(line.usd_per_month for line in lines)
        off = self.batch_share * self.batch_discount
        if off > 0:
            explanation = f"{self.batch_discount:.0%} off {self.batch_share:.0%} of the volume"
            lines.append(CostLine("Batch discount", -off * usage, explanation, _BATCH_INPUTS))
        if tokens_per_month <= self._planless:
            units = amount(self.planless_units + self.planless_money_units, 6)
            explanation = f"{units} {self.unit_name} a month need no plan"
            lines = [CostLine("Usage", 0.0, explanation, ("free use", "volume"))]
            return (*lines, *self._fee_lines(tokens_per_month), *self.by_month)
        if self.plan_usd > 0:
            lines.append(CostLine("Plan", self.plan_usd, "a month, all its offers", ("plan",)))
        if self.fixed_usd > 0:
            explanation = "a month, used or not"
            lines.append(CostLine("Fixed fee", self.fixed_usd, explanation, ("fixed fee",)))
        short = self.minimum_usd - (self.fixed_usd + self.plan_usd + usage * (1 - off))
        if short > 0:
            explanation = f"up to the minimum of ${self.minimum_usd:,.2f} a month"
            lines.append(CostLine("Minimum", short, explanation, ("minimum",)))
        return (*lines, *self._fee_lines(tokens_per_month), *self.by_month)

    def _fee_lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """What is charged by the call."""
        fees = self.fees_usd_per_token
        if fees == 0 or self.calls is None:
            return ()
        calls = tokens_per_month * self.retries.billed_attempts / self.calls.tokens_per_call
        explanation = f"{amount(calls, 6)} calls of {amount(self.calls.tokens_per_call, 6)} tokens"
        return (CostLine("Calls", fees * tokens_per_month, explanation, _CALL_INPUTS),)

    @property
    def _has_planless(self) -> bool:
        return self.planless_units + self.planless_money_units > 0

    @property
    def _planless(self) -> float:
        """Volume up to which no plan is needed, tokens offered a month; below 0: there is none."""
        return float(self._planless_at(1.0))

    def _planless_at(self, price: Column) -> Column:
        if not self._has_planless:
            return -1.0
        units = self.planless_units + bought(self.planless_money_units, price)
        return units * self.tokens_per_unit / self.retries.billed_attempts

    @property
    def _beside_usd(self) -> float:
        """What is due each month whatever the provider bills."""
        return math.fsum(line.usd_per_month for line in self.by_month)

    @property
    def _free_tokens(self) -> float:
        return float(self._free_tokens_at(1.0))

    def _free_tokens_at(self, price: Column) -> Column:
        return (self.free_units + bought(self.free_money_units, price)) * self.tokens_per_unit

    def _tiers_curve(self) -> Piecewise:
        """What the tiers charge for tokens beyond the free quota."""
        if self.rule is TierRule.GRADUATED:
            return ApiBill(self.tiers, self.tokens_per_unit, self.unit_name).curve()
        upper, usd = np.array(self.tiers).T
        unit = self.tokens_per_unit
        return Piecewise(upper * unit, np.zeros(upper.size), usd / unit)

    def _usage_curve(self) -> Piecewise:
        """What the tiers charge for tokens offered: attempts and free quota within."""
        return _after_quota(self._tiers_curve(), self._free_tokens, self.retries.billed_attempts)

    def _usage_lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        offered = tokens_per_month * self.retries.billed_attempts
        billed = max(0.0, offered - self._free_tokens)
        if self.rule is TierRule.GRADUATED:
            return ApiBill(self.tiers, self.tokens_per_unit, self.unit_name).lines(billed)
        # From the curve itself, so that bill and curve agree on the tier at its very bound.
        usd = float(self._usage_curve().at(tokens_per_month))
        units = billed / self.tokens_per_unit
        price = usd / units if units > 0 else self.tiers[0][1]
        explanation = f"{amount(units, 6)} {self.unit_name} at ${price:.9g}"
        return (CostLine("Usage", usd, explanation, USAGE_INPUTS),)

    @property
    def fees_usd_per_token(self) -> float:
        """What is charged by the call, of a token that is answered: no factor multiplies it."""
        return self.calls.usd_per_token * self.retries.billed_attempts if self.calls else 0.0


def _after_quota(billed: Piecewise, free_tokens: float, attempts: float) -> Piecewise:
    """A cost of billed tokens as one of offered tokens: billed = max(0, attempts x V - free)."""
    upper = (billed.upper_tokens + free_tokens) / attempts
    fixed = billed.usd_fixed - billed.usd_per_token * free_tokens
    slope = billed.usd_per_token * attempts
    if free_tokens == 0:
        return Piecewise(upper, fixed, slope)
    return Piecewise(
        np.insert(upper, 0, free_tokens / attempts),
        np.insert(fixed, 0, 0.0),
        np.insert(slope, 0, 0.0),
    )


def _nothing_up_to(tokens: float, curve: Piecewise) -> Piecewise:
    """A cost that begins beyond a volume, with a step; below 0: from the first token."""
    if tokens < 0:
        return curve
    left = curve.upper_tokens > tokens
    return Piecewise(
        np.insert(curve.upper_tokens[left], 0, tokens),
        np.insert(curve.usd_fixed[left], 0, 0.0),
        np.insert(curve.usd_per_token[left], 0, 0.0),
    )


def _at_least(curve: Piecewise, minimum_usd: float) -> Piecewise:
    """The greater of a cost and a minimum. No piece falls; each is split where the two meet."""
    pieces: list[tuple[float, float, float]] = []
    lower = 0.0
    for upper, fixed, slope in zip(
        curve.upper_tokens.tolist(),
        curve.usd_fixed.tolist(),
        curve.usd_per_token.tolist(),
        strict=True,
    ):
        if slope > 0:
            meets = (minimum_usd - fixed) / slope
        else:
            meets = math.inf if fixed < minimum_usd else lower
        if meets > lower:
            pieces.append((min(meets, upper), minimum_usd, 0.0))
        if meets < upper:
            pieces.append((upper, fixed, slope))
        lower = upper
    upper_tokens, usd_fixed, usd_per_token = np.array(pieces).T
    return Piecewise(upper_tokens, usd_fixed, usd_per_token)


def batch_discount(list_price_usd: float, batch_price_usd: float) -> float:
    """The batch discount that a pair of quoted prices makes, 1 - batch/list."""
    positive("list price", list_price_usd)
    if not 0 <= batch_price_usd <= list_price_usd:
        raise ModelInputError(
            f"batch price must lie from 0 to the list price of ${list_price_usd:g}, "
            f"not {batch_price_usd}"
        )
    return 1 - batch_price_usd / list_price_usd
