"""By how much the answer at the stated values is cheaper than the best other option."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.many import Column
from core.decide.result.belief import Belief
from core.decide.risk.risk_model import RiskModel


@dataclass(frozen=True, slots=True)
class Margins:
    """By how much the answer at the stated values is cheaper than the best other, USD/month."""

    model: RiskModel
    able: Sequence[int]
    stated: int
    """Row, among those that are able, of the cheapest at the stated values."""

    @classmethod
    def over(cls, model: RiskModel, able: Sequence[int]) -> "Margins":
        """The margins of the option that is the cheapest where every input is as stated."""
        return cls(model, able, int(np.argmin(model.costs({}, 1, rows=able)[:, 0])))

    def of(self, values: Mapping[str, Column], samples: int) -> Floats:
        """One margin a sample; 0 where there is no other option."""
        costs = self.model.costs(values, samples, rows=self.able)
        others = np.delete(costs, self.stated, axis=0)
        if others.shape[0] == 0:
            return np.zeros(samples)
        result: Floats = others.min(axis=0) - costs[self.stated]
        return result

    def at_ends(self, belief: Belief) -> tuple[float, float]:
        """With one input at either end of its range and all else as stated."""
        found = self.of({belief.name: np.array(belief.law.ends)}, 2)
        return float(found[0]), float(found[1])
