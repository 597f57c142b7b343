"""How quick machines are at a job: full batches of its texts, one after another, no objective."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from core.catalog.schema import Card, MachineOffer
from core.decide.bare_replica.replica import most_texts_in_batch
from core.decide.capacity.machine_rate import machine_nominal
from core.decide.capacity.replica_capacity import card_nominal, measured_capacity
from core.decide.case import Case
from core.decide.options.machine import swept_server
from core.decide.result.option import CapacityUsed
from core.errors import ModelInputError
from core.grade import Grade
from core.serving.law.published_rates import Nominal
from core.serving.response.varied import VariedTexts


@dataclass(frozen=True, slots=True)
class FullRate:
    """Offered tokens a second of one machine, with its range and whose figure it is."""

    tokens_per_s: float
    low_tokens_per_s: float
    high_tokens_per_s: float
    grade: Grade
    explanation: str

    def times(self, cards: int) -> "FullRate":
        """Of so many cards side by side."""
        if cards == 1:
            return self
        return FullRate(
            cards * self.tokens_per_s,
            cards * self.low_tokens_per_s,
            cards * self.high_tokens_per_s,
            self.grade,
            f"{self.explanation} The instance has {cards} cards, counted in full.",
        )


@dataclass(frozen=True, eq=False)
class FullRates:
    """Rates of all machines before one job: worked out once for each kind of card beside a host."""

    case: Case
    _found: dict[Hashable, FullRate | str] = field(default_factory=dict)

    def of_machine(
        self, option_id: str, machine: str, offer: MachineOffer, model_id: str
    ) -> FullRate | str:
        """Of a machine that is rented or one's own; a sentence where nobody can say it.

        A sweep of a server that is said to be this machine stands before all that is published.
        """
        asked = self.case.running(model_id)
        swept = swept_server(self.case.measurements.get(option_id))
        if swept is not None:
            used = measured_capacity(swept, asked.hosted_texts, asked)
            if used is not None:
                return rate_of_capacity(used)
        catalog, published = self.case.catalog, self.case.published
        rate = self._once(
            (self._kind(machine, offer), model_id),
            model_id,
            lambda: machine_nominal(machine, offer, model_id, catalog, published),
        )
        return rate if isinstance(rate, str) else rate.times(offer.card_count)

    def of_card(self, card: Card, model_id: str) -> FullRate | str:
        """Of a card that is bought."""
        catalog, rates = self.case.catalog, self.case.published.rates
        return self._once(
            (card.id, None, model_id),
            model_id,
            lambda: card_nominal(model_id, card, None, catalog, rates),
        )

    def _kind(self, machine: str, offer: MachineOffer) -> Hashable:
        """The same for all machines that are as quick with every model."""
        if any(name == machine for name, _ in self.case.published.said):
            return machine
        if offer.card is not None:
            return offer.card, offer.vcpus and offer.vcpus / offer.card_count
        return offer.cpu, offer.vcpus, offer.memory_gib

    def _once(self, key: Hashable, model_id: str, stated: Callable[[], Nominal]) -> FullRate | str:
        if key not in self._found:
            try:
                self._found[key] = self._of_nominal(stated(), model_id)
            except ModelInputError as why:
                self._found[key] = str(why)
        return self._found[key]

    def _of_nominal(self, nominal: Nominal, model_id: str) -> FullRate:
        """Full batches, as large as the scenario's server makes them and the queue's table knows.

        n s/T(n) of processed tokens, T the time of n texts of s tokens; over the processed share.
        """
        hosting = self.case.scenario.hosting
        texts = self.case.texts_before(self.case.catalog.model(model_id))
        time = replace(nominal.time, start_s=hosting.batch_start_s)
        most = most_texts_in_batch(hosting.max_batch_tokens, texts.tokens)
        largest = min(most, int(self.case.catalog.queue.batches[-1]))
        full = VariedTexts(time, texts.lengths).cost.full_rate_per_s(largest)
        rate = full * texts.tokens / texts.processed_share
        low, high = rate * nominal.low_share, rate * nominal.high_share
        return FullRate(rate, low, high, nominal.basis, nominal.explanation)


def rate_of_capacity(used: CapacityUsed) -> FullRate:
    """Of a machine whose capacity was measured, all its cards together."""
    share = used.processed_share
    rate = used.nominal_tokens_per_s / share
    low = used.low_tokens_per_s
    return FullRate(rate, rate if low is None else low / share, rate, used.basis, used.explanation)
