"""The options of a question on average: their means, their leads, and the axis, each drawn once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from core.catalog.schema import Catalog
from core.cost.curve.piecewise import Floats
from core.cost.under_factors.many_factors import Factors
from core.decide.beliefs.beliefs_of import beliefs_of_volume
from core.decide.case import Ranges
from core.decide.result.belief import GROWTH, VOLUME, Belief, with_ranges
from core.decide.result.curves import OptionCurve, WinnerInterval
from core.decide.result.risk_result import Axis, Certainty
from core.decide.risk.certainty import certainty as how_certain
from core.decide.risk.kept_factors import KeptFactors
from core.decide.risk.mean_costs import drawn_factors, is_drawn, mean_over, mean_usd
from core.decide.risk.mean_leads import MeanLeads
from core.decide.risk.risk_model import RiskModel, model_of_options
from core.decide.risk.volume_risk import volume_risk

NO_VOLUME: Final = 1.0
"""Tokens/month of a model that is taken to a volume before it is asked."""


def by_mean(
    curves: Sequence[OptionCurve], believed: Sequence[Belief], ranges: Ranges, catalog: Catalog
) -> "OptionsByMean":
    """The options, drawn from the user's ranges, of other inputs from those of the sources.

    Beliefs of the volume and its growth are left out: the volume is asked anew each time.
    """
    others = [belief for belief in believed if belief.name not in (VOLUME, GROWTH)]
    of_all, _ = with_ranges(others, dict(ranges))
    return OptionsByMean(model_of_options(curves, catalog, of_all, NO_VOLUME), ranges)


@dataclass(frozen=True)
class OptionsByMean:
    """Means over the ranges of all inputs; nothing is worked out before it is asked."""

    model: RiskModel
    """The priced options with what is believed of their inputs, at no volume yet."""
    ranges: Ranges

    def at(self, tokens_per_month: float) -> dict[str, float]:
        """USD/month at a volume, of each priced option by its id."""
        model = self.model_at(tokens_per_month)
        ids = (option.id for option in model.options)
        return dict(zip(ids, mean_usd(model).tolist(), strict=True))

    def over(self, option_id: str, tokens_per_month: Floats, prices: Factors) -> Floats:
        """USD/month of an option in each month, under factors on its prices then.

        The first month has the volume that is asked about.
        """
        model = self.model_at(float(tokens_per_month[0]))
        return mean_over(model, self._row(option_id), tokens_per_month, prices)

    def varies(self, option_id: str) -> bool:
        """Whether anything that an option's cost rests on has a range."""
        return is_drawn(drawn_factors(self.model)[self._row(option_id)])

    def ends(self, option_id: str, tokens_per_month: float) -> float | None:
        """Volume at which an option that leads here stops leading; None where it does not."""
        for lead in self.leads:
            inside = lead.from_tokens_per_month <= tokens_per_month <= lead.to_tokens_per_month
            if inside and lead.option_id == option_id:
                end = lead.to_tokens_per_month
                return end if math.isfinite(end) else None
        if any(belief.name == VOLUME for belief in self.model_at(tokens_per_month).uncertain):
            return None
        return self._mean_leads.next_turn(tokens_per_month, option_id)

    def certainty(self, tokens_per_month: float, *, decisive: bool = False) -> Certainty:
        """How sure the answer at a volume is; ``decisive``: and what to find out first."""
        model = replace(self.model_at(tokens_per_month), kept=KeptFactors())
        return how_certain(model, decisive=decisive)

    @cached_property
    def leads(self) -> tuple[WinnerInterval, ...]:
        """Who leads where, each volume taken as known."""
        return self._mean_leads.leads()

    @cached_property
    def axis(self) -> Axis:
        """Chances, means and bands along the volume axis."""
        return volume_risk(self.model)

    def model_at(self, tokens_per_month: float) -> RiskModel:
        """The same at another volume, with the user's range of that."""
        of_volume, _ = with_ranges(beliefs_of_volume(tokens_per_month, 0.0), dict(self.ranges))
        return self.model.asking(tokens_per_month, of_volume, 0)

    @cached_property
    def _mean_leads(self) -> MeanLeads:
        return MeanLeads(self.model, lambda: self.axis)

    def _row(self, option_id: str) -> int:
        return [option.id for option in self.model.options].index(option_id)
