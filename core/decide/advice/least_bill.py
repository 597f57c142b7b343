"""What an option costs at least: cheap to say, and never above its bill.

Three bounds, each above the one before. ``standing``: the least replicas. ``at_peak``: those that
the volume takes where cards and processors work at their dense peak, of all machines with all
models at once. ``carrying``: those that it takes at the rate that is published or predicted; of an
API its bill.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Final

import numpy as np

from core.catalog.schema import ApiOffer, Card, MachineOffer, ModelCard, PriceUnit, Provider
from core.cost.by_replica.hosted_bill import capital_line, idle_energy_line
from core.cost.by_use.usage_bill import UsageBill
from core.cost.curve.piecewise import Floats
from core.cost.under_factors.many_factors import Factors
from core.decide.advice.peak_work import Paid, least_usd, peak_flops, work_of
from core.decide.capacity.machine_rate import machine_nominal
from core.decide.capacity.rent import machine_line
from core.decide.capacity.replica_capacity import card_nominal, machine_of
from core.decide.case import Case
from core.decide.demands.place import may_stand_in
from core.decide.mine.already_there import spent
from core.decide.options.api_option import price_used
from core.decide.options.machine import fleet_of, swept_server
from core.decide.options.terms.account import Account, account_of, free_usd
from core.decide.options.terms.billed_seconds import billed_seconds
from core.decide.options.terms.usage import usage_bill
from core.decide.result.replica_used import LEVEL
from core.errors import ModelInputError
from core.scenario import machine_and_model, machine_id, pair_id
from core.serving.law.law_numbers import LAW
from core.serving.law.published_rates import Nominal
from core.serving.response.varied import VariedTexts

ROUNDING: Final = 1 - 1e-9
"""Of a bound, so that its own rounding lifts it above no bill."""
NEVER: Final = Paid(math.inf, 0.0, 0.0)
"""What has no price by the day that is asked."""


@dataclass(frozen=True, slots=True)
class Replica:
    """What one of an option's replicas is and costs."""

    stated: Callable[[str], Nominal]
    """How quick one of its cards, or its processor, is with a model."""
    kind: Hashable
    """The same for all that are as quick with every model."""
    cards: int
    paid: Paid
    peak_flops: float
    """Of all of its cards, or its processor; inf where it is not known."""
    host_s: float
    """What its host takes to prepare a token for a card, s."""
    is_elsewhere: bool
    """Whether it is not where that is demanded."""


@dataclass(frozen=True, eq=False)
class LeastBill:
    """Lower bounds of a month's bill at the scenario's volume, USD: each worked out once."""

    case: Case
    _replicas: dict[str, Replica | None] = field(default_factory=dict)
    _rates: dict[Hashable, float | None] = field(default_factory=dict)
    _carrying: dict[str, float] = field(default_factory=dict)
    _bills: dict[str, UsageBill | None] = field(default_factory=dict)

    def standing(self, option_id: str) -> float:
        """The least replicas, standing there, and their labour; of an API 0.

        inf: the machine has no price by the day that is asked.
        """
        replica = self._replica(option_id)
        return 0.0 if replica is None else float(least_usd(replica.paid, 0.0)) * ROUNDING

    def at_peak(self, pairs: Sequence[str], models: Sequence[ModelCard]) -> Floats:
        """One row a machine, or an API that runs any model, and one column a model.

        The work is that of the weights alone, at the dense peak, or the host's, whichever takes
        longer; 0 where the weights are not known.
        """
        rows = np.array([self._at_its_peak(pair) for pair in pairs]).T[:, :, np.newaxis]
        busy = self._tokens_per_s_asked(models) * self._seconds_at_peak(pairs, models, rows)
        return np.asarray(least_usd(Paid(*rows[2:]), busy) * ROUNDING)

    def peak_seconds(self, pairs: Sequence[str], models: Sequence[ModelCard]) -> Floats:
        """What a machine takes at the least for a token that is offered, s: a row a machine."""
        rows = np.array([self._at_its_peak(pair) for pair in pairs]).T[:, :, np.newaxis]
        share = np.array([self.case.texts_before(model).processed_share for model in models])
        return share * self._seconds_at_peak(pairs, models, rows)

    def _tokens_per_s_asked(self, models: Sequence[ModelCard]) -> Floats:
        share = np.array([self.case.texts_before(model).processed_share for model in models])
        scenario = self.case.scenario
        per_s = scenario.tokens_per_month / scenario.calendar.seconds_per_month
        result: Floats = per_s * share
        return result

    def _seconds_at_peak(
        self, pairs: Sequence[str], models: Sequence[ModelCard], rows: Floats
    ) -> Floats:
        """Of a token that is processed; 0 where a sweep may say less."""
        work = np.array([work_of(model) for model in models])
        seconds: Floats = np.maximum(work / rows[0], np.where(work > 0, rows[1], 0.0))
        for row, pair in enumerate(pairs):
            for column, model in enumerate(models if pair in self._swept_machines else ()):
                if pair_id(pair, model.id) in self._swept:
                    seconds[row, column] = 0.0
        return seconds

    def paid(self, option_id: str) -> Paid | None:
        """How replicas of a machine are paid; None where they are not to be had as asked."""
        replica = self._replica(option_id)
        return None if replica is None or replica.is_elsewhere else replica.paid

    def tokens_per_s(self, option_id: str) -> float | None:
        """Offered tokens a second of a replica in endless batches, at the most.

        inf: it was swept, which may say more than is published. None: its model does not run there
        in time.
        """
        if option_id in self._swept:
            return math.inf
        replica = self._replica(option_id)
        return None if replica is None else self._tokens_per_s(option_id, replica)

    def carrying(self, option_id: str) -> float:
        """The replicas that the volume takes at the least, in batches without a start.

        inf: its model does not run there in time, or it is not where that is demanded.
        """
        if option_id not in self._carrying:
            replica = self._replica(option_id)
            least = self._api(option_id) if replica is None else self._hosted(option_id, replica)
            self._carrying[option_id] = least * ROUNDING
        return self._carrying[option_id]

    def _hosted(self, option_id: str, replica: Replica) -> float:
        if replica.is_elsewhere:
            return math.inf
        if option_id in self._swept:
            return float(least_usd(replica.paid, 0.0))
        full = self._tokens_per_s(option_id, replica)
        if full is None:
            return math.inf
        scenario = self.case.scenario
        busy = scenario.tokens_per_month / (full * scenario.calendar.seconds_per_month)
        return float(least_usd(replica.paid, busy))

    def _replica(self, option_id: str) -> Replica | None:
        """None of what is no machine of the catalogue."""
        machine = machine_id(option_id)
        if machine not in self._replicas:
            self._replicas[machine] = self._made(machine)
        return self._replicas[machine]

    def _made(self, machine: str) -> Replica | None:
        catalog, own = self.case.catalog, self.case.own_prices.get(machine)
        if (card := catalog.owned_card(machine)) is not None:
            rates = self.case.published.rates
            stated = partial(card_nominal, card=card, vcpus=None, catalog=catalog, rates=rates)
            many = self.case.owned.get(machine)
            paid = self._fleet(self._idle_usd if many else self._capital(card, own), many)
            peak, host_s = peak_flops(card), self._host_s(card, None)
            return Replica(stated, (card.id, None), 1, paid, peak, host_s, is_elsewhere=False)
        sold = self._sold.get(machine)
        return None if sold is None else self._rented(*sold, own)

    @cached_property
    def _sold(self) -> dict[str, tuple[Provider, MachineOffer]]:
        """Every machine that is rented, by its option id."""
        providers = self.case.catalog.providers
        return {f"{p.id}/{o.id}": (p, o) for p in providers for o in p.machines}

    @cached_property
    def _swept(self) -> frozenset[str]:
        """Machines that a swept server is said to be, by either of their ids.

        What it carries is measured: it may be more than is published or predicted.
        """
        hosted, measured = self.case.scenario.hosting.model, self.case.measurements
        names = {name for name in measured if swept_server(measured.get(name)) is not None}
        short = {machine_id(name) for name in names if name == pair_id(machine_id(name), hosted)}
        return frozenset(names | short)

    @cached_property
    def _swept_machines(self) -> frozenset[str]:
        return frozenset(map(machine_id, self._swept))

    @cached_property
    def _models(self) -> dict[str, ModelCard]:
        return {model.id: model for model in self.case.catalog.models}

    def _rented(self, provider: Provider, offer: MachineOffer, own: float | None) -> Replica:
        catalog, scenario = self.case.catalog, self.case.scenario
        machine, published = f"{provider.id}/{offer.id}", self.case.published

        def stated(model_id: str) -> Nominal:
            return machine_nominal(machine, offer, model_id, catalog, published)

        card, cpu = catalog.card(offer.card or ""), catalog.cpu(offer.cpu or "")
        kind: Hashable = (offer.cpu, offer.vcpus, offer.memory_gib)
        if offer.card is not None:
            kind = (offer.card, offer.vcpus and offer.vcpus / offer.card_count)
        peak, host_s = math.inf, 0.0
        if card is not None:
            peak = peak_flops(card) * offer.card_count
            each = offer.vcpus and offer.vcpus / offer.card_count
            host_s = self._host_s(card, each) / offer.card_count
        elif cpu is not None and offer.vcpus is not None:
            peak = peak_flops(cpu) * offer.vcpus
        if any(name == machine for name, _ in published.said):
            kind, host_s = machine, 0.0  # its known rate holds the work of its host
        elsewhere = not may_stand_in(offer, scenario.objective.region)
        paid = self._paid(provider, offer, own) if offer.prices else NEVER
        return Replica(stated, kind, offer.card_count, paid, peak, host_s, elsewhere)

    def _host_s(self, card: Card, vcpus: float | None) -> float:
        """What the host beside one card takes to prepare a token, s."""
        beside = machine_of(card, vcpus, self.case.catalog).vcpus
        return LAW.host_s / beside if beside else 0.0

    def _paid(self, provider: Provider, offer: MachineOffer, own: float | None) -> Paid:
        asked, machine = self.case.scenario, f"{provider.id}/{offer.id}"
        price, hosting = price_used(offer.price, own), self.case.reservation(machine).hosting
        many = self.case.owned.get(machine)
        price = spent(price) if many else price
        usd = machine_line(price, offer, hosting, asked.calendar).usd_per_month
        if offer.purchase != "serverless":
            return self._fleet(usd, many or offer.count)
        plan = provider.plan_for(offer.id, sells_more=True)
        free = free_usd(plan.free, asked.calendar) if plan and plan.free else 0.0
        return Paid(asked.hosting.labour_usd_per_month, usd, 1.0, free_usd=free)

    def _fleet(self, usd: float, many: int | None = None) -> Paid:
        """As large as its peak under the ceiling, at all hours or, where it follows, in one.

        ``many``: so many there are, and all are paid.
        """
        hosting, rhythm = self.case.scenario.hosting, self.case.load.rhythm
        times = rhythm.peak / hosting.utilisation_ceiling
        if hosting.autoscale and many is None:
            times /= max(rhythm.filled)
        fleet = fleet_of(hosting, many)
        return Paid(
            hosting.labour_usd_per_month,
            usd,
            times,
            minimum=fleet.minimum_replicas,
            spare=fleet.spare_replicas,
        )

    def _capital(self, card: Card, own: float | None) -> float:
        listed, hosting = float(card.usd_new or 0), self.case.scenario.hosting
        capital = capital_line(
            (listed if own is None else own) + hosting.host_usd,
            hosting.residual_fraction,
            hosting.discount_rate_per_year,
            hosting.lifetime_months,
        )
        return capital.usd_per_month + self._idle_usd

    @property
    def _idle_usd(self) -> float:
        """A month of one card that stands there."""
        hosting, calendar = self.case.scenario.hosting, self.case.scenario.calendar
        overhead = hosting.power_usage_effectiveness
        line = idle_energy_line(hosting.idle_w, hosting.usd_per_kwh, overhead, calendar)
        return line.usd_per_month

    def _tokens_per_s(self, option_id: str, replica: Replica) -> float | None:
        """Offered tokens a second of endless batches; None where the model cannot run in time."""
        model_id = machine_and_model(option_id)[1] or self.case.scenario.hosting.model
        measured = self.case.measurements.get(option_id) is not None
        key = (replica.kind, model_id, measured)
        if key not in self._rates:
            self._rates[key] = self._of_one_card(model_id, replica, measured=measured)
        rate = self._rates[key]
        return None if rate is None else rate * replica.cards

    def _of_one_card(self, model_id: str, replica: Replica, *, measured: bool) -> float | None:
        try:
            nominal = replica.stated(model_id)
        except ModelInputError:
            return None
        scenario = self.case.scenario
        texts = self.case.texts_before(self._models.get(model_id))
        time = replace(nominal.time, start_s=scenario.hosting.batch_start_s)
        alone_s = VariedTexts(time, texts.lengths).alone_s
        if not measured and _p95(alone_s) > scenario.objective.slo_p95_s:
            return None
        at_best = VariedTexts(nominal.time, texts.lengths).cost
        return texts.tokens / at_best.per_text_s / texts.processed_share

    def _at_its_peak(self, option_id: str) -> tuple[float, ...]:
        """FLOP/s of one that works all month, seconds of its host, and what is paid for."""
        replica = self._replica(option_id)
        if replica is not None:
            return replica.peak_flops, replica.host_s, *replica.paid.columns
        sold = self.case.catalog.find_api(option_id)
        if sold is None or not sold[1].prices:
            return math.inf, 0.0, *NEVER.columns
        return self._peak_of(sold[1]), 0.0, *self._seconds(*sold).columns

    def _peak_of(self, offer: ApiOffer) -> float:
        card = self.case.catalog.card(offer.card or "")
        return math.inf if card is None else peak_flops(card)

    def _seconds(self, provider: Provider, offer: ApiOffer) -> Paid:
        """A month of computing all the time, by an API's price of a second; 0 with what is free."""
        price, scenario = offer.price, self.case.scenario
        own = self.case.own_prices.get(f"{provider.id}/{offer.id}")
        plain = price.unit is PriceUnit.PER_SECOND and not price.tiers and not price.batch_usd
        if not plain or account_of(provider, offer, own, scenario.calendar) != Account():
            return Paid(0.0, 0.0, 1.0)
        usd = float(price.usd) if own is None else own
        free = (price.free_units or 0.0) * usd
        return Paid(0.0, usd * scenario.calendar.seconds_per_month, 1.0, free_usd=free)

    def _api(self, option_id: str) -> float:
        """What its provider bills, and what is stored; inf where nothing says how much that is."""
        if self.case.catalog.find_api(option_id) is None:
            return 0.0
        bill = self.by_use(option_id)
        volume = self.case.scenario.tokens_per_month
        return math.inf if bill is None else float(bill.under(Factors(), volume))

    def by_use(self, option_id: str) -> UsageBill | None:
        """An API's bill of everything, batches included; None where nothing says how much it is."""
        if option_id not in self._bills:
            self._bills[option_id] = self._by_use(option_id)
        return self._bills[option_id]

    def _by_use(self, option_id: str) -> UsageBill | None:
        sold, scenario = self.case.catalog.find_api(option_id), self.case.scenario
        if sold is None or not sold[1].prices:
            return None
        provider, offer = sold
        model_id = offer.model or machine_and_model(option_id)[1] or scenario.hosting.model
        model = self._models.get(model_id)
        texts = self.case.load.texts(offer.max_tokens or (model.max_tokens if model else None))
        own = self.case.own_prices.get(option_id)
        per_second = offer.price.unit is PriceUnit.PER_SECOND
        asked = self.case.running(model_id) if per_second and offer.model is None else self.case
        try:
            return usage_bill(
                offer,
                texts,
                scenario.workload,
                scenario.serverless,
                account=account_of(provider, offer, own, scenario.calendar),
                own_usd=own,
                seconds_per_text=billed_seconds(offer, texts, asked) if per_second else None,
                deferrable_share=scenario.workload.deferrable_share,
                by_month=self.case.beside_api(model_id),
            )
        except ModelInputError:
            return None


def _p95(times_s: Floats) -> float:
    """Of equally likely times, s."""
    return float(times_s[0] if times_s.size == 1 else np.quantile(times_s, LEVEL))
