"""What runs at a volume: replicas, how busy they are, how long they take."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.catalog.schema import Catalog
from core.cost.hosting import HostedBill
from core.cost.hybrid_bill import HybridBill
from core.cost.per_second import PerSecondBill
from core.decide.purchase_mix import chance_of_enough
from core.decide.replica import LEVEL
from core.decide.result import Bill, CapacityUsed, Option
from core.decide.rhythm import rhythm_of
from core.scenario import Scenario, Workload
from core.serving.batch_time import BatchCost
from core.serving.busy import busy_s_per_text
from core.serving.capacity import duty_cycle
from core.serving.response_law import ResponseLaw


@dataclass(frozen=True, slots=True)
class Fleet:
    """The machines behind one option at one volume; empty for an API."""

    replicas: int | None = None
    """Paid for in the busy hour, spare included."""
    spare_replicas: int = 0
    mean_replicas: float | None = None
    duty_cycle: float | None = None
    utilisation: float | None = None
    response: ResponseLaw | None = None
    """In the busy hour, of the replicas that work: without the spare ones, without a cold start."""
    cold_start_share: float | None = None
    cold_start_s: float = 0.0
    api_share: float | None = None
    chance_enough: float | None = None

    @property
    def p95_s(self) -> float | None:
        """p95 of the response in the busy hour, s.

        Where more than one request in twenty meets a cold start, that start lies within the p95.
        """
        if self.response is None:
            return None
        cold = self.cold_start_share is not None and self.cold_start_share > 1 - LEVEL
        return self.response.p95_s + (self.cold_start_s if cold else 0.0)


def fleet_at(option: Option, bill: Bill | None, scenario: Scenario, catalog: Catalog) -> Fleet:
    """The fleet at the scenario's volume."""
    capacity, volume = option.capacity, scenario.tokens_per_month
    if capacity is None:
        return Fleet()
    match bill:
        case HostedBill():
            spare = bill.spare_replicas
            working, mean = bill.replicas(volume) - spare, bill.mean_replicas(volume)
            found = catalog.find_gpu(option.id)
            chance = found and chance_of_enough(found[1], working, spare, scenario)
            return _fleet(capacity, volume, working, mean, scenario, spare, chance_enough=chance)
        case PerSecondBill():
            working, mean = int(bill.replicas_at(volume)), bill.mean_replicas(volume)
            share = bill.delayed_share(volume)
            return _fleet(capacity, volume, working, mean, scenario, cold_start_share=share)
        case HybridBill():
            split = bill.split(volume)
            if split.replicas == 0:
                return Fleet(replicas=0, mean_replicas=0.0, api_share=1.0)
            hosted = volume * (1 - split.api_share)
            mean = bill.mean_replicas(volume)
            return _fleet(
                capacity, hosted, split.replicas, mean, scenario, api_share=split.api_share
            )
    return Fleet()


def _fleet(
    capacity: CapacityUsed,
    volume: float,
    working: int,
    mean: float,
    scenario: Scenario,
    spare: int = 0,
    *,
    cold_start_share: float | None = None,
    api_share: float | None = None,
    chance_enough: float | None = None,
) -> Fleet:
    processed = volume * capacity.processed_share
    busy_rate = processed / scenario.calendar.seconds_per_month * rhythm_of(scenario.workload).peak
    if api_share:
        # What exceeds the replicas goes to the API, so in the busy hour they are full.
        busy_rate = working * capacity.usable_tokens_per_s
    duty = duty_cycle(processed, mean, capacity.usable_tokens_per_s, scenario.calendar)
    return Fleet(
        replicas=working + spare,
        spare_replicas=spare,
        mean_replicas=mean,
        duty_cycle=duty if mean > 0 else None,
        utilisation=busy_rate / (working * capacity.nominal_tokens_per_s),
        response=_response(capacity, busy_rate / working),
        cold_start_share=cold_start_share,
        cold_start_s=scenario.serverless.cold_start_s,
        api_share=api_share,
        chance_enough=chance_enough,
    )


def _response(capacity: CapacityUsed, tokens_per_s: float) -> ResponseLaw | None:
    """Response of one replica at a rate; its cards share it evenly."""
    if capacity.replica is None:
        return None
    return capacity.replica.response(tokens_per_s / capacity.cards)


def busy_s_per_token(capacity: CapacityUsed, workload: Workload) -> float:
    """Seconds that a kernel runs for a processed token, in a fleet that is as large as its peak.

    Over the hours of the day: at night batches are small, so a token takes longer, as it does where
    the fleet stands ready for bursts. One far larger than its load takes up to a lone text's time.
    """
    if capacity.replica is None:
        return 1 / capacity.nominal_tokens_per_s
    rhythm = rhythm_of(workload)
    load = capacity.usable_tokens_per_s / capacity.nominal_tokens_per_s
    hours = tuple(round(load * hour / rhythm.peak, 9) for hour in rhythm.filled)
    replica = capacity.replica
    return _busy_s_per_text(replica.batch, replica.texts_per_batch, hours) / replica.tokens_per_text


@lru_cache(maxsize=512)
def _busy_s_per_text(cost: BatchCost, largest: int, loads: tuple[float, ...]) -> float:
    return busy_s_per_text(np.array(loads) * cost.full_rate_per_s(largest), cost, largest)
