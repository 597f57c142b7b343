"""What an option costs at least: cheap to say, and never above its bill."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from core.catalog.schema import Card, MachineOffer
from core.cost.by_replica.hosted_bill import capital_line
from core.decide.capacity.rent import rented_line
from core.decide.capacity.replica_capacity import card_nominal
from core.decide.case import Case
from core.decide.options.api_option import price_used
from core.decide.options.hosted_option import rented_nominal
from core.decide.options.terms.account import free_usd
from core.decide.options.terms.place import place_of_machine
from core.errors import ModelInputError
from core.scenario import machine_and_model
from core.serving.law.published_rates import Nominal
from core.serving.response.varied import VariedTexts

ROUNDING: Final = 1 - 1e-9
"""Of a bound, so that its own rounding lifts it above no bill."""


@dataclass(frozen=True, slots=True)
class Replica:
    """What one of an option's replicas is and costs."""

    stated: Callable[[str], Nominal]
    """How quick one of its cards, or its processor, is with a model."""
    cards: int
    usd_per_month: float
    """At all hours, electricity left out."""
    by_second: bool
    free_usd: float


@dataclass(frozen=True, slots=True)
class LeastBill:
    """Lower bounds of a month's bill at the scenario's volume, USD. Of an API it is 0."""

    case: Case

    def standing(self, option_id: str) -> float:
        """The least replicas, standing there, and their labour.

        inf: the machine has no price by the day that is asked.
        """
        sold = self.case.catalog.find_machine(option_id)
        if sold is not None and not sold[1].prices:
            return math.inf
        replica = self._replica(option_id)
        return 0.0 if replica is None else self._usd(replica, 0.0)

    def carrying(self, option_id: str) -> float:
        """The replicas that the volume takes at the least, in batches without a start.

        inf: its model does not run there, or it is not where that is demanded.
        """
        replica = self._replica(option_id)
        if replica is None:
            return 0.0
        if self._is_elsewhere(option_id):
            return math.inf
        full = self._tokens_per_s(option_id, replica)
        if full is None:
            return math.inf
        scenario = self.case.scenario
        busy = scenario.tokens_per_month / (full * scenario.calendar.seconds_per_month)
        return self._usd(replica, busy)

    def _usd(self, replica: Replica, busy: float) -> float:
        """``busy`` replicas compute all month in full batches: so many are paid, and more.

        A fleet is as large as its peak under the ceiling, at all hours or, where it follows the
        load, in the busiest. One by the second is paid while it computes.
        """
        hosting, rhythm = self.case.scenario.hosting, self.case.load.rhythm
        if replica.by_second:
            rent = max(0.0, replica.usd_per_month * busy - replica.free_usd)
            return (hosting.labour_usd_per_month + rent) * ROUNDING
        working = busy * rhythm.peak / hosting.utilisation_ceiling
        if hosting.autoscale:
            working /= max(rhythm.filled)
        replicas = max(hosting.minimum_replicas, working) + hosting.spare_replicas
        return (hosting.labour_usd_per_month + replica.usd_per_month * replicas) * ROUNDING

    def _replica(self, option_id: str) -> Replica | None:
        """None of what is no machine of the catalogue."""
        catalog, own = self.case.catalog, self.case.own_prices.get(option_id)
        rates = self.case.published.rates
        if (owned := catalog.owned_card(option_id)) is not None:
            of_card = partial(card_nominal, card=owned, vcpus=None, catalog=catalog, rates=rates)
            return Replica(of_card, 1, self._capital(owned, own), by_second=False, free_usd=0.0)
        if (sold := catalog.find_machine(option_id)) is None:
            return None
        provider, offer = sold
        plan = provider.plan_for(offer.id, sells_more=True)
        free = free_usd(plan.free, self.case.scenario.calendar) if plan and plan.free else 0.0

        def stated(model_id: str) -> Nominal:
            return rented_nominal(offer, model_id, catalog, rates)

        return Replica(
            stated, offer.card_count, self._rent(offer, own),
            by_second=offer.purchase == "serverless", free_usd=free,
        )  # fmt: skip

    def _is_elsewhere(self, option_id: str) -> bool:
        sold = self.case.catalog.find_machine(option_id)
        if sold is None:
            return False
        return bool(place_of_machine(sold[1], self.case.scenario.objective.region)[1])

    def _rent(self, offer: MachineOffer, own: float | None) -> float:
        asked = self.case.scenario
        price = price_used(offer.price, own)
        return rented_line(price, offer, asked.hosting, asked.calendar).usd_per_month

    def _capital(self, card: Card, own: float | None) -> float:
        listed, hosting = float(card.usd_new or 0), self.case.scenario.hosting
        return capital_line(
            (listed if own is None else own) + hosting.host_usd,
            hosting.residual_fraction,
            hosting.discount_rate_per_year,
            hosting.lifetime_months,
        ).usd_per_month

    def _tokens_per_s(self, option_id: str, replica: Replica) -> float | None:
        """Offered tokens a second of endless batches; None where the model cannot run."""
        model_id = machine_and_model(option_id)[1] or self.case.scenario.hosting.model
        try:
            nominal = replica.stated(model_id)
        except ModelInputError:
            return None
        model = self.case.catalog.model(model_id)
        texts = self.case.texts_before(model)
        at_best = VariedTexts(nominal.time, texts.lengths).cost
        return replica.cards * texts.tokens / at_best.per_text_s / texts.processed_share
