"""A GPU by the second that stops when idle, before the scenario's load."""

from core.cost.by_replica.per_second import PerSecondBill
from core.cost.by_replica.scale_to_zero import ScaleToZero, keep_warm
from core.cost.curve.breakdown import CostLine, TokenLine
from core.decide.case import Case
from core.decide.result.option import CapacityUsed
from core.errors import ModelInputError


def per_second_bill(
    capacity: CapacityUsed,
    rent: CostLine,
    by_token: tuple[TokenLine, ...],
    by_month: tuple[CostLine, ...],
    case: Case,
) -> PerSecondBill:
    """Its bill: the share of the time that it is up, replicas by the hour beyond one.

    A request's service time is that of its text alone, or of all chunks of it: while the GPU is
    mostly off, batches hold one request.
    """
    if capacity.replica is None:
        raise ModelInputError("a GPU by the second needs the time of its batches")
    rhythm, scenario = case.load.rhythm, case.scenario
    asked, tokens = scenario.serverless, scenario.workload.tokens_per_request
    alone_s = capacity.replica.texts.alone_s * _request_over_text(capacity, tokens)
    server = ScaleToZero(
        idle_timeout_s=asked.idle_timeout_s,
        cold_start_s=asked.cold_start_s,
        service_mean_s=float(alone_s.mean()),
        service_second_moment_s2=float((alone_s**2).mean()),
    )
    flat = capacity.tokens_per_month * max(rhythm.filled)
    return PerSecondBill(
        server=keep_warm(server) if asked.keep_warm else server,
        relative_load=rhythm.filled,
        capacity_tokens_per_month=flat,
        tokens_per_request=tokens,
        seconds_per_month=scenario.calendar.seconds_per_month,
        replica=rent,
        labour_usd_per_month=scenario.hosting.labour_usd_per_month,
        by_token=by_token,
        by_month=by_month,
    )


def _request_over_text(capacity: CapacityUsed, tokens_per_request: float) -> float:
    """Computing for all chunks of a request over that for one: full batches where it fills them."""
    replica = capacity.replica
    if replica is None:
        raise ModelInputError("a GPU by the second needs the time of its batches")
    processed = tokens_per_request * capacity.processed_share
    texts = max(1.0, processed / replica.tokens_per_text)
    batches = max(1.0, texts / replica.texts_per_batch)
    return batches * replica.batch.seconds(texts / batches) / replica.batch.seconds(1)
