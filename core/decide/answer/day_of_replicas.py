"""A day of one's own replicas: hour by hour, over all requests, and with a replica lost."""

import numpy as np

from core.cost.by_replica.replicas import replicas_needed
from core.cost.curve.piecewise import Floats
from core.cost.monthly_bill import MonthlyBill
from core.decide.capacity.hours_worked import rates_worked
from core.decide.case import Case
from core.decide.load.rhythm import Rhythm
from core.decide.result.day_result import DayOfReplicas, ExactResponse, HourOfReplicas, ReplicaLost
from core.decide.result.option import CapacityUsed
from core.decide.result.replica_used import LEVEL, Replica
from core.decide.result.snapshot import OptionAtVolume
from core.errors import ModelInputError
from core.serving.queue.batch_queue import solve
from core.serving.queue.batch_work import padded_batch_s, unpadded_batch_s
from core.serving.queue.busy import busy_share
from core.serving.queue.response_law import ResponseLaw
from core.serving.response.erlang import waiting
from core.serving.response.service_response import fixed_service, response_percentile
from core.serving.response.time_varying import fluid_backlog, over_hours
from core.units import SECONDS_PER_HOUR


def day_of(row: OptionAtVolume, bill: MonthlyBill | None, case: Case) -> DayOfReplicas | None:
    """The day of an option's replicas; None where it has none or nothing is known of them."""
    capacity = row.option.capacity
    if capacity is None or capacity.replica is None or bill is None:
        return None
    rhythm, scenario = case.load.rhythm, case.scenario
    mean = scenario.tokens_per_month / scenario.calendar.seconds_per_month
    working = float((row.replicas or 0) - row.spare_replicas)
    processed = np.array([mean * capacity.processed_share])
    rates = rates_worked(bill, rhythm, processed, np.array([working]), capacity.usable_tokens_per_s)
    counts = _replicas(row, bill, rates * rhythm.burst)
    if not counts.any():
        return None
    if bill.spills:
        rates = np.minimum(rates, counts * capacity.usable_tokens_per_s / rhythm.burst)
    hours = tuple(
        _hour(hour, rate, int(count), capacity)
        for hour, (rate, count) in enumerate(zip(rates.tolist(), counts.tolist(), strict=True))
    )
    return DayOfReplicas(
        hours,
        _p95(_law(capacity, float(rates.max()) * rhythm.burst, int(counts.max()))),
        _p95_of_all(capacity, rates, counts),
        _one_lost(row, bill, capacity, rates, rhythm),
    )


def exact_response(row: OptionAtVolume) -> ExactResponse | None:
    """The busiest hour without the table; up to seconds. None where no replica works."""
    capacity, working = row.option.capacity, (row.replicas or 0) - row.spare_replicas
    if capacity is None or capacity.replica is None or working < 1 or row.utilisation is None:
        return None
    replica = capacity.replica
    rate = row.utilisation * replica.queue.full_rate_per_s
    lengths = np.array(replica.texts.lengths)
    largest = replica.texts_per_batch
    return ExactResponse(
        _solved_p95_s(rate, replica.batch.of_sizes(largest)),
        _solved_p95_s(rate, unpadded_batch_s(replica.texts.time, lengths, largest)),
        _solved_p95_s(rate, padded_batch_s(replica.texts.time, lengths, largest)),
        _shared_queue_s(replica, rate, working * capacity.cards),
    )


def _solved_p95_s(rate_per_s: float, batch_s: Floats) -> float | None:
    found = solve(rate_per_s, batch_s)
    return None if found is None else found.response.p95_s


def _replicas(row: OptionAtVolume, bill: MonthlyBill, peaks: Floats) -> Floats:
    """Replicas that work in each hour, spare ones apart; ``peaks`` in processed tokens a second."""
    working = float((row.replicas or 0) - row.spare_replicas)
    capacity = row.option.capacity
    if capacity is None:
        raise ModelInputError("replicas that follow the load need a capacity")
    return bill.by_hour(replicas_needed(peaks, capacity.usable_tokens_per_s, 0), working)


def _hour(hour: int, tokens_per_s: float, replicas: int, capacity: CapacityUsed) -> HourOfReplicas:
    replica = capacity.replica
    if replica is None:
        raise ModelInputError("an hour of replicas needs the time of their batches")
    texts_per_s = tokens_per_s / replica.tokens_per_text
    if replicas == 0:
        return HourOfReplicas(hour, texts_per_s, 0, 0.0, 0.0, None, None)
    law = _law(capacity, tokens_per_s, replicas)
    each = texts_per_s / (replicas * capacity.cards)
    return HourOfReplicas(
        hour,
        texts_per_s,
        replicas,
        each / replica.queue.full_rate_per_s,
        float(busy_share(each, replica.batch, replica.texts_per_batch)),
        None if law is None else law.p50_s,
        None if law is None else law.p95_s,
    )


def _law(capacity: CapacityUsed, tokens_per_s: float, replicas: int) -> ResponseLaw | None:
    """Response where so many replicas share a rate evenly; None where they cannot keep up."""
    if capacity.replica is None or replicas < 1:
        return None
    return capacity.replica.response(tokens_per_s / (replicas * capacity.cards))


def _p95(law: ResponseLaw | None) -> float | None:
    return None if law is None else law.p95_s


def _p95_of_all(capacity: CapacityUsed, rates: Floats, counts: Floats) -> float | None:
    """p95 of all requests: the hours' laws mixed, each with the weight of its requests."""
    if not rates.any():
        return None
    each = {
        float(rate): _law(capacity, float(rate), max(1, int(count)))
        for rate, count in zip(rates, counts, strict=True)
    }
    mixed = over_hours(rates.tolist(), each.__getitem__)
    return None if mixed is None else mixed.all_requests.percentile(LEVEL)


def _one_lost(
    row: OptionAtVolume,
    bill: MonthlyBill,
    capacity: CapacityUsed,
    rates: Floats,
    rhythm: Rhythm,
) -> ReplicaLost | None:
    replica, left = capacity.replica, (row.replicas or 0) - 1
    if replica is None or left < 0:
        return None
    if bill.spills:  # its API takes what those left do not carry
        carried = min(float(rates.max()) * rhythm.burst, left * capacity.usable_tokens_per_s)
        return ReplicaLost(left, _p95(_law(capacity, carried, left)), None, api_stands_in=True)
    busiest = float(rates.max()) * rhythm.burst
    law = _law(capacity, busiest, left)
    if law is not None:
        return ReplicaLost(left, law.p95_s, None)
    texts_per_s = (rates / replica.tokens_per_text).tolist()
    # Nothing is carried by no replica: the rate of a millionth keeps the formula.
    carried = max(left, 1e-6) * capacity.nominal_tokens_per_s / replica.tokens_per_text
    return ReplicaLost(left, None, fluid_backlog(texts_per_s, carried, SECONDS_PER_HOUR))


def _shared_queue_s(replica: Replica, rate_each: float, servers: int) -> float | None:
    """p95 of servers without batching behind one queue (Erlang C, Allen-Cunneen)."""
    if replica.texts_per_batch > 1:
        return None
    service_s = replica.queue.alone_s
    wait = waiting(servers, rate_each * servers, service_s, service_scv=0.0)
    return None if wait is None else response_percentile(LEVEL, wait, fixed_service(service_s))
