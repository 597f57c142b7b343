"""Whether the catalogue sells the same vectors for less than what was compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.decide.advice.catalogue_options import catalogue_options, models_like
from core.decide.advice.constraints import Constraints, violations
from core.decide.advice.least_bill import LeastBill
from core.decide.advice.recommend import small_bill
from core.decide.advice.recommend_result import Cheaper
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import pair_id

LEAST_SAVING: Final = 0.01
"""Share of the bill that another must save to be worth a word."""


def cheaper_elsewhere(
    case: Case, than: OptionAtVolume | None, demanded: Constraints | None = None
) -> Cheaper | None:
    """The cheapest suitable offer with the vectors of ``than``; None where it saves too little.

    Suitable: nothing known stands in its way at this volume, and nothing that is demanded. It is
    looked for among all APIs and machines, chosen ones left out. A bill that is too small to matter
    needs no smaller one.
    """
    model_id, usd = (None, None) if than is None else (than.option.model, than.usd_per_month)
    small_usd = small_bill(case.scenario.hosting)
    if than is None or model_id is None or usd is None or usd < small_usd:
        return None
    hosted = case.scenario.hosting.model
    sold = catalogue_options(case.catalog, hosted, models_like(model_id, case.catalog))
    chosen = {*case.scenario.options}
    new = [name for name in sold if name not in chosen and pair_id(name, hosted) not in chosen]
    row = _Search(case, demanded or Constraints()).cheapest(new, usd * (1 - LEAST_SAVING))
    if row is None or row.usd_per_month is None:
        return None
    return Cheaper(row, than, row.usd_per_month, usd - row.usd_per_month)


@dataclass(frozen=True, slots=True)
class _Search:
    """Bounds first, and bills only of those that can still be the cheapest."""

    case: Case
    demanded: Constraints

    def cheapest(self, option_ids: Iterable[str], below_usd: float) -> OptionAtVolume | None:
        """The cheapest suitable option below a bill; None where there is none."""
        least = LeastBill(self.case)
        near = [name for name in option_ids if least.standing(name) < below_usd]
        bounds = sorted((least.carrying(name), place) for place, name in enumerate(near))
        best = None
        for bound, place in bounds:
            if bound >= below_usd:
                break
            row = self._suitable(near[place], below_usd)
            if row is not None and row.usd_per_month is not None:
                best, below_usd = row, row.usd_per_month
        return best

    def _suitable(self, option_id: str, below_usd: float) -> OptionAtVolume | None:
        """The option's row, where it costs less and nothing stands in its way."""
        alone = self.case.scenario.model_copy(update={"options": (option_id,)})
        usd = Judge(self.case).costs(alone).get(option_id)
        if usd is None or usd >= below_usd:
            return None
        asked = self.case.asking(alone)
        row = at_volume(curves(asked), asked).rows[0]
        fits = row.feasible and not violations(row, asked, self.demanded)
        return row if fits else None
