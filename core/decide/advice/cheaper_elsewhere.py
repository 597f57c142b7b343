"""Whether the catalogue sells what is asked for less than what was compared.

With the same vectors, or, where they may change, with any model that meets what is demanded.
"""

import heapq
import math
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.catalog.schema import ModelCard
from core.decide.advice.catalogue_options import (
    any_model_apis,
    machine_ids,
    models_like,
    named_pair,
    open_models,
    own_model_apis,
)
from core.decide.advice.constraints import (
    Constraints,
    model_violations,
    violations,
)
from core.decide.advice.hybrids.cheaper_hybrid import HybridSearch
from core.decide.advice.least_bill import LeastBill
from core.decide.advice.recommend import enough_below, small_bill
from core.decide.advice.recommend_result import Cheaper
from core.decide.answer.rows import not_known_to_serve, rounding_apart
from core.decide.capacity.meets_objective import loses_too_much
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.demands.of_model import of_licence
from core.decide.options.options import billed_options, curve_of
from core.decide.result.snapshot import OptionAtVolume
from core.scenario import HOME, pair_id

Bound = tuple[float, str]
"""What an option costs at the least, and its id."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the catalogue has for less; None where that saves too little."""

    same_vectors: Cheaper | None = None
    other_model: Cheaper | None = None
    """Cheaper still, with another model: everything must be embedded again."""
    same_hybrid: Cheaper | None = None
    """Replicas with bursts to an API and the same vectors, cheaper than all with these."""
    other_hybrid: Cheaper | None = None
    """A hybrid of another model, cheaper than all of the others."""

    @property
    def all(self) -> tuple[Cheaper, ...]:
        """Those that there are."""
        each = (self.same_vectors, self.same_hybrid, self.other_model, self.other_hybrid)
        return tuple(one for one in each if one is not None)


def cheaper_elsewhere(
    case: Case, than: OptionAtVolume | None, demanded: Constraints | None = None
) -> Elsewhere:
    """The cheapest suitable offers and hybrids with the vectors of ``than``, and with any.

    Suitable: nothing known stands in its way at this volume, and nothing that is demanded. It is
    looked for among all APIs and machines, chosen ones left out. A bill that is too small to matter
    needs no smaller one. The bill as stated leads the search; what is not cheaper on average, too,
    is no news.
    """
    small_usd = small_bill(case.scenario.hosting)
    model_id = None if than is None else than.option.model
    if than is None or model_id is None or not _matters(than, small_usd):
        return Elsewhere()
    search, like = (
        _Search(case, demanded or Constraints()),
        models_like(model_id, case.catalog),
    )
    others, nearest = frozenset(model.id for model in case.catalog.models) - like, than
    cheaper: list[Cheaper | None] = []
    for models, again in ((like, False), (others, True)):
        for find in (search.cheapest, search.hybrids.cheapest):
            row = find(models, nearest) if _matters(nearest, small_usd) else None
            nearest = row or nearest
            cheaper.append(_cheaper(row, than, embeds_again=again))
    return Elsewhere(
        same_vectors=cheaper[0],
        same_hybrid=cheaper[1],
        other_model=cheaper[2],
        other_hybrid=cheaper[3],
    )


def _matters(row: OptionAtVolume, small_usd: float) -> bool:
    """Whether a bill, as stated, is worth a smaller one."""
    return row.usd_per_month is not None and row.usd_per_month >= small_usd


def _cheaper(
    row: OptionAtVolume | None, than: OptionAtVolume, *, embeds_again: bool = False
) -> Cheaper | None:
    if row is None:
        return None
    usd = row.mean_usd_per_month or 0.0
    return Cheaper(row, than, usd, (than.mean_usd_per_month or 0.0) - usd, embeds_again)


@dataclass(frozen=True)
class _Search:
    """Branch and bound: bills only of those that can still be the cheapest."""

    case: Case
    demanded: Constraints

    @cached_property
    def least(self) -> LeastBill:
        """Bounds of the bills."""
        return LeastBill(self.case)

    @property
    def at_home(self) -> bool:
        """Whether machines of one's own are demanded."""
        return self.case.scenario.objective.region == HOME

    @cached_property
    def hybrids(self) -> HybridSearch:
        """The same of replicas with an API for their bursts."""
        return HybridSearch(self.case, self.demanded, self.models, self.least)

    @cached_property
    def models(self) -> tuple[ModelCard, ...]:
        """Open models that the demands leave on a machine of one's own."""
        allowed, catalog = self.case.scenario.objective.max_lost_share, self.case.catalog
        return tuple(
            model
            for model in open_models(catalog)
            if not model_violations("", model.id, catalog, self.demanded)
            and not loses_too_much(model.max_tokens, self.case.texts_before(model), allowed)
        )

    def cheapest(self, models: Set[str], than: OptionAtVolume) -> OptionAtVolume | None:
        """The cheapest suitable option with one of these models, below another's; None: none is.

        Of those whose first bound is low enough the second is asked, lowest first; of those whose
        second is, the bill. What lies above the best bill so far cannot be cheaper.
        """
        below_usd = enough_below(than.usd_per_month)
        below_mean_usd = enough_below(than.mean_usd_per_month)
        rough, exact = iter(self._at_peak(models, below_usd)), self._apis(models)
        heapq.heapify(exact)
        following, best = next(rough, None), None
        while exact or following:
            if following is not None and (not exact or following[0] < exact[0][0]):
                if following[0] < below_usd:
                    heapq.heappush(exact, (self.least.carrying(following[1]), following[1]))
                following = next(rough, None)
                continue
            bound, option_id = heapq.heappop(exact)
            if bound >= below_usd:
                break
            row = self._suitable(option_id, below_usd, below_mean_usd)
            if row is not None and row.usd_per_month is not None:
                best, below_usd = row, row.usd_per_month
        return best

    def _apis(self, models: Set[str]) -> list[Bound]:
        """APIs of these models with the bill of their provider."""
        if self.at_home:
            return []
        names = self._new(own_model_apis(self.case.catalog, models))
        return [(self.least.carrying(name), name) for name in names]

    def _at_peak(self, models: Set[str], below_usd: float) -> list[Bound]:
        """Machines with these models, by what they cost at the dense peak."""
        catalog, hosted = self.case.catalog, self.case.scenario.hosting.model
        named = [model for model in self.models if model.id in models]
        licence = self.case.scenario.demands.licence
        owned = [model for model in named if of_licence(model, licence) is None]
        apis = () if self.at_home else tuple(any_model_apis(catalog))
        pairs: list[Bound] = []
        for machines, those in ((machine_ids(catalog), owned), (apis, named)):
            if not machines or not those:
                continue
            near = [name for name in machines if self.least.standing(name) < below_usd]
            if not near:
                continue
            usd = self.least.at_peak(near, those)
            rows, columns = np.nonzero(usd < below_usd)
            pairs += [
                (bound, named_pair(near[row], those[column].id, hosted))
                for bound, row, column in zip(
                    usd[rows, columns].tolist(), rows.tolist(), columns.tolist(), strict=True
                )
            ]
        new = set(self._new(name for _, name in pairs))
        return sorted(pair for pair in pairs if pair[1] in new)

    def _new(self, names: Iterable[str]) -> Iterator[str]:
        """Those that were not chosen, by whichever id."""
        chosen, hosted = {*self.case.scenario.options}, self.case.scenario.hosting.model
        return (n for n in names if n not in chosen and pair_id(n, hosted) not in chosen)

    def _suitable(
        self, option_id: str, below_usd: float, below_mean_usd: float
    ) -> OptionAtVolume | None:
        """The option's row, where it costs less and nothing stands in its way."""
        alone = self.case.scenario.model_copy(update={"options": (option_id,)})
        asked = self.case.asking(alone)
        volume, (item,) = alone.tokens_per_month, billed_options(asked)
        curve = curve_of(item, alone.serverless.cold_start_s, alone.objective.slo_p95_s)
        usd = math.inf if curve.cost is None else rounding_apart(float(curve.cost.at(volume)))
        if usd >= below_usd or not_known_to_serve(curve, volume):
            return None
        row = at_volume(curves(asked), asked).rows[0]
        mean_usd = math.inf if row.mean_usd_per_month is None else row.mean_usd_per_month
        fits = row.feasible and mean_usd < below_mean_usd
        return row if fits and not violations(row, asked, self.demanded) else None
