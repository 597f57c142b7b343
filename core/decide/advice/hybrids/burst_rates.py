"""What an API takes for a hybrid's bursts at least, and which APIs may take them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from core.catalog.schema import ModelCard
from core.cost.curve.piecewise import Piecewise
from core.decide.advice.catalogue_options import (
    any_model_apis,
    models_like,
    named_pair,
    own_model_apis,
)
from core.decide.advice.constraints import Constraints, place_violations
from core.decide.advice.least_bill import LeastBill
from core.decide.case import Case
from core.decide.options.options import Billed, billed_options
from core.decide.result.option import Option
from core.decide.result.unknown import About
from core.grade import Grade
from core.scenario import HYBRID_PREFIX


@dataclass(frozen=True, slots=True)
class BurstRate:
    """No part x of the volume costs less at an API than ``usd_per_token`` x less ``free_usd``."""

    option_id: str
    usd_per_token: float
    free_usd: float


@dataclass(frozen=True, eq=False)
class BurstRates:
    """The APIs that may take the bursts of a model, each asked once."""

    case: Case
    demanded: Constraints
    least: LeastBill
    _by_model: dict[str, tuple[BurstRate, ...]] = field(default_factory=dict)
    _may_take: dict[str, bool] = field(default_factory=dict)
    _billed: dict[str, Billed] = field(default_factory=dict)

    def of(self, model: ModelCard) -> tuple[BurstRate, ...]:
        """Those whose vectors mix with the model's, whether they may take anything or not."""
        if model.id not in self._by_model:
            rates = (self._rate(name, model.id) for name in self._mixable(model))
            self._by_model[model.id] = tuple(rate for rate in rates if rate is not None)
        return self._by_model[model.id]

    def may_take(self, option_id: str) -> bool:
        """Whether no known reason, and no unknown that matters, keeps an API from any burst."""
        if option_id not in self._may_take:
            self._may_take[option_id] = not self._is_out(self.billed(option_id).option)
        return self._may_take[option_id]

    def billed(self, option_id: str) -> Billed:
        """A base or an API with its bill, made once however many hybrids it is a side of."""
        if option_id not in self._billed:
            alone = self.case.scenario.model_copy(update={"options": (option_id,)})
            self._billed[option_id] = billed_options(self.case.asking(alone))[0]
        return self._billed[option_id]

    def _mixable(self, model: ModelCard) -> Iterator[str]:
        catalog = self.case.catalog
        like = models_like(model.id, catalog) if model.vector_space else frozenset((model.id,))
        yield from (name for name, sold in self._own_model if sold in like)
        hosted = self.case.scenario.hosting.model
        yield from (named_pair(name, model.id, hosted) for name in self._any_model)

    @cached_property
    def _own_model(self) -> tuple[tuple[str, str], ...]:
        """Each API that sells a model of its own, and that model."""
        catalog = self.case.catalog
        names = own_model_apis(catalog, {model.id for model in catalog.models})
        sold = ((name, catalog.find_api(name)) for name in names)
        return tuple((name, api[1].model or "") for name, api in sold if api is not None)

    @cached_property
    def _any_model(self) -> tuple[str, ...]:
        names = any_model_apis(self.case.catalog)
        return tuple(name for name in names if not self._never_takes(self.billed(name).option))

    def _never_takes(self, option: Option) -> bool:
        """Whether nobody knows its limit, which matters at this volume with whatever model."""
        unknown = option.unknowns_at(self.case.scenario.tokens_per_month)
        matters = any(one.about is About.LIMIT for one in unknown)
        return matters and option.limit is not None and option.limit.grade is Grade.UNKNOWN

    def _rate(self, option_id: str, model_id: str) -> BurstRate | None:
        bill = self.least.by_use(option_id)
        if bill is None:
            return None
        stored = math.fsum(line.usd_per_month for line in self.case.storage(model_id))
        rate, free = least_rate(bill.curve(), self.case.scenario.tokens_per_month)
        return BurstRate(option_id, rate, free + stored)

    def _is_out(self, option: Option) -> bool:
        unknown = option.unknowns_at(self.case.scenario.tokens_per_month)
        # A run of a hybrid itself decides its latency, whatever is known of its API.
        measured = any(name.startswith(HYBRID_PREFIX) for name in self.case.measurements)
        matters = [one for one in unknown if not (measured and one.about is About.LATENCY)]
        out = place_violations(option, self.case.catalog, self.demanded)
        return bool(matters or option.unpriced_reason or option.against or out)


def least_rate(cost: Piecewise, tokens_per_month: float) -> tuple[float, float]:
    """A straight line below a cost, up to a volume: USD a token, and how far it begins below 0.

    Its slope is the cost's own at that volume; any slope would do, this one is close.
    """
    uppers = cost.upper_tokens.tolist()
    last = next(i for i, upper in enumerate(uppers) if tokens_per_month <= upper)
    slope = max(0.0, float(cost.usd_per_token[last]))
    free, low = 0.0, 0.0
    for upper, fixed, each in zip(
        uppers[: last + 1], cost.usd_fixed.tolist(), cost.usd_per_token.tolist(), strict=False
    ):
        ends = (low, min(upper, tokens_per_month))
        free = max(free, *((slope - each) * tokens - fixed for tokens in ends))
        low = upper
    return slope, free
