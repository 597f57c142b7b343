"""What runs at a volume: replicas, how busy they are, how long they take."""

from dataclasses import dataclass

import numpy as np

from core.cost.monthly_bill import MonthlyBill, Running
from core.decide.capacity.purchase_mix import chance_of_enough
from core.decide.case import Case
from core.decide.load.rhythm import Rhythm
from core.decide.result.option import CapacityUsed, Option
from core.decide.result.replica_used import LEVEL
from core.serving.batch.month_capacity import duty_cycle
from core.serving.queue.busy import least_busy_s_per_text
from core.serving.queue.response_law import ResponseLaw


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
    waiting_runs_per_day: float | None = None

    @property
    def p95_s(self) -> float | None:
        """p95 of the response in the busy hour, s.

        Where more than one request in twenty meets a cold start, that start lies within the p95.
        """
        if self.response is None:
            return None
        cold = self.cold_start_share is not None and self.cold_start_share > 1 - LEVEL
        return self.response.p95_s + (self.cold_start_s if cold else 0.0)


def fleet_at(option: Option, bill: MonthlyBill | None, case: Case) -> Fleet:
    """The fleet at the scenario's volume."""
    capacity, volume = option.capacity, case.scenario.tokens_per_month
    if capacity is None:
        return Fleet()
    running = bill.running(volume) if bill else None
    if running is None:
        return Fleet()
    if running.working == 0:
        return Fleet(replicas=0, mean_replicas=0.0, api_share=running.api_share)
    return _fleet(capacity, volume, running, _chance(option, running, case), case)


def _chance(option: Option, running: Running, case: Case) -> float | None:
    """Chance that as many replicas as the load needs are there; None where none is spot."""
    rented = case.catalog.find_machine(option.id)
    if rented is None:
        return None
    hosting, calendar = case.reservation(option.id).hosting, case.scenario.calendar
    return chance_of_enough(rented[1], running.working, running.spare, hosting, calendar)


def _fleet(
    capacity: CapacityUsed,
    volume: float,
    running: Running,
    chance_enough: float | None,
    case: Case,
) -> Fleet:
    calendar, working, mean = case.scenario.calendar, running.working, running.mean
    hosted = volume * (1 - (running.api_share or 0.0))
    processed = hosted * capacity.processed_share
    busy_rate = processed / calendar.seconds_per_month * case.load.rhythm.peak
    if running.api_share:
        # What exceeds the replicas goes to the API, so in the busy hour they are full.
        busy_rate = working * capacity.usable_tokens_per_s
    duty = duty_cycle(processed, mean, capacity.usable_tokens_per_s, calendar)
    if running.at_work is not None and mean > 0:
        # Alone, or in full batches, a text may take less time than within the objective.
        duty = running.at_work / mean
    return Fleet(
        replicas=working + running.spare,
        spare_replicas=running.spare,
        mean_replicas=mean,
        duty_cycle=duty if mean > 0 else None,
        utilisation=busy_rate / (working * capacity.nominal_tokens_per_s),
        response=_response(capacity, busy_rate / working),
        cold_start_share=running.delayed_share,
        cold_start_s=case.scenario.serverless.cold_start_s,
        api_share=running.api_share,
        chance_enough=chance_enough,
        waiting_runs_per_day=running.waiting_runs_per_day,
    )


def _response(capacity: CapacityUsed, tokens_per_s: float) -> ResponseLaw | None:
    """Response of one replica at a rate; its cards share it evenly."""
    if capacity.replica is None:
        return None
    return capacity.replica.response(tokens_per_s / capacity.cards)


def busy_s_per_token(capacity: CapacityUsed, rhythm: Rhythm) -> float:
    """Seconds that a kernel runs for a processed token, in a fleet that is as large as its peak.

    Over the hours of the day: at night batches are small, so a token takes longer, as it does where
    the fleet stands ready for bursts. One far larger than its load takes up to a lone text's time.
    What can wait may be done at once as well, so the least of what less waiting takes is taken: in
    a smaller fleet no batch is smaller, and what its busy hour has no room for goes in full ones.
    """
    if capacity.replica is None:
        return 1 / capacity.nominal_tokens_per_s
    load = capacity.usable_tokens_per_s / capacity.nominal_tokens_per_s
    replica, largest = capacity.replica, capacity.replica.texts_per_batch
    full = load / rhythm.burst * replica.batch.full_rate_per_s(largest)
    rates = np.array([full / max(hours) * np.array(hours) for hours in rhythm.less_waiting])
    return least_busy_s_per_text(rates, replica.batch, largest) / replica.tokens_per_text
