"""From drawn inputs to the costs of all options: the one place where beliefs act on bills."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from core.catalog.schema import Catalog
from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.many import Column, Factors, costs_of_many
from core.cost.monthly_bill import MonthlyBill
from core.decide.answer.rows import not_known_to_serve
from core.decide.beliefs.belief_prices import seconds_name
from core.decide.beliefs.belief_throughput import throughput_name
from core.decide.result.belief import (
    API_LABOUR,
    CEILING,
    ELECTRICITY,
    GROWTH,
    LABOUR,
    PEAK,
    PRICE,
    VOLUME,
    Belief,
)
from core.decide.result.curves import Curves, OptionCurve
from core.decide.result.option import CapacityUsed, Option
from core.decide.risk.kept_factors import KeptFactors
from core.scenario import hybrid_parts, machine_id

Draw = Callable[[str], Floats]
"""Uniform draws for an input, by its name."""

SMALLEST_SHARE: Final = 1e-3
"""Of an input's value: what must stay above 0 is kept above this, whatever a law says."""

_DOMAINS: Final = {PEAK: (1.0, math.inf), CEILING: (0.01, 1.0), GROWTH: (-0.9, 10.0)}


@dataclass(frozen=True, slots=True)
class RiskModel:
    """The priced options with all that is believed of their inputs."""

    options: tuple[Option, ...]
    bills: tuple[MonthlyBill, ...]
    curves: tuple[OptionCurve, ...]
    throughputs: tuple[str, ...]
    """Name of the throughput that each option rests on."""
    beliefs: tuple[Belief, ...]
    tokens_per_month: float
    months_ahead: int = 0
    """Months of growth between the volume asked about and the one that is judged."""
    unbound: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Usable tokens/s of a replica by option, within the objective and under no ceiling."""
    kept: KeptFactors = field(default_factory=KeptFactors, compare=False, repr=False)
    """Shared with the same model at other volumes."""

    def asking(
        self, tokens_per_month: float, of_volume: Sequence[Belief], months_ahead: int
    ) -> "RiskModel":
        """The same options and beliefs at another volume, with what is believed of that."""
        names = {belief.name for belief in of_volume}
        others = tuple(belief for belief in self.beliefs if belief.name not in names)
        return replace(
            self,
            beliefs=(*others, *of_volume),
            tokens_per_month=tokens_per_month,
            months_ahead=months_ahead,
        )

    @property
    def uncertain(self) -> tuple[Belief, ...]:
        """The beliefs that have a range, growth only where it acts."""
        return tuple(
            belief
            for belief in self.beliefs
            if belief.law.spread > 0 and (belief.name != GROWTH or self.months_ahead > 0)
        )

    def able(self, tokens_per_month: float) -> tuple[int, ...]:
        """Positions of the options that can serve a volume."""
        return tuple(
            i
            for i, curve in enumerate(self.curves)
            if not not_known_to_serve(curve, tokens_per_month)
        )

    def values(self, draw: Draw) -> dict[str, Column]:
        """Every uncertain input's values under given draws, within its domain."""
        return {belief.name: self._within(belief, draw(belief.name)) for belief in self.uncertain}

    def volume(self, values: Mapping[str, Column]) -> Column:
        """Volume that is judged, tokens/month: the stated one, or what growth makes of it."""
        base = values.get(VOLUME, self.tokens_per_month)
        if self.months_ahead == 0:
            return base
        growth = values.get(GROWTH, self._belief(GROWTH))
        result: Column = base * (1 + growth) ** self.months_ahead
        return result

    def costs(
        self,
        values: Mapping[str, Column],
        samples: int,
        tokens: Column | None = None,
        rows: Sequence[int] | None = None,
    ) -> Floats:
        """USD/month, one row an option (all, or those asked for) and one column a sample."""
        wanted = range(len(self.bills)) if rows is None else rows
        volume = self.volume(values) if tokens is None else tokens
        factors = [self._factors(i, values) for i in wanted]
        return costs_of_many([self.bills[i] for i in wanted], factors, volume, samples)

    def drawn_costs(self, draw: Draw, samples: int, rows: Sequence[int]) -> Floats:
        """``costs`` of what is drawn; all but the volume's own part is kept for other volumes."""
        volume, under = self.drawn_volume(draw), self.drawn_factors(draw, samples)
        return costs_of_many(
            [self.bills[i] for i in rows], [under[i] for i in rows], volume, samples
        )

    def drawn_volume(self, draw: Draw) -> Column:
        """``volume`` of what is drawn, tokens/month."""
        of_volume = [b for b in self.uncertain if b.name in (VOLUME, GROWTH)]
        return self.volume({b.name: self._within(b, draw(b.name)) for b in of_volume})

    def drawn_factors(self, draw: Draw, samples: int) -> tuple[Factors, ...]:
        """What the draws multiply in each option's bill: drawn once for all volumes."""
        others = [b for b in self.uncertain if b.name not in (VOLUME, GROWTH)]

        def factors() -> tuple[Factors, ...]:
            values = {b.name: self._within(b, draw(b.name)) for b in others}
            return tuple(self._factors(i, values) for i in range(len(self.bills)))

        # Where the law and the number of samples are the same, so are the draws.
        key = (samples, tuple((b.name, b.law, b.stated) for b in others))
        return self.kept.under(key, factors)

    def depends(self, index: int, values: Mapping[str, Column]) -> bool:
        """Whether any of the values moves an option's cost at a given volume."""
        return any(isinstance(f, np.ndarray) for f in self._factors(index, values).columns)

    def _factors(self, index: int, values: Mapping[str, Column]) -> Factors:
        option = self.options[index]
        base, burst = hybrid_parts(option.id) or (option.id, "")
        price = self._price(base, values)
        api_labour = self._ratio(API_LABOUR, values)
        if option.capacity is None:
            units = self._ratio(seconds_name(option), values)
            return Factors(price, units=units, api_labour=api_labour)
        speed = self._ratio(self.throughputs[index], values)
        energy = self._ratio(ELECTRICITY, values)
        usable = speed * self._usable(option.id, option.capacity, values)
        return Factors(
            price=price,
            capacity=usable / self._ratio(PEAK, values),
            labour=self._ratio(LABOUR, values),
            idle_energy=energy,
            active_energy=energy / speed,
            burst=self._price(burst, values) * self._seconds(option.burst, values),
            api_labour=api_labour,
        )

    def _usable(
        self, option_id: str, capacity: CapacityUsed, values: Mapping[str, Column]
    ) -> Column:
        """What another ceiling makes of the usable load: no more than the objective allows."""
        if CEILING not in values:
            return 1.0
        by_ceiling = values[CEILING] * capacity.nominal_tokens_per_s
        by_objective = self.unbound.get(option_id, math.inf)
        result: Column = np.minimum(by_ceiling, by_objective) / capacity.usable_tokens_per_s
        return result

    def _seconds(self, api: Option | None, values: Mapping[str, Column]) -> Column:
        """Seconds of an API over the stated ones; 1 where there is none."""
        return 1.0 if api is None else self._ratio(seconds_name(api), values)

    def _price(self, option_id: str, values: Mapping[str, Column]) -> Column:
        """Price of a machine or an API over the stated one, whatever model is named."""
        return self._ratio(PRICE + machine_id(option_id), values)

    def _ratio(self, name: str, values: Mapping[str, Column]) -> Column:
        """What an input has become over what the scenario says."""
        if name not in values:
            return 1.0
        return values[name] / self._belief(name)

    def _belief(self, name: str) -> float:
        return next((b.stated for b in self.beliefs if b.name == name), 0.0)

    def _within(self, belief: Belief, draws: Floats) -> Floats:
        smallest = SMALLEST_SHARE * abs(belief.stated)
        low, high = _DOMAINS.get(belief.name, (smallest, math.inf))
        result: Floats = np.clip(belief.law.at(draws), low, high)
        return result


def risk_model(
    curves: Curves,
    catalog: Catalog,
    believed: Sequence[Belief],
    tokens_per_month: float,
    months_ahead: int = 0,
) -> RiskModel:
    """The model of all priced options."""
    return model_of_options(curves.curves, catalog, believed, tokens_per_month, months_ahead)


def model_of_options(
    drawn: Sequence[OptionCurve],
    catalog: Catalog,
    believed: Sequence[Belief],
    tokens_per_month: float,
    months_ahead: int = 0,
) -> RiskModel:
    """The same of the options alone."""
    priced = [curve for curve in drawn if curve.bill is not None]
    return RiskModel(
        options=tuple(curve.option for curve in priced),
        bills=tuple(curve.bill for curve in priced if curve.bill is not None),
        curves=tuple(priced),
        throughputs=tuple(throughput_name(curve.option, catalog) for curve in priced),
        beliefs=tuple(believed),
        tokens_per_month=tokens_per_month,
        months_ahead=months_ahead,
        unbound=_unbound_capacity(curve.option for curve in priced),
    )


def _unbound_capacity(options: Iterable[Option]) -> dict[str, float]:
    """What a replica of each option would carry within the objective under no ceiling, tokens/s."""
    tokens_per_s = {}
    for option in options:
        capacity = option.capacity
        if capacity is None:
            continue
        allowed = capacity.replica.load_at_objective if capacity.replica else None
        tokens_per_s[option.id] = capacity.nominal_tokens_per_s * (
            1.0 if allowed is None else allowed
        )
    return tokens_per_s
